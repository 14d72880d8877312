/// All orders of one side: a queue for each price, 64 neighbouring prices to a block, each block linked to the next
/// better and the next worse one.
struct BookSide: Sendable {
    let side: OrderSide
    /// Who is first in turn, and at which price.
    private(set) var front = Front.Place()
    private var blocks: [Block] = []
    /// 64 to a block. A queue's place among them is the `level` of its orders.
    private var queues: [Queue] = []
    /// The first block to be used again; each links to the next by `worse`.
    private var free: Int32 = -1
    private var index = PriceIndex()
    private var top: Int32 = -1

    /// 64 neighbouring prices.
    private struct Block: Sendable {
        /// What their keys have in common: all but the last six bits.
        let prefix: Int64
        /// At which of them orders stand.
        var taken: UInt64 = 0
        /// The neighbouring blocks; `-1` ends either way.
        var better: Int32
        var worse: Int32

        /// The best price at which orders stand, as the last six bits of its key.
        var best: Int32 { 63 - Int32(truncatingIfNeeded: taken.leadingZeroBitCount) }
    }

    /// The orders at one price, and the sum of what remains of them.
    private struct Queue: Sendable {
        var first: Int32 = -1
        var last: Int32 = -1
        var size = Size.zero
    }

    /// A price at which orders stand.
    struct Level: Sendable {
        let price: Price
        let size: Size
        /// The ends of their queue.
        let first: Int32
        let last: Int32
    }

    init(_ side: OrderSide) { self.side = side }

    /// The best price, or `nil` when the side is empty.
    @inline(__always)
    var best: Price? { front.slot >= 0 ? front.price : nil }

    /// The first order in turn, `-1` when the side is empty.
    @inline(__always)
    var first: Int32 { front.slot }

    /// The first order at the price behind a level's, `-1` behind the worst.
    func first(behind level: Int32) -> Int32 {
        let next = next(behind: level)
        return next >= 0 ? queues[Int(next)].first : -1
    }

    /// The next worse level, `-1` behind the worst.
    private func next(behind level: Int32) -> Int32 {
        let block = level >> 6
        let behind = blocks[Int(block)].taken & (1 &<< UInt64(level & 63) &- 1)
        if behind != 0 { return block << 6 | (63 - Int32(truncatingIfNeeded: behind.leadingZeroBitCount)) }
        let worse = blocks[Int(block)].worse
        return worse >= 0 ? worse << 6 | blocks[Int(worse)].best : -1
    }

    /// Every level, the best one last.
    var levels: [Level] {
        var levels: [Level] = []
        var next = top >= 0 ? top << 6 | blocks[Int(top)].best : -1
        while next >= 0 {
            let queue = queues[Int(next)]
            levels.append(Level(price: price(of: next), size: queue.size, first: queue.first, last: queue.last))
            next = self.next(behind: next)
        }
        return levels.reversed()
    }

    /// The size at `price`, zero where no order stands there.
    func size(at price: Price) -> Size {
        let key = key(of: price)
        let block = index.block(at: key >> 6)
        guard block >= 0, blocks[Int(block)].taken & (1 &<< UInt64(key & 63)) != 0 else { return .zero }
        return queues[Int(level(block, key))].size
    }

    /// Whether an order of the other side limited at `limit` trades with an order here at `price`; no limit takes any.
    func isReached(_ price: Price, by limit: Price?) -> Bool {
        guard let limit else { return true }
        return side == .buy ? price >= limit : price <= limit
    }

    /// Prices as keys of which the higher one is the better price.
    @inline(__always)
    private func key(of price: Price) -> Int64 { side == .buy ? price.raw : Limits.ticksOrLots - price.raw }

    private func price(of level: Int32) -> Price {
        let key = blocks[Int(level >> 6)].prefix << 6 | Int64(level & 63)
        return Price(side == .buy ? key : Limits.ticksOrLots - key)
    }

    @inline(__always)
    private func level(_ block: Int32, _ key: Int64) -> Int32 { block << 6 | Int32(truncatingIfNeeded: key & 63) }

    mutating func insert(_ slot: Int32, in table: inout OrderTable) {
        let key = key(of: table[slot].price)
        queue(slot, key, in: block(at: key >> 6), &table)
        if leads(key) { lookUp() }
    }

