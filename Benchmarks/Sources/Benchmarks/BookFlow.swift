import BreakwaterWorkloads

@testable import BreakwaterCore

/// The published order flow through the book alone: the table of orders and one contract's price levels.
enum BookFlow: Benchmark {
    static let name = "order-flow-book"

    static func run(_ setting: Setting) -> Outcome {
        let count = setting.size(10_000_000, quick: 200_000)
        var outcome = Outcome(name, "\(words(count)) commands of \(OrderFlow.mix), without accounts' money and events")
        setting.progress.say("drawing \(words(count)) commands")
        let flow = OrderFlow(count: count)
        var book = FastBook()
        for step in flow.filling { book.take(step) }
        setting.progress.say("as fast as it goes")
        let watch = Stopwatch()
        for step in flow.steps { book.take(step) }
        let seconds = watch.seconds
        outcome.add("commands", Double(count) / seconds / 1e6, .millionsPerSecond, .atLeast(20))
        let naive = NaiveBook.seconds(flow)
        outcome.add("the naive book", Double(count) / naive / 1e6, .millionsPerSecond)
        outcome.add("book / naive book", naive / seconds, .times)
        return outcome
    }
}

extension OrderFlow {
    static let mix =
        "exchange-core's published mix (9 % GTC, 3 % IOC, 6 % cancel, 82 % move; about \(words(resting)) resting orders over"
        + " \(2 * reach) prices, \(words(accounts)) accounts)"
}

private struct FastBook {
    private var book = OrderBook()
    private var table = OrderTable()

    mutating func take(_ step: FlowStep) {
        switch step {
        case .rest(let account, let order, let side, let price, let size):
            let slot = table.insert(
                Order(
                    id: OrderID(index: Int(order)), holder: .position(Int(account)), contract: ContractID(0),
                    side: side,
                    reduceOnly: false, price: Price(price), size: Size(size), remaining: Size(size)))
            book.insert(slot, in: &table)
        case .take(_, _, let side, let price, let size): take(side, Price(price), size)
        case .cancel(_, let order):
            let slot = table.slot(of: OrderID(index: Int(order)))!
            book.remove(slot, in: &table)
            table.remove(slot)
        case .move(_, let order, let price):
            let slot = table.slot(of: OrderID(index: Int(order)))!
            let remaining = table[slot].remaining
            table[slot].price = Price(price)
            book.requeue(slot, leaving: remaining, in: &table)
        }
    }

    private mutating func take(_ side: OrderSide, _ limit: Price, _ size: Int64) {
        var left = size
        while left > 0, book.front.crosses(side, limit: limit) {
            let slot = book.front.first(side.opposite)
            let part = min(left, table[slot].remaining.raw)
            left -= part
            if part < table[slot].remaining.raw {
                book.shrink(slot, by: Size(part), in: &table)
            } else {
                book.remove(slot, in: &table)
                table.remove(slot)
            }
        }
    }
}
