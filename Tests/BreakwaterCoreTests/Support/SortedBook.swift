@testable import BreakwaterCore

/// The plainest book there is, as the judge of the fast one: each side one array of orders, sorted by price, then turn.
struct SortedBook {
    struct Standing: Equatable {
        let slot: Int32
        let price: Price
        var remaining: Size
    }

    private var bids: [Standing] = []
    private var asks: [Standing] = []

    subscript(side: OrderSide) -> [Standing] {
        get { side == .buy ? bids : asks }
        set { if side == .buy { bids = newValue } else { asks = newValue } }
    }

    mutating func insert(_ slot: Int32, _ side: OrderSide, at price: Price, _ remaining: Size) {
        let place = self[side].firstIndex { side == .buy ? $0.price < price : $0.price > price } ?? self[side].count
        self[side].insert(Standing(slot: slot, price: price, remaining: remaining), at: place)
    }

    mutating func remove(_ slot: Int32, _ side: OrderSide) { self[side].removeAll { $0.slot == slot } }

    mutating func shrink(_ slot: Int32, _ side: OrderSide, by size: Size) {
        let place = self[side].firstIndex { $0.slot == slot }!
        self[side][place].remaining = self[side][place].remaining - size
    }

    /// Prices and sizes of the levels, best first.
    func depth(_ side: OrderSide) -> [DepthLevel] {
        var depth: [DepthLevel] = []
        for order in self[side] {
            let before = depth.last?.price == order.price ? depth.removeLast().size : .zero
            depth.append(DepthLevel(price: order.price, size: before + order.remaining))
        }
        return depth
    }
}
