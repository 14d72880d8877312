internal import BreakwaterCore

/// One row of a contract's margin rates, in the shape that the dialect has for them.
///
/// Progressive tables have that shape. Stepped ones have it without the amount that keeps margin continuous: the whole
/// position takes the rate of its row. Rates that grow with the root of the size have no rows: they are shown by the
/// sizes up to which each leverage can be had, every row with the highest rate within it, so that nobody counts on less
/// margin than is asked for.
struct Bracket: Sendable, Equatable {
    let number: Int
    let leverage: Int64
    let floor: Amount
    let cap: Amount
    let maintenance: ExactDecimal
    /// What is taken off value x rate, in money.
    let deduction: ExactDecimal

    /// - Parameter mark: what sizes are turned into value by, for rates that go by size.
    static func all(of tiers: Tiers, _ listing: Listing, mark: Price?) -> [Bracket] {
        switch tiers {
        case .stepped(let rows), .progressive(let rows): all(of: rows, listing)
        case .concentration(let terms): all(of: terms, listing, mark: mark)
        }
    }

    private static func all(of rows: [RiskLimit], _ listing: Listing) -> [Bracket] {
        let most = listing.contract.maxLeverage.whole
        return rows.enumerated().map { index, row in
            Bracket(
                number: index + 1, leverage: max(1, min(most, Rate.one.raw / row.initial.raw)),
                floor: index == 0 ? .zero : rows[index - 1].upTo, cap: row.upTo, maintenance: row.maintenance.decimal,
                deduction: ExactDecimal(digits: row.maintenanceDeduction, places: 9 + listing.settle.decimals))
        }
    }

    private static let shown: [Int64] = [
        500, 250, 200, 150, 125, 100, 75, 50, 40, 30, 25, 20, 15, 10, 8, 5, 4, 3, 2, 1,
    ]

    private static func all(of terms: Concentration, _ listing: Listing, mark: Price?) -> [Bracket] {
        let most = max(1, min(listing.contract.maxLeverage.whole, Rate.one.raw / terms.base.raw))
        var brackets: [Bracket] = []
        for leverage in [most] + shown.filter({ $0 < most }) {
            // slope x sqrt(size / scale) = 1 / leverage  =>  size = scale x (1 / (leverage x slope))^2.
            let bottom = terms.slope.wide * Int128(leverage)
            let lots = terms.scale.wide * Rate.one.wide * Rate.one.wide / (bottom * bottom)
            let size = Size(Int64(min(lots, Int128(Limits.ticksOrLots))))
            let value = mark.map { listing.contract.executionValue(of: size, at: $0) } ?? .zero
            let cap = leverage == 1 ? Amount(Limits.value) : min(value, Amount(Limits.value))
            guard cap > brackets.last?.cap ?? .zero else { continue }
            let rate = max(terms.base.raw, Rate.one.raw / leverage)
            brackets.append(
                Bracket(
                    number: brackets.count + 1, leverage: leverage, floor: brackets.last?.cap ?? .zero, cap: cap,
                    maintenance: decimal(
                        Int128(rate) * Int128(terms.maintenance.part),
                        over: Rate.one.wide * Int128(terms.maintenance.whole), places: 9),
                    deduction: ExactDecimal(digits: 0)))
        }
        return brackets
    }

    /// How much a position may be worth at a leverage.
    static func mostNotional(at leverage: Int64, among brackets: [Bracket]) -> Amount {
        (brackets.last { $0.leverage >= leverage } ?? brackets.first)?.cap ?? .zero
    }
}

extension JSONText {
    mutating func putBracket(_ bracket: Bracket, _ listing: Listing) {
        put("bracket", bracket.number)
        put("initialLeverage", bracket.leverage)
        put("notionalCap", number: listing.money(bracket.cap))
        put("notionalFloor", number: listing.money(bracket.floor))
        put("maintMarginRatio", number: bracket.maintenance)
        put("cum", number: bracket.deduction)
    }
}
