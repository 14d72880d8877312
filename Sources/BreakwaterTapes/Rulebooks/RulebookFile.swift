public import BreakwaterCore

/// Reads a rulebook's data file. Every key is documented in docs/RULEBOOKS.md.
public enum RulebookFile {
    public static func read(_ path: String) throws(BadInput) -> Rulebook {
        try parse(try Document.text(ofFile: path), file: path)
    }

    /// - Parameter changes: values that stand for those in the text.
    public static func parse(_ text: String, file: String, changing changes: [DocumentChange] = []) throws(BadInput)
        -> Rulebook
    {
        var fields = try Document.object(in: text, file: file, changing: changes)
        let name = try fields.requiredName("name")
        let cross: Rulebook.CrossModel = try fields.requiredChoice("crossMargin")
        let basis: Rulebook.Basis = try fields.requiredChoice("basis")
        let riskLimits: Rulebook.RiskLimitChoice = try fields.requiredChoice("riskLimit")
        let trigger: Rulebook.Trigger = try fields.requiredChoice("trigger")
        let insurance: Rulebook.InsuranceScope = try fields.requiredChoice("insuranceFund")
        let stages = try waterfall(&fields)
        var rulebook = Rulebook(
            name: name, cross: cross, basis: basis, riskLimits: riskLimits, trigger: trigger, insurance: insurance,
            waterfall: stages.map(\.stage))
        rulebook.settlement = try fields.duration("settlement")
        rulebook.feesInLiquidationPrice = try fields.flag("feesInLiquidationPrice") ?? false
        rulebook.openingBand = try fields.rate("openingBand")
        rulebook.tiers = try tiers(&fields)
        rulebook.templates = try templates(&fields)
        try fields.protections(into: &rulebook)
        rulebook.prices = try fields.priceRules()
        if let bound = try fields.wholeNumber("liquidationsPerCommand", upTo: 1_000_000_000) {
            rulebook.liquidationsPerCommand = bound
        }
        try fields.finish("a rulebook")
        do { try rulebook.validate() } catch {
            // What is wrong with a stage is told where the stage stands.
            let named = error.key == "waterfall" ? error.value : String(error.key.prefix { $0 != "." })
            let place = stages.last { $0.stage.name == named }?.fields ?? fields
            throw place.refuse(error.key, error.value, error.expected)
        }
        return rulebook
    }

    /// Tier tables by symbol, each with the currency its limits are in.
    private static func tiers(_ fields: inout Fields) throws(BadInput) -> [String: OwnTiers] {
        var tables: [String: OwnTiers] = [:]
        guard var bySymbol = try fields.object("tiers") else { return [:] }
        for symbol in bySymbol.keys {
            guard var table = try bySymbol.object(symbol) else { continue }
            let currency = try table.commonCurrency("currency")
            tables[symbol] = OwnTiers(currency: currency, tiers: try tierTable(&table, in: currency))
        }
        return tables
    }

    /// Tier tables by settlement currency, for contracts whose own do not fit.
    private static func templates(_ fields: inout Fields) throws(BadInput) -> [CurrencyID: Tiers] {
        var tables: [CurrencyID: Tiers] = [:]
        guard var byCurrency = try fields.object("template") else { return [:] }
        for name in byCurrency.keys {
            let currency = try byCurrency.commonCurrency(named: name, key: name)
            guard var table = try byCurrency.object(name) else { continue }
            tables[currency] = try tierTable(&table, in: currency)
        }
        return tables
    }

    private static func tierTable(_ table: inout Fields, in currency: CurrencyID) throws(BadInput) -> Tiers {
        let lot = try table.decimal("lot") ?? ExactDecimal(digits: 1)
        let terms = Currency.common[currency.index]
        guard let tiers = try table.tiers(in: terms, lot: lot) else {
            throw table.missing("tiers", "stepped, progressive or concentration")
        }
        try table.finish("a rulebook's tier table")
        do {
            try tiers.validate(in: terms)
        } catch { throw table.refuse(error.key, error.value, error.expected) }
        return tiers
    }

    private static func waterfall(_ fields: inout Fields) throws(BadInput) -> [(stage: Stage, fields: Fields)] {
        guard let list = try fields.objects("waterfall") else { throw fields.missing("waterfall", "a list of stages") }
        var stages: [(stage: Stage, fields: Fields)] = []
        for var item in list {
            let stage = try item.stage()
            try item.finish("the stage \(stage.name)")
            stages.append((stage, item))
        }
        return stages
    }
}
