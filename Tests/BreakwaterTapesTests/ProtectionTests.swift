import BreakwaterCore
import BreakwaterTapes
import Testing

/// Price bands, and the breaker that pauses forced orders or opens an auction.
@Suite("Bands and breakers")
struct ProtectionTests {
    @Test("BND-001: limits are accepted up to the band's edge on either side, and market orders stop there")
    func band() throws {
        func order(_ id: String, _ side: String, _ price: String) -> String {
            #"- {do: order, account: maker, symbol: X, id: \#(id), side: \#(side), type: limit, size: 1, price: "\#(price)"}"#
                + "\n"
        }
        let refused = "- {do: expect, rejected: outsidePriceBand}\n"
        // Five per cent of 1,000.01 is 50.0005: the edges are 950.01 and 1,050.01.
        var lines = "- {do: mark, symbol: X, price: \"1000.01\"}\n"
        lines += order("a", "buy", "950") + refused + order("b", "sell", "950") + refused
        lines += order("c", "buy", "1050.02") + refused + order("d", "sell", "1050.02") + refused
        lines += order("e", "buy", "950.01") + order("f", "sell", "1050.01")
        lines += "- {do: amend, account: maker, id: e, price: 950}\n" + refused
        lines += "- {do: amend, account: maker, id: e, size: 2}\n"
        // The mark moves on: the bid stays though it lies outside now, but nobody sells into it at market.
        lines += "- {do: mark, symbol: X, price: \"1000.02\"}\n"
        lines += "- {do: order, account: ann, symbol: X, id: m, side: sell, type: market, size: 1}\n"
        lines += "- {do: expect, account: ann, symbol: X, size: 0}\n"
        lines += "- {do: mark, symbol: X, price: \"1000.01\"}\n"
        lines += "- {do: order, account: ann, symbol: X, id: m, side: sell, type: market, size: 1}\n"
        lines += "- {do: expect, account: ann, symbol: X, size: -1}\n"
        _ = try Story.play(lines) { $0.priceBand = Rate(50_000_000) }
    }

    private func breaker(_ action: Breaker.Action) throws -> Breaker {
        try Breaker(move: Rate(100_000_000), within: .seconds(300), action: action, length: .seconds(60))
    }

    @Test("BRK-001: trips beyond the move and not at it, against any mark that stood within the time and no older one")
    func trips() throws {
        let cases: [(lines: [(String, String)], trips: Bool)] = [
            ([("+0s", "900")], false), ([("+0s", "899.99")], true),
            ([("+0s", "1100")], false), ([("+0s", "1100.01")], true),
            // A mark counts until the next one came, and so long after.
            ([("+1d", "899.99")], true),
            ([("+1d", "950"), ("+300s", "899.99")], true), ([("+1d", "950"), ("+301s", "899.99")], false),
            // In steps; and there and back, where the low of 905 is the mark that is too far away.
            ([("+10s", "950"), ("+10s", "905"), ("+10s", "899.99")], true),
            ([("+10s", "905"), ("+10s", "995.5")], false), ([("+10s", "905"), ("+10s", "995.51")], true),
        ]
        for (lines, trips) in cases {
            let text = lines.map { "- {at: \($0.0), do: mark, symbol: X, price: \"\($0.1)\"}\n" }.joined()
            let breaker = try breaker(.pause)
            _ = try Story.play(text + "- {do: expect, symbol: X, trading: \(trips ? "paused" : "open")}\n") {
                $0.breaker = breaker
            }
        }
    }

    /// Ann and Bob long with 100 and 120 behind one lot each: liquidated at 910 and 890. A bid far below.
    private static let longs = """
        - {do: leverage, account: ann, symbol: X, leverage: 10, mode: isolated}
        - {do: leverage, account: bob, symbol: X, leverage: 10, mode: isolated}
        - {do: trade, symbol: X, buyer: ann, seller: maker, size: 1, price: 1000}
        - {do: trade, symbol: X, buyer: bob, seller: maker, size: 1, price: 1000}
        - {do: margin, account: bob, symbol: X, amount: 20}

        """

