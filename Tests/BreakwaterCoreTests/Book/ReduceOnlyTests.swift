import Testing

@testable import BreakwaterCore

@Suite("Order book: reduce-only orders")
struct ReduceOnlyTests {
    /// Alice is long 5 and Bob short 5; the book is empty.
    private func aliceIsLong() throws -> Venue {
        var venue = try Venue(accounts: ["alice", "bob", "carol"])
        venue.sell("bob", 5, at: 100, "b0")
        venue.buy("alice", 5, at: 100, "a0")
        return venue
    }

    @Test("BOOK-050: reduce-only needs a position on the other side")
    func needsPosition() throws {
        var venue = try aliceIsLong()
        venue.order("alice", .buy, 1, at: 99, "a1", reduceOnly: true)
        #expect(venue.story == ["refused: nothingToReduce"])
        venue.order("carol", .sell, 1, at: 101, "c1", reduceOnly: true)
        #expect(venue.story == ["refused: nothingToReduce"])
        venue.order("bob", .buy, 1, at: 99, "b1", reduceOnly: true)
        #expect(venue.story == ["b1 enters"])
    }

    @Test("BOOK-051: as a taker it is cut to the position, and what would flip it goes")
    func takerIsCut() throws {
        var venue = try aliceIsLong()
        venue.buy("carol", 8, at: 99, "c1")
        venue.order("alice", .sell, 7, at: 99, "a1", reduceOnly: true)
        #expect(venue.story == ["a1 enters", "a1 takes 5 of c1 at 99", "a1 goes with 2: nothingToReduce"])
        #expect(venue.position("alice") == 0)
        #expect(venue.queue(.buy) == ["99: c1 3"])
    }

    @Test("BOOK-052: the part of it that still reduces waits in the book")
    func restWaits() throws {
        var venue = try aliceIsLong()
        venue.buy("carol", 2, at: 99, "c1")
        venue.order("alice", .sell, 7, at: 99, "a1", reduceOnly: true)
        #expect(venue.story == ["a1 enters", "a1 takes 2 of c1 at 99"])
        #expect(venue.queue(.sell) == ["99: a1 5"])
    }

    @Test("BOOK-053: as a maker it is cut to what is left of the position when it fills")
    func makerIsCut() throws {
        var venue = try aliceIsLong()
        venue.order("alice", .sell, 5, at: 101, "a1", reduceOnly: true)
        venue.buy("carol", 3, at: 99, "c1")
        venue.sell("alice", 3, at: 99, "a2")
        venue.buy("carol", 2, at: 101, "c2")
        #expect(venue.story == ["c2 enters", "c2 takes 2 of a1 at 101", "a1 goes with 3: nothingToReduce"])
        #expect(venue.position("alice") == 0)
        #expect(venue.queue(.sell) == [])
    }

    @Test("BOOK-054: a maker cut below what its taker still wants goes, so that the book does not stay crossed")
    func cutMakerGoes() throws {
        var venue = try aliceIsLong()
        venue.order("alice", .sell, 9, at: 101, "a1", reduceOnly: true)
        venue.sell("bob", 1, at: 102, "b1")
        venue.buy("carol", 8, at: 102, "c1")
        #expect(
            venue.story == [
                "c1 enters", "c1 takes 5 of a1 at 101", "c1 takes 1 of b1 at 102", "a1 goes with 4: nothingToReduce",
            ])
        #expect(venue.queue(.buy) == ["102: c1 2"])
        #expect(venue.queue(.sell) == [])
        #expect(venue.exchange.brokenLinks() == [])
    }

    @Test("BOOK-055: fill-or-kill for more than the position is not complete, so it does nothing")
    func fillOrKill() throws {
        var venue = try aliceIsLong()
        venue.buy("carol", 9, at: 99, "c1")
        venue.order("alice", .sell, 6, at: 99, "a1", .fillOrKill, reduceOnly: true)
        #expect(venue.story == ["a1 enters", "a1 goes with 6: notFilled"])
        venue.order("alice", .sell, 5, at: 99, "a2", .fillOrKill, reduceOnly: true)
        #expect(venue.story == ["a2 enters", "a2 takes 5 of c1 at 99"])
    }

    @Test("BOOK-056: fill-or-kill counts a reduce-only maker only as far as its position reaches")
    func fillOrKillAgainstCutMaker() throws {
        var venue = try aliceIsLong()
        venue.order("alice", .sell, 9, at: 101, "a1", reduceOnly: true)
        venue.order("carol", .buy, 6, at: 101, "c1", .fillOrKill)
        #expect(venue.story == ["c1 enters", "c1 goes with 6: notFilled"])
        #expect(venue.queue(.sell) == ["101: a1 9"])
        venue.order("carol", .buy, 5, at: 101, "c2", .fillOrKill)
        #expect(venue.story == ["c2 enters", "c2 takes 5 of a1 at 101", "a1 goes with 4: nothingToReduce"])
    }

    @Test("BOOK-057: two reduce-only orders trade what both can close")
    func bothReduce() throws {
        var venue = try aliceIsLong()
        venue.order("bob", .buy, 9, at: 100, "b1", reduceOnly: true)
        venue.order("alice", .sell, 9, at: 100, "a1", reduceOnly: true)
        #expect(
            venue.story == [
                "a1 enters", "a1 takes 5 of b1 at 100", "a1 goes with 4: nothingToReduce",
                "b1 goes with 4: nothingToReduce",
            ])
        #expect(venue.exchange.contractStatement(venue.contract).openInterest == .zero)
    }

    @Test("BOOK-058: it ends with its position: closed, turned, or taken off the book")
    func endsWithPosition() throws {
        for size in [Int64(5), 7] {
            var venue = try aliceIsLong()
            venue.order("alice", .sell, 5, at: 101, "a1", reduceOnly: true)
            venue.order("alice", .sell, 2, at: 102, "a2", reduceOnly: true)
            venue.sell("alice", 1, at: 103, "a3")
            venue.buy("carol", size, at: 99, "c1")
            venue.sell("alice", size, at: 99, "a4")
            #expect(
                venue.story == [
                    "a4 enters", "a4 takes \(size) of c1 at 99", "a1 goes with 5: nothingToReduce",
                    "a2 goes with 2: nothingToReduce",
                ])
            #expect(venue.queue(.sell) == ["103: a3 1"])
        }
        var venue = try aliceIsLong()
        venue.order("alice", .sell, 5, at: 101, "a1", reduceOnly: true)
        venue.trade(buyer: "bob", seller: "alice", 5, at: 100)
        #expect(venue.queue(.sell) == [])
    }

    @Test("BOOK-059: it outlives a part of its position, and may then be amended")
    func outlivesReduction() throws {
        var venue = try aliceIsLong()
        venue.order("alice", .sell, 5, at: 101, "a1", reduceOnly: true)
        venue.buy("carol", 4, at: 99, "c1")
        venue.sell("alice", 4, at: 99, "a2")
        #expect(venue.queue(.sell) == ["101: a1 5"])
        venue.amend("alice", "a1", size: 6, price: 102)
        #expect(venue.story == ["a1 is now 6 at 102"])
        venue.buy("carol", 3, at: 102, "c2")
        #expect(venue.story == ["c2 enters", "c2 takes 1 of a1 at 102", "a1 goes with 5: nothingToReduce"])
    }
}
