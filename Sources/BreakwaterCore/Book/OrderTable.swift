/// Every resting order of the venue in one flat array; closed slots are used again.
struct OrderTable: Sendable {
    private(set) var slots: [Order] = []
    private var free: [Int32] = []
    /// The slot of each order by its id; `-1` for those not resting.
    private var slotOfID: [Int32] = []

    subscript(slot: Int32) -> Order {
        _read { yield slots[Int(slot)] }
        _modify { yield &slots[Int(slot)] }
    }

    var count: Int { slots.count - free.count }

    /// The slot where order `id` rests, or `nil`.
    func slot(of id: OrderID) -> Int32? {
        guard id.index >= 0, id.index < slotOfID.count, slotOfID[id.index] >= 0 else { return nil }
        return slotOfID[id.index]
    }

    mutating func insert(_ order: Order) -> Int32 {
        let slot: Int32
        if let reused = free.popLast() {
            slot = reused
            slots[Int(slot)] = order
        } else {
            slot = Int32(slots.count)
            slots.append(order)
        }
        if order.id != .none {
            while slotOfID.count <= order.id.index { slotOfID.append(-1) }
            slotOfID[order.id.index] = slot
        }
        return slot
    }

    mutating func remove(_ slot: Int32) {
        let id = slots[Int(slot)].id
        if id != .none { slotOfID[id.index] = -1 }
        free.append(slot)
    }
}
