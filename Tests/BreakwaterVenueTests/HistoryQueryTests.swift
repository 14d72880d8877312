import BreakwaterVenue
import Foundation
import Testing

@testable import BreakwaterCore
@testable import BreakwaterHistory

/// What a client asks of the history, in scenarios.
@Suite("History: queries")
struct HistoryQueryTests {
    private static let minute: Int64 = 60_000_000

    @Test(
        "HIS-010: candles of every length are what the trades and marks in them make",
        arguments: CandleInterval.allCases)
    func candles(interval: CandleInterval) async throws {
        let folder = try Folder()
        let history = try History(folder.file("history.sqlite"))
        var flow = try HistoryFlow("bitmex", seed: 4)
        flow.run(2_500)
        try await history.fold(flow.executions)
        for contract in (0..<3).map(ContractID.init(index:)) {
            let trades = try await history.trades(in: contract, page: .all)
            #expect(trades.count > 20)
            var naive: [Timestamp: [TradeRecord]] = [:]
            for trade in trades { naive[interval.start(of: trade.time), default: []].append(trade) }
            let candles = try await history.candles(of: contract, interval, from: HistoryFlow.start, limit: 10_000)
            #expect(candles.map(\.start) == naive.keys.sorted())
            for candle in candles {
                let inside = naive[candle.start]!
                #expect(candle.open == inside.first!.price && candle.close == inside.last!.price)
                #expect(candle.high == inside.map(\.price).max()! && candle.low == inside.map(\.price).min()!)
                #expect(candle.volume == inside.reduce(.zero) { $0 + $1.size })
                #expect(candle.value == inside.reduce(.zero) { $0 + $1.value })
                #expect(candle.count == Int64(inside.count))
                let bought = inside.filter { $0.takerSide == .buy }
                #expect(candle.takerBuyVolume == bought.reduce(.zero) { $0 + $1.size })
            }
            let newest = try await history.candles(of: contract, interval, limit: 3)
            #expect(newest == Array(candles.suffix(3)))
            let marks = try await history.candles(of: contract, interval, .marks, limit: 1)
            #expect(marks.last?.close == flow.exchange.contractStatement(contract).mark)
        }
        history.stop()
    }

    @Test("HIS-011: weeks begin on Mondays, at any time before or after")
    func weeks() {
        let monday = Timestamp(1_767_571_200_000_000)  // 2026-01-05
        #expect(CandleInterval.oneWeek.start(of: monday) == monday)
        #expect(CandleInterval.oneWeek.start(of: Timestamp(monday.raw - 1)).raw == monday.raw - 7 * 1_440 * Self.minute)
    }

    @Test("HIS-012: pages cut by id and by time are those parts of the whole list, either way round")
    func pages() async throws {
        let folder = try Folder()
        let history = try History(folder.file("history.sqlite"))
        var flow = try HistoryFlow("coinbase", seed: 9)
        flow.run(1_500)
        try await history.fold(flow.executions)
        let account = AccountID(3)
        let fills = try await history.fills(of: account, page: .all)
        let orders = try await history.orders(of: account, page: .all)
        let lines = try await history.walletLines(of: account, page: .all)
        #expect(fills.count > 30 && orders.count > 30 && lines.count > 60)
        #expect(lines.contains { $0.cause == .funding })
        let times = flow.executions.map(\.time)
        for (first, last) in [(0, times.count - 1), (300, 900), (701, 702)] {
            let (from, until) = (times[first], times[last])
            let page = Page(from: from, until: until, limit: .max, isDescending: false)
            let range = from...until
            #expect(try await history.fills(of: account, page: page) == fills.filter { range.contains($0.time) })
            #expect(try await history.orders(of: account, page: page) == orders.filter { range.contains($0.created) })
            #expect(try await history.walletLines(of: account, page: page) == lines.filter { range.contains($0.time) })
        }
        var walked: [FillRecord] = []
        while true {
            let page = Page(before: walked.last?.id.raw, limit: 7)
            let next = try await history.fills(of: account, page: page)
            if next.isEmpty { break }
            walked += next
        }
        #expect(walked == fills.reversed())
        let older = try await history.walletLines(of: account, page: Page(limit: 25))
        #expect(older == Array(lines.reversed().prefix(25)))
        history.stop()
    }

