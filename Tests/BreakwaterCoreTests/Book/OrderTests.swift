import Testing

@testable import BreakwaterCore

@Suite("Order book: limit and market orders")
struct OrderTests {
    /// Bob offers 3 at 101, then 4 more there, and 5 at 102.
    private func threeAsks() throws -> Venue {
        var venue = try Venue(accounts: ["alice", "bob", "carol"])
        venue.sell("bob", 3, at: 101, "b1")
        venue.sell("carol", 4, at: 101, "c1")
        venue.sell("bob", 5, at: 102, "b2")
        return venue
    }

    @Test("BOOK-010: better prices trade first, equal prices in turn, each at the maker's price")
    func priceTimePriority() throws {
        var venue = try threeAsks()
        venue.buy("alice", 9, at: 103, "a1")
        #expect(
            venue.story == [
                "a1 enters", "a1 takes 3 of b1 at 101", "a1 takes 4 of c1 at 101", "a1 takes 2 of b2 at 102",
            ])
        #expect(venue.queue(.sell) == ["102: b2 3"])
        #expect(venue.queue(.buy) == [])
        #expect((venue.position("alice"), venue.position("bob"), venue.position("carol")) == (9, -5, -4))
    }

    @Test("BOOK-011: a sell takes the highest bid first")
    func bidsFromTheTop() throws {
        var venue = try Venue(accounts: ["alice", "bob"])
        venue.buy("bob", 1, at: 98, "b1")
        venue.buy("bob", 1, at: 99, "b2")
        venue.buy("bob", 1, at: 97, "b3")
        #expect(venue.queue(.buy) == ["99: b2 1", "98: b1 1", "97: b3 1"])
        venue.sell("alice", 2, at: 98, "a1")
        #expect(venue.story == ["a1 enters", "a1 takes 1 of b2 at 99", "a1 takes 1 of b1 at 98"])
    }

    @Test("BOOK-012: a limit order trades up to its limit, that included, and the rest waits there")
    func limitRests() throws {
        var venue = try threeAsks()
        venue.buy("alice", 10, at: 101, "a1")
        #expect(venue.story == ["a1 enters", "a1 takes 3 of b1 at 101", "a1 takes 4 of c1 at 101"])
        #expect(venue.queue(.buy) == ["101: a1 3"])
        #expect(venue.queue(.sell) == ["102: b2 5"])
    }

    @Test("BOOK-013: a market order takes what there is and never waits")
    func marketOrder() throws {
        var venue = try threeAsks()
        venue.buy("alice", 13, "a1")
        #expect(venue.story.suffix(2) == ["a1 takes 5 of b2 at 102", "a1 goes with 1: notFilled"])
        venue.buy("alice", 1, "a2")
        #expect(venue.story == ["a2 enters", "a2 goes with 1: notFilled"])
        #expect(venue.queue(.buy) == [])
    }

    @Test("BOOK-014: a partly filled order keeps its turn")
    func partialFillKeepsTurn() throws {
        var venue = try threeAsks()
        venue.buy("alice", 1, at: 101, "a1")
        #expect(venue.queue(.sell) == ["101: b1 2, c1 4", "102: b2 5"])
    }

    @Test("BOOK-015: immediate-or-cancel takes what it can and drops the rest")
    func immediateOrCancel() throws {
        var venue = try threeAsks()
        venue.order("alice", .buy, 9, at: 101, "a1", .immediateOrCancel)
        #expect(venue.story.suffix(2) == ["a1 takes 4 of c1 at 101", "a1 goes with 2: notFilled"])
        #expect(venue.queue(.buy) == [])
    }

    @Test(
        "BOOK-016: fill-or-kill takes everything when it just fits, and nothing when one lot is missing",
        arguments: [
            (7, 101, ["a1 enters", "a1 takes 3 of b1 at 101", "a1 takes 4 of c1 at 101"]),
            (8, 101, ["a1 enters", "a1 goes with 8: notFilled"]),
            (
                12, 102,
                ["a1 enters", "a1 takes 3 of b1 at 101", "a1 takes 4 of c1 at 101", "a1 takes 5 of b2 at 102"]
            ),
            (13, 102, ["a1 enters", "a1 goes with 13: notFilled"]),
            (13, nil, ["a1 enters", "a1 goes with 13: notFilled"]),
        ] as [(Int64, Int64?, [String])])
    func fillOrKill(size: Int64, price: Int64?, story: [String]) throws {
        var venue = try threeAsks()
        let book = venue.queue(.sell)
        venue.order("alice", .buy, size, at: price, "a1", .fillOrKill)
        #expect(venue.story == story)
        if story.count == 2 {
            #expect(venue.queue(.sell) == book)
            #expect(venue.position("alice") == 0)
        }
        #expect(venue.exchange.brokenInvariants() + venue.exchange.brokenLinks() == [])
    }

    @Test("BOOK-017: an id is taken while its order is open, and free again afterwards")
    func ids() throws {
        var venue = try threeAsks()
        venue.buy("alice", 1, at: 90, "a1")
        venue.sell("alice", 1, at: 110, "a1")
        #expect(venue.story == ["refused: duplicateOrder"])
        venue.cancel("alice", "a1")
        #expect(venue.story == ["a1 goes with 1: requested"])
        venue.cancel("alice", "a1")
        #expect(venue.story == ["refused: unknownOrder"])
        venue.sell("alice", 1, at: 110, "a1")
        #expect(venue.story == ["a1 enters"])
    }

    @Test("BOOK-018: nobody cancels or amends another's order")
    func othersOrders() throws {
        var venue = try threeAsks()
        venue.cancel("alice", "b1")
        #expect(venue.story == ["refused: unknownOrder"])
        venue.amend("carol", "b1", size: 1)
        #expect(venue.story == ["refused: unknownOrder"])
        #expect(venue.queue(.sell) == ["101: b1 3, c1 4", "102: b2 5"])
    }

    @Test("BOOK-019: cancel all takes one account's orders, buys before sells, best first")
    func cancelAll() throws {
        var venue = try threeAsks()
        venue.buy("bob", 1, at: 95, "b3")
        venue.buy("bob", 1, at: 96, "b4")
        venue.cancelAll("bob")
        #expect(
            venue.story == [
                "b4 goes with 1: requested", "b3 goes with 1: requested", "b1 goes with 3: requested",
                "b2 goes with 5: requested",
            ])
        #expect(venue.queue(.sell) == ["101: c1 4"])
        venue.cancelAll("bob")
        #expect(venue.story == [])
    }

    @Test(
        "BOOK-020: sizes and prices must be above zero, and no larger than a position may be",
        arguments: [
            (0, 100, "sizeNotPositive"), (-1, 100, "sizeNotPositive"), (1, 0, "priceNotPositive"),
            (1, -1, "priceNotPositive"),
            (Limits.ticksOrLots + 1, 1, "valueTooLarge"), (1, Limits.ticksOrLots + 1, "valueTooLarge"),
            (.max, .max, "valueTooLarge"),
        ] as [(Int64, Int64, String)])
    func refusedNumbers(size: Int64, price: Int64, code: String) throws {
        var venue = try Venue(accounts: ["alice"])
        venue.buy("alice", size, at: price, "a1")
        #expect(venue.story == ["refused: \(code)"])
        venue.buy("alice", 1, at: 99, "a2")
        venue.amend("alice", "a2", size: size == 1 ? nil : size, price: price == 100 ? nil : price)
        #expect(venue.story == ["refused: \(code)"])
        #expect(venue.queue(.buy) == ["99: a2 1"])
    }

    @Test("BOOK-021: a halted market takes no order and no amendment, but lets orders be cancelled")
    func halted() throws {
        var venue = try threeAsks()
        venue.execute(.halt(venue.contract))
        venue.buy("alice", 1, at: 101, "a1")
        #expect(venue.story == ["refused: halted"])
        venue.amend("bob", "b1", size: 1)
        #expect(venue.story == ["refused: halted"])
        venue.cancel("bob", "b1")
        #expect(venue.story == ["b1 goes with 3: requested"])
        venue.execute(.resume(venue.contract))
        venue.buy("alice", 1, at: 101, "a1")
        #expect(venue.story == ["a1 enters", "a1 takes 1 of c1 at 101"])
    }

    @Test("BOOK-022: close is a market order for the whole position, and needs one")
    func close() throws {
        var venue = try threeAsks()
        venue.close("alice")
        #expect(venue.story == ["refused: noPosition"])
        venue.buy("alice", 3, at: 101, "a1")
        venue.buy("carol", 2, at: 99, "c2")
        venue.close("alice")
        #expect(venue.story == ["close enters", "close takes 2 of c2 at 99", "close goes with 1: notFilled"])
        #expect(venue.position("alice") == 1)
    }
}