    @Test("BRK-002: a pause holds liquidations while trading goes on, and they resume, worst first, when it ends")
    func pause() throws {
        let breaker = try breaker(.pause)
        var runner = try Story.play(
            Self.longs + """
                - {do: mark, symbol: X, price: 880}
                - {do: expect, account: ann, symbol: X, size: 1, liquidated: false}
                - {do: order, account: maker, symbol: X, id: q, side: buy, type: limit, size: 1, price: 880}
                - {do: order, account: cat, symbol: X, id: o, side: sell, type: market, size: 1}
                - {do: expect, account: cat, symbol: X, size: -1, trading: paused}
                - {at: +59s, do: wait, for: 0s}
                - {do: expect, account: ann, symbol: X, size: 1}
                """
        ) { $0.breaker = breaker }
        #expect(runner.exchange.contractStatement(Story.contract).pausedUntil == Timestamp(60_000_000))
        let events = runner.execute(.wait, at: Timestamp(60_000_000))
        let begun: [AccountID] = events.compactMap {
            if case .liquidation(_, _, .started(let trigger)) = $0 { trigger.key.account } else { nil }
        }
        #expect(events.first == .breakerEnded(Story.contract, at: Timestamp(60_000_000)))
        #expect(begun == [AccountID(0), AccountID(1)])
        #expect(runner.exchange.brokenInvariants() == [])
    }

    @Test("BRK-003: what heals in the pause is spared, and a further breach begins its time anew")
    func heals() throws {
        let breaker = try breaker(.pause)
        _ = try Story.play(
            Self.longs + """
                - {do: mark, symbol: X, price: 880}
                - {at: +50s, do: mark, symbol: X, price: 792}
                - {at: +1s, do: mark, symbol: X, price: "791.99"}
                - {at: +59s, do: expect, symbol: X, trading: paused}
                - {do: mark, symbol: X, price: 871}
                - {at: +1s, do: expect, symbol: X, trading: open}
                - {do: expect, account: ann, symbol: X, liquidated: true}
                """
        ) { $0.breaker = breaker }
        _ = try Story.play(
            Self.longs + """
                - {do: mark, symbol: X, price: 880}
                - {at: +50s, do: mark, symbol: X, price: 920}
                - {at: +10s, do: expect, symbol: X, trading: open}
                - {do: expect, account: ann, symbol: X, size: 1, liquidated: false}
                """
        ) { $0.breaker = breaker }
    }

    @Test("BRK-004: the engine's offers leave the book in a pause and come back, oldest first")
    func offers() throws {
        let breaker = try breaker(.pause)
        _ = try Story.play(
            Self.longs + """
                - {do: mark, symbol: X, price: 905}
                - {do: expect, account: ann, symbol: X, size: 0, liquidated: true}
                - {do: mark, symbol: X, price: 1000}
                - {do: expect, symbol: X, trading: paused}
                - {do: order, account: cat, symbol: X, id: a, side: buy, type: limit, size: 1, price: 900, tif: IOC}
                - {do: expect, account: cat, symbol: X, size: 0}
                - {at: +60s, do: order, account: cat, symbol: X, id: b, side: buy, type: limit, size: 1, price: 900, tif: IOC}
                - {do: expect, account: cat, symbol: X, size: 1}
                """
        ) { $0.breaker = breaker }
    }

    @Test("BRK-005: in an auction everything waits for one price; it ends by itself, and then liquidations go on")
    func auction() throws {
        let breaker = try breaker(.auction)
        var runner = try Story.play(
            Self.longs + """
                - {do: mark, symbol: X, price: 880}
                - {do: expect, symbol: X, trading: auction}
                - {do: order, account: cat, symbol: X, id: s, side: sell, type: limit, size: 1, price: 870}
                - {do: order, account: maker, symbol: X, id: q, side: buy, type: limit, size: 3, price: 900}
                - {at: +59s, do: wait, for: 0s}
                - {do: expect, account: cat, symbol: X, size: 0}
                """
        ) { $0.breaker = breaker }
        let events = runner.execute(.wait, at: Timestamp(60_000_000))
        #expect(events.plot.prefix(4) == ["traded", "uncrossed", "ended", "liquidation"])
        // All prices from 870 to 900 trade the one lot, with the same imbalance; the mark is among them.
        #expect(runner.exchange.contractStatement(Story.contract).last == Story.price("900"))
        for case .auctionEnded(_, let price, let size) in events {
            #expect(price == Story.price("880") && size == Size(1))
        }
        #expect(runner.exchange.brokenInvariants() == [])
    }

    @Test("BRK-006: a halt outlasts the breaker, whose end then comes with the halt's")
    func halted() throws {
        let breaker = try breaker(.auction)
        _ = try Story.play(
            Self.longs + """
                - {do: mark, symbol: X, price: 880}
                - {do: halt, symbol: X}
                - {do: uncross, symbol: X}
                - {do: expect, rejected: halted}
                - {at: +2h, do: wait, for: 0s}
                - {do: expect, symbol: X, trading: halted}
                - {do: resume, symbol: X}
                - {do: expect, symbol: X, trading: open}
                - {do: expect, account: ann, symbol: X, size: 0, liquidated: true}
                """
        ) { $0.breaker = breaker }
    }
}
