/// What open orders reserve, beyond the margin of the position they belong to.
///
/// The long side is the position and the buys, the short side the sells beyond it, best-priced first counting as
/// reducing; the worse side is margined. Source: BitMEX, "Isolated and cross margin: open orders".
extension Exchange {
    /// max(0, the worse side's requirement - the position's IM).
    func orderMargin(of index: Int, worth value: Amount) -> Amount {
        orderMargin(of: index, worth: value, beyond: positions[index].initialMargin)
    }

    /// The same for a position with another IM than the one last worked out.
    func orderMargin(of index: Int, worth value: Amount, beyond initial: Amount) -> Amount {
        guard hasOpenOrders(index) else { return .zero }
        let (buys, sells) = (opening(.buy, of: index), opening(.sell, of: index))
        return max(.zero, worseSide(of: index, worth: value, buys: buys, sells: sells) - initial)
    }

    /// The same for what orders would open that are not, or not all, resting yet.
    func orderMargin(of index: Int, worth value: Amount, buys: Opening, sells: Opening) -> Amount {
        max(.zero, worseSide(of: index, worth: value, buys: buys, sells: sells) - positions[index].initialMargin)
    }

    private func worseSide(of index: Int, worth value: Amount, buys: Opening, sells: Opening) -> Amount {
        max(
            sideRequirement(.buy, of: index, worth: value, buys), sideRequirement(.sell, of: index, worth: value, sells)
        )
    }

    /// IM for what the position would be if one side's orders filled, with their immediate loss and fees.
    @inline(__always)
    private func sideRequirement(_ side: OrderSide, of index: Int, worth value: Amount, _ opening: Opening) -> Amount {
        let size = positions[index].size
        let isHeld = size.sign == side.sign
        // Where nothing would be opened, it is the position's own IM, which at entry value is known.
        if opening.size == .zero, !isHeld { return .zero }
        if opening.size == .zero, rulebook.basis == .entry { return positions[index].initialMargin }
        let total = isHeld ? value + opening.value : opening.value
        guard total != .zero else { return opening.cost }
        return initialMargin(of: index, worth: total, size: isHeld ? size.magnitude + opening.size : opening.size)
            + opening.cost
    }

    /// What one side's orders would open.
    struct Opening {
        var value = Amount.zero
        /// What filling it would lose at once.
        var cost = Amount.zero
        var size = Size.zero

        /// Takes off what of an order closes first.
        fileprivate mutating func close(_ order: Order, _ left: inout Size) {
            if order.reduceOnly || order.remaining == .zero { return }
            let closing = min(left, order.remaining)
            left = left - closing
            value = value - order.marginValue.share(closing.raw, of: order.remaining.raw, .down)
            cost = cost - order.marginCost.share(closing.raw, of: order.remaining.raw, .down)
        }
    }

    /// What is left of one side's orders once the best-priced ones have closed the position, where they are against it.
    @inline(__always)
    func opening(_ side: OrderSide, of index: Int) -> Opening {
        let chain = openOrders(side, of: index)
        let left = reducible(index, side)
        guard chain.size > left else { return Opening() }
        if left == .zero { return Opening(value: chain.value, cost: chain.cost, size: chain.size) }
        return opening(chain, beyond: left)
    }

    private func opening(_ chain: OpenOrders.Chain, beyond reducible: Size) -> Opening {
        var left = reducible
        var opening = Opening(value: chain.value, cost: chain.cost, size: chain.size - left)
        var slot = chain.first
        while left > .zero {
            opening.close(orders[slot], &left)
            slot = orders[slot].ownNext
        }
        return opening
    }

    /// The same with `order` among them, which rests nowhere yet, and without the one in slot `old` where there is one.
    @inline(__always)
    func opening(with order: Order, insteadOf old: Int32, of index: Int) -> Opening {
        var chain = openOrders(order.side, of: index)
        if old >= 0 { chain.subtract(orders[old]) }
        chain.add(order)
        var left = reducible(index, order.side)
        guard chain.size > left else { return Opening() }
        var opening = Opening(value: chain.value, cost: chain.cost, size: chain.size - left)
        var (slot, comes) = (chain.first, true)
        while left > .zero {
            if comes, slot < 0 || !order.isBehind(orders[slot]) {
                opening.close(order, &left)
                comes = false
                continue
            }
            if slot != old { opening.close(orders[slot], &left) }
            slot = orders[slot].ownNext
        }
        return opening
    }

