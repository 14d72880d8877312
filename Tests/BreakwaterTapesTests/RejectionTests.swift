import BreakwaterCore
import Testing

@Suite("Refusals")
struct RejectionTests {
    private static let contract = ContractID(0)
    private static let terms = TermsError(key: "tiers", value: "progressive", expected: "stepped")

    /// Every refusal there is. Programs match on these codes: one may be added, none renamed.
    private static let all: [(rejection: Rejection, code: String)] = [
        (.timeWentBackwards(.zero, now: .zero), "timeWentBackwards"), (.timeTooLate(.zero), "timeTooLate"),
        (.nameTaken("ann"), "nameTaken"), (.tooManyListings, "tooManyListings"), (.tiersUnfit(terms), "tiersUnfit"),
        (.unknownAccount, "unknownAccount"), (.unknownCurrency, "unknownCurrency"),
        (.unknownContract, "unknownContract"), (.unknownOrder, "unknownOrder"), (.duplicateOrder, "duplicateOrder"),
        (.amountNotPositive, "amountNotPositive"), (.moneyLimit(CurrencyID(0)), "moneyLimit"),
        (.insufficientAvailable(CurrencyID(0), asked: Amount(5), available: Amount(3)), "insufficientAvailable"),
        (.oneFundPerCurrency, "oneFundPerCurrency"),
        (.leverageTooHigh(contract, asked: Leverage(10_000), limit: Leverage(5_000)), "leverageTooHigh"),
        (.hedgeModeMismatch(hedged: true), "hedgeModeMismatch"), (.positionsOpen, "positionsOpen"),
        (.noPosition, "noPosition"), (.notIsolated, "notIsolated"),
        (.marginBelowInitial(contract, margin: Amount(1), required: Amount(2)), "marginBelowInitial"),
        (.wouldBeLiquidated(contract, margin: Amount(1), maintenance: Amount(2)), "wouldBeLiquidated"),
        (.insufficientMargin(contract, required: Amount(2), available: Amount(1)), "insufficientMargin"),
        (.noRiskLimits(contract), "noRiskLimits"), (.unknownRiskLimit(contract, asked: Amount(1)), "unknownRiskLimit"),
        (.riskLimitExceeded(contract, value: Amount(2), limit: Amount(1)), "riskLimitExceeded"),
        (.noMark(contract), "noMark"), (.halted(contract), "halted"), (.notHalted(contract), "notHalted"),
        (.sizeNotPositive, "sizeNotPositive"), (.priceNotPositive, "priceNotPositive"),
        (.valueTooLarge(contract), "valueTooLarge"), (.marketOrderRests, "marketOrderRests"),
        (.wouldTakeLiquidity(contract, limit: Price(2), best: Price(1)), "wouldTakeLiquidity"),
        (.nothingToReduce(contract), "nothingToReduce"), (.selfTrade, "selfTrade"),
        (.nothingToAmend, "nothingToAmend"), (.closesBeyondBankruptcy(contract), "closesBeyondBankruptcy"),
        (.closesMoreThanHeld(contract), "closesMoreThanHeld"), (.fundingRateTooHigh, "fundingRateTooHigh"),
        (.outsideOpeningBand(contract, limit: Rate(500_000_000)), "outsideOpeningBand"),
        (.wouldTriggerAtOnce(contract, stop: Price(2), price: Price(1)), "wouldTriggerAtOnce"),
        (.notConditional, "notConditional"), (.notLimitOrder, "notLimitOrder"),
        (.outsidePriceBand(contract, lower: Price(1), upper: Price(3)), "outsidePriceBand"),
        (.inAuction(contract), "inAuction"), (.notInAuction(contract), "notInAuction"),
        (.staleMark(contract), "staleMark"), (.markIsComputed(contract), "markIsComputed"),
        (.unknownSource(contract, source: "A"), "unknownSource"),
        (.priceTooOld(contract, age: .seconds(90)), "priceTooOld"),
        (.priceFromFuture(contract), "priceFromFuture"), (.termsUnfit(terms), "termsUnfit"),
    ]

    @Test("REJ-001: codes are stable, and every refusal reads like a sentence", arguments: all.indices)
    func codes(index: Int) throws {
        let (rejection, code) = Self.all[index]
        #expect(rejection.code == code)
        let sentence = rejection.sentence(in: try venue())
        #expect(sentence.hasSuffix(".") || sentence.hasSuffix("at once."))
        #expect(sentence.first?.isUppercase == true || sentence.first?.isNumber == true)
        #expect(!sentence.contains("Optional") && !sentence.contains("("))
    }

    @Test("REJ-002: amounts come in the currency's decimals, prices in the contract's")
    func decimals() throws {
        let asked = Rejection.insufficientAvailable(CurrencyID(1), asked: Amount(1_500_000), available: .zero)
        #expect(asked.sentence(in: try venue()) == "1.5 USDT was asked for, but only 0 USDT is available.")
        let taking = Rejection.wouldTakeLiquidity(Self.contract, limit: Price(201), best: Price(199))
        #expect(taking.sentence(in: try venue()) == "A post-only order at 100.5 would trade at once with 99.5.")
    }

    private func venue() throws -> Directory {
        var venue = Directory()
        for currency in Currency.common { venue.add(currency) }
        let limit = RiskLimit(upTo: Amount(1_000_000_000), initial: Rate(20_000_000), maintenance: Rate(10_000_000))
        venue.add(
            try Contract(
                symbol: "XBTUSDT", kind: .linear, settle: CurrencyID(1), currency: Currency.common[1],
                tick: ExactDecimal("0.5")!, lot: ExactDecimal("1")!, multiplier: ExactDecimal("1")!,
                maxLeverage: Leverage(5_000), tiers: .stepped([limit]), fees: Contract.Fees()))
        return venue
    }
}
