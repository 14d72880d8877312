/// Taking orders out of the book.
extension Exchange {
    /// Cancels a resting order and says why.
    mutating func remove(_ slot: Int32, _ reason: CancelReason) {
        let order = orders[slot]
        if let index = order.holder.position { touch(index) }
        unlink(slot)
        if let index = order.holder.position { refresh(index) }
        events.append(.orderCancelled(change(order), reason))
    }

    /// Takes a resting order out of book, chain and table.
    mutating func unlink(_ slot: Int32) {
        let order = orders[slot]
        markets[order.contract.index].book.remove(slot, in: &orders)
        switch (order.holder.position, order.holder.lot) {
        case (let index?, _): abandon(slot, by: index)
        case (nil, let lot?): lots[lot].order = -1
        case (nil, nil): preconditionFailure("order of nobody")
        }
        orders.remove(slot)
    }

    func change(_ order: Order) -> OrderChange { change(order, price: order.price) }

    func change(_ order: Order, price: Price?) -> OrderChange {
        OrderChange(
            id: order.id, account: order.holder.position.map { positions[$0].account }, contract: order.contract,
            side: order.side, price: price, size: order.size, remaining: order.remaining)
    }
}