    /// The value an order is margined at, the worse of limit and mark, and what filling it would lose at once.
    ///
    /// Fixed when the order is placed: a mark update never changes what orders reserve.
    func marginTerms(of size: Size, side: OrderSide, at limit: Price, in market: Int) -> (value: Amount, cost: Amount) {
        let valuation = markets[market].valuation
        let atLimit = valuation.worth(of: size, at: limit)
        let fee = max(.zero, markets[market].contract.fees.taker.of(Amount(atLimit.up), .up))
        guard let mark = markets[market].mark else { return (Amount(atLimit.up), fee) }
        let atMark = valuation.worth(of: size, at: mark)
        let isPositive = (side == .buy) == (valuation.kind != .inverse)
        let loss = isPositive ? atLimit.nearest - atMark.down : atMark.up - atLimit.nearest
        return (Amount(max(atLimit.up, atMark.up)), Amount(max(0, loss)) + fee)
    }

    /// Puts a resting order into its owner's chain, behind all that would fill before it, and into the side's sums.
    mutating func adopt(_ slot: Int32, by index: Int) {
        if positions[index].openOrders < 0 { positions[index].openOrders = openOrders.insert() }
        let place = positions[index].openOrders
        var chain = openOrders[place][orders[slot].side]
        let (previous, next) = neighbours(of: slot, in: chain)
        orders[slot].chain(between: previous, next)
        if previous >= 0 { orders[previous].ownNext = slot } else { chain.first = slot }
        if next >= 0 { orders[next].ownPrevious = slot } else { chain.last = slot }
        chain.add(orders[slot])
        openOrders[place][orders[slot].side] = chain
        if orders[slot].reduceOnly { openOrders[place].reduceOnly += 1 }
    }

    /// The neighbours of an order that comes into its owner's chain, looked for from both ends: who quotes near the
    /// price with much resting far away, or the other way round, has either end near.
    private func neighbours(of slot: Int32, in chain: OpenOrders.Chain) -> (previous: Int32, next: Int32) {
        var (ahead, behind) = (chain.first, chain.last)
        while behind >= 0 {
            if orders[slot].isBehind(orders[behind]) { return (behind, orders[behind].ownNext) }
            if !orders[slot].isBehind(orders[ahead]) { return (orders[ahead].ownPrevious, ahead) }
            (ahead, behind) = (orders[ahead].ownNext, orders[behind].ownPrevious)
        }
        return (-1, -1)
    }

    /// Takes a resting order out of its owner's chain and sums.
    mutating func abandon(_ slot: Int32, by index: Int) {
        let place = positions[index].openOrders
        var chain = openOrders[place][orders[slot].side]
        let (previous, next) = (orders[slot].ownPrevious, orders[slot].ownNext)
        if previous >= 0 { orders[previous].ownNext = next } else { chain.first = next }
        if next >= 0 { orders[next].ownPrevious = previous } else { chain.last = previous }
        chain.subtract(orders[slot])
        openOrders[place][orders[slot].side] = chain
        if orders[slot].reduceOnly { openOrders[place].reduceOnly -= 1 }
        if openOrders[place].isEmpty {
            openOrders.remove(place)
            positions[index].openOrders = -1
        }
    }

    /// Gives a resting order other terms. Mostly it keeps its place among its owner's orders.
    mutating func rechain(_ slot: Int32, as new: Order, by index: Int) {
        let (previous, next) = (orders[slot].ownPrevious, orders[slot].ownNext)
        guard previous < 0 || new.isBehind(orders[previous]), next < 0 || !new.isBehind(orders[next]) else {
            abandon(slot, by: index)
            orders[slot].change(to: new)
            return adopt(slot, by: index)
        }
        let place = positions[index].openOrders
        openOrders[place][new.side].subtract(orders[slot])
        openOrders[place][new.side].add(new)
        orders[slot].change(to: new)
    }

    /// Sets what a position's orders reserve.
    @inline(__always)
    mutating func reserve(_ margin: Amount, for index: Int) {
        let change = margin - positions[index].orderMargin
        guard change != .zero else { return }
        let wallet = Int(positions[index].wallet)
        wallets[wallet].orders = wallets[wallet].orders + change
        positions[index].orderMargin = margin
    }

    /// Makes a resting order smaller by a fill or an amendment; the sums keep their pro-rata share.
    mutating func reduce(_ slot: Int32, by size: Size, of index: Int) {
        let order = orders[slot]
        let left = order.remaining - size
        let value = order.marginValue.share(left.raw, of: order.remaining.raw, .nearest)
        let cost = order.marginCost.share(left.raw, of: order.remaining.raw, .nearest)
        orders[slot].remaining = left
        orders[slot].marginValue = value
        orders[slot].marginCost = cost
        guard !order.reduceOnly else { return }
        let place = positions[index].openOrders
        var chain = openOrders[place][order.side]
        chain.size = chain.size - size
        chain.value = chain.value - (order.marginValue - value)
        chain.cost = chain.cost - (order.marginCost - cost)
        openOrders[place][order.side] = chain
    }
}
