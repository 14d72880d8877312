/// Conditional orders: placing, amending and cancelling those that have not fired.
///
/// They are in nobody's order margin until they fire, as at BitMEX and Binance.
extension Exchange {
    /// Checks a conditional order's own terms and lets it wait for its price.
    mutating func suspend(_ request: OrderRequest, of index: Int, until condition: Condition) throws(Rejection) {
        try checkTerms(of: request)
        let contract = request.key.contract
        guard condition.stop > .zero else { throw .priceNotPositive }
        guard condition.stop.raw <= Limits.ticksOrLots else { throw .valueTooLarge(contract) }
        var order = PendingOrder(
            id: request.id, position: index, contract: contract, side: request.side, size: request.size,
            price: request.price, timeInForce: request.timeInForce, postOnly: request.postOnly,
            reduceOnly: request.reduceOnly || request.closesHedge || condition.closeOnTrigger, condition: condition,
            turn: turns)
        guard !order.reduceOnly || reducible(index, order.side) > .zero else { throw .nothingToReduce(contract) }
        if let price = triggerPrice(condition.trigger, in: contract.index) { order.follow(price) }
        try checkWaits(order)
        turns += 1
        watchLast(order)
        pending.insert(order)
        if order.reduceOnly { constrain(index) { $0.pendingReducers += 1 } }
        events.append(.orderAccepted(change(order)))
        warnBeyondLiquidation(order)
    }

    /// The first order to watch last prices has them followed from here on.
    private mutating func watchLast(_ order: PendingOrder) {
        guard order.condition.trigger == .last else { return }
        if pending.lastCount == 0 { tradesSeen = events.count }
        markets[order.contract.index].lastSeen = markets[order.contract.index].last
    }

    /// The present price that a condition watches; `nil` before there is one.
    func triggerPrice(_ trigger: Condition.Trigger, in market: Int) -> Price? {
        switch trigger {
        case .mark: markets[market].mark
        case .last: markets[market].last
        case .index: markets[market].index(at: now)
        }
    }

    /// A conditional order whose price has come already is a mistake.
    private func checkWaits(_ order: PendingOrder) throws(Rejection) {
        guard let price = triggerPrice(order.condition.trigger, in: order.contract.index), order.isReached(by: price)
        else { return }
        throw .wouldTriggerAtOnce(order.contract, stop: order.stopPrice!, price: price)
    }

    /// Tells the owner of a stop that its position would be liquidated before the stop is reached.
    private mutating func warnBeyondLiquidation(_ order: PendingOrder) {
        guard order.condition.kind != .takeProfit, reducible(order.position, order.side) > .zero,
            let stop = order.stopPrice, isLost(order.position, at: stop)
        else { return }
        events.append(.stopBeyondLiquidation(change(order)))
    }

    /// Changes a waiting order's size, limit or trigger price. It keeps its turn.
    mutating func amend(_ old: PendingOrder, size: Size?, price: Price?, stop: Price?) throws(Rejection) {
        guard !markets[old.contract.index].halted else { throw .halted(old.contract) }
        guard price == nil || old.price != nil else { throw .notLimitOrder }
        for raw in [size?.raw, price?.raw, stop?.raw] where raw ?? 0 > Limits.ticksOrLots {
            throw .valueTooLarge(old.contract)
        }
        var new = old
        new.size = size ?? old.size
        new.price = price ?? old.price
        new.condition.stop = stop ?? old.condition.stop
        if stop != nil {
            new.isDue = false
            try checkWaits(new)
        }
        pending.replace(new)
        events.append(.orderAmended(change(new)))
        if stop != nil { warnBeyondLiquidation(new) }
    }

    /// Cancels a waiting order and says why.
    mutating func remove(_ order: PendingOrder, _ reason: CancelReason) {
        forget(order)
        events.append(.orderCancelled(change(order), reason))
    }

    /// Takes a waiting order out of the table.
    mutating func forget(_ order: PendingOrder) {
        pending.remove(order)
        if order.reduceOnly { relax(order.position) { $0.pendingReducers -= 1 } }
    }

    /// Cancels an account's waiting orders, all or those in one contract, in order of placement.
    mutating func cancelPending(of account: AccountID, in contract: ContractID?, _ reason: CancelReason = .requested) {
        for market in pending.queues.indices where contract == nil || contract!.index == market {
            for order in pending.queues[market] where positions[order.position].account == account {
                remove(order, reason)
            }
        }
    }

    /// Cancels waiting reduce-only orders whose position is gone: none is kept for a later one it was not meant for.
    mutating func dropIdlePending(of index: Int) {
        guard constraints(of: index).pendingReducers > 0 else { return }
        for order in pending.queue(in: positions[index].contract.index)
        where order.position == index && order.reduceOnly && reducible(index, order.side) == .zero {
            remove(order, .nothingToReduce)
        }
    }

    /// How many conditional orders of an account wait for their price.
    public func pendingOrderCount(of account: AccountID) -> Int {
        pending.queues.reduce(0) { $0 + $1.count { positions[$0.position].account == account } }
    }

    func change(_ order: PendingOrder) -> OrderChange {
        var change = OrderChange(
            id: order.id, account: positions[order.position].account, contract: order.contract, side: order.side,
            price: order.price, size: order.size, remaining: order.size)
        change.condition = order.condition
        return change
    }
}
