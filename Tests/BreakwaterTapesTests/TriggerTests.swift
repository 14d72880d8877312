import BreakwaterCore
import BreakwaterTapes
import Testing

/// Conditional orders: the tick they fire at, and their place between the liquidations of the same mark.
@Suite("Conditional orders")
struct TriggerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let type: String
        let side: String
        let stop: String
        /// Prices on the way there; the last that does not fire, and the first that does.
        let way: [String]
        let fires: String
        var testDescription: String { "\(side) \(type) at \(stop)" }

        init(_ type: String, _ side: String, _ stop: String, way: [String], fires: String) {
            (self.type, self.side, self.stop, self.way, self.fires) = (type, side, stop, way, fires)
        }
    }

    static let cases = [
        Case("stop", "sell", "990", way: ["1010", "990.01"], fires: "990"),
        Case("stop", "buy", "1010", way: ["990", "1009.99"], fires: "1010"),
        Case("takeProfit", "sell", "1010", way: ["990", "1009.99"], fires: "1010"),
        Case("takeProfit", "buy", "990", way: ["1010", "990.01"], fires: "990"),
        Case("trailingStop", "sell", "10", way: ["1005", "995.01"], fires: "995"),
        Case("trailingStop", "sell", "10", way: ["990.01"], fires: "990"),
        Case("trailingStop", "buy", "10", way: ["995", "1004.99"], fires: "1005"),
        Case("trailingStop", "buy", "10", way: ["1009.99"], fires: "1010"),
    ]

    @Test(
        "TRG-001: fires on the first tick at its price and not on the one before, whichever price it watches",
        arguments: cases, ["mark", "last", "index"])
    func boundary(test: Case, trigger: String) throws {
        func move(_ price: String) -> String {
            switch trigger {
            case "mark": "- {do: mark, symbol: X, price: \"\(price)\"}\n"
            case "index": "- {do: index, symbol: X, source: s, price: \"\(price)\"}\n"
            default: "- {do: trade, symbol: X, buyer: bob, seller: cat, size: 1, price: \"\(price)\"}\n"
            }
        }
        let order =
            #"- {do: order, account: ann, symbol: X, id: o, side: \#(test.side), type: \#(test.type), size: 1, stop: "\#(test.stop)", trigger: \#(trigger)}"#
        let quotes = ["buy", "sell"].map {
            "- {do: order, account: maker, symbol: X, id: q\($0), side: \($0), type: limit, size: 9, price: \($0 == "buy" ? 980 : 1020)}\n"
        }.joined()
        let start = quotes + move("1000") + order + "\n" + test.way.map(move).joined()
        _ = try Story.play(start + "- {do: expect, account: ann, symbol: X, size: 0, pendingOrders: 1}\n")
        let size = test.side == "buy" ? "1" : "-1"
        let fires = start + move(test.fires)
        _ = try Story.play(fires + "- {do: expect, account: ann, symbol: X, size: \(size), pendingOrders: 0}\n")
    }

    @Test("TRG-002: a price that has come already is refused, one tick away is not", arguments: cases.prefix(4))
    func atOnce(test: Case) throws {
        let stop = "- {do: order, account: ann, symbol: X, id: o, side: \(test.side), type: \(test.type), size: 1, "
        let safe = try #require(test.way.last)
        _ = try Story.play(
            "- {do: mark, symbol: X, price: \"\(test.fires)\"}\n" + stop
                + "stop: \"\(test.stop)\"}\n- {do: expect, rejected: wouldTriggerAtOnce, account: ann, pendingOrders: 0}"
        )
        _ = try Story.play(
            "- {do: mark, symbol: X, price: \"\(safe)\"}\n" + stop
                + "stop: \"\(test.stop)\"}\n- {do: expect, rejected: null, account: ann, pendingOrders: 1}")
    }

    /// Puts a stop that closes everything at `stop`, with somebody to trade with there, and lets the mark run far past it.
    private func run(_ test: BoundaryTests.Case, stop: String, _ body: ([Event], [Event]) -> Void) throws {
        var runner = try BoundaryTests().venue(test)
        let long = test.side == "long"
        let size = Size(test.kind == "inverse" ? 1000 : 1)
        let bob = PositionKey(AccountID(1), Story.contract)
        runner.execute(
            .placeOrder(
                OrderRequest(
                    key: bob, id: OrderID(1), side: long ? .buy : .sell, size: size, price: Story.price(stop))))
        let placed = runner.execute(
            .placeOrder(
                OrderRequest(
                    key: PositionKey(Story.ann, Story.contract), id: OrderID(2), side: long ? .sell : .buy, size: size,
                    price: nil, reduceOnly: true, condition: Condition(kind: .stop, stop: Story.price(stop)))))
        let far = Story.price(stop).raw * (long ? 95 : 105) / 100
        let moved = runner.execute(.mark([MarkPrice(Story.contract, Price(far))]))
        body(placed, moved)
        #expect(runner.exchange.brokenInvariants() == [])
        #expect(runner.exchange.pendingOrderCount(of: Story.ann) == 0)
        #expect(runner.exchange.positionStatement(PositionKey(Story.ann, Story.contract)) == nil)
    }

    @Test(
        "TRG-003: of a stop and a liquidation passed by one mark, the one that its way meets first comes first",
        arguments: BoundaryTests.cases)
    func path(test: BoundaryTests.Case) throws {
        try run(test, stop: test.safe) { placed, moved in
            #expect(placed.plot == ["waits"])
            #expect(moved.plot == ["triggered", "accepted", "traded"])
        }
        try run(test, stop: test.fails) { placed, moved in
            #expect(placed.plot == ["waits", "beyond liquidation"])
            #expect(moved.beginsLiquidation)
            #expect(moved.plot.contains("cancelled: nothingToReduce"))
            #expect(!moved.plot.contains("triggered"))
        }
    }

    @Test("TRG-004: several fire in the order of the mark's way, then of placement")
    func order() throws {
        let ids = [("ann", "990"), ("bob", "995"), ("cat", "992"), ("ann", "995")]
        var lines = "- {do: order, account: maker, symbol: X, id: q, side: buy, type: limit, size: 99, price: 970}\n"
        for (number, id) in ids.enumerated() {
            lines +=
                "- {do: order, account: \(id.0), symbol: X, id: o\(number), side: sell, type: stop, size: 1, stop: \(id.1)}\n"
        }
        var runner = try Story.play(lines)
        let fired = runner.execute(Story.mark("980")).compactMap {
            if case .orderTriggered(let order, let price) = $0 { "\(order.account!.raw) at \(price.raw)" } else { nil }
        }
        #expect(fired == ["1 at 99500", "0 at 99500", "2 at 99200", "0 at 99000"])
        #expect(runner.exchange.brokenInvariants() == [])
    }

    @Test("TRG-005: what is refused when it fires is cancelled for that reason, and nothing else happens")
    func refusedAfterFiring() throws {
        let cases: [(order: String, reason: String)] = [
            ("type: stop, size: 100, stop: 1010", "insufficientMargin"),
            ("type: stopLimit, size: 1, stop: 1010, price: 1070", "outsidePriceBand"),
            ("type: stopLimit, size: 1, stop: 1010, price: 1030, flags: postOnly", "wouldTakeLiquidity"),
        ]
        for (order, reason) in cases {
            var runner = try Story.play(
                "- {do: order, account: maker, symbol: X, id: q, side: sell, type: limit, size: 99, price: 1020}\n"
                    + "- {do: order, account: ann, symbol: X, id: o, side: buy, \(order)}\n"
            ) { $0.priceBand = Rate(50_000_000) }
            #expect(runner.execute(Story.mark("1010")).plot == ["triggered", "cancelled: \(reason)"])
            #expect(runner.exchange.positionStatement(PositionKey(Story.ann, Story.contract)) == nil)
            #expect(runner.exchange.brokenInvariants() == [])
        }
    }

    @Test("TRG-006: an order that its position's liquidation comes before fires afterwards, if it may open")
    func afterLiquidation() throws {
        // 100 behind one lot: liquidated at 910, sold by the engine at 900 to the bid there.
        var runner = try Story.play(
            """
            - {do: leverage, account: ann, symbol: X, leverage: 10, mode: isolated}
            - {do: trade, symbol: X, buyer: ann, seller: maker, size: 1, price: 1000}
            - {do: order, account: maker, symbol: X, id: q, side: buy, type: limit, size: 5, price: 900}
            - {do: order, account: ann, symbol: X, id: o, side: sell, type: stop, size: 1, stop: 910}
            """)
        let plot = runner.execute(Story.mark("905")).plot
        #expect(plot == ["liquidation", "taken over", "traded", "triggered", "accepted", "traded"])
        #expect(runner.exchange.positionStatement(PositionKey(Story.ann, Story.contract))?.size == Size(-1))
        #expect(runner.exchange.brokenInvariants() == [])
    }

    @Test("TRG-007: in hedge mode a closing order belongs to its side, goes with it, and keeps the mode from changing")
    func hedge() throws {
        _ = try Story.play(
            """
            - {do: hedge, account: ann, on: true}
            - {do: trade, symbol: X, buyer: ann, buyerPosition: long, seller: maker, size: 2, price: 1000}
            - {do: trade, symbol: X, buyer: maker, seller: ann, sellerPosition: short, size: 1, price: 1000}
            - {do: order, account: maker, symbol: X, id: q, side: buy, type: limit, size: 9, price: 990}
            - {do: order, account: ann, symbol: X, id: l, side: sell, type: stop, size: 9, stop: 980, position: long}
            - {do: order, account: ann, symbol: X, id: s, side: buy, type: stop, size: 9, stop: 1020, position: short}
            - {do: close, account: ann, symbol: X, position: long}
            - {do: expect, account: ann, symbol: X, position: short, size: -1, pendingOrders: 1}
            - {do: order, account: maker, symbol: X, id: a, side: sell, type: limit, size: 9, price: 1021}
            - {do: mark, symbol: X, price: 1020}
            - {do: expect, account: ann, symbol: X, position: short, size: 0, pendingOrders: 0}
            - {do: order, account: ann, symbol: X, id: o, side: buy, type: stop, size: 1, stop: 1030, position: long}
            - {do: hedge, account: ann, on: false}
            - {do: expect, rejected: positionsOpen}
            - {do: cancelAll, account: ann}
            - {do: hedge, account: ann, on: false}
            - {do: expect, rejected: null, account: ann, pendingOrders: 0}
            """)
    }

    @Test("TRG-008: every trade of a command counts for the last price, not only the one it ends with")
    func everyTrade() throws {
        // On the way to 1,010 Bob sells to the bid at 990, then Cat buys at 1,000.
        _ = try Story.play(
            """
            - {do: order, account: maker, symbol: X, id: b, side: buy, type: limit, size: 9, price: 990}
            - {do: order, account: maker, symbol: X, id: a, side: sell, type: limit, size: 9, price: 1000}
            - {do: trade, symbol: X, buyer: ann, seller: maker, size: 1, price: 1000}
            - {do: order, account: ann, symbol: X, id: o, side: sell, type: stop, size: 1, stop: 990, trigger: last, flags: closeOnTrigger}
            - {do: order, account: bob, symbol: X, id: s, side: sell, type: takeProfit, size: 1, stop: 1005}
            - {do: mark, symbol: X, price: "1004.99"}
            - {do: expect, account: ann, symbol: X, size: 1, last: 1000}
            - {do: order, account: cat, symbol: X, id: t, side: buy, type: stop, size: 1, stop: 1010}
            - {do: mark, symbol: X, price: 1010}
            - {do: expect, account: ann, symbol: X, size: 0}
            - {do: expect, account: cat, symbol: X, size: 1}
            """)
    }

    @Test("TRG-009: what waits is part of the state: of its hash, and of a fork that fires on its own")
    func state() throws {
        let stop = "- {do: order, account: ann, symbol: X, id: o, side: buy, type: stop, size: 1, stop: "
        let quote = "- {do: order, account: maker, symbol: X, id: q, side: sell, type: limit, size: 9, price: 1020}\n"
        let first = try Story.play(quote + stop + "1010}")
        let second = try Story.play(quote + stop + "\"1010.01\"}")
        #expect(first.exchange.stateHash != second.exchange.stateHash)
        var twin = first.exchange.fork()
        #expect(twin.stateHash == first.exchange.stateHash)
        twin.execute(Story.mark("1010"), at: twin.now)
        #expect(twin.events.plot == ["triggered", "accepted", "traded"])
        #expect(first.exchange.pendingOrderCount(of: Story.ann) == 1)
    }
}
