internal import BreakwaterCore
internal import BreakwaterVenue
internal import GRDB

/// An order that is open or has just been closed.
struct HeldOrder {
    var record: OrderRecord
    /// Whether the table has it, and whether what it has is old.
    var isStored: Bool
    var isChanged = false
}

extension Fold {
    /// An order that was placed, or one that waited and is now placed.
    func accept(_ change: OrderChange, of execution: Execution, in database: Database) throws {
        guard let account = change.account, change.id != .none else { return }
        guard orders[change.id] == nil, case .placeOrder(let request) = execution.command, request.id == change.id
        else {
            return try update(change, in: database) { record in
                record.state = record.filled == .zero ? .new : .partiallyFilled
            }
        }
        let record = OrderRecord(
            id: change.id, account: account, contract: change.contract,
            clientOrderID: execution.origin.clientOrderID, side: request.side, positionSide: request.key.side,
            timeInForce: request.timeInForce, postOnly: request.postOnly,
            reduceOnly: request.reduceOnly || request.closesSide || change.condition?.closeOnTrigger == true,
            price: request.price, size: change.size, condition: change.condition,
            state: change.condition == nil ? .new : .waiting, created: now, updated: now, lastEvent: here)
        orders[change.id] = HeldOrder(record: record, isStored: false, isChanged: true)
        changedOrders.append(change.id)
    }

    func amend(_ change: OrderChange, in database: Database) throws {
        try update(change, in: database) { record in
            record.price = change.price
            record.size = change.size
            if let condition = change.condition { record.condition = condition }
        }
    }

    func cancel(_ change: OrderChange, for reason: CancelReason, in database: Database) throws {
        try update(change, in: database) { record in
            record.state = .cancelled
            record.reason = reason
        }
    }

    func trigger(_ change: OrderChange, at price: Price, in database: Database) throws {
        let time = now
        try update(change, in: database) { record in
            record.state = .triggered
            record.triggeredAt = time
            record.triggerPrice = price
        }
    }

    /// Counts a fill of an order that is known.
    func fill(_ id: OrderID, _ size: Size, worth value: Amount, in database: Database) throws {
        guard try hold(id, in: database) else { return }
        change(id) { record in
            record.filled = record.filled + size
            record.value = record.value + value
            record.state = record.filled >= record.size ? .filled : .partiallyFilled
        }
    }

    private func update(_ told: OrderChange, in database: Database, _ body: (inout OrderRecord) -> Void) throws {
        guard let account = told.account, told.id != .none else { return }
        if try !hold(told.id, in: database) {
            // Placed before the history began: what the event says of it is all that is known.
            let record = OrderRecord(
                id: told.id, account: account, contract: told.contract, clientOrderID: "", side: told.side,
                positionSide: .net, timeInForce: .goodTillCancelled, postOnly: false, reduceOnly: false,
                price: told.price, size: told.size, filled: told.size - told.remaining, condition: told.condition,
                state: told.condition == nil ? .new : .waiting, created: now, updated: now, lastEvent: here)
            orders[told.id] = HeldOrder(record: record, isStored: false)
        }
        change(told.id, body)
    }

    private func change(_ id: OrderID, _ body: (inout OrderRecord) -> Void) {
        let (time, event) = (now, here)
        guard let place = orders.index(forKey: id) else { return }
        let isNews = !orders.values[place].isChanged
        body(&orders.values[place].record)
        orders.values[place].record.updated = time
        orders.values[place].record.lastEvent = event
        orders.values[place].isChanged = true
        if isNews { changedOrders.append(id) }
    }

    /// Makes sure that an order is held, if there is one.
    private func hold(_ id: OrderID, in database: Database) throws -> Bool {
        if orders[id] != nil { return true }
        guard let record = try OrderRecord.fetch("WHERE id = ?", [id.raw], from: database).first else { return false }
        orders[id] = HeldOrder(record: record, isStored: true)
        return true
    }

    /// Writes every order that changed, and lets go of those that are closed.
    func flushOrders(into database: Database) throws {
        var new: [OrderRecord] = []
        for id in changedOrders {
            guard let held = orders[id] else { continue }
            if held.isStored { try held.record.update(in: database) } else { new.append(held.record) }
            if held.record.state.isOpen {
                orders[id]!.isStored = true
                orders[id]!.isChanged = false
            } else {
                orders[id] = nil
            }
        }
        try OrderRecord.insert(new, into: database)
        changedOrders.removeAll(keepingCapacity: true)
    }
}

extension OrderRecord {
    /// Writes what may have changed since the order was inserted.
    fileprivate func update(in database: Database) throws {
        let sql = """
            UPDATE orders SET price = ?, size = ?, filled = ?, value = ?, stop = ?, triggered_at = ?,
            trigger_price = ?, state = ?, reason = ?, updated = ?, last_event = ?, is_open = ? WHERE id = ?
            """
        try database.cachedStatement(sql: sql).run(in: database) { row in
            row.add(price?.raw).add(size.raw).add(filled.raw).add(value.raw).add(condition?.stop.raw)
                .add(triggeredAt?.raw).add(triggerPrice?.raw).add(state.rawValue).add(reason?.rawValue)
                .add(updated.raw).add(lastEvent.raw).add(state.isOpen).add(id.raw)
        }
    }
}

extension OrderRequest {
    /// Whether it closes a side of a hedged pair, which is never turned: such an order only reduces.
    fileprivate var closesSide: Bool { key.side == .long && side == .sell || key.side == .short && side == .buy }
}
