/// What one position has resting in the book: its orders on either side, and their sums.
struct OpenOrders: Sendable {
    var buys = Chain()
    var sells = Chain()
    /// How many of them are reduce-only.
    var reduceOnly: Int32 = 0

    /// The orders on one side, best-priced first.
    struct Chain: Sendable {
        /// The ends of the chain; `-1` when it is empty. Reduce-only orders are in the chain but in no sum.
        var first: Int32 = -1
        var last: Int32 = -1
        var size = Size.zero
        /// Sum of the orders' values at the worse of limit and mark, unsigned.
        var value = Amount.zero
        /// Sum of what filling them would lose at once: loss against the mark and the taker fee.
        var cost = Amount.zero

        /// Counts an order in.
        @inline(__always)
        mutating func add(_ order: Order) {
            guard !order.reduceOnly else { return }
            size = size + order.remaining
            value = value + order.marginValue
            cost = cost + order.marginCost
        }

        /// Counts an order out.
        @inline(__always)
        mutating func subtract(_ order: Order) {
            guard !order.reduceOnly else { return }
            size = size - order.remaining
            value = value - order.marginValue
            cost = cost - order.marginCost
        }
    }

    var isEmpty: Bool { buys.first < 0 && sells.first < 0 }

    subscript(side: OrderSide) -> Chain {
        @inline(__always) get { side == .buy ? buys : sells }
        @inline(__always) _modify { if side == .buy { yield &buys } else { yield &sells } }
    }
}

/// The open orders of those positions that have any; most positions have none, and carry no room for them.
struct OpenOrdersTable: Sendable {
    private var entries: [OpenOrders] = []
    private var free: [Int32] = []

    subscript(place: Int32) -> OpenOrders {
        _read { yield entries[Int(place)] }
        _modify { yield &entries[Int(place)] }
    }

    /// Room for a position that places its first order.
    mutating func insert() -> Int32 {
        if let place = free.popLast() {
            entries[Int(place)] = OpenOrders()
            return place
        }
        entries.append(OpenOrders())
        return Int32(entries.count - 1)
    }

    mutating func remove(_ place: Int32) { free.append(place) }
}

extension Exchange {
    /// What a position has resting on one side.
    @inline(__always)
    func openOrders(_ side: OrderSide, of index: Int) -> OpenOrders.Chain {
        let place = positions[index].openOrders
        return place >= 0 ? openOrders[place][side] : OpenOrders.Chain()
    }

    /// How many reduce-only orders a position has resting.
    func reduceOnlyOrders(of index: Int) -> Int32 {
        positions[index].openOrders >= 0 ? openOrders[positions[index].openOrders].reduceOnly : 0
    }

    /// Whether a position has any order in the book.
    func hasOpenOrders(_ index: Int) -> Bool { positions[index].openOrders >= 0 }
}
