/// Placing, amending and cancelling orders. Every check comes before the first change.
extension Exchange {
    mutating func place(_ request: OrderRequest) throws(Rejection) {
        let index = try position(for: request.key)
        if let condition = request.condition { return try suspend(request, of: index, until: condition) }
        let order = try incoming(request, of: index)
        try enter(order, of: index, as: request)
    }

    /// Checks an order's own terms and makes it ready to trade. Hedge mode closes with what would flip.
    private func incoming(_ request: OrderRequest, of index: Int) throws(Rejection) -> Order {
        try checkTerms(of: request)
        let contract = request.key.contract
        try checkAuction(accepts: request)
        if let price = request.price { try checkBand(price, in: contract) }
        let best = markets[contract.index].book[request.side.opposite].best
        // A market order is margined at the first price it would get; each fill is checked again on its own.
        let price = request.price ?? best ?? markets[contract.index].mark ?? Price(1)
        return Order(
            id: request.id, holder: .position(index), contract: contract, side: request.side,
            reduceOnly: request.reduceOnly || request.closesHedge, postOnly: request.postOnly, price: price,
            size: request.size, remaining: request.size)
    }

    /// Checks what can be said of an order whenever it is placed, and whatever the prices.
    func checkTerms(of request: OrderRequest) throws(Rejection) {
        let contract = request.key.contract
        guard !markets[contract.index].halted else { throw .halted(contract) }
        guard request.id == .none || orders.slot(of: request.id) == nil && pending.order(request.id) == nil else {
            throw .duplicateOrder
        }
        guard request.size > .zero else { throw .sizeNotPositive }
        guard request.price == nil || request.price! > .zero else { throw .priceNotPositive }
        guard request.size.raw <= Limits.ticksOrLots, request.price?.raw ?? 0 <= Limits.ticksOrLots else {
            throw .valueTooLarge(contract)
        }
        guard request.price != nil || !request.postOnly else { throw .marketOrderRests }
    }

    /// Checks what an order would need, then trades it and lets the rest stand or go.
    private mutating func enter(_ order: Order, of index: Int, as request: OrderRequest) throws(Rejection) {
        try checkAffordable(order, of: index)
        let best = markets[order.contract.index].book[order.side.opposite].best
        if request.postOnly, let best,
            markets[order.contract.index].book[order.side.opposite].isReached(best, by: order.price)
        {
            throw .wouldTakeLiquidity(order.contract, limit: order.price, best: best)
        }
        events.append(.orderAccepted(change(order, price: request.price)))
        trade(order, of: index, limit: request.price, request.timeInForce)
    }

    /// Whether the account can afford `order` on top of what it has: margin, risk limit, room in the ledger.
    private mutating func checkAffordable(_ order: Order, of index: Int, insteadOf old: Int32? = nil) throws(Rejection)
    {
        let contract = order.contract
        if order.reduceOnly {
            guard reducible(index, order.side) > .zero else { throw .nothingToReduce(contract) }
            return
        }
        let saved = (positions[index], old.map { orders[$0] })
        if let old { reduce(old, by: orders[old].remaining, of: index) }
        defer {
            positions[index] = saved.0
            if let old, let order = saved.1 { orders[old] = order }
        }
        let total = Size(
            positions[index].size.magnitude.raw + positions[index].buys.size.raw + positions[index].sells.size.raw
                + order.size.raw + markets[contract.index].openInterest.raw)
        let prices = [order.price, markets[contract.index].mark ?? order.price]
        for price in prices where !markets[contract.index].valuation.holds(total, at: price) {
            throw .valueTooLarge(contract)
        }

        let needed = requirement(adding: order, to: index)
        guard needed.opens else { return }
        guard markets[contract.index].mark != nil else { throw .noMark(contract) }
        guard positions[index].reduceOnlyUntil <= now else { throw .onlyReducing(contract) }
        if let stale = staleMark(behind: positions[index]) { throw .staleMark(stale) }
        if let limit = valueLimit(of: positions[index]), needed.value > limit {
            throw .riskLimitExceeded(contract, value: needed.value, limit: limit)
        }
        let initial = initialMargin(of: positions[index], worth: needed.value, size: positions[index].size)
        let required =
            needed.margin - saved.0.orderMargin + raised(initial, worth: needed.value, in: contract.index)
            + raised(besides: index, inWallet: Int(positions[index].wallet))
        let spare = available(Int(positions[index].wallet))
        guard required <= max(.zero, spare) else {
            throw .insufficientMargin(contract, required: required, available: max(.zero, spare))
        }
    }