    mutating func remove(_ slot: Int32, in table: inout OrderTable) {
        let block = table[slot].level >> 6
        pull(slot, of: table[slot].remaining, in: &table)
        if blocks[Int(block)].taken == 0 { close(block) }
        if slot == front.slot { lookUp() }
    }

    mutating func requeue(_ slot: Int32, leaving before: Size, in table: inout OrderTable) {
        let key = key(of: table[slot].price)
        let old = table[slot].level >> 6
        let block = blocks[Int(old)].prefix == key >> 6 ? old : block(at: key >> 6)
        pull(slot, of: before, in: &table)
        queue(slot, key, in: block, &table)
        if blocks[Int(old)].taken == 0 { close(old) }
        if slot == front.slot || leads(key) { lookUp() }
    }

    mutating func shrink(_ level: Int32, by size: Size) { queues[Int(level)].size = queues[Int(level)].size - size }

    /// Puts an order at the end of its price's queue.
    @inline(__always)
    private mutating func queue(_ slot: Int32, _ key: Int64, in block: Int32, _ table: inout OrderTable) {
        let level = level(block, key)
        let bit = UInt64(1) &<< UInt64(key & 63)
        let remaining = table[slot].remaining
        if blocks[Int(block)].taken & bit == 0 {
            blocks[Int(block)].taken |= bit
            queues[Int(level)] = Queue(first: slot, last: slot, size: remaining)
            table[slot].queue(at: level, behind: -1)
        } else {
            let last = queues[Int(level)].last
            queues[Int(level)] = Queue(
                first: queues[Int(level)].first, last: slot, size: queues[Int(level)].size + remaining)
            table[slot].queue(at: level, behind: last)
            table[last].next = slot
        }
    }

    /// Takes an order of which `remaining` was left out of its queue; its block may be empty then.
    @inline(__always)
    private mutating func pull(_ slot: Int32, of remaining: Size, in table: inout OrderTable) {
        let (level, previous, next) = (table[slot].level, table[slot].previous, table[slot].next)
        if previous < 0, next < 0 {
            blocks[Int(level >> 6)].taken &= ~(1 &<< UInt64(level & 63))
            return
        }
        if previous >= 0 { table[previous].next = next }
        if next >= 0 { table[next].previous = previous }
        let queue = queues[Int(level)]
        queues[Int(level)] = Queue(
            first: previous < 0 ? next : queue.first, last: next < 0 ? previous : queue.last,
            size: queue.size - remaining)
    }

    /// Whether a price is better than the best one known.
    @inline(__always)
    private func leads(_ key: Int64) -> Bool { front.slot < 0 || key > self.key(of: front.price) }

    /// Looks up anew who is first in turn.
    private mutating func lookUp() {
        guard top >= 0 else {
            front = Front.Place()
            return
        }
        let level = top << 6 | blocks[Int(top)].best
        front = Front.Place(slot: queues[Int(level)].first, price: price(of: level))
    }

    /// The block at a prefix, opened where there is none.
    @inline(__always)
    private mutating func block(at prefix: Int64) -> Int32 {
        let block = index.block(at: prefix)
        return block >= 0 ? block : open(prefix)
    }

    private mutating func open(_ prefix: Int64) -> Int32 {
        let block = free >= 0 ? free : Int32(blocks.count)
        let better = index.insert(block, at: prefix)
        let worse = better >= 0 ? blocks[Int(better)].worse : top
        let opened = Block(prefix: prefix, better: better, worse: worse)
        if free >= 0 {
            free = blocks[Int(block)].worse
            blocks[Int(block)] = opened
        } else {
            blocks.append(opened)
            queues.append(contentsOf: repeatElement(Queue(), count: 64))
        }
        if better >= 0 { blocks[Int(better)].worse = block } else { top = block }
        if worse >= 0 { blocks[Int(worse)].better = block }
        return block
    }

    /// Closes a block in which no order stands any more.
    private mutating func close(_ block: Int32) {
        let (better, worse) = (blocks[Int(block)].better, blocks[Int(block)].worse)
        if better >= 0 { blocks[Int(better)].worse = worse } else { top = worse }
        if worse >= 0 { blocks[Int(worse)].better = better }
        index.remove(blocks[Int(block)].prefix)
        blocks[Int(block)].worse = free
        free = block
    }
}
