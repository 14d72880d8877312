/// Placing, amending and cancelling orders. Every check comes before the first change.
extension Exchange {
    mutating func place(_ request: OrderRequest) throws(Rejection) {
        let index = try position(for: request.key)
        if let condition = request.condition { return try suspend(request, of: index, until: condition) }
        let (order, margin, trades) = try admit(request, of: index)
        events.append(.orderAccepted(change(order, price: request.price)))
        if trades || request.timeInForce != .goodTillCancelled || request.price == nil {
            trade(order, of: index, limit: request.price, request.timeInForce)
        } else if !rested(order, of: index, reserving: margin) {
            events.append(.orderCancelled(change(order), .insufficientMargin))
        }
    }

    /// Checks an order that is to enter: what the position's orders reserve with it, and whether it would trade at once.
    @inline(__always)
    func admit(_ request: OrderRequest, of index: Int) throws(Rejection) -> (order: Order, margin: Amount, trades: Bool)
    {
        var order = try incoming(request, of: index)
        let margin = try checkAffordable(&order, of: index)
        return (order, margin, try checkCrossing(order))
    }

    /// Checks an order's own terms and makes it ready to trade. Hedge mode closes with what would flip.
    private func incoming(_ request: OrderRequest, of index: Int) throws(Rejection) -> Order {
        try checkTerms(of: request)
        let contract = request.key.contract
        try checkAuction(accepts: request)
        if let price = request.price { try checkBand(price, in: contract) }
        // A market order is margined at the first price it would get; each fill is checked again on its own.
        let price =
            request.price ?? markets[contract.index].book.front.best(request.side.opposite) ?? markets[contract.index]
            .mark
            ?? Price(1)
        return Order(
            id: request.id, holder: .position(index), contract: contract, side: request.side,
            reduceOnly: request.reduceOnly || request.closesHedge, postOnly: request.postOnly, price: price,
            size: request.size, remaining: request.size)
    }