    /// Order margin and one-sided value with `order` among the open ones, by putting it there for a moment.
    private mutating func requirement(adding order: Order, to index: Int) -> (
        margin: Amount, value: Amount, opens: Bool
    ) {
        var order = order
        order.id = .none
        (order.marginValue, order.marginCost) = marginTerms(
            of: order.remaining, side: order.side, at: order.price, in: order.contract.index)
        let before = openingSize(order.side, of: index)
        let slot = orders.insert(order)
        adopt(slot, by: index)
        let position = positions[index]
        let sameSide = position.size.sign == order.side.sign
        let chain = order.side == .buy ? position.buys : position.sells
        let opening = openingPart(of: chain, beyond: sameSide ? .zero : position.size.magnitude)
        let value = basisValue(of: position)
        let margin = orderMargin(of: position, worth: value)
        abandon(slot, by: index)
        orders.remove(slot)
        return (margin, opening.value + (sameSide ? value : .zero), opening.size > before)
    }

    private func openingSize(_ side: OrderSide, of index: Int) -> Size {
        let position = positions[index]
        let sameSide = position.size.sign == side.sign
        return openingPart(
            of: side == .buy ? position.buys : position.sells, beyond: sameSide ? .zero : position.size.magnitude
        ).size
    }

    /// Trades an order that passed every check and lets the rest stand or go.
    private mutating func trade(_ order: Order, of index: Int, limit: Price?, _ timeInForce: TimeInForce) {
        var taker = Taker(
            id: order.id, holder: order.holder, contract: order.contract, side: order.side,
            limit: limit ?? bandEdge(for: order.side, in: order.contract.index), remaining: order.remaining,
            reduceOnly: order.reduceOnly)
        var rest = order
        if markets[order.contract.index].auction != nil {
            if !rested(rest, of: index) { events.append(.orderCancelled(change(rest), .insufficientMargin)) }
            return
        }
        if timeInForce == .fillOrKill, !canFillCompletely(taker) {
            events.append(.orderCancelled(change(rest, price: limit), .notFilled))
            return
        }
        let end = match(&taker)
        rest.remaining = taker.remaining
        let reason: CancelReason
        switch end {
        case .filled: return
        case .selfTrade: reason = .selfTrade
        case .refused(let refusal): reason = refusal.cancelReason
        case .nothingLeftToTake:
            if taker.reduceOnly, reducible(index, order.side) == .zero {
                reason = .nothingToReduce
            } else if limit == nil || timeInForce != .goodTillCancelled {
                reason = .notFilled
            } else if rested(rest, of: index) {
                return
            } else {
                reason = .insufficientMargin
            }
        }
        events.append(.orderCancelled(change(rest, price: limit), reason))
    }

    /// Puts what is left of an order into the book, unless what its trading cost leaves too little for its margin.
    private mutating func rested(_ order: Order, of index: Int) -> Bool {
        var order = order
        if !order.reduceOnly {
            (order.marginValue, order.marginCost) = marginTerms(
                of: order.remaining, side: order.side, at: order.price, in: order.contract.index)
        }
        let slot = orders.insert(order)
        adopt(slot, by: index)
        refresh(index)
        if !order.reduceOnly, positions[index].orderMargin > .zero, available(Int(positions[index].wallet)) < .zero {
            abandon(slot, by: index)
            orders.remove(slot)
            refresh(index)
            return false
        }
        orders[slot].turn = turns
        turns += 1
        markets[order.contract.index].book.insert(slot, in: &orders)
        return true
    }

    /// Changes an open order's total size, its price, or both. Shrinking at the same price keeps its turn.
    mutating func amend(
        _ account: AccountID, _ id: OrderID, in contract: ContractID, size: Size?, price: Price?, stop: Price?
    ) throws(Rejection) {
        guard size != nil || price != nil || stop != nil else { throw .nothingToAmend }
        guard size == nil || size! > .zero else { throw .sizeNotPositive }
        guard price == nil || price! > .zero, stop == nil || stop! > .zero else { throw .priceNotPositive }
        if let waiting = ownPending(account, id) {
            guard waiting.contract == contract else { throw .unknownOrder }
            return try amend(waiting, size: size, price: price, stop: stop)
        }
        let slot = try ownOrder(account, id)
        let old = orders[slot]
        let index = old.holder.position!
        touch(index)
        guard old.contract == contract else { throw .unknownOrder }
        guard stop == nil else { throw .notConditional }
        guard !markets[old.contract.index].halted else { throw .halted(old.contract) }
        guard size?.raw ?? 0 <= Limits.ticksOrLots, price?.raw ?? 0 <= Limits.ticksOrLots else {
            throw .valueTooLarge(old.contract)
        }
        let filled = old.size - old.remaining
        var new = old
        new.size = size ?? old.size
        new.price = price ?? old.price
        new.remaining = new.size - filled
        guard new.remaining > .zero else { return remove(slot, .requested) }
        if new.price == old.price, new.remaining <= old.remaining {
            if new.remaining < old.remaining { shrink(slot, to: new, of: index) }
            events.append(.orderAmended(change(orders[slot])))
            return
        }
        if new.price != old.price { try checkBand(new.price, in: old.contract) }
        try checkAffordable(new, of: index, insteadOf: slot)
        let best = markets[old.contract.index].book[old.side.opposite].best
        if old.postOnly, let best, markets[old.contract.index].book[old.side.opposite].isReached(best, by: new.price) {
            throw .wouldTakeLiquidity(old.contract, limit: new.price, best: best)
        }
        unlink(slot)
        refresh(index)
        events.append(.orderAmended(change(new)))
        trade(new, of: index, limit: new.price, .goodTillCancelled)
    }

