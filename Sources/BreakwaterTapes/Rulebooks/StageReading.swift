import BreakwaterCore

/// A waterfall's stages as rulebooks write them.
extension Fields {
    static let stageNames =
        "warnings, stepDownWithOrders, cancelOrders, stepDown, fillOrKill, convertCollateral, partial, marketClose, takeover, liquiditySupport, insuranceFund, autoDeleverage or clawback"

    mutating func stage() throws(BadInput) -> Stage {
        let name = try requiredName("stage")
        switch name {
        case "warnings": return .warnings(try warnings())
        case "stepDownWithOrders": return .stepDown(withOrders: true)
        case "cancelOrders": return .cancelOrders
        case "stepDown": return .stepDown(withOrders: false)
        case "fillOrKill": return .fillOrKill
        case "convertCollateral": return .convertCollateral(discount: try requiredRate("discount"))
        case "partial": return .partial(try partialClose())
        case "marketClose":
            return .marketClose(
                MarketClose(slippage: try rate("slippage"), remainder: try requiredChoice("remainder")))
        case "takeover":
            return .takeover(
                Takeover(
                    patience: try duration("patience"), below: try marginLevel("below"),
                    offers: try flag("offer") ?? true))
        case "liquiditySupport": return .liquiditySupport(window: try requiredDuration("window"))
        case "insuranceFund": return .insuranceFund(try fundUse())
        case "autoDeleverage":
            return .autoDeleverage(
                AutoDeleverage(try requiredChoice("policy"), at: try choice("price") ?? .bankruptcy))
        case "clawback": return .clawback(period: try requiredDuration("period"))
        default: throw refuse("stage", name, Self.stageNames)
        }
    }

    private mutating func warnings() throws(BadInput) -> Warnings {
        let levels = (
            try requiredRate("warning"), try requiredRate("danger"), try requiredRate("warningRearmed"),
            try requiredRate("dangerRearmed")
        )
        do {
            return try Warnings(warning: levels.0, danger: levels.1, warningRearmed: levels.2, dangerRearmed: levels.3)
        } catch {
            throw refuse(error.key, error.value, error.expected)
        }
    }

    private mutating func partialClose() throws(BadInput) -> PartialClose {
        let expected = "toInitial, toTier, all, or a share such as 20%"
        let close: PartialClose.Portion
        switch try requiredText("close", expected: expected) {
        case "toInitial": close = .toInitial
        case "toTier": close = .toTier
        case "all": close = .all
        case let share:
            guard let rate = Rate(text: share) else { throw refuse("close", share, expected) }
            close = .fraction(rate)
        }
        let (over, cooldown) = (try threshold("over"), try duration("cooldown"))
        let during: PartialClose.DuringCooldown? = try choice("duringCooldown")
        if let during, cooldown == nil {
            throw refuse("duringCooldown", during.rawValue, "a cooldown beside it")
        }
        return PartialClose(
            close: close, over: over, cooldown: cooldown, duringCooldown: during ?? .wait,
            above: try marginLevel("above"),
            slippage: try rate("slippage"))
    }

    private mutating func fundUse() throws(BadInput) -> FundUse {
        let mode = try text("mode", expected: "aggress or absorb") ?? "aggress"
        switch mode {
        case "aggress": return .aggress(slippage: try rate("slippage"))
        case "absorb":
            let capital = try requiredRate("capital")
            guard capital > .zero else { throw refuse("capital", "\(capital.decimal)", "a share above 0") }
            return .absorb(capital: capital)
        default: throw refuse("mode", mode, "aggress or absorb")
        }
    }

    /// `closeOut`, or a share of MM such as `2/3`.
    private mutating func marginLevel(_ key: String) throws(BadInput) -> MarginLevel? {
        let expected = "closeOut, or a share of mm such as 2/3"
        guard let text = try text(key, expected: expected) else { return nil }
        if text == "closeOut" { return .closeOut }
        guard let share = Share(text: text) else { throw refuse(key, text, expected) }
        return .ofMaintenance(share)
    }
}

/// Values that several rules are made of.
extension Fields {
    mutating func requiredShare(_ key: String) throws(BadInput) -> Share {
        let expected = "a share between 0 and 1, such as 1/3 or 50%"
        let text = try requiredText(key, expected: expected)
        guard let share = Share(text: text) else { throw refuse(key, text, expected) }
        return share
    }

    mutating func requiredDuration(_ key: String) throws(BadInput) -> BreakwaterCore.Duration {
        guard let duration = try duration(key) else { throw missing(key, "a length of time such as 30s") }
        return duration
    }

    mutating func commonCurrency(_ key: String) throws(BadInput) -> CurrencyID {
        try commonCurrency(named: try requiredName(key), key: key)
    }

    /// One of the currencies that every venue knows, so that its number is known before there is a venue.
    func commonCurrency(named name: String, key: String) throws(BadInput) -> CurrencyID {
        guard let index = Currency.common.firstIndex(where: { $0.name == name }) else {
            throw refuse(key, name, "one of \(Currency.common.map(\.name).joined(separator: ", "))")
        }
        return CurrencyID(index: index)
    }

    /// Amounts by currency: `{USDT: "100000", XBT: "2"}`.
    mutating func threshold(_ key: String) throws(BadInput) -> Threshold {
        guard var amounts = try object(key) else { return .none }
        var entries: [Threshold.Entry] = []
        for name in amounts.keys {
            let currency = try amounts.commonCurrency(named: name, key: name)
            entries.append(.init(currency, try amounts.amount(name, in: Currency.common[currency.index])))
        }
        return Threshold(entries)
    }

    mutating func collateral() throws(BadInput) -> Collateral {
        let into = try commonCurrency("into")
        guard let list = try objects("assets") else { throw missing("assets", "a list of currencies") }
        var assets: [Collateral.Asset] = []
        for var item in list {
            let currency = try item.commonCurrency("currency")
            let limit =
                item.keys.contains("limit") ? try item.amount("limit", in: Currency.common[currency.index]) : nil
            assets.append(
                Collateral.Asset(
                    currency: currency, symbol: try item.requiredName("symbol"),
                    haircut: try item.requiredRate("haircut"),
                    limit: limit))
            try item.finish("an asset")
        }
        return Collateral(into: into, assets: assets)
    }
}
