import Testing

@testable import BreakwaterCore

/// The price at which a book uncrosses, and who trades there.
@Suite("Call auctions")
struct AuctionTests {
    /// The same choice by looking at every tick and every order.
    private func everyTick(
        bids: [(price: Int64, size: Int64)], asks: [(price: Int64, size: Int64)], mark: Int64
    ) -> Int64? {
        guard let top = bids.map(\.price).max(), let bottom = asks.map(\.price).min(), top >= bottom else { return nil }
        var best: (key: [Int64], price: Int64)?
        for price in 1...200 as ClosedRange<Int64> {
            let demand = bids.filter { $0.price >= price }.reduce(0) { $0 + $1.size }
            let supply = asks.filter { $0.price <= price }.reduce(0) { $0 + $1.size }
            let key = [-min(demand, supply), abs(demand - supply), abs(mark - price), price]
            if best == nil || key.lexicographicallyPrecedes(best!.key) { best = (key, price) }
        }
        return best?.price
    }

    @Test("AUC-001: the price is the one a look at every tick would choose", arguments: Seeds.batches(of: 400))
    func bruteForce(batch: Seeds.Batch) throws {
        for seed in batch.seeds {
            var dice = SplitMix64(seed: seed)
            var venue = try Venue(accounts: ["ann", "bob"])
            venue.execute(.openAuction(venue.contract))
            let mark = 70 + Int64(dice.next() % 60)
            var (bids, asks): ([(price: Int64, size: Int64)], [(price: Int64, size: Int64)]) = ([], [])
            for number in 0..<(1 + dice.next() % 8) {
                let (price, size) = (60 + Int64(dice.next() % 80), 1 + Int64(dice.next() % 5))
                if dice.next() % 2 == 0 {
                    bids.append((price, size))
                    venue.buy("ann", size, at: price, "o\(number)")
                } else {
                    asks.append((price, size))
                    venue.sell("bob", size, at: price, "o\(number)")
                }
            }
            venue.mark(mark)
            let expected = everyTick(bids: bids, asks: asks, mark: mark)
            #expect(
                AuctionPrice(of: venue.book, mark: Price(mark))?.price.raw == expected,
                Seeds.replay(seed, "AuctionTests"))
            venue.execute(.uncross(venue.contract))
            var traded: Int64 = 0
            for case .traded(let trade) in venue.exchange.events {
                #expect(trade.price.raw == expected)
                traded += trade.size.raw
            }
            let at = expected ?? 0
            let demand = bids.filter { $0.price >= at }.reduce(0) { $0 + $1.size }
            let supply = asks.filter { $0.price <= at }.reduce(0) { $0 + $1.size }
            #expect(traded == (expected == nil ? 0 : min(demand, supply)), Seeds.replay(seed, "AuctionTests"))
            #expect(venue.exchange.brokenInvariants() == [])
        }
    }

    @Test("AUC-002: best price first, then first come, all at one price")
    func priority() throws {
        var venue = try Venue(accounts: ["ann", "bob", "cat", "dan"])
        venue.execute(.openAuction(venue.contract))
        venue.buy("ann", 3, at: 101, "a")
        venue.buy("bob", 3, at: 102, "b")
        venue.buy("cat", 3, at: 101, "c")
        venue.sell("dan", 5, at: 99, "d")
        #expect(venue.story == ["d enters"])
        venue.execute(.uncross(venue.contract))
        #expect(venue.story == ["b takes 3 of d at 100", "a takes 2 of d at 100"])
        #expect(venue.queue(.buy) == ["101: a 1, c 3"])
    }

    @Test(
        "AUC-003: two own orders do not trade with each other, by the owner's setting",
        arguments: [
            (SelfTradePrevention.newest, ["new goes with 2: selfTrade"]),
            (.oldest, ["old goes with 2: selfTrade", "new takes 1 of b at 100"]),
            (.both, ["new goes with 2: selfTrade", "old goes with 2: selfTrade"]),
        ])
    func selfTrade(prevention: SelfTradePrevention, story: [String]) throws {
        var venue = try Venue(accounts: ["ann", "bob"])
        venue.prevent("ann", prevention)
        venue.execute(.openAuction(venue.contract))
        venue.sell("ann", 2, at: 98, "old")
        venue.sell("bob", 1, at: 99, "b")
        venue.buy("ann", 2, at: 102, "new")
        venue.execute(.uncross(venue.contract))
        #expect(venue.story == story)
        #expect(venue.exchange.brokenInvariants() == [])
    }

    @Test("AUC-004: what its account cannot afford any more is cancelled, and the rest trades on")
    func unaffordable() throws {
        // Ann has 300: 200 are the IM of her long, 90.45 what her bid needs. One tick down the long has lost 200 more.
        var venue = try Venue(accounts: ["ann", "bob", "cat"], deposit: Amount(300_000_000))
        venue.trade(buyer: "ann", seller: "cat", 200, at: 100)
        venue.execute(.openAuction(venue.contract))
        venue.buy("ann", 45, at: 101, "a")
        venue.sell("bob", 50, at: 99, "b")
        venue.buy("cat", 10, at: 100, "c")
        venue.mark(99)
        venue.execute(.uncross(venue.contract))
        #expect(venue.story.first == "a goes with 45: insufficientMargin")
        #expect(venue.story.last == "c takes 10 of b at 99")
        #expect(venue.exchange.brokenInvariants() == [])
    }

    @Test("AUC-005: reduce-only orders are cut to their position, and what crosses then trades at a price of its own")
    func reduceOnly() throws {
        var venue = try Venue(accounts: ["ann", "bob", "cat", "dan"])
        venue.trade(buyer: "ann", seller: "dan", 1, at: 100)
        venue.execute(.openAuction(venue.contract))
        venue.order("ann", .sell, 50, at: 90, "big", reduceOnly: true)
        venue.sell("bob", 5, at: 105, "b")
        venue.buy("cat", 10, at: 110, "c")
        venue.execute(.uncross(venue.contract))
        #expect(venue.story.contains("c takes 1 of big at 100"))
        #expect(venue.story.contains("c takes 5 of b at 105"))
        #expect(venue.exchange.brokenInvariants() == [])
    }
}

extension Venue {
    var book: OrderBook { exchange.markets[contract.index].book }
}
