/// Orders: those in the books side by side, each side from its first in turn to its last, and those that wait.
extension Exchange {
    func writeOrders(to journal: inout JournalWriter) {
        let places = placesInChains()
        for market in markets {
            for side in [market.book.bids, market.book.asks] {
                var slots: [Int32] = []
                for level in side.levels.reversed() {
                    var slot = level.first
                    while slot >= 0 {
                        slots.append(slot)
                        slot = orders[slot].next
                    }
                }
                journal.write(unsigned: UInt64(slots.count))
                for slot in slots {
                    let order = orders[slot]
                    journal.write(order.id, order.holder.position ?? ~order.holder.lot!, Int(places[Int(slot)]))
                    journal.write(order.reduceOnly, order.postOnly, order.price, order.size, order.remaining)
                    journal.write(order.marginValue, order.marginCost, order.turn)
                }
            }
        }
    }

    /// Where each order stands among all of their owners' chains. At one price an order that was made smaller stands behind
    /// those that came after it, so that no chain follows from turns.
    private func placesInChains() -> [Int32] {
        var places = [Int32](repeating: 0, count: orders.slots.count)
        var count: Int32 = 0
        for index in positions.indices {
            for side in OrderSide.allCases {
                var slot = openOrders(side, of: index).first
                while slot >= 0 {
                    places[Int(slot)] = count
                    count += 1
                    slot = orders[slot].ownNext
                }
            }
        }
        return places
    }

    mutating func readOrders(from journal: inout JournalReader) throws(JournalFault) {
        var owned: [(place: Int64, slot: Int32)] = []
        for market in markets.indices {
            for side in OrderSide.allCases {
                for _ in 0..<(try journal.readCount()) {
                    let (order, place) = try readOrder(in: market, side, from: &journal)
                    let slot = orders.insert(order)
                    markets[market].book.insert(slot, in: &orders)
                    if let lot = order.holder.lot { lots[lot].order = slot } else { owned.append((place, slot)) }
                }
            }
        }
        owned.sort { $0.place < $1.place }
        for (_, slot) in owned {
            let order = orders[slot]
            let (index, chain) = (order.holder.position!, openOrders(order.side, of: order.holder.position!))
            let most = Int128(Int64.max / 4)
            guard chain.value.wide + order.marginValue.wide <= most, chain.cost.wide + order.marginCost.wide <= most
            else { throw journal.fault(.outOfRange) }
            adopt(slot, by: index)
        }
    }

    private func readOrder(
        in market: Int, _ side: OrderSide, from journal: inout JournalReader
    ) throws(JournalFault) -> (order: Order, place: Int64) {
        let id = try journal.readOrderID()
        guard id == .none || orders.slot(of: id) == nil else { throw journal.fault(.contradiction) }
        let (holder, place): (Int64, Int64) = (try journal.readWord(), try journal.readWord())
        var order = Order(
            id: id, holder: .position(0), contract: ContractID(index: market), side: side,
            reduceOnly: try journal.read(), postOnly: try journal.read(),
            price: try journal.readUnit(from: 1, to: Limits.ticksOrLots),
            size: try journal.readUnit(from: 1, to: Limits.ticksOrLots),
            remaining: try journal.readUnit(from: 1, to: Limits.ticksOrLots),
            marginValue: try journal.readUnit(), marginCost: try journal.readUnit())
        order.turn = try journal.read()
        if holder >= 0, holder < positions.count, positions[Int(holder)].contract.index == market {
            order.holder = .position(Int(holder))
        } else if holder < 0, ~holder < lots.count, lots[Int(~holder)].contract.index == market,
            lots[Int(~holder)].order < 0
        {
            order.holder = .lot(Int(~holder))
        } else {
            throw journal.fault(.contradiction)
        }
        return (order, place)
    }

    func writePending(to journal: inout JournalWriter) { journal.write(pending.queues) }

    mutating func readPending(from journal: inout JournalReader) throws(JournalFault) {
        let queues: [[PendingOrder]] = try journal.read()
        guard queues.count <= markets.count else { throw journal.fault(.contradiction) }
        pending.openQueues(queues.count)
        for (market, queue) in queues.enumerated() {
            var turn = Int64.min
            for order in queue {
                guard order.contract.index == market, positions.indices.contains(order.position),
                    positions[order.position].contract == order.contract, order.turn > turn,
                    order.id == .none || pending.order(order.id) == nil
                else { throw journal.fault(.contradiction) }
                turn = order.turn
                pending.insert(order)
            }
        }
    }
}

extension JournalReader {
    /// Numbers from outside index pages of memory, so that one beyond any venue's age is refused.
    mutating func readOrderID() throws(JournalFault) -> OrderID {
        let raw = try readWord()
        guard raw >= OrderID.none.raw, raw < 1 << 40 else { throw fault(.outOfRange) }
        return OrderID(raw)
    }
}

extension PendingOrder: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(id, position, contract, side, size, price, timeInForce, postOnly, reduceOnly)
        journal.write(condition, best, turn, isDue)
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        id = try journal.readOrderID()
        position = try journal.read()
        contract = try journal.read()
        side = try journal.read()
        size = try journal.readUnit(from: 1, to: Limits.ticksOrLots)
        price = try journal.readPrice()
        timeInForce = try journal.read()
        postOnly = try journal.read()
        reduceOnly = try journal.read()
        condition = try journal.read()
        best = try journal.readPrice()
        turn = try journal.read()
        isDue = try journal.read()
    }
}
