/// One contract's resting orders, in price-time priority. Orders live in the `OrderTable`; the book links them.
struct OrderBook: Sendable {
    var bids = BookSide(.buy)
    var asks = BookSide(.sell)

    subscript(side: OrderSide) -> BookSide {
        _read { if side == .buy { yield bids } else { yield asks } }
        _modify { if side == .buy { yield &bids } else { yield &asks } }
    }

    /// Puts a resting order at the end of its price's queue.
    mutating func insert(_ slot: Int32, in table: inout OrderTable) {
        self[table[slot].side].insert(slot, in: &table)
    }

    /// Takes an order out of its queue; its slot stays until the table frees it.
    mutating func remove(_ slot: Int32, in table: inout OrderTable) {
        self[table[slot].side].remove(slot, in: &table)
    }

    /// Makes an order smaller in place; it keeps its turn.
    mutating func shrink(_ slot: Int32, by size: Size, in table: inout OrderTable) {
        let order = table[slot]
        precondition(size > .zero && size < order.remaining, "shrink \(order.remaining.raw) by \(size.raw)")
        table[slot].remaining = order.remaining - size
        self[order.side].shrinkLevel(at: order.price, by: size)
    }
}

/// All orders of one side, as price levels with the best one last, so that trading works on the array's end.
struct BookSide: Sendable {
    let side: OrderSide
    var levels: [Level] = []

    /// The queue of orders at one price.
    struct Level: Sendable {
        let price: Price
        var size = Size.zero
        var first: Int32 = -1
        var last: Int32 = -1
    }

    init(_ side: OrderSide) { self.side = side }

    /// The best price, or `nil` when the side is empty.
    var best: Price? { levels.last?.price }

    /// Whether an order of the other side limited at `limit` trades with an order here at `price`; no limit takes any.
    func isReached(_ price: Price, by limit: Price?) -> Bool {
        guard let limit else { return true }
        return side == .buy ? price >= limit : price <= limit
    }

    /// The index of the level at `price`, or `nil` where none stands there.
    func level(at price: Price) -> Int? {
        let index = position(of: price)
        return index < levels.count && levels[index].price == price ? index : nil
    }

    /// Where the level of `price` is or belongs: the first that is no worse.
    private func position(of price: Price) -> Int {
        var (low, high) = (0, levels.count)
        while low < high {
            let middle = (low + high) / 2
            let worse = side == .buy ? levels[middle].price < price : levels[middle].price > price
            if worse { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func insert(_ slot: Int32, in table: inout OrderTable) {
        let price = table[slot].price
        let index = position(of: price)
        if index == levels.count || levels[index].price != price {
            levels.insert(Level(price: price), at: index)
        }
        let last = levels[index].last
        table[slot].previous = last
        table[slot].next = -1
        if last >= 0 { table[last].next = slot } else { levels[index].first = slot }
        levels[index].last = slot
        levels[index].size = levels[index].size + table[slot].remaining
    }

    mutating func shrinkLevel(at price: Price, by size: Size) {
        guard let index = level(at: price) else { preconditionFailure("no level at \(price.raw)") }
        levels[index].size = levels[index].size - size
    }

    mutating func remove(_ slot: Int32, in table: inout OrderTable) {
        let order = table[slot]
        guard let index = level(at: order.price) else { preconditionFailure("no level at \(order.price.raw)") }
        if order.previous >= 0 { table[order.previous].next = order.next } else { levels[index].first = order.next }
        if order.next >= 0 { table[order.next].previous = order.previous } else { levels[index].last = order.previous }
        levels[index].size = levels[index].size - order.remaining
        if levels[index].first < 0 { levels.remove(at: index) }
    }
}
