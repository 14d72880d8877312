/// Conditional orders firing: which ones a price has passed, in which order, and what becomes of them.
extension Exchange {
    /// Takes the orders that wait for `trigger` as its price moves from `old` to `new`: in order of their trigger price
    /// along the path, then of placement.
    ///
    /// While those that watch the mark fire, the mark stands at their trigger price: whatever lies between there and
    /// the new mark, liquidations included, comes after them. One whose own position would be liquidatable there is
    /// left until after the liquidations.
    mutating func firePassed(_ trigger: Condition.Trigger, in market: Int, from old: Price?, to new: Price) {
        guard isTrusted(trigger, in: market), !pending.queue(in: market).isEmpty else { return }
        let passed = passed(trigger, in: market, from: old, to: new)
        pending.follow(trigger, in: market, to: new)
        guard !passed.isEmpty, canFire(in: market) else { return }
        if trigger == .mark { markets[market].markAhead = new }
        for (turn, price) in passed {
            guard var order = pending.order(turn, in: market), !order.isDue else { continue }
            touch(order.position)
            if trigger == .mark, price != old {
                markets[market].mark = price
                touchPositions(of: positions[order.position].account, in: market)
                undo.clear()
            }
            if isLiquidatable(order.position) {
                order.isDue = true
                pending.replace(order)
            } else {
                fire(order, at: price)
            }
        }
        if trigger == .mark {
            markets[market].mark = new
            markets[market].markAhead = nil
        }
    }

    /// Whether conditional orders fire in a market at all.
    private func canFire(in market: Int) -> Bool {
        !markets[market].halted && markets[market].auction == nil
    }

    /// Whether the price that a trigger watches may be acted on. A stale or late one may not; that is asked here.
    private func isTrusted(_ trigger: Condition.Trigger, in market: Int) -> Bool {
        switch trigger {
        case .mark: isFresh(market)
        case .index: markets[market].index(at: now) != nil
        case .last: true
        }
    }

    /// The orders a price passes on its way, each with the price at which it does, in path order.
    private func passed(
        _ trigger: Condition.Trigger, in market: Int, from old: Price?, to new: Price
    ) -> [(turn: Int64, at: Price)] {
        let start = old ?? new
        var passed: [(turn: Int64, at: Price)] = []
        for order in pending.queues[market] where order.condition.trigger == trigger && order.isReached(by: new) {
            // One that was held up on an earlier price stands at the beginning of the path.
            passed.append((order.turn, order.isReached(by: start) ? start : order.stopPrice!))
        }
        return passed.sorted {
            let (first, second) = (($0.at - start).magnitude, ($1.at - start).magnitude)
            return first != second ? first < second : $0.turn < $1.turn
        }
    }

    /// Turns a waiting order into the order it holds, with every check of one; refused, it is cancelled.
    private mutating func fire(_ order: PendingOrder, at price: Price) {
        let index = order.position
        forget(order)
        events.append(.orderTriggered(change(order), at: price))
        if order.condition.closeOnTrigger, reducible(index, order.side) > .zero { clearSide(order.side, of: index) }
        do throws(Rejection) {
            try place(
                OrderRequest(
                    key: key(of: positions[index]), id: order.id, side: order.side, size: order.size,
                    price: order.price, timeInForce: order.timeInForce, postOnly: order.postOnly,
                    reduceOnly: order.reduceOnly))
        } catch {
            events.append(.orderCancelled(change(order), CancelReason(rawValue: error.code) ?? .refused))
        }
        trimOrders()
    }

    /// Cancels a position's resting orders of one side.
    private mutating func clearSide(_ side: OrderSide, of index: Int) {
        while true {
            let slot = openOrders(side, of: index).first
            guard slot >= 0 else { return }
            remove(slot, .closeOnTrigger)
        }
    }

    /// Looks at what trades and liquidations of the command have set off.
    ///
    /// An order fires once and firing places none that waits, so calling this until it is quiet comes to an end.
    ///
    /// - Returns: whether any order fired.
    mutating func fireTriggered() -> Bool {
        let before = pending.count
        if pending.lastCount > 0 { followLast() }
        if pending.dueCount > 0 { fireDue() }
        return pending.count < before
    }

    /// Follows the last price trade by trade, so that no trade that passes a stop goes unseen.
    mutating func followLast() {
        while tradesSeen < events.count {
            tradesSeen += 1
            guard case .traded(let trade) = events[tradesSeen - 1] else { continue }
            let market = trade.contract.index
            let old = markets[market].lastSeen
            markets[market].lastSeen = trade.price
            firePassed(.last, in: market, from: old, to: trade.price)
        }
    }

    /// Fires orders that were left until after their position's liquidation and are still there.
    private mutating func fireDue() {
        for market in pending.queues.indices where canFire(in: market) {
            for order in pending.queues[market] where order.isDue {
                touch(order.position)
                guard let order = pending.order(order.turn, in: market), isTrusted(order.condition.trigger, in: market),
                    !isLiquidatable(order.position)
                else { continue }
                fire(order, at: triggerPrice(order.condition.trigger, in: market)!)
            }
        }
    }

    /// Looks at every trigger of a market anew, where its orders could not fire for a while.
    mutating func fireMissed(in market: Int) {
        for trigger in Condition.Trigger.allCases {
            if let price = triggerPrice(trigger, in: market) { firePassed(trigger, in: market, from: price, to: price) }
        }
    }
}

/// What a mark would do to one position.
extension Exchange {
    /// Whether a position would be liquidatable with its contract's mark at `price`, after drawing there. Tried for
    /// real on everything its account has in the contract, then taken back.
    mutating func isLost(_ index: Int, at price: Price) -> Bool {
        let market = positions[index].contract.index
        guard price > .zero, let mark = markets[market].mark, positions[index].size != .zero else { return false }
        // A price that the ledger cannot hold is far beyond what anybody's margin can bear.
        guard markets[market].valuation.holds(max(markets[market].openInterest, Size(1)), at: price) else {
            return true
        }
        touch(index)
        let start = undo.count
        markets[market].mark = price
        touchPositions(of: positions[index].account, in: market)
        let lost = isBroken(stance(of: positions[index]))
        rollBack(to: start)
        markets[market].mark = mark
        return lost
    }

    /// Brings an account's positions in a contract in step with its mark, as the mark's own visit does.
    private mutating func touchPositions(of account: AccountID, in market: Int) {
        var own: [Int] = []
        var next = accounts[account.index].firstPosition
        while next >= 0 {
            let position = positions[Int(next)]
            if position.contract.index == market, position.size != .zero {
                touch(Int(next))
                own.append(Int(next))
            }
            next = position.next
        }
        for index in own.reversed() {
            save(position: index)
            if rulebook.basis == .mark { refresh(index) }
            draw(index)
        }
    }
}
