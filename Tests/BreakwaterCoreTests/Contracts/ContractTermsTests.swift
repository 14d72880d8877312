import Testing

@testable import BreakwaterCore

@Suite("Contracts: refused terms")
struct ContractTermsTests {
    @Test("CON-020: ordinary terms are accepted", arguments: ContractKind.allCases)
    func accepted(kind: ContractKind) {
        let rebate = Contract.Fees(maker: Rate(-250_000), taker: Rate(250_000), liquidation: Rate(4_999_999))
        #expect(refusal { _ = try Terms(kind: kind, fees: rebate).contract() } == nil)
        #expect(refusal { _ = try Terms(kind: kind, display: 0).contract() } == nil)
        #expect(refusal { _ = try Terms(kind: kind, display: 18).contract() } == nil)
    }

    @Test(
        "CON-021: terms that cannot work are refused by the name of their key",
        arguments: [
            ("tick", Terms(tick: "0")), ("tick", Terms(tick: "-0.5")), ("lot", Terms(lot: "0")),
            ("lot", Terms(lot: "-1")),
            ("multiplier", Terms(multiplier: "0")), ("multiplier", Terms(multiplier: "-1")),
            ("display", Terms(display: -1)), ("display", Terms(display: 19)),
            ("makerFee", Terms(fees: .init(maker: Rate(-250_001), taker: Rate(250_000)))),
            ("multiplier", Terms(multiplier: "1000001")),
            ("multiplier", Terms(tick: "0.0000001", lot: "0.0000001", multiplier: "0.00001")),
            ("lot", Terms(lot: "123456789012345678901234567890", multiplier: "123456789012345678901234567890")),
            ("tick", Terms(tick: "123456789012345678901234567890", lot: "1000000000000")),
        ] as [(String, Terms)])
    func refused(key: String, terms: Terms) {
        #expect(refusal { _ = try terms.contract() }?.key == key)
    }

    @Test("CON-022: a fee that pays out by itself is refused by its own key")
    func negativeFees() {
        #expect(
            refusal { _ = try Terms(fees: .init(maker: Rate(2), taker: Rate(-1))).contract() }?.key == "takerFee")
        #expect(refusal { _ = try Terms(fees: .init(liquidation: Rate(-1))).contract() }?.key == "liquidationFee")
    }

    @Test("CON-023: leverage below 1x is refused", arguments: [0, -100, 99] as [Int64])
    func leverage(hundredths: Int64) {
        #expect(refusal { _ = try Terms(maxLeverage: Leverage(hundredths)).contract() }?.key == "maxLeverage")
    }

    @Test(
        "CON-024: the value factor is a ratio of numbers up to a million million, and no further",
        arguments: [
            (Terms(multiplier: "1000000"), 1_000_000_000_000, 1),
            (Terms(multiplier: "0.000000000000000001"), 1, 1_000_000_000_000),
            (Terms(kind: .inverse, currency: "XBT", tick: "0.5"), 200_000_000, 1),
            (Terms(kind: .inverse, currency: "XBT", tick: "0.3"), 1_000_000_000, 3),
            (Terms(kind: .quanto, currency: "XBT", tick: "0.5", multiplier: "0.000001"), 50, 1),
        ] as [(Terms, Int64, Int64)])
    func factors(terms: Terms, numerator: Int64, denominator: Int64) throws {
        let factor = try terms.contract().valuation.factor
        #expect((factor.numerator, factor.denominator) == (numerator, denominator))
    }

    @Test("CON-025: the factor just beyond a million million is refused")
    func factorsBeyond() {
        #expect(refusal { _ = try Terms(multiplier: "1000000.000001").contract() }?.key == "multiplier")
        #expect(refusal { _ = try Terms(multiplier: "0.0000000000000000001").contract() }?.key == "multiplier")
    }
}