    /// Checks what can be said of an order whenever it is placed, and whatever the prices.
    func checkTerms(of request: OrderRequest) throws(Rejection) {
        let contract = request.key.contract
        try checkActive(request.key.account)
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

    /// Whether an order would trade at once; in an auction none does. A post-only one must not.
    @inline(__always)
    private func checkCrossing(_ order: Order) throws(Rejection) -> Bool {
        let market = order.contract.index
        guard markets[market].book.front.crosses(order.side, limit: order.price) else { return false }
        if order.postOnly, let best = markets[market].book.front.best(order.side.opposite) {
            throw .wouldTakeLiquidity(order.contract, limit: order.price, best: best)
        }
        return markets[market].auction == nil
    }

    /// Whether the account can afford `order` on top of what it has: margin, risk limit, room in the ledger. Works out
    /// what the order is margined at.
    ///
    /// - Parameter old: the slot of the order it takes the place of, `-1` for none.
    /// - Returns: what the position's orders reserve with it.
    private func checkAffordable(_ order: inout Order, of index: Int, insteadOf old: Int32 = -1) throws(Rejection)
        -> Amount
    {
        let contract = order.contract
        let market = contract.index
        if order.reduceOnly {
            guard reducible(index, order.side) > .zero else { throw .nothingToReduce(contract) }
            return positions[index].orderMargin
        }
        try checkRoom(for: order, of: index, insteadOf: old)
        (order.marginValue, order.marginCost) = marginTerms(
            of: order.remaining, side: order.side, at: order.price, in: market)
        let needed = requirement(with: order, insteadOf: old, of: index)
        guard needed.opens else { return needed.margin }
        guard markets[market].mark != nil else { throw .noMark(contract) }
        guard constraints(of: index).reduceOnlyUntil <= now else { throw .onlyReducing(contract) }
        guard accounts[positions[index].account.index].restriction == .none else { throw .accountReducesOnly }
        if let stale = staleMark(behind: index) { throw .staleMark(stale) }
        if let limit = valueLimit(of: index), needed.value > limit {
            throw .riskLimitExceeded(contract, value: needed.value, limit: limit)
        }
        let wallet = Int(positions[index].wallet)
        var required = needed.margin - positions[index].orderMargin
        if raisesMargins {
            let initial = initialMargin(of: index, worth: needed.value, size: positions[index].size)
            required =
                required + raised(initial, worth: needed.value, in: market) + raised(besides: index, inWallet: wallet)
        }
        let spare = available(wallet)
        guard required <= max(.zero, spare) else {
            throw .insufficientMargin(contract, required: required, available: max(.zero, spare))
        }
        return needed.margin
    }

    /// Whether the ledger could hold everything the account and the contract have open, at the limit and at mark.
    @inline(__always)
    private func checkRoom(for order: Order, of index: Int, insteadOf old: Int32) throws(Rejection) {
        let market = order.contract.index
        let total = Size(
            positions[index].size.magnitude.raw + openOrders(.buy, of: index).size.raw
                + openOrders(.sell, of: index).size.raw
                - (old >= 0 ? orders[old].remaining.raw : 0) + order.size.raw + markets[market].openInterest.raw)
        guard markets[market].valuation.holds(total, at: order.price, and: markets[market].mark ?? order.price) else {
            throw .valueTooLarge(order.contract)
        }
    }

    /// What a position's orders reserve with `order` among them, what it is worth with those of that side, and whether
    /// the order opens anything.
    @inline(__always)
    private func requirement(with order: Order, insteadOf old: Int32, of index: Int) -> (
        margin: Amount, value: Amount, opens: Bool
    ) {
        let side = order.side
        let value = basisValue(of: index)
        let own = opening(with: order, insteadOf: old, of: index)
        let other = opening(side.opposite, of: index)
        let margin = orderMargin(
            of: index, worth: value, buys: side == .buy ? own : other, sells: side == .buy ? other : own)
        let others = openOrders(side, of: index).size - (old >= 0 ? orders[old].remaining : .zero)
        let before = max(.zero, others - reducible(index, side))
        let isHeld = positions[index].size.sign == side.sign
        return (margin, isHeld ? own.value + value : own.value, own.size > before)
    }

    /// Trades an order that passed every check and lets the rest stand or go.
    private mutating func trade(_ order: Order, of index: Int, limit: Price?, _ timeInForce: TimeInForce) {
        var taker = taker(order, limit: limit)
        var rest = order
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
            } else if restedAfterTrading(rest, of: index) {
                return
            } else {
                reason = .insufficientMargin
            }
        }
        events.append(.orderCancelled(change(rest, price: limit), reason))
    }

    /// An order as it meets the book; without a limit it goes as far as the price band.
    @inline(__always)
    func taker(_ order: Order, limit: Price?) -> Taker {
        Taker(
            id: order.id, holder: order.holder, contract: order.contract, side: order.side,
            limit: limit ?? bandEdge(for: order.side, in: order.contract.index), remaining: order.remaining,
            reduceOnly: order.reduceOnly)
    }

    /// Works out anew what is left of an order, now that its trades have changed its position, and lets it rest.
    private mutating func restedAfterTrading(_ order: Order, of index: Int) -> Bool {
        var order = order
        let margin = marginWithRest(&order, of: index)
        return rested(order, of: index, reserving: margin)
    }

    /// What a position's orders reserve with the rest of an order that has traded among them; margins that rest.
    func marginWithRest(_ order: inout Order, of index: Int) -> Amount {
        if order.reduceOnly { return positions[index].orderMargin }
        (order.marginValue, order.marginCost) = marginTerms(
            of: order.remaining, side: order.side, at: order.price, in: order.contract.index)
        return requirement(with: order, insteadOf: -1, of: index).margin
    }

    /// Puts an order into the book, unless the account cannot bear what its orders reserve then.
    private mutating func rested(_ order: Order, of index: Int, reserving margin: Amount) -> Bool {
        guard bears(margin, for: index, order) else { return false }
        var order = order
        order.turn = nextTurn()
        let slot = orders.insert(order)
        adopt(slot, by: index)
        markets[order.contract.index].book.insert(slot, in: &orders)
        return true
    }

    /// Reserves `margin` for a position's orders, `order` among them, if the wallet has it.
    private mutating func bears(_ margin: Amount, for index: Int, _ order: Order) -> Bool {
        let before = positions[index].orderMargin
        reserve(margin, for: index)
        if order.reduceOnly || margin == .zero || available(Int(positions[index].wallet)) >= .zero { return true }
        reserve(before, for: index)
        return false
    }

    private mutating func nextTurn() -> Int64 {
        turns += 1
        return turns - 1
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
        try checkActive(account)
        let old = orders[slot]
        guard let index = old.holder.position, old.contract == contract else { throw .unknownOrder }
        touch(index)
        guard stop == nil else { throw .notConditional }
        guard !markets[contract.index].halted else { throw .halted(contract) }
        guard size?.raw ?? 0 <= Limits.ticksOrLots, price?.raw ?? 0 <= Limits.ticksOrLots else {
            throw .valueTooLarge(contract)
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
        if new.price != old.price { try checkBand(new.price, in: contract) }
        let margin = try checkAffordable(&new, of: index, insteadOf: slot)
        let trades = try checkCrossing(new)
        events.append(.orderAmended(change(new)))
        if !trades, bears(margin, for: index, new) {
            new.turn = nextTurn()
            return requeue(slot, as: new, of: index)
        }
        unlink(slot)
        refresh(index)
        if trades {
            trade(new, of: index, limit: new.price, .goodTillCancelled)
        } else {
            events.append(.orderCancelled(change(new), .insufficientMargin))
        }
    }

    /// Gives a resting order a new price or size, and with it a new turn.
    private mutating func requeue(_ slot: Int32, as new: Order, of index: Int) {
        let before = orders[slot].remaining
        rechain(slot, as: new, by: index)
        markets[new.contract.index].book.requeue(slot, leaving: before, in: &orders)
    }

    private mutating func shrink(_ slot: Int32, to new: Order, of index: Int) {
        let less = orders[slot].remaining - new.remaining
        markets[new.contract.index].book.shrinkLevel(of: slot, by: less, in: orders)
        reduce(slot, by: less, of: index)
        orders[slot].size = new.size
        refresh(index)
    }

    mutating func cancel(_ account: AccountID, _ id: OrderID) throws(Rejection) {
        if let waiting = ownPending(account, id) { return remove(waiting, .requested) }
        remove(try ownOrder(account, id), .requested)
    }

    @inline(__always)
    private func ownPending(_ account: AccountID, _ id: OrderID) -> PendingOrder? {
        guard pending.count > 0, let order = pending.order(id), positions[order.position].account == account else {
            return nil
        }
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
        while true {
            let buy = openOrders(.buy, of: index).first
            let slot = buy >= 0 ? buy : openOrders(.sell, of: index).first
            guard slot >= 0 else { break }
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
        guard reduceOnlyOrders(of: index) > 0 else { return }
        for side in OrderSide.allCases where reducible(index, side) == .zero {
            var slot = openOrders(side, of: index).first
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
            let worse: OrderSide =
                opening(.sell, of: index).size > opening(.buy, of: index).size ? .sell : .buy
            var slot = openOrders(worse, of: index).last
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
