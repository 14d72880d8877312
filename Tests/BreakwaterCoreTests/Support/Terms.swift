import Testing

@testable import BreakwaterCore

/// A contract's terms as text, each with a default, so that a test states only what it is about.
struct Terms {
    var symbol = "BTCUSDT"
    var kind = ContractKind.linear
    var currency = "USDT"
    var tick = "1"
    var lot = "1"
    var multiplier = "1"
    var display: Int?
    var maxLeverage = Leverage(10_000)
    var tiers = Terms.oneLimit
    var fees = Contract.Fees()

    /// One risk limit that holds whatever the ledger does: 1 % IM, 0.5 % MM.
    static var oneLimit: Tiers {
        .stepped([RiskLimit(upTo: Amount(Limits.value), initial: Rate(10_000_000), maintenance: Rate(5_000_000))])
    }

    /// The settlement currency, by its place among those every venue knows.
    func settlement() throws -> (id: CurrencyID, currency: Currency) {
        let index = try #require(Currency.common.firstIndex { $0.name == currency })
        return (CurrencyID(index: index), Currency.common[index])
    }

    func contract() throws -> Contract {
        let (id, currency) = try settlement()
        return try Contract(
            symbol: symbol, kind: kind, settle: id, currency: currency, tick: try #require(ExactDecimal(tick)),
            lot: try #require(ExactDecimal(lot)), multiplier: try #require(ExactDecimal(multiplier)), display: display,
            maxLeverage: maxLeverage, tiers: tiers, fees: fees)
    }
}

extension Rulebook {
    /// The fewest moving parts: losses drawn from the wallet, entry basis, one waterfall stage.
    static func plain(
        cross: CrossModel = .drawn, basis: Basis = .entry, riskLimits: RiskLimitChoice = .byValue,
        trigger: Trigger = .reaches, settlement: Duration? = nil, waterfall: [Stage] = [.takeover(Takeover())]
    ) throws -> Rulebook {
        var rulebook = Rulebook(
            name: "plain", cross: cross, basis: basis, riskLimits: riskLimits, trigger: trigger,
            insurance: .perCurrency,
            waterfall: waterfall)
        rulebook.settlement = settlement
        rulebook.liquidationsPerCommand = 100
        try rulebook.validate()
        return rulebook
    }
}

/// What refuses the work, or `nil` where nothing does.
func refusal(_ work: () throws -> Void) -> TermsError? {
    do {
        try work()
        return nil
    } catch let error as TermsError {
        return error
    } catch {
        Issue.record("\(error) is no TermsError")
        return nil
    }
}
