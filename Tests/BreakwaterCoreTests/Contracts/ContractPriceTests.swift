import Testing

@testable import BreakwaterCore

@Suite("Contracts: prices worked out from values")
struct ContractPriceTests {
    @Test(
        "CON-010: the exact price of a value is the one that gives the value back",
        arguments: ContractKind.allCases, Seeds.batches(of: 160))
    func roundTrip(kind: ContractKind, batch: Seeds.Batch) throws {
        for seed in batch.seeds {
            var chance = SplitMix64(seed: seed)
            let terms = Terms.random(kind, from: &chance)
            let contract = try terms.contract()
            let decimals = try terms.settlement().currency.decimals
            for _ in 0..<10 {
                let size = chance.positive(upTo: 1_000_000_000) * (chance.chance(percent: 50) ? 1 : -1)
                let value = chance.positive(upTo: Limits.value) * contract.valuation.direction(of: Size(size))
                let at: Comment = "\(terms) \(size) worth \(value)\n\(Seeds.replay(seed, "ContractPriceTests"))"
                let exact = terms.price(of: size, worth: value, decimals: decimals)
                let ratio = try #require(contract.valuation.exactPrice(of: Size(size), worth: Int128(value)), at)
                let ticks = Fraction(ratio.ticks) / Fraction(ratio.over)
                #expect(ticks * Fraction(terms.tick) == exact, at)
                let shown = try #require(contract.displayPrice(of: Size(size), worth: Int128(value)), at)
                let places = Fraction.powerOfTen(contract.display)
                #expect(Fraction(shown) * places == (exact * places).rounded(.nearest), at)
                for rounding in [Rounding.down, .up, .nearest] {
                    let whole = ticks.rounded(rounding)
                    let top = Fraction(Limits.ticksOrLots)
                    let price = try #require(
                        contract.valuation.price(of: Size(size), worth: Amount(value), rounding), at)
                    #expect(Fraction(price.raw) == (whole < top ? whole : top), at)
                }
            }
        }
    }

    @Test(
        "CON-011: a price whose value is whole comes back from that value to the tick",
        arguments: [
            (Terms(kind: .linear, tick: "0.5"), 3, 100_001), (Terms(kind: .linear, tick: "0.5"), -3, 100_001),
            (Terms(kind: .quanto, currency: "XBT", multiplier: "0.01"), 100, 97),
            (Terms(kind: .inverse, currency: "XBT"), 1_000, 31_250),
            (Terms(kind: .inverse, currency: "XBT"), -1_000, 31_250),
        ] as [(Terms, Int64, Int64)])
    func wholeValues(terms: Terms, size: Int64, price: Int64) throws {
        let contract = try terms.contract()
        let value = contract.executionValue(of: Size(size), at: Price(price))
        for rounding in [Rounding.down, .up, .nearest] {
            #expect(contract.valuation.price(of: Size(size), worth: value, rounding) == Price(price))
        }
        #expect(contract.displayPrice(of: Size(size), worth: value.wide) == contract.decimal(Price(price)))
    }

    @Test(
        "CON-012: there is no price for a value of the wrong sign, for none, or for a flat position",
        arguments: ContractKind.allCases)
    func noPrice(kind: ContractKind) throws {
        let contract = try Terms(kind: kind).contract()
        let sign: Int64 = kind == .inverse ? -1 : 1
        #expect(contract.valuation.price(of: Size(1), worth: Amount(sign), .up) != nil)
        #expect(contract.valuation.price(of: Size(1), worth: Amount(-sign), .up) == nil)
        #expect(contract.valuation.price(of: Size(-1), worth: Amount(-sign), .up) != nil)
        #expect(contract.valuation.price(of: Size(-1), worth: Amount(sign), .up) == nil)
        #expect(contract.valuation.price(of: Size(1), worth: .zero, .up) == nil)
        #expect(contract.valuation.price(of: .zero, worth: Amount(sign), .up) == nil)
        #expect(contract.displayPrice(of: Size(-1), worth: Int128(sign)) == nil)
    }

    @Test(
        "CON-013: shown prices round to nearest at the display precision, ties away from zero",
        arguments: [
            // Two lots worth this many USDT millionths.
            (2_000_010, 2, "1.00"), (2_009_999, 2, "1.00"), (2_010_000, 2, "1.01"), (2_009_999, 6, "1.005"),
            (2_009_999, 7, "1.0049995"), (1, 6, "0.000001"), (1, 7, "0.0000005"), (999_999, 0, "0"),
            (1_000_000, 0, "1"),
        ] as [(Int64, Int, String)])
    func display(value: Int64, places: Int, shown: String) throws {
        let contract = try Terms(tick: "0.01", display: places).contract()
        #expect(contract.displayPrice(of: Size(2), worth: Int128(value)) == ExactDecimal(shown))
        #expect(contract.displayPrice(of: Size(-2), worth: Int128(-value)) == ExactDecimal(shown))
    }

    @Test("CON-014: ticks and lots print as decimals")
    func decimals() throws {
        let contract = try Terms(tick: "0.25", lot: "0.001").contract()
        #expect("\(contract.decimal(Price(401)))" == "100.25")
        #expect("\(contract.decimal(Price(400)))" == "100")
        #expect("\(contract.decimal(Size(-1500)))" == "-1.5")
        #expect(contract.display == 2)
    }

    @Test("CON-015: money is read to the smallest unit of its currency and no finer, up to what the venue holds")
    func money() {
        let usdt = Currency(name: "USDT", decimals: 6)
        #expect(ExactDecimal("0.000001").flatMap(usdt.amount) == Amount(1))
        #expect(ExactDecimal("0.0000001").flatMap(usdt.amount) == nil)
        #expect(ExactDecimal("-12.5").flatMap(usdt.amount) == Amount(-12_500_000))
        #expect(ExactDecimal("500000000000").flatMap(usdt.amount) == Amount(Limits.money))
        #expect(ExactDecimal("500000000000.000001").flatMap(usdt.amount) == nil)
        #expect(ExactDecimal("-500000000000").flatMap(usdt.amount) == Amount(-Limits.money))
        #expect("\(usdt.decimal(Amount(-1)))" == "-0.000001")
    }
}
