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

/// All orders of one side: price levels, each linked to the next better and the next worse one.
struct BookSide: Sendable {
    let side: OrderSide
    private var pool: [Level] = []
    /// The first level to be used again; each links to the next by `worse`.
    private var free: Int32 = -1
    private var index = PriceIndex()
    private var top: Int32 = -1
    /// Who is first in turn, and at which price.
    private(set) var front = Front.Place()

    /// The queue of orders at one price.
    struct Level: Sendable {
        var price: Price
        var size = Size.zero
        /// The ends of the queue.
        var first: Int32 = -1
        var last: Int32 = -1
        /// The neighbouring levels; `-1` ends either way.
        var better: Int32 = -1
        var worse: Int32 = -1

        /// Puts an order at the end of the queue.
        ///
        /// - Returns: the one that was last, or `-1`.
        @inline(__always)
        fileprivate mutating func push(_ slot: Int32, _ remaining: Size) -> Int32 {
            let before = last
            if before < 0 { first = slot }
            last = slot
            size = size + remaining
            return before
        }

        /// Takes an order out from between its neighbours.
        ///
        /// - Returns: whether it was the only one.
        @inline(__always)
        fileprivate mutating func pull(_ remaining: Size, from previous: Int32, to next: Int32) -> Bool {
            if previous < 0 { first = next }
            if next < 0 { last = previous }
            size = size - remaining
            return first < 0
        }
    }

    init(_ side: OrderSide) { self.side = side }

    /// The best price, or `nil` when the side is empty.
    @inline(__always)
    var best: Price? { top >= 0 ? pool[Int(top)].price : nil }

    /// The first order in turn, `-1` when the side is empty.
    @inline(__always)
    var first: Int32 { top >= 0 ? pool[Int(top)].first : -1 }

    /// The first order at the price behind a level's, `-1` behind the worst.
    @inline(__always)
    func first(behind level: Int32) -> Int32 {
        let worse = pool[Int(level)].worse
        return worse >= 0 ? pool[Int(worse)].first : -1
    }

    /// Every level, the best one last.
    var levels: [Level] {
        var levels: [Level] = []
        var next = top
        while next >= 0 {
            levels.append(pool[Int(next)])
            next = pool[Int(next)].worse
        }
        return levels.reversed()
    }

    /// The size at `price`, zero where no order stands there.
    func size(at price: Price) -> Size {
        let level = index.level(at: key(of: price))
        return level >= 0 ? pool[Int(level)].size : .zero
    }

    /// Whether an order of the other side limited at `limit` trades with an order here at `price`; no limit takes any.
    func isReached(_ price: Price, by limit: Price?) -> Bool {
        guard let limit else { return true }
        return side == .buy ? price >= limit : price <= limit
    }

    /// Prices as keys of which the higher one is the better price.
    private func key(of price: Price) -> Int64 { side == .buy ? price.raw : Limits.ticksOrLots - price.raw }

    mutating func insert(_ slot: Int32, in table: inout OrderTable) {
        let price = table[slot].price
        let found = index.level(at: key(of: price))
        let level = found >= 0 ? found : open(at: price)
        let last = pool[Int(level)].push(slot, table[slot].remaining)
        table[slot].queue(at: level, behind: last)
        if last >= 0 { table[last].next = slot }
        if level == top { lookUp() }
    }

    mutating func remove(_ slot: Int32, in table: inout OrderTable) {
        pull(slot, of: table[slot].remaining, in: &table)
    }

    mutating func requeue(_ slot: Int32, leaving before: Size, in table: inout OrderTable) {
        let (level, price, remaining) = (table[slot].level, table[slot].price, table[slot].remaining)
        if pool[Int(level)].first == pool[Int(level)].last, passesNone(level, moving: price) {
            // Alone at its price and still between the same neighbours: the level goes with it.
            index.move(level, from: key(of: pool[Int(level)].price), to: key(of: price))
            pool[Int(level)].price = price
            pool[Int(level)].size = remaining
            if level == top { lookUp() }
        } else {
            pull(slot, of: before, in: &table)
            insert(slot, in: &table)
        }
    }

    /// Whether a level could take another price without passing, or meeting, a neighbour.
    @inline(__always)
    private func passesNone(_ level: Int32, moving price: Price) -> Bool {
        let (better, worse) = (pool[Int(level)].better, pool[Int(level)].worse)
        return (better < 0 || key(of: pool[Int(better)].price) > key(of: price))
            && (worse < 0 || key(of: pool[Int(worse)].price) < key(of: price))
    }

    /// Takes an order of which `remaining` was left out of its queue.
    @inline(__always)
    private mutating func pull(_ slot: Int32, of remaining: Size, in table: inout OrderTable) {
        let (level, previous, next) = (table[slot].level, table[slot].previous, table[slot].next)
        if previous >= 0 { table[previous].next = next }
        if next >= 0 { table[next].previous = previous }
        let wasTop = level == top
        if pool[Int(level)].pull(remaining, from: previous, to: next) { close(level) }
        if wasTop { lookUp() }
    }

    /// Keeps who is first in turn at hand.
    private mutating func lookUp() {
        front = top >= 0 ? Front.Place(slot: pool[Int(top)].first, price: pool[Int(top)].price) : Front.Place()
    }

    mutating func shrink(_ level: Int32, by size: Size) { pool[Int(level)].size = pool[Int(level)].size - size }

    /// Opens a level at a price that has none.
    private mutating func open(at price: Price) -> Int32 {
        let level: Int32
        if free >= 0 {
            level = free
            free = pool[Int(level)].worse
            pool[Int(level)] = Level(price: price)
        } else {
            level = Int32(pool.count)
            pool.append(Level(price: price))
        }
        let better = index.insert(level, at: key(of: price))
        let worse = better >= 0 ? pool[Int(better)].worse : top
        pool[Int(level)].better = better
        pool[Int(level)].worse = worse
        if better >= 0 { pool[Int(better)].worse = level } else { top = level }
        if worse >= 0 { pool[Int(worse)].better = level }
        return level
    }

    /// Closes a level that holds no order any more.
    private mutating func close(_ level: Int32) {
        let (better, worse) = (pool[Int(level)].better, pool[Int(level)].worse)
        if better >= 0 { pool[Int(better)].worse = worse } else { top = worse }
        if worse >= 0 { pool[Int(worse)].better = better }
        index.remove(key(of: pool[Int(level)].price))
        pool[Int(level)].worse = free
        free = level
    }
}
