import Testing

@testable import BreakwaterCore

@Suite("Order book: amending")
struct AmendTests {
    /// Alice bids 5 at 99 before Bob's 5 there.
    private func twoBids() throws -> Venue {
        var venue = try Venue(accounts: ["alice", "bob", "carol"])
        venue.buy("alice", 5, at: 99, "a1")
        venue.buy("bob", 5, at: 99, "b1")
        return venue
    }

    @Test(
        "BOOK-040: only shrinking at the same price keeps the turn",
        arguments: [
            (4, nil, ["99: a1 4, b1 5"]), (5, nil, ["99: a1 5, b1 5"]), (4, 99, ["99: a1 4, b1 5"]),
            (6, nil, ["99: b1 5, a1 6"]), (nil, 99, ["99: a1 5, b1 5"]), (nil, 98, ["99: b1 5", "98: a1 5"]),
            (4, 98, ["99: b1 5", "98: a1 4"]), (nil, 100, ["100: a1 5", "99: b1 5"]), (6, 99, ["99: b1 5, a1 6"]),
        ] as [(Int64?, Int64?, [String])])
    func turns(size: Int64?, price: Int64?, book: [String]) throws {
        var venue = try twoBids()
        venue.amend("alice", "a1", size: size, price: price)
        #expect(venue.story == ["a1 is now \(size ?? 5) at \(price ?? 99)"])
        #expect(venue.queue(.buy) == book)
        #expect(venue.exchange.brokenInvariants() + venue.exchange.brokenLinks() == [])
    }

    @Test("BOOK-041: there and back again is a new turn")
    func thereAndBack() throws {
        var venue = try twoBids()
        venue.amend("alice", "a1", price: 98)
        venue.amend("alice", "a1", price: 99)
        #expect(venue.queue(.buy) == ["99: b1 5, a1 5"])
    }

    @Test(
        "BOOK-042: a new size counts what is filled already; nothing beyond it leaves nothing",
        arguments: [
            (4, "a1 is now 4 at 99", ["99: a1 1, b1 5"]), (3, "a1 goes with 2: requested", ["99: b1 5"]),
            (1, "a1 goes with 2: requested", ["99: b1 5"]), (6, "a1 is now 6 at 99", ["99: b1 5, a1 3"]),
        ] as [(Int64, String, [String])])
    func filledPart(size: Int64, story: String, book: [String]) throws {
        var venue = try twoBids()
        venue.sell("carol", 3, at: 99, "c1")
        #expect(venue.queue(.buy) == ["99: a1 2, b1 5"])
        venue.amend("alice", "a1", size: size)
        #expect(venue.story == [story])
        #expect(venue.queue(.buy) == book)
    }

    @Test("BOOK-043: amended into the other side an order trades, and the rest waits at its new price")
    func amendedIntoTheBook() throws {
        var venue = try twoBids()
        venue.sell("carol", 2, at: 101, "c1")
        venue.amend("alice", "a1", size: 4, price: 101)
        #expect(venue.story == ["a1 is now 4 at 101", "a1 takes 2 of c1 at 101"])
        #expect(venue.queue(.buy) == ["101: a1 2", "99: b1 5"])
        venue.amend("alice", "a1", size: 3)
        #expect(venue.story == ["a1 is now 3 at 101"])
        #expect(venue.queue(.buy) == ["101: a1 1", "99: b1 5"])
    }

    @Test("BOOK-044: an amendment must ask for something, of an order that is open")
    func refused() throws {
        var venue = try twoBids()
        venue.amend("alice", "a1")
        #expect(venue.story == ["refused: nothingToAmend"])
        venue.amend("alice", "a9", size: 1)
        #expect(venue.story == ["refused: unknownOrder"])
        venue.amend("alice", "a1", size: 0)
        #expect(venue.story == ["refused: sizeNotPositive"])
        #expect(venue.queue(.buy) == ["99: a1 5, b1 5"])
    }

    @Test("BOOK-045: an order amended onto its owner's own trades by the owner's self-trade setting")
    func amendedOntoOwn() throws {
        var venue = try twoBids()
        venue.sell("alice", 1, at: 101, "a2")
        venue.amend("alice", "a1", price: 101)
        #expect(venue.story == ["a1 is now 5 at 101", "a1 goes with 5: selfTrade"])
        #expect(venue.queue(.sell) == ["101: a2 1"])
    }
}
