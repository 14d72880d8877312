import Testing

@testable import BreakwaterCore

@Suite("Order book: self-trade prevention")
struct SelfTradeTests {
    /// Bob offers 2 at 100, Alice 3 at 101 and Bob 4 at 102.
    private func ownAskInTheMiddle(_ prevention: SelfTradePrevention?) throws -> Venue {
        var venue = try Venue(accounts: ["alice", "bob"])
        venue.sell("bob", 2, at: 100, "b1")
        venue.sell("alice", 3, at: 101, "a1")
        venue.sell("bob", 4, at: 102, "b2")
        if let prevention { venue.prevent("alice", prevention) }
        return venue
    }

    @Test("BOOK-060: newest, the default: the incoming order stops and goes, what it traded stands")
    func newest() throws {
        for prevention in [nil, SelfTradePrevention.newest] {
            var venue = try ownAskInTheMiddle(prevention)
            venue.buy("alice", 9, at: 102, "a2")
            #expect(venue.story == ["a2 enters", "a2 takes 2 of b1 at 100", "a2 goes with 7: selfTrade"])
            #expect(venue.queue(.sell) == ["101: a1 3", "102: b2 4"])
            #expect(venue.queue(.buy) == [])
        }
    }

    @Test("BOOK-061: oldest: the resting order goes, the incoming one trades on")
    func oldest() throws {
        var venue = try ownAskInTheMiddle(.oldest)
        venue.buy("alice", 9, at: 102, "a2")
        #expect(
            venue.story == [
                "a2 enters", "a2 takes 2 of b1 at 100", "a1 goes with 3: selfTrade", "a2 takes 4 of b2 at 102",
            ])
        #expect(venue.queue(.buy) == ["102: a2 3"])
        #expect(venue.queue(.sell) == [])
    }

    @Test("BOOK-062: both go")
    func both() throws {
        var venue = try ownAskInTheMiddle(.both)
        venue.buy("alice", 9, at: 102, "a2")
        #expect(
            venue.story == [
                "a2 enters", "a2 takes 2 of b1 at 100", "a1 goes with 3: selfTrade", "a2 goes with 7: selfTrade",
            ])
        #expect(venue.queue(.sell) == ["102: b2 4"])
    }

    @Test(
        "BOOK-063: an order filled before it meets its owner's own never notices",
        arguments: SelfTradePrevention.allCases)
    func filledBefore(prevention: SelfTradePrevention) throws {
        var venue = try ownAskInTheMiddle(prevention)
        venue.buy("alice", 2, at: 102, "a2")
        #expect(venue.story == ["a2 enters", "a2 takes 2 of b1 at 100"])
        #expect(venue.queue(.sell) == ["101: a1 3", "102: b2 4"])
    }

    @Test(
        "BOOK-064: fill-or-kill passes its owner's own order only where that one gives way, and else touches nothing",
        arguments: [
            (.newest, 6, ["a2 enters", "a2 goes with 6: notFilled"]),
            (.both, 6, ["a2 enters", "a2 goes with 6: notFilled"]),
            (.oldest, 7, ["a2 enters", "a2 goes with 7: notFilled"]),
            (
                .oldest, 6,
                ["a2 enters", "a2 takes 2 of b1 at 100", "a1 goes with 3: selfTrade", "a2 takes 4 of b2 at 102"]
            ),
        ] as [(SelfTradePrevention, Int64, [String])])
    func fillOrKill(prevention: SelfTradePrevention, size: Int64, story: [String]) throws {
        var venue = try ownAskInTheMiddle(prevention)
        let book = venue.queue(.sell)
        venue.order("alice", .buy, size, at: 102, "a2", .fillOrKill)
        #expect(venue.story == story)
        if story.count == 2 { #expect(venue.queue(.sell) == book) }
    }

    @Test("BOOK-065: the setting of one account is not another's")
    func settingsAreOwn() throws {
        var venue = try ownAskInTheMiddle(.oldest)
        venue.buy("bob", 1, at: 100, "b3")
        #expect(venue.story == ["b3 enters", "b3 goes with 1: selfTrade"])
    }
}
