@testable import BreakwaterCore

extension Exchange {
    /// What is wrong with the links of books, chains and ids, in words; empty when they hold. Visits everything.
    ///
    /// Complements `brokenInvariants`, which checks the sums.
    func brokenLinks() -> [String] {
        var audit = BookAudit()
        for market in markets.indices {
            for side in OrderSide.allCases { audit.check(side, of: market, in: self) }
        }
        for index in positions.indices {
            for side in OrderSide.allCases { audit.checkChain(side, of: index, in: self) }
        }
        if audit.found != orders.count {
            audit.broken.append("\(audit.found) orders in books, \(orders.count) in the table")
        }
        return audit.broken
    }
}

private struct BookAudit {
    var broken: [String] = []
    var found = 0

    mutating func expect(_ condition: Bool, _ sentence: @autoclosure () -> String) {
        if !condition { broken.append(sentence()) }
    }

    /// Levels in order, each with a queue that is linked both ways, of orders that belong there and are found by id.
    mutating func check(_ side: OrderSide, of market: Int, in exchange: borrowing Exchange) {
        let levels = exchange.markets[market].book[side].levels
        for (worse, better) in zip(levels, levels.dropFirst()) {
            expect(
                side == .buy ? worse.price < better.price : worse.price > better.price, "\(side) levels out of order")
        }
        for level in levels {
            var (slot, previous) = (level.first, Int32(-1))
            while slot >= 0 {
                let order = exchange.orders[slot]
                let slotOfID = exchange.orders.slot(of: order.id)
                found += 1
                expect(order.previous == previous, "order \(order.id) does not link back")
                expect(
                    order.price == level.price && order.side == side && order.contract.index == market,
                    "\(order) astray")
                expect(order.remaining > .zero && order.remaining <= order.size, "order \(order.id) of a wrong size")
                expect(order.id == .none || slotOfID == slot, "order \(order.id) not found by id")
                (previous, slot) = (slot, order.next)
            }
            expect(level.first >= 0 && level.last == previous, "level \(level.price.raw) ends elsewhere")
        }
    }

    /// A position's chain of orders is its part of the book, in the same turn, and none outlives what it reduces.
    mutating func checkChain(_ side: OrderSide, of index: Int, in exchange: borrowing Exchange) {
        let position = exchange.positions[index]
        let chain = exchange.openOrders(side, of: index)
        let closes = side == .buy ? position.size < .zero : position.size > .zero
        var ids: [OrderID] = []
        var (slot, previous) = (chain.first, Int32(-1))
        while slot >= 0 {
            let order = exchange.orders[slot]
            ids.append(order.id)
            expect(order.ownPrevious == previous, "order \(order.id) does not link back in its chain")
            expect(!order.reduceOnly || closes, "reduce-only order \(order.id) outlives its position")
            (previous, slot) = (slot, order.ownNext)
        }
        let booked = exchange.queues(of: position.contract, side).flatMap(\.orders)
            .filter { $0.holder.position == index }.map(\.id)
        expect(ids == booked, "chain \(ids.map(\.raw)) of position \(index), in the book \(booked.map(\.raw))")
    }
}
