/// A venue's rules as data: which margin model, which trigger, which waterfall. No number of it lives in code.
public struct Rulebook: Sendable {
    public let name: String
    /// What a cross position is backed by.
    public let cross: CrossModel
    /// What margin rates apply to.
    public let basis: Basis
    /// Which row of a stepped table a position takes.
    public let riskLimits: RiskLimitChoice
    public let trigger: Trigger
    /// How often profit is realised into the wallet, at UTC multiples; `nil` where it never is between trades.
    public var settlement: Duration?
    /// Whether the reported liquidation price leaves room for the fee of closing there (seeds 002 and 003 differ).
    public var feesInLiquidationPrice = false
    /// How far below its value at mark an opening execution may be worth, where margin rates apply to entry value; a
    /// position opened for next to nothing would need next to no margin. `nil` for any.
    public var openingBand: Rate?
    public let insurance: InsuranceScope
    /// Tier tables the rulebook names itself, by symbol; they override the contract's.
    public var tiers: [String: Tiers] = [:]
    /// What happens to a position at its trigger, in order.
    public let waterfall: [Stage]
    /// How many liquidations one command may work through before the rest wait for the next.
    public var liquidationsPerCommand = 1_000_000
    /// How marks and funding rates come about.
    public var prices = PriceRules()
    /// The levels of the waterfall's `warnings` stage, or `nil` where it has none.
    let warnings: Warnings?
    /// How long its `takeover` waits for the market before the fund steps in; `nil` for as long as the mark allows.
    let takeoverPatience: Duration?

    public enum CrossModel: String, Sendable, CaseIterable {
        /// Each position draws its losses from the wallet (BitMEX, MEXC).
        case drawn
        /// One margin for the whole account and currency (Coinbase, Hyperliquid, Binance).
        case portfolio
    }

    public enum Basis: String, Sendable, CaseIterable {
        case entry
        case mark
    }

    public enum RiskLimitChoice: String, Sendable, CaseIterable {
        /// The row its owner chose, the lowest by default; orders that would exceed it are refused.
        case chosen
        /// The row that the position's value falls in.
        case byValue
    }

    public enum Trigger: String, Sendable, CaseIterable {
        /// Liquidated when margin is at or below MM.
        case reaches
        /// Liquidated only when margin is below MM.
        case fallsBelow
    }

    public enum InsuranceScope: String, Sendable, CaseIterable {
        case perCurrency
        case perContract
    }

    /// A rulebook of what no venue can do without; everything else is set afterwards, and `validate` looks at the whole.
    public init(
        name: String, cross: CrossModel, basis: Basis, riskLimits: RiskLimitChoice, trigger: Trigger,
        insurance: InsuranceScope, waterfall: [Stage]
    ) {
        self.name = name
        self.cross = cross
        self.basis = basis
        self.riskLimits = riskLimits
        self.trigger = trigger
        self.insurance = insurance
        self.waterfall = waterfall
        warnings = waterfall.lazy.compactMap { if case .warnings(let levels) = $0 { levels } else { nil } }.first
        takeoverPatience =
            waterfall.lazy.compactMap { if case .takeover(let patience) = $0 { patience } else { nil } }.first
    }

    /// Whether the rules fit each other; says which key contradicts which otherwise.
    public func validate() throws(TermsError) {
        guard cross == .portfolio || basis == .entry else {
            throw TermsError(
                key: "basis", value: basis.rawValue,
                expected: "entry, because margin drawn from the wallet is fixed at entry")
        }
        guard liquidationsPerCommand > 0 else {
            throw TermsError(key: "liquidationsPerCommand", value: "\(liquidationsPerCommand)", expected: "at least 1")
        }
        if let settlement, settlement <= .zero {
            throw TermsError(key: "settlement", value: "\(settlement.raw)us", expected: "a length above zero, or none")
        }
        if let openingBand, openingBand <= .zero || openingBand >= .one {
            throw TermsError(key: "openingBand", value: "\(openingBand.decimal)", expected: "a rate between 0 and 100%")
        }
        guard settlement == nil || cross == .drawn else {
            throw TermsError(
                key: "settlement", value: "set",
                expected: "none, because a portfolio's unrealised profit backs it already")
        }
        try Stage.validate(waterfall, cross: cross)
        try prices.validate()
    }

    /// The table that applies to `contract` under this rulebook.
    public func tiers(for contract: Contract) -> Tiers { tiers[contract.symbol] ?? contract.tiers }

    /// Whether `tiers` may be used on this rulebook's basis.
    ///
    /// Stepped tables go with entry value and the others with mark value: a stepped rate on mark value could drop as
    /// the position loses, so that a further fall would heal it.
    public func validate(_ tiers: Tiers) throws(TermsError) {
        let stepped = if case .stepped = tiers { true } else { false }
        guard stepped == (basis == .entry) else {
            throw TermsError(
                key: "tiers", value: tiers.name,
                expected: basis == .entry
                    ? "stepped, because rulebook \(name) margins entry value"
                    : "progressive or concentration, because rulebook \(name) margins mark value")
        }
    }
}

/// The buffer levels that warn a trader, and those at which the warning is armed again. Source: seed 004.
public struct Warnings: Sendable, Equatable {
    public let warning: Rate
    public let danger: Rate
    public let warningRearmed: Rate
    public let dangerRearmed: Rate

    public init(warning: Rate, danger: Rate, warningRearmed: Rate, dangerRearmed: Rate) throws(TermsError) {
        guard .zero < danger, danger < warning else {
            throw TermsError(
                key: "warnings.danger", value: "\(danger.decimal)", expected: "above 0 and below the warning level")
        }
        guard danger <= dangerRearmed, warning <= warningRearmed, dangerRearmed <= warningRearmed else {
            throw TermsError(
                key: "warnings.rearmed", value: "\(dangerRearmed.decimal)",
                expected: "levels at or above those they arm again")
        }
        self.warning = warning
        self.danger = danger
        self.warningRearmed = warningRearmed
        self.dangerRearmed = dangerRearmed
    }
}
