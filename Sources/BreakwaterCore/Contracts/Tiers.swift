/// How margin rates grow with a position's size.
public enum Tiers: Sendable, Equatable {
    /// The whole position takes the rate of one limit (BitMEX, MEXC).
    case stepped([RiskLimit])
    /// Each slice of value takes its own rate; a deduction keeps the sum continuous (Binance, Hyperliquid).
    case progressive([RiskLimit])
    /// The rate grows with the square root of size (Coinbase International).
    case concentration(Concentration)

    public var name: String {
        switch self {
        case .stepped: "stepped"
        case .progressive: "progressive"
        case .concentration: "concentration"
        }
    }
}

/// One row of a tier table.
public struct RiskLimit: Sendable, Equatable {
    /// The largest value the row covers, inclusive, in the settlement currency.
    public let upTo: Amount
    public let initial: Rate
    public let maintenance: Rate
    /// What a progressive table takes off value x rate: sum over rows of floor_n x (rate_n - rate_(n-1)), in billionths
    /// of a smallest unit. Zero in stepped tables. Source: Binance maintenance amount; Hyperliquid deduction.
    public fileprivate(set) var initialDeduction: Int128 = 0
    public fileprivate(set) var maintenanceDeduction: Int128 = 0

    public init(upTo: Amount, initial: Rate, maintenance: Rate) {
        self.upTo = upTo
        self.initial = initial
        self.maintenance = maintenance
    }
}

/// IM rate = max(base, slope x sqrt(size / scale)); MM is a fixed share of IM. Source: Coinbase International.
public struct Concentration: Sendable, Equatable {
    public let base: Rate
    public let slope: Rate
    /// The size, in lots, at which the slope alone is the rate.
    public let scale: Size
    /// MM as a share of IM.
    public let maintenance: Share

    public init(base: Rate, slope: Rate, scale: Size, maintenance: Share) {
        self.base = base
        self.slope = slope
        self.scale = scale
        self.maintenance = maintenance
    }

    /// The IM rate for `size`, rounded up to a billionth, never above one whole.
    func initialRate(for size: Size) -> Rate {
        let squared = divide(slope.wide * slope.wide * size.magnitude.wide, by: scale.wide, .up)
        return min(.one, max(base, Rate(Int64(min(squareRootRoundedUp(squared), Rate.one.wide)))))
    }
}

extension Tiers {
    /// A progressive table with its deductions worked out.
    public static func progressive(rows: [RiskLimit]) -> Tiers {
        var rows = rows
        for row in rows.indices.dropFirst() {
            let floor = rows[row - 1].upTo.wide
            rows[row].initialDeduction =
                rows[row - 1].initialDeduction + floor * (rows[row].initial - rows[row - 1].initial).wide
            rows[row].maintenanceDeduction =
                rows[row - 1].maintenanceDeduction + floor * (rows[row].maintenance - rows[row - 1].maintenance).wide
        }
        return .progressive(rows)
    }

    /// The rows of a table; empty for concentration.
    public var limits: [RiskLimit] {
        switch self {
        case .stepped(let rows), .progressive(let rows): rows
        case .concentration: []
        }
    }

    /// The first row that covers `value`, or `nil` where it exceeds them all.
    func row(covering value: Amount) -> Int? { TierTable(self).row(covering: value) }

    /// The margin asked at `row` for a position of `size` worth `value`, before its leverage is considered; rounded up.
    func requirement(_ kind: Requirement, value: Amount, size: Size, row: Int) -> Amount {
        TierTable(self).requirement(kind, value: value, size: size, row: row)
    }
}

/// Which of the two margins is asked for.
enum Requirement {
    case initial
    case maintenance
}

extension RiskLimit {
    func rate(_ kind: Requirement) -> Rate { kind == .initial ? initial : maintenance }
    func deduction(_ kind: Requirement) -> Int128 { kind == .initial ? initialDeduction : maintenanceDeduction }
}

extension Tiers {
    /// Rates that grow, limits that grow, MM below IM, fees below MM: a table that breaks one of these can lose money by itself.
    public func validate(in currency: Currency, fees: Contract.Fees = Contract.Fees()) throws(TermsError) {
        func refuse(_ key: String, _ value: Rate, _ expected: String) -> TermsError {
            TermsError(key: key, value: "\(value.decimal)", expected: expected)
        }
        switch self {
        case .stepped(let rows), .progressive(let rows):
            if case .progressive = self, self != .progressive(rows: rows) {
                throw TermsError(
                    key: "riskLimits", value: "rows",
                    expected: "rows whose deductions progressive(rows:) has worked out")
            }
            guard !rows.isEmpty else {
                throw TermsError(key: "riskLimits", value: "[]", expected: "at least one risk limit")
            }
            for (number, row) in rows.enumerated() {
                let at = "riskLimits[\(number)]"
                guard row.maintenance > .zero else { throw refuse("\(at).mm", row.maintenance, "a rate above zero") }
                guard row.initial > row.maintenance else { throw refuse("\(at).im", row.initial, "an im above the mm") }
                guard row.initial <= .one else { throw refuse("\(at).im", row.initial, "at most 100%") }
                guard row.maintenance > max(fees.taker, fees.liquidation) else {
                    throw refuse("\(at).mm", row.maintenance, "an mm above the taker and liquidation fees")
                }
                guard row.upTo > (number == 0 ? .zero : rows[number - 1].upTo) else {
                    throw TermsError(
                        key: "\(at).upTo", value: "\(currency.decimal(row.upTo))",
                        expected: "limits above zero that grow")
                }
                guard number > 0 else { continue }
                guard row.initial >= rows[number - 1].initial else {
                    throw refuse("\(at).im", row.initial, "rates that do not fall as limits grow")
                }
                guard row.maintenance >= rows[number - 1].maintenance else {
                    throw refuse("\(at).mm", row.maintenance, "rates that do not fall as limits grow")
                }
            }
        case .concentration(let terms):
            guard terms.base > .zero, terms.base <= .one else {
                throw refuse("im", terms.base, "a rate from above 0 to 100%")
            }
            guard terms.slope > .zero, terms.slope <= .one else {
                throw refuse("slope", terms.slope, "a rate from above 0 to 100%")
            }
            guard terms.scale > .zero else {
                throw TermsError(key: "scale", value: "\(terms.scale.raw) lots", expected: "a size above zero")
            }
            let lowest = Rate(terms.maintenance.of(Amount(terms.base.raw), .down).raw)
            guard lowest > max(fees.taker, fees.liquidation) else {
                throw refuse("mm", lowest, "an mm above the taker and liquidation fees")
            }
        }
    }
}
