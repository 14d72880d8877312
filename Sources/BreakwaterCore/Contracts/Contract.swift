/// How a contract's value follows from its price.
public enum ContractKind: String, Sendable, CaseIterable {
    /// value = size x multiplier x price, in the quote currency.
    case linear
    /// value = -size x multiplier / price, in the base currency.
    case inverse
    /// value = size x multiplier x price, in a third currency.
    case quanto
}

/// A perpetual contract's terms, as listed. Everything that depends on price and size alone is computed here.
public struct Contract: Sendable {
    public let symbol: String
    public let kind: ContractKind
    /// The currency of its values, margins, fees and PnL.
    public let settle: CurrencyID
    /// Digits after the point of that currency's smallest unit.
    public let decimals: Int
    public let tick: ExactDecimal
    public let lot: ExactDecimal
    public let multiplier: ExactDecimal
    /// Digits after the point in reported prices.
    public let display: Int
    public let maxLeverage: Leverage
    public let tiers: Tiers
    public let fees: Fees
    /// How IM for new risk grows with open interest; `nil` where it does not.
    public var openInterestMargin: OpenInterestMargin?
    /// What its index is made of; `nil` for the plain mean of whatever sources report.
    public var index: IndexTerms?
    /// How old its mark may be before it is stale; `nil` for any age.
    public var maxAge: Duration?

    /// How values follow from sizes and prices.
    let valuation: Valuation

    /// Shares of an execution's value. A maker rate may be negative, a rebate no larger than the taker rate.
    public struct Fees: Sendable, Equatable {
        public var maker: Rate
        public var taker: Rate
        /// Charged instead of `taker` when the venue closes a position by force.
        public var liquidation: Rate

        public init(maker: Rate = .zero, taker: Rate = .zero, liquidation: Rate = .zero) {
            self.maker = maker
            self.taker = taker
            self.liquidation = liquidation
        }
    }

    /// Checks the terms and derives the value factor.
    public init(
        symbol: String, kind: ContractKind, settle: CurrencyID, currency: Currency,
        tick: ExactDecimal, lot: ExactDecimal, multiplier: ExactDecimal, display: Int? = nil,
        maxLeverage: Leverage, tiers: Tiers, fees: Fees
    ) throws(TermsError) {
        for (key, step) in [("tick", tick), ("lot", lot), ("multiplier", multiplier)] {
            guard step.isPositive, step.digits <= 1_000_000_000_000 else {
                throw TermsError(key: key, value: "\(step)", expected: "a number above zero of at most twelve digits")
            }
        }
        guard maxLeverage >= Leverage(100) else {
            throw TermsError(key: "maxLeverage", value: "\(maxLeverage.decimal)", expected: "a leverage of at least 1")
        }
        let display = display ?? tick.places
        guard (0...18).contains(display) else {
            throw TermsError(key: "display", value: "\(display)", expected: "0 to 18 decimals")
        }
        for (key, fee) in [("takerFee", fees.taker), ("liquidationFee", fees.liquidation)] where fee < .zero {
            throw TermsError(key: key, value: "\(fee.decimal)", expected: "a fee of zero or more")
        }
        guard fees.maker + fees.taker >= .zero else {
            throw TermsError(
                key: "makerFee", value: "\(fees.maker.decimal)", expected: "a rebate no larger than the taker fee")
        }
        guard
            let factor = Contract.factor(
                kind: kind, tick: tick, lot: lot, multiplier: multiplier, decimals: currency.decimals)
        else {
            throw TermsError(
                key: "multiplier", value: "\(multiplier)",
                expected: "tick, lot and multiplier whose product is a ratio of numbers up to a million million")
        }
        try tiers.validate(in: currency, fees: fees)
        self.symbol = symbol
        self.kind = kind
        self.settle = settle
        decimals = currency.decimals
        self.tick = tick
        self.lot = lot
        self.multiplier = multiplier
        self.display = display
        self.maxLeverage = maxLeverage
        self.tiers = tiers
        self.fees = fees
        valuation = Valuation(kind: kind, factor: factor)
    }

    private static func factor(
        kind: ContractKind, tick: ExactDecimal, lot: ExactDecimal, multiplier: ExactDecimal, decimals: Int
    ) -> Ratio? {
        guard case let (perLot, overflow) = lot.digits.multipliedReportingOverflow(by: multiplier.digits), !overflow
        else { return nil }
        let places = lot.places + multiplier.places
        switch kind {
        case .linear, .quanto:
            let (product, overflow) = perLot.multipliedReportingOverflow(by: tick.digits)
            return overflow ? nil : Ratio(product, shifted: decimals - places - tick.places)
        case .inverse:
            return Ratio(perLot, over: tick.digits, shifted: decimals - places + tick.places)
        }
    }
}

/// The part of a contract's terms that values depend on: small and flat, for the places where speed counts.
struct Valuation: Sendable {
    let kind: ContractKind
    /// Linear and quanto: smallest units of money per lot and tick. Inverse: smallest units times ticks per lot.
    let factor: Ratio
}

/// A fraction in lowest terms, both parts from 1 to a million million.
struct Ratio: Sendable, Equatable {
    let numerator: Int64
    let denominator: Int64

    /// `numerator / denominator x 10^shifted`, or `nil` where a part grows too large.
    init?(_ numerator: Int128, over denominator: Int128 = 1, shifted: Int) {
        guard abs(shifted) <= 36 else { return nil }
        var (top, bottom) = (numerator, denominator)
        let (wider, overflow) =
            shifted >= 0
            ? top.multipliedReportingOverflow(by: powerOfTen(shifted))
            : bottom.multipliedReportingOverflow(by: powerOfTen(-shifted))
        guard !overflow else { return nil }
        if shifted >= 0 { top = wider } else { bottom = wider }
        var (a, b) = (top, bottom)
        while b != 0 { (a, b) = (b, a % b) }
        top /= a
        bottom /= a
        guard top <= 1_000_000_000_000, bottom <= 1_000_000_000_000 else { return nil }
        self.numerator = Int64(top)
        self.denominator = Int64(bottom)
    }
}

/// Why a contract's or rulebook's terms are refused: the key, what it says, and what would do.
public struct TermsError: Error, Equatable, Sendable {
    public let key: String
    public let value: String
    public let expected: String

    public init(key: String, value: String, expected: String) {
        self.key = key
        self.value = value
        self.expected = expected
    }
}
