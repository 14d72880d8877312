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
    public var tiers: [String: OwnTiers] = [:]
    /// Tier tables for contracts whose own do not fit the basis, by settlement currency.
    public var templates: [CurrencyID: Tiers] = [:]
    /// The margin level at which partial closing ends and positions are taken over; `nil` where the venue has none.
    public var closeOut: CloseOut?
    /// The share of notional that must stay when money is withdrawn, where that is more than IM. Source: Hyperliquid.
    public var transferMargin: Rate?
    /// How fast forced orders may use the book; `nil` for as fast as they like.
    public var forcedFlow: ForcedFlow?
    public var collateral: Collateral?
    /// What happens to a position at its trigger, in order.
    public internal(set) var waterfall: [Stage] { didSet { stages = StageTerms(waterfall) } }
    /// How many liquidations one command may work through before the rest wait for the next.
    public var liquidationsPerCommand = 1_000_000
    /// How far from the mark a limit may lie, and how far market orders go; `nil` for any distance.
    public var priceBand: Rate?
    /// What stops forced orders, or all trading, when the mark moves too fast; `nil` for nothing.
    public var breaker: Breaker?
    /// How marks and funding rates come about.
    public var prices = PriceRules()
    /// What its stages say, looked up once.
    private(set) var stages: StageTerms

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
        stages = StageTerms(waterfall)
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
        if let priceBand, priceBand <= .zero || priceBand >= .one {
            throw TermsError(key: "priceBand", value: "\(priceBand.decimal)", expected: "a rate between 0 and 100%")
        }
        guard settlement == nil || cross == .drawn else {
            throw TermsError(
                key: "settlement", value: "set",
                expected: "none, because a portfolio's unrealised profit backs it already")
        }
        if let transferMargin, transferMargin <= .zero || transferMargin > .one {
            throw TermsError(
                key: "transferMargin", value: "\(transferMargin.decimal)", expected: "a rate from above 0 to 100%")
        }
        if let depth = forcedFlow?.depth, depth <= .zero || depth > .one {
            throw TermsError(
                key: "forcedFlow.depth", value: "\(depth.decimal)", expected: "a share from above 0 to 100%")
        }
        if let forcedFlow, forcedFlow.depth == nil, forcedFlow.perSecond == .none {
            throw TermsError(key: "forcedFlow", value: "{}", expected: "a depth, a perSecond, or both")
        }
        if let closeOut, closeOut.notional <= .zero || closeOut.notional >= .one {
            throw TermsError(
                key: "closeOut.notional", value: "\(closeOut.notional.decimal)", expected: "a rate between 0 and 100%")
        }
        guard riskLimits == .byValue || basis == .entry else {
            throw TermsError(
                key: "riskLimit", value: "chosen", expected: "byValue, because only stepped tables have rows to choose")
        }
        guard openingBand == nil || basis == .entry else {
            throw TermsError(
                key: "openingBand", value: "set",
                expected: "none, because margin on mark value does not depend on entry")
        }
        for (symbol, table) in tiers.sorted(by: { $0.key < $1.key }) {
            try validate(table.tiers, key: "tiers.\(symbol)")
        }
        for (currency, table) in templates.sorted(by: { $0.key < $1.key }) {
            try validate(table, key: "template[\(Currency.common[currency.index].name)]")
        }
        if let collateral { try validate(collateral) }
        try prices.validate()
        try validateWaterfall()
    }

    private func validate(_ collateral: Collateral) throws(TermsError) {
        guard cross == .portfolio else {
            throw TermsError(
                key: "collateral", value: "set",
                expected: "none, because only a portfolio account is backed by several currencies")
        }
        guard !collateral.assets.isEmpty else {
            throw TermsError(key: "collateral.assets", value: "[]", expected: "at least one currency")
        }
        guard waterfall.contains(where: { $0.name == "convertCollateral" }) else {
            throw TermsError(
                key: "collateral", value: "set", expected: "a convertCollateral stage, which says what selling it costs"
            )
        }
        for (number, asset) in collateral.assets.enumerated() {
            guard collateral.assets.firstIndex(where: { $0.currency == asset.currency }) == number else {
                throw TermsError(key: "collateral.currency", value: asset.symbol, expected: "each currency once")
            }
            guard asset.haircut >= .zero, asset.haircut < .one else {
                throw TermsError(
                    key: "collateral.haircut", value: "\(asset.haircut.decimal)",
                    expected: "a rate from 0 to below 100%")
            }
            guard asset.currency != collateral.into else {
                throw TermsError(
                    key: "collateral.currency", value: asset.symbol, expected: "another currency than it backs")
            }
            if case .convertCollateral(let discount)? = waterfall.first(where: { $0.name == "convertCollateral" }),
                discount > asset.haircut
            {
                throw TermsError(
                    key: "convertCollateral.discount", value: "\(discount.decimal)",
                    expected: "a discount no larger than each haircut, so that converting never costs margin")
            }
        }
    }

    /// Who is deleveraged first, and at which price; `nil` where the waterfall deleverages nobody.
    public var autoDeleverage: AutoDeleverage? { stages.autoDeleverage }

    /// The same rules with another choice of who is deleveraged first; unchanged where nobody ever is.
    public func replacing(policy: AutoDeleveragePolicy) -> Rulebook {
        var other = self
        other.waterfall = waterfall.map { stage in
            if case .autoDeleverage(let terms) = stage {
                .autoDeleverage(AutoDeleverage(policy, at: terms.price))
            } else {
                stage
            }
        }
        return other
    }

    /// The table that applies to `contract` under this rulebook.
    ///
    /// The rulebook's own for its symbol; else the contract's where they fit the basis; else the template.
    public func tiers(for contract: Contract) -> Tiers {
        if let own = tiers[contract.symbol] { return own.tiers }
        if let template = templates[contract.settle], isStepped(contract.tiers) != (basis == .entry) { return template }
        return contract.tiers
    }

    private func isStepped(_ tiers: Tiers) -> Bool { if case .stepped = tiers { true } else { false } }

    /// Whether `contract` may be listed under these rules: the table that applies to it is one for the basis, and in the
    /// contract's own currency.
    public func validate(_ contract: Contract) throws(TermsError) {
        if let own = tiers[contract.symbol], own.currency != contract.settle {
            throw TermsError(
                key: "settle", value: contract.symbol,
                expected: "the currency that rulebook \(name) gives this symbol's tiers in")
        }
        try validate(tiers(for: contract), key: "tiers")
    }

    /// Whether `tiers` may be used on this rulebook's basis.
    func fits(_ tiers: Tiers) -> Bool { isStepped(tiers) == (basis == .entry) }

    /// Whether `tiers` may be used on this rulebook's basis, and why not.
    ///
    /// Stepped tables go with entry value and the others with mark value: a stepped rate on mark value could drop as
    /// the position loses, so that a further fall would heal it.
    func validate(_ tiers: Tiers, key: String) throws(TermsError) {
        guard fits(tiers) else {
            throw TermsError(
                key: key, value: tiers.name,
                expected: basis == .entry
                    ? "stepped, because rulebook \(name) margins entry value"
                    : "progressive or concentration, because rulebook \(name) margins mark value")
        }
    }
}

/// A tier table that a rulebook names for a symbol, with the currency its limits are in.
public struct OwnTiers: Sendable, Equatable {
    public let currency: CurrencyID
    public let tiers: Tiers

    public init(currency: CurrencyID, tiers: Tiers) {
        self.currency = currency
        self.tiers = tiers
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
        guard warningRearmed <= .one else {
            throw TermsError(key: "warnings.rearmed", value: "\(warningRearmed.decimal)", expected: "at most 100%")
        }
        self.warning = warning
        self.danger = danger
        self.warningRearmed = warningRearmed
        self.dangerRearmed = dangerRearmed
    }
}