    private mutating func shrink(_ slot: Int32, to new: Order, of index: Int) {
        let less = orders[slot].remaining - new.remaining
        markets[new.contract.index].book[new.side].shrinkLevel(at: new.price, by: less)
        reduce(slot, by: less, of: index)
        orders[slot].size = new.size
        refresh(index)
    }

    mutating func cancel(_ account: AccountID, _ id: OrderID) throws(Rejection) {
        if let waiting = ownPending(account, id) { return remove(waiting, .requested) }
        remove(try ownOrder(account, id), .requested)
    }

    private func ownPending(_ account: AccountID, _ id: OrderID) -> PendingOrder? {
        guard let order = pending.order(id), positions[order.position].account == account else { return nil }
        return order
    }

    private func ownOrder(_ account: AccountID, _ id: OrderID) throws(Rejection) -> Int32 {
        try check(account)
        guard let slot = orders.slot(of: id), let index = orders[slot].holder.position,
            positions[index].account == account
        else { throw .unknownOrder }
        return slot
    }

    mutating func cancelAll(_ account: AccountID, in contract: ContractID?) throws(Rejection) {
        try check(account)
        if let contract { try check(contract) }
        var next = accounts[account.index].firstPosition
        while next >= 0 {
            let position = positions[Int(next)]
            if contract == nil || position.contract == contract { cancelOrders(of: Int(next), .requested) }
            next = position.next
        }
        cancelPending(of: account, in: contract)
    }

    /// Cancels every order an account has in a position's contract; in hedge mode those of its other side as well.
    ///
    /// - Returns: how many there were.
    @discardableResult
    mutating func cancelContractOrders(of index: Int, _ reason: CancelReason) -> Int {
        let (account, contract) = (positions[index].account, positions[index].contract)
        var count = 0
        var next = accounts[account.index].firstPosition
        while next >= 0 {
            if positions[Int(next)].contract == contract { count += cancelOrders(of: Int(next), reason) }
            next = positions[Int(next)].next
        }
        return count
    }

    /// Cancels every order of one position, buys first, best-priced first.
    ///
    /// - Returns: how many there were.
    @discardableResult
    mutating func cancelOrders(of index: Int, _ reason: CancelReason) -> Int {
        var count = 0
        while let slot = [positions[index].buys.first, positions[index].sells.first].first(where: { $0 >= 0 }) {
            remove(slot, reason)
            count += 1
        }
        return count
    }

    /// Looks after the orders of positions that changed: none is left that was not meant for what the position is now.
    mutating func trimOrders() {
        while let index = ordersToTrim.popLast() {
            dropIdleReducers(of: Int(index))
            dropIdlePending(of: Int(index))
            dropUnaffordable(of: Int(index))
        }
    }

    /// Cancels reduce-only orders that have nothing left to reduce.
    private mutating func dropIdleReducers(of index: Int) {
        guard positions[index].reduceOnlyOrders > 0 else { return }
        for side in OrderSide.allCases where reducible(index, side) == .zero {
            var slot = side == .buy ? positions[index].buys.first : positions[index].sells.first
            while slot >= 0 {
                let next = orders[slot].ownNext
                if orders[slot].reduceOnly { remove(slot, .nothingToReduce) }
                slot = next
            }
        }
    }

    /// Cancels orders that closing turned from reducing into opening ones, worst-priced first, until the rest is affordable.
    private mutating func dropUnaffordable(of index: Int) {
        while positions[index].orderMargin > .zero, available(Int(positions[index].wallet)) < .zero {
            let position = positions[index]
            let worse: OrderSide = openingSize(.sell, of: index) > openingSize(.buy, of: index) ? .sell : .buy
            var slot = worse == .buy ? position.buys.last : position.sells.last
            while slot >= 0, orders[slot].reduceOnly { slot = orders[slot].ownPrevious }
            guard slot >= 0 else { return }
            remove(slot, .insufficientMargin)
        }
    }

    /// Closes a position at market.
    mutating func close(_ key: PositionKey) throws(Rejection) {
        let index = try position(for: key)
        let size = positions[index].size
        guard size != .zero else { throw .noPosition }
        try place(
            OrderRequest(
                key: key, id: .none, side: size > .zero ? .sell : .buy, size: size.magnitude, price: nil,
                timeInForce: .immediateOrCancel, reduceOnly: true))
    }
}

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
