import Testing

@testable import BreakwaterCore

@Suite("Contracts: values")
struct ContractValueTests {
    @Test(
        "CON-001: the three kinds value a position as DESIGN says",
        arguments: [
            // Long and short 2 BTC at 50,000 USDT.
            (Terms(kind: .linear, currency: "USDT"), 2, 50_000, 100_000_000_000),
            (Terms(kind: .linear, currency: "USDT"), -2, 50_000, -100_000_000_000),
            // 100 contracts of 1 USD at 50,000: worth 0.002 XBT, and a long is owed more as the price falls.
            (Terms(kind: .inverse, currency: "XBT"), 100, 50_000, -200_000),
            (Terms(kind: .inverse, currency: "XBT"), -100, 50_000, 200_000),
            // DESIGN's 100 XBT position: 100 contracts of 0.01 XBT at a price of 100.
            (Terms(kind: .quanto, currency: "XBT", multiplier: "0.01"), 100, 100, 10_000_000_000),
            (Terms(kind: .quanto, currency: "XBT", multiplier: "0.01"), 100, 97, 9_700_000_000),
        ] as [(Terms, Int64, Int64, Int64)])
    func kinds(terms: Terms, size: Int64, price: Int64, value: Int64) throws {
        let contract = try terms.contract()
        #expect(contract.executionValue(of: Size(size), at: Price(price)) == Amount(value))
        #expect(contract.valuation.markValue(of: Size(size), at: Price(price)) == Amount(value))
        #expect(contract.valuation.notional(of: Size(size), at: Price(price)) == Amount(abs(value)))
    }

    @Test("CON-002: executions round to nearest, marks down, notionals up, and a tie goes away from zero on both sides")
    func roundings() throws {
        // One lot at 3: 1e8 / 3 = 33,333,333.33; at 64 x 10^6: 1.5625; a tie: 1e8 / 8e6 = 12.5.
        let contract = try Terms(kind: .inverse, currency: "XBT").contract()
        #expect(contract.executionValue(of: Size(1), at: Price(3)) == Amount(-33_333_333))
        #expect(contract.valuation.markValue(of: Size(1), at: Price(3)) == Amount(-33_333_334))
        #expect(contract.valuation.markValue(of: Size(-1), at: Price(3)) == Amount(33_333_333))
        #expect(contract.valuation.notional(of: Size(1), at: Price(3)) == Amount(33_333_334))
        #expect(contract.executionValue(of: Size(1), at: Price(8_000_000)) == Amount(-13))
        #expect(contract.executionValue(of: Size(-1), at: Price(8_000_000)) == Amount(13))
    }

    @Test(
        "CON-003: random executions, marks and notionals are the exact value, rounded once",
        arguments: ContractKind.allCases, Seeds.batches(of: 160))
    func randomValues(kind: ContractKind, batch: Seeds.Batch) throws {
        for seed in batch.seeds {
            var chance = SplitMix64(seed: seed)
            let terms = Terms.random(kind, from: &chance)
            let contract = try terms.contract()
            let decimals = try terms.settlement().currency.decimals
            for _ in 0..<10 {
                let size = chance.positive(upTo: Limits.ticksOrLots) * (chance.chance(percent: 50) ? 1 : -1)
                let price = chance.positive(upTo: Limits.ticksOrLots)
                let exact = terms.value(of: size, at: price, decimals: decimals)
                let at: Comment = "\(terms) \(size) at \(price)\n\(Seeds.replay(seed, "ContractValueTests"))"
                let holds = contract.valuation.holds(Size(size), at: Price(price))
                #expect(holds == (exact.magnitude <= Fraction(Limits.value)), at)
                guard holds else { continue }
                let executed = contract.executionValue(of: Size(size), at: Price(price))
                #expect("\(executed.raw)" == "\(exact.rounded(.nearest))", at)
                #expect(contract.executionValue(of: Size(-size), at: Price(price)) == -executed, at)
                #expect(
                    "\(contract.valuation.markValue(of: Size(size), at: Price(price)).raw)"
                        == "\(exact.rounded(.down))", at)
                let notional = contract.valuation.notional(of: Size(size), at: Price(price))
                #expect("\(notional.raw)" == "\(exact.magnitude.rounded(.up))", at)
            }
        }
    }

    @Test("CON-004: what the ledger can hold ends exactly at its limit")
    func limitOfValue() throws {
        // One lot and tick is 10^6 units of USDT, so 10^10 of them are the 10^16 the ledger holds.
        let contract = try Terms().contract()
        #expect(contract.valuation.holds(Size(10_000_000_000), at: Price(1)))
        #expect(!contract.valuation.holds(Size(10_000_000_001), at: Price(1)))
        #expect(contract.valuation.holds(Size(-1), at: Price(10_000_000_000)))
        #expect(!contract.valuation.holds(Size(-1), at: Price(10_000_000_001)))
        #expect(!contract.valuation.holds(Size(1), at: .zero))
        #expect(!contract.valuation.holds(Size(1), at: Price(-1)))
        let tiny = try Terms(multiplier: "0.000001").contract()
        #expect(tiny.valuation.holds(Size(Limits.ticksOrLots), at: Price(1)))
        #expect(!tiny.valuation.holds(Size(Limits.ticksOrLots + 1), at: Price(1)))
        #expect(tiny.valuation.holds(Size(1), at: Price(Limits.ticksOrLots)))
        #expect(!tiny.valuation.holds(Size(1), at: Price(Limits.ticksOrLots + 1)))
    }

    @Test(
        "CON-006: a rate of one lot's value, as funding takes it, is rounded once",
        arguments: ContractKind.allCases, Seeds.batches(of: 160))
    func rateOfLot(kind: ContractKind, batch: Seeds.Batch) throws {
        for seed in batch.seeds {
            var chance = SplitMix64(seed: seed)
            let terms = Terms.random(kind, from: &chance)
            let contract = try terms.contract()
            let decimals = try terms.settlement().currency.decimals
            for _ in 0..<10 {
                let rate = Rate(chance.whole(in: Int64(-1_000_000_000)...1_000_000_000))
                let price = chance.positive(upTo: Limits.ticksOrLots)
                guard contract.valuation.holds(Size(1), at: Price(price)) else { continue }
                let exact = terms.value(of: 1, at: price, decimals: decimals).magnitude * Fraction(rate.decimal)
                let at: Comment = "\(terms) \(rate) at \(price)\n\(Seeds.replay(seed, "ContractValueTests"))"
                #expect(
                    "\(contract.valuation.share(rate, ofLotAt: Price(price)).raw)" == "\(exact.rounded(.nearest))", at)
            }
        }
    }

    @Test("CON-005: what an inverse lot of almost no value can hold is told without overflowing")
    func tinyInverseLots() async {
        // A lot is worth 10^-12 of a smallest unit at a price of one tick, and 10^-24 at the dearest price there is.
        await #expect(processExitsWith: .success) {
            let contract = try Terms(kind: .inverse, lot: "0.000000001", multiplier: "0.000000001").contract()
            precondition(contract.valuation.holds(Size(1), at: Price(Limits.ticksOrLots)))
        }
    }
}
