public import BreakwaterCore

/// Reads a rulebook's data file. Every key is documented in docs/RULEBOOKS.md.
public enum RulebookFile {
    public static func read(_ path: String) throws(BadInput) -> Rulebook {
        try parse(try Document.text(ofFile: path), file: path)
    }

    public static func parse(_ text: String, file: String) throws(BadInput) -> Rulebook {
        var fields = try Document.object(in: text, file: file)
        let name = try fields.requiredName("name")
        let cross: Rulebook.CrossModel = try fields.requiredChoice("crossMargin")
        let basis: Rulebook.Basis = try fields.requiredChoice("basis")
        let riskLimits: Rulebook.RiskLimitChoice = try fields.requiredChoice("riskLimit")
        let trigger: Rulebook.Trigger = try fields.requiredChoice("trigger")
        let insurance: Rulebook.InsuranceScope = try fields.requiredChoice("insuranceFund")
        var rulebook = Rulebook(
            name: name, cross: cross, basis: basis, riskLimits: riskLimits, trigger: trigger, insurance: insurance,
            waterfall: try waterfall(&fields))
        rulebook.settlement = try fields.duration("settlement")
        rulebook.feesInLiquidationPrice = try fields.flag("feesInLiquidationPrice") ?? false
        rulebook.openingBand = try fields.rate("openingBand")
        rulebook.tiers = try tiers(&fields)
        rulebook.prices = try fields.priceRules()
        if let bound = try fields.wholeNumber("liquidationsPerCommand", upTo: 1_000_000_000) {
            rulebook.liquidationsPerCommand = bound
        }
        try fields.finish("a rulebook")
        do { try rulebook.validate() } catch { throw fields.refuse(error.key, error.value, error.expected) }
        return rulebook
    }

    /// Tier tables by symbol, each with the currency its limits are in.
    private static func tiers(_ fields: inout Fields) throws(BadInput) -> [String: Tiers] {
        var tables: [String: Tiers] = [:]
        guard var bySymbol = try fields.object("tiers") else { return [:] }
        for symbol in bySymbol.keys {
            guard var table = try bySymbol.object(symbol) else { continue }
            let name = try table.requiredName("currency")
            guard let currency = Currency.common.first(where: { $0.name == name }) else {
                throw table.refuse("currency", name, "one of \(Currency.common.map(\.name).joined(separator: ", "))")
            }
            let lot = try table.decimal("lot") ?? ExactDecimal(digits: 1)
            guard let tiers = try table.tiers(in: currency, lot: lot) else {
                throw table.missing("tiers", "stepped, progressive or concentration")
            }
            try table.finish("a rulebook's tier table")
            tables[symbol] = tiers
        }
        return tables
    }

    private static func waterfall(_ fields: inout Fields) throws(BadInput) -> [Stage] {
        guard let list = try fields.objects("waterfall") else { throw fields.missing("waterfall", "a list of stages") }
        var stages: [Stage] = []
        for var item in list {
            stages.append(try stage(&item))
            try item.finish("the stage \(stages.last!.name)")
        }
        return stages
    }

    private static func stage(_ item: inout Fields) throws(BadInput) -> Stage {
        let name = try item.requiredName("stage")
        switch name {
        case "warnings": return .warnings(try warnings(&item))
        case "stepDownWithOrders": return .stepDown(withOrders: true)
        case "cancelOrders": return .cancelOrders
        case "stepDown": return .stepDown(withOrders: false)
        case "fillOrKill": return .fillOrKill
        case "takeover": return .takeover(patience: try item.duration("patience"))
        case "insuranceFund": return .insuranceFund(slippage: try item.rate("slippage"))
        case "autoDeleverage": return .autoDeleverage(try item.requiredChoice("policy"))
        default:
            throw item.refuse(
                "stage", name,
                "warnings, stepDownWithOrders, cancelOrders, stepDown, fillOrKill, takeover, insuranceFund or autoDeleverage"
            )
        }
    }

    private static func warnings(_ item: inout Fields) throws(BadInput) -> Warnings {
        let levels = (
            try item.requiredRate("warning"), try item.requiredRate("danger"), try item.requiredRate("warningRearmed"),
            try item.requiredRate("dangerRearmed")
        )
        do {
            return try Warnings(warning: levels.0, danger: levels.1, warningRearmed: levels.2, dangerRearmed: levels.3)
        } catch {
            throw item.refuse(error.key, error.value, error.expected)
        }
    }
}
