/// Every resting order of the venue in one flat array; closed slots are used again.
struct OrderTable: Sendable {
    private(set) var slots: [Order] = []
    private var free: [Int32] = []
    /// The slot of each resting order by its id.
    private var slotOfID = OrderIndex()

    subscript(slot: Int32) -> Order {
        _read { yield slots[Int(slot)] }
        _modify { yield &slots[Int(slot)] }
    }

    var count: Int { slots.count - free.count }

    /// The slot where order `id` rests, or `nil`.
    func slot(of id: OrderID) -> Int32? {
        let slot = slotOfID[id]
        return slot >= 0 ? slot : nil
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
        if order.id != .none { slotOfID.insert(slot, for: order.id) }
        return slot
    }

    mutating func remove(_ slot: Int32) {
        let id = slots[Int(slot)].id
        if id != .none { slotOfID.remove(id) }
        free.append(slot)
    }
}
