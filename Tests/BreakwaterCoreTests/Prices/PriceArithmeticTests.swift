import Testing

@testable import BreakwaterCore

@Suite("Prices: arithmetic")
struct PriceArithmeticTests {
    /// 1 % a second, within 10 %.
    private static let cap = MarkCap(perSecond: Rate(10_000_000), within: Rate(100_000_000))

    private func moment(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds * 1_000) }

    @Test("PRC-001: a stable price follows by so much a second, and one wick after a silence moves nothing")
    func stable() {
        var stable = StablePrice(Price(1_000), at: .zero)
        stable.follow(Price(2_000), until: moment(3_600_000), by: Self.cap)
        #expect(stable.price == 1_000_000_000)
        #expect(stable.held(Price(2_000), by: Self.cap) == Price(1_100))
        stable.follow(Price(2_000), until: moment(3_601_000), by: Self.cap)
        #expect(stable.price == 1_010_000_000)
        // 10 % either side of 1,010: 909 and 1,111.
        #expect(stable.held(Price(2_000), by: Self.cap) == Price(1_111))
        #expect(stable.held(Price(1_000), by: Self.cap) == Price(1_000))
        #expect(stable.held(Price(1), by: Self.cap) == Price(909))
        // It never goes beyond the raw mark it follows.
        stable.follow(Price(500), until: moment(9_000_000), by: Self.cap)
        #expect(stable.price == 2_000_000_000)
        stable.follow(Price(500), until: moment(9_001_000), by: Self.cap)
        #expect(stable.price == 1_980_000_000)
    }

    @Test("PRC-002: time too short for a step is kept until it makes one")
    func shortSteps() {
        // A millionth of a tick takes 100 microseconds at 1 tick; a little less than the whole 1 % is left after a second.
        var stable = StablePrice(Price(1), at: .zero)
        for step in 1...50_000 as ClosedRange<Int64> {
            stable.follow(Price(2), until: Timestamp(step * 20), by: Self.cap)
        }
        #expect((1_009_990...1_010_000).contains(stable.price))
    }

    @Test("PRC-003: centuries and the largest price do not overflow")
    func extremes() {
        var stable = StablePrice(Price(Limits.ticksOrLots), at: .zero)
        stable.follow(Price(1), until: .zero, by: Self.cap)
        stable.follow(Price(1), until: .latest, by: Self.cap)
        #expect(stable.price == 1_000_000)
        var basis = BasisAverage(value: 0, time: .zero)
        basis.take(Limits.ticksOrLots * StablePrice.unit, at: .latest, over: .seconds(1))
        #expect(basis.value > Limits.ticksOrLots * (StablePrice.unit - 1))
    }

    @Test("PRC-004: a sample weighs elapsed / (average + elapsed)")
    func average() {
        var basis = BasisAverage(value: 0, time: .zero)
        basis.take(155, at: moment(5_000), over: .seconds(150))
        #expect(basis.value == 5)
        basis.take(-295, at: moment(155_000), over: .seconds(150))
        #expect(basis.value == -145)
    }

    @Test("PRC-005: impact prices take whole lots, best first, and say nothing where the book holds too little")
    func impact() throws {
        var venue = try Venue(accounts: ["ann"])
        venue.buy("ann", 5, at: 104, "a1")
        venue.buy("ann", 10, at: 101, "a2")
        func bid(_ amount: Int64) -> Int64? {
            let list = Threshold([.init(CurrencyID(1), Amount(amount * 1_000_000))])
            return venue.exchange.impactPrices(in: 0, list).bid?.raw
        }
        #expect(bid(520) == 104)
        // 521 takes one lot at 101: 621 / 6 = 103.5.
        #expect(bid(521) == 104)
        // 1,000 takes 5: 1,025 / 10 = 102.5. All are worth 1,530.
        #expect(bid(1_000) == 103)
        #expect(bid(1_530) == 102)
        #expect(bid(1_531) == nil)
        #expect(venue.exchange.impactPrices(in: 0, Threshold([.init(CurrencyID(1), Amount(1))])).ask == nil)
        #expect(venue.exchange.impactPrices(in: 0, .none).bid == nil)
    }

    @Test("PRC-006: an inverse contract's impact price is the harmonic mean")
    func inverseImpact() throws {
        var venue = try Venue(Terms(kind: .inverse, currency: "XBT"), accounts: ["ann"])
        venue.buy("ann", 300, at: 150, "a1")
        venue.buy("ann", 300, at: 75, "a2")
        // 300 / 150 + 300 / 75 = 6 XBT for 600 contracts: 100 each.
        let list = Threshold([.init(CurrencyID(0), Amount(600_000_000))])
        #expect(venue.exchange.impactPrices(in: 0, list).bid == Price(100))
    }

    @Test("PRC-007: the median of an even number lies between the middle two")
    func middle() {
        #expect(median(of: []) == nil)
        #expect(median(of: [Price(5), Price(1), Price(9)]) == Price(5))
        #expect(median(of: [Price(9), Price(2)]) == Price(6))
    }
}
