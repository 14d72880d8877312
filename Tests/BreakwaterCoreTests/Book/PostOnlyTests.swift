import Testing

@testable import BreakwaterCore

@Suite("Order book: post-only orders")
struct PostOnlyTests {
    /// Bob bids 98 and asks 101.
    private func touch() throws -> Venue {
        var venue = try Venue(accounts: ["alice", "bob"])
        venue.buy("bob", 1, at: 98, "bid")
        venue.sell("bob", 1, at: 101, "ask")
        return venue
    }

    @Test(
        "BOOK-030: post-only waits one tick from the touch and is refused at it",
        arguments: [
            (.buy, 100, true), (.buy, 101, false), (.buy, 102, false), (.buy, 98, true),
            (.sell, 99, true), (.sell, 98, false), (.sell, 97, false), (.sell, 101, true),
        ] as [(OrderSide, Int64, Bool)])
    func atTheTouch(side: OrderSide, price: Int64, rests: Bool) throws {
        var venue = try touch()
        venue.order("alice", side, 2, at: price, "a1", postOnly: true)
        #expect(venue.story == [rests ? "a1 enters" : "refused: wouldTakeLiquidity"])
        #expect(venue.exchange.openOrderCount == (rests ? 3 : 2))
    }

    @Test("BOOK-031: an empty other side refuses no post-only order")
    func emptySide() throws {
        var venue = try Venue(accounts: ["alice"])
        venue.order("alice", .buy, 1, at: 1_000, "a1", postOnly: true)
        #expect(venue.queue(.buy) == ["1000: a1 1"])
    }

    @Test("BOOK-032: a market order cannot be post-only")
    func marketOrder() throws {
        var venue = try touch()
        venue.order("alice", .buy, 1, "a1", postOnly: true)
        #expect(venue.story == ["refused: marketOrderRests"])
    }

    @Test("BOOK-033: amended to the touch a post-only order is refused and stays where it was")
    func amendedToTheTouch() throws {
        var venue = try touch()
        venue.order("alice", .buy, 2, at: 99, "a1", postOnly: true)
        venue.amend("alice", "a1", price: 101)
        #expect(venue.story == ["refused: wouldTakeLiquidity"])
        #expect(venue.queue(.buy) == ["99: a1 2", "98: bid 1"])
        venue.amend("alice", "a1", price: 100)
        #expect(venue.story == ["a1 is now 2 at 100"])
        #expect(venue.exchange.brokenInvariants() + venue.exchange.brokenLinks() == [])
    }

    @Test("BOOK-034: a resting post-only order is traded with like any other")
    func asMaker() throws {
        var venue = try touch()
        venue.order("alice", .buy, 2, at: 100, "a1", postOnly: true)
        venue.sell("bob", 3, at: 100, "b1")
        #expect(venue.story == ["b1 enters", "b1 takes 2 of a1 at 100"])
        #expect(venue.queue(.sell) == ["100: b1 1", "101: ask 1"])
    }
}
