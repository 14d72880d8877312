/// One contract's resting orders, in price-time priority. Orders live in the `OrderTable`; the book links them.
struct OrderBook: Sendable {
    private(set) var bids = BookSide(.buy)
    private(set) var asks = BookSide(.sell)
    /// Who is first in turn on either side, at hand for every order that comes in.
    private(set) var front = Front()

    /// A whole side, for those who look at more than its best price.
    subscript(side: OrderSide) -> BookSide { side == .buy ? bids : asks }

    /// The first order at the price behind an order's own, `-1` behind the worst.
    func first(behind order: Order) -> Int32 {
        order.side == .buy ? bids.first(behind: order.level) : asks.first(behind: order.level)
    }

    /// Puts a resting order at the end of its price's queue.
    mutating func insert(_ slot: Int32, in table: inout OrderTable) {
        if table[slot].side == .buy {
            bids.insert(slot, in: &table)
            front.bid = bids.front
        } else {
            asks.insert(slot, in: &table)
            front.ask = asks.front
        }
    }

    /// Takes an order out of its queue; its slot stays until the table frees it.
    mutating func remove(_ slot: Int32, in table: inout OrderTable) {
        if table[slot].side == .buy {
            bids.remove(slot, in: &table)
            front.bid = bids.front
        } else {
            asks.remove(slot, in: &table)
            front.ask = asks.front
        }
    }

    /// Puts an order whose price or size has changed at the end of its price's queue.
    ///
    /// - Parameter before: what remained of it where it stood.
    mutating func requeue(_ slot: Int32, leaving before: Size, in table: inout OrderTable) {
        if table[slot].side == .buy {
            bids.requeue(slot, leaving: before, in: &table)
            front.bid = bids.front
        } else {
            asks.requeue(slot, leaving: before, in: &table)
            front.ask = asks.front
        }
    }

    /// Makes an order smaller in place; it keeps its turn.
    mutating func shrink(_ slot: Int32, by size: Size, in table: inout OrderTable) {
        let remaining = table[slot].remaining
        precondition(size > .zero && size < remaining, "shrink \(remaining.raw) by \(size.raw)")
        table[slot].remaining = remaining - size
        shrinkLevel(of: slot, by: size, in: table)
    }

    /// Takes what an order traded, or was made smaller by, off its price's size.
    mutating func shrinkLevel(of slot: Int32, by size: Size, in table: OrderTable) {
        let level = table[slot].level
        if table[slot].side == .buy { bids.shrink(level, by: size) } else { asks.shrink(level, by: size) }
    }
}

/// Who is first in turn on either side of a book, and at which price.
///
/// Small and flat: looking at it never touches, let alone copies, the book behind it.
struct Front: Sendable {
    fileprivate var bid = Place()
    fileprivate var ask = Place()

    struct Place: Sendable {
        /// `-1` when the side is empty.
        var slot: Int32 = -1
        var price = Price.zero
    }

    /// The first order in turn on a side, `-1` when it is empty.
    func first(_ side: OrderSide) -> Int32 { side == .buy ? bid.slot : ask.slot }

    /// The best price of a side, or `nil` when it is empty.
    func best(_ side: OrderSide) -> Price? {
        let place = side == .buy ? bid : ask
        return place.slot >= 0 ? place.price : nil
    }

    /// Whether an order on `side` limited at `limit` trades at once; no limit takes any price.
    func crosses(_ side: OrderSide, limit: Price?) -> Bool {
        guard let best = best(side.opposite) else { return false }
        guard let limit else { return true }
        return side == .buy ? best <= limit : best >= limit
    }
}
