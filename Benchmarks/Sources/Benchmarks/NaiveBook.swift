import BreakwaterCore
import BreakwaterWorkloads

/// A book as one would write it first: orders in a dictionary, a queue of numbers at each price in another.
struct NaiveBook {
    private struct Order {
        let side: OrderSide
        var price: Int64
        var left: Int64
    }
    private var orders: [Int32: Order] = [:]
    private var queues: [Int64: [Int32]] = [:]

    /// The seconds it takes for the steps of a flow.
    static func seconds(_ flow: OrderFlow) -> Double {
        var book = NaiveBook()
        for step in flow.filling { book.take(step) }
        let steps = flow.steps.prefix(1_000_000)
        let watch = Stopwatch()
        for step in steps { book.take(step) }
        return watch.seconds * Double(flow.steps.count) / Double(steps.count)
    }

    mutating func take(_ step: FlowStep) {
        switch step {
        case .rest(_, let order, let side, let price, let size):
            orders[order] = Order(side: side, price: price, left: size)
            queues[price, default: []].append(order)
        case .take(_, _, let side, let limit, let size): take(side, limit, size)
        case .cancel(_, let order): remove(order)
        case .move(_, let order, let price):
            let (side, left) = (orders[order]!.side, orders[order]!.left)
            remove(order)
            orders[order] = Order(side: side, price: price, left: left)
            queues[price, default: []].append(order)
        }
    }

    private mutating func take(_ side: OrderSide, _ limit: Int64, _ size: Int64) {
        var (left, price) = (size, OrderFlow.middle)
        while left > 0, price != limit {
            price += side == .buy ? 1 : -1
            while left > 0, let maker = queues[price]?.first {
                let part = min(left, orders[maker]!.left)
                left -= part
                orders[maker]!.left -= part
                if orders[maker]!.left == 0 { remove(maker) }
            }
        }
    }

    private mutating func remove(_ order: Int32) {
        let price = orders.removeValue(forKey: order)!.price
        queues[price]!.removeAll { $0 == order }
    }
}