    @Test("HIS-013: an order's life, from its name and terms to its last fill")
    func orderLife() async throws {
        let folder = try Folder()
        let history = try History(folder.file("history.sqlite"))
        var flow = try HistoryFlow("bitmex", seed: 1)
        let (maker, taker) = (PositionKey(AccountID(0), ContractID(0)), PositionKey(AccountID(1), ContractID(0)))
        flow.execute(.setLeverage(maker, Leverage(1_000), .isolated))
        flow.execute(
            .placeOrder(
                OrderRequest(
                    key: maker, id: .none, side: .sell, size: Size(10), price: Price(20_000), postOnly: true)),
            name: "ask")
        let ask = OrderID(Int64(flow.executions.count))
        flow.execute(.amendOrder(maker.account, ask, ContractID(0), size: Size(8), price: nil))
        flow.execute(
            .placeOrder(
                OrderRequest(
                    key: taker, id: .none, side: .buy, size: Size(5), price: nil, timeInForce: .immediateOrCancel)),
            name: "hit")
        let hit = OrderID(Int64(flow.executions.count))
        flow.execute(
            .placeOrder(
                OrderRequest(
                    key: taker, id: .none, side: .sell, size: Size(5), price: nil, reduceOnly: true,
                    condition: Condition(kind: .stop, stop: Price(19_000), trigger: .mark))), name: "stop")
        let stop = OrderID(Int64(flow.executions.count))
        flow.execute(.moveMargin(maker, Amount(1_000_000)))
        flow.execute(.payFunding(ContractID(0), Rate(1_000_000)), by: "key:risk")
        try await history.fold(flow.executions)
        let first = try #require(try await history.order(ask))
        #expect(first.clientOrderID == "ask" && first.postOnly && first.kind == .limit && first.side == .sell)
        #expect(first.state == .partiallyFilled && first.size == Size(8) && first.filled == Size(5))
        #expect(first.value == Amount(5 * 20 * 1_000_000))
        let second = try #require(try await history.order(named: "hit", of: taker.account))
        #expect(second.id == hit && second.state == .filled && second.kind == .market)
        #expect(second.timeInForce == .immediateOrCancel)
        #expect(try await history.order(stop)?.state == .waiting)
        let fills = try await history.fills(ofOrder: hit)
        #expect(fills.map(\.fee) == [Amount(50_000)] && fills.map(\.isMaker) == [false])
        let margin = try await history.marginChanges(of: maker.account)
        #expect(margin.map(\.amount) == [Amount(1_000_000)])
        let modes = try await history.settings(of: maker.account, in: ContractID(0))
        #expect(Set(modes.map(\.kind)).isSuperset(of: [.leverage, .marginMode]))
        let funding = try await history.funding(in: ContractID(0))
        #expect(funding.map(\.rate) == [Rate(1_000_000)] && funding.map(\.perLot) == [Amount(20_000)])
        let paid = try await history.walletLines(of: taker.account, causes: [.funding])
        #expect(paid.map(\.amount) == [Amount(-100_000)])
        let actions = try await history.actions(by: "key:risk")
        #expect(actions.map(\.command) == ["payFunding"] && actions.map(\.rejection) == [nil])
        flow.execute(.mark([MarkPrice(ContractID(0), Price(18_900))]))
        flow.execute(.cancelOrder(maker.account, ask))
        try await history.fold(flow.executions)
        let fired = try #require(try await history.order(stop))
        #expect(fired.kind == .stop && fired.triggerPrice == Price(19_000) && fired.triggeredAt != nil)
        #expect(fired.state == .cancelled && fired.reason == .notFilled)
        #expect(try await history.order(ask)?.reason == .requested)
        #expect(try await history.openOrders(of: maker.account) == [])
        history.stop()
    }

    @Test("HIS-014: what was closed by force is told as orders, and adds up to what the fills of it were worth")
    func forced() async throws {
        for venue in HistoryFlow.venues {
            let folder = try Folder()
            let history = try History(folder.file("history.sqlite"))
            var flow = try HistoryFlow(venue, seed: 6)
            flow.run(1_500)
            try await history.fold(flow.executions)
            let orders = try await history.forcedOrders(page: .all)
            #expect(orders.count > 3, "\(venue)")
            var fills: [FillRecord] = []
            for account in (0..<HistoryFlow.accounts).map(AccountID.init(index:)) {
                fills += try await history.fills(of: account, page: .all)
            }
            for order in orders where order.filled > .zero {
                let parts = fills.filter { fill in
                    switch order.kind {
                    case .takeover, .autoDeleverage, .clawback: fill.id == order.id && fill.account == order.account
                    case .partial, .marketClose, .fillOrKill:
                        fill.liquidation == order.liquidation && fill.cause == .liquidation
                            && fill.id.sequence == order.id.sequence && fill.id < order.id
                            && !orders.contains {
                                $0.liquidation == order.liquidation && $0.id < order.id && $0.id > fill.id
                            }
                    }
                }
                #expect(parts.reduce(.zero) { $0 + $1.size } == order.filled, "\(venue) \(order)")
                #expect(parts.reduce(.zero) { $0 + $1.value } == order.value, "\(venue) \(order)")
            }
            history.stop()
        }
    }
}
