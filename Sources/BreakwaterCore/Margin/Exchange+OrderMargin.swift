/// What open orders reserve, beyond the margin of the position they belong to.
///
/// The long side is the position and the buys, the short side the sells beyond it, best-priced first counting as
/// reducing; the worse side is margined. Source: BitMEX, "Isolated and cross margin: open orders".
extension Exchange {
    /// max(0, the worse side's requirement - the position's IM).
    func orderMargin(of position: Position, worth value: Amount) -> Amount {
        guard position.buys.size != .zero || position.sells.size != .zero else { return .zero }
        let buys = sideRequirement(.buy, of: position, worth: value)
        let sells = sideRequirement(.sell, of: position, worth: value)
        return max(.zero, max(buys, sells) - position.initialMargin)
    }

    /// IM for what the position would be if one side's orders filled, with their immediate loss and fees.
    private func sideRequirement(_ side: OrderSide, of position: Position, worth value: Amount) -> Amount {
        let orders = side == .buy ? position.buys : position.sells
        let sameSide = position.size.sign == side.sign
        let opening = openingPart(
            of: orders, beyond: sameSide || position.size == .zero ? .zero : position.size.magnitude)
        let held = sameSide ? (value, position.size.magnitude) : (.zero, .zero)
        let total = (value: held.0 + opening.value, size: held.1 + opening.size)
        guard total.value != .zero else { return opening.cost }
        return initialMargin(of: position, worth: total.value, size: total.size) + opening.cost
    }

    /// What is left of one side's orders once the best-priced ones have closed `closing` lots of the position.
    func openingPart(of orders: Position.OpenOrders, beyond closing: Size) -> (value: Amount, cost: Amount, size: Size)
    {
        guard orders.size > closing else { return (.zero, .zero, .zero) }
        var opening = (value: orders.value, cost: orders.cost, size: orders.size - closing)
        var (slot, left) = (orders.first, closing)
        while left > .zero {
            let order = self.orders[slot]
            slot = order.ownNext
            if order.reduceOnly || order.remaining == .zero { continue }
            let reducing = min(left, order.remaining)
            left = left - reducing
            opening.value = opening.value - order.marginValue.share(reducing.raw, of: order.remaining.raw, .down)
            opening.cost = opening.cost - order.marginCost.share(reducing.raw, of: order.remaining.raw, .down)
        }
        return opening
    }

    /// The value an order is margined at, the worse of limit and mark, and what filling it would lose at once.
    ///
    /// Fixed when the order is placed: a mark update never changes what orders reserve.
    func marginTerms(of size: Size, side: OrderSide, at limit: Price, in market: Int) -> (value: Amount, cost: Amount) {
        let valuation = markets[market].valuation
        let atLimit = valuation.notional(of: size, at: limit)
        let fee = max(.zero, markets[market].contract.fees.taker.of(atLimit, .up))
        guard let mark = markets[market].mark else { return (atLimit, fee) }
        let signed = Size(size.raw * side.sign)
        let loss = valuation.executionValue(of: signed, at: limit) - valuation.markValue(of: signed, at: mark)
        return (max(atLimit, valuation.notional(of: size, at: mark)), max(.zero, loss) + fee)
    }

    /// Puts a resting order into its owner's chain, behind all that would fill before it, and into the side's sums.
    mutating func adopt(_ slot: Int32, by index: Int) {
        let order = orders[slot]
        var chain = openOrders(order.side, of: index)
        var (previous, next) = (Int32(-1), chain.first)
        if chain.last >= 0, order.isBehind(orders[chain.last]) { (previous, next) = (chain.last, -1) }
        while next >= 0, order.isBehind(orders[next]) { (previous, next) = (next, orders[next].ownNext) }
        orders[slot].ownPrevious = previous
        orders[slot].ownNext = next
        if previous >= 0 { orders[previous].ownNext = slot } else { chain.first = slot }
        if next >= 0 { orders[next].ownPrevious = slot } else { chain.last = slot }
        add(order.remaining, worth: order, to: &chain)
        setOpenOrders(chain, order.side, of: index)
        if order.reduceOnly { positions[index].reduceOnlyOrders += 1 }
    }

    /// Takes a resting order out of its owner's chain and sums.
    mutating func abandon(_ slot: Int32, by index: Int) {
        let order = orders[slot]
        var chain = openOrders(order.side, of: index)
        if order.ownPrevious >= 0 {
            orders[order.ownPrevious].ownNext = order.ownNext
        } else {
            chain.first = order.ownNext
        }
        if order.ownNext >= 0 {
            orders[order.ownNext].ownPrevious = order.ownPrevious
        } else {
            chain.last = order.ownPrevious
        }
        add(-order.remaining, worth: order, to: &chain)
        setOpenOrders(chain, order.side, of: index)
        if order.reduceOnly { positions[index].reduceOnlyOrders -= 1 }
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
        var chain = openOrders(order.side, of: index)
        chain.size = chain.size - size
        chain.value = chain.value - (order.marginValue - value)
        chain.cost = chain.cost - (order.marginCost - cost)
        setOpenOrders(chain, order.side, of: index)
    }

    private func add(_ size: Size, worth order: Order, to chain: inout Position.OpenOrders) {
        guard !order.reduceOnly else { return }
        let sign = size.sign
        chain.size = chain.size + size
        chain.value = chain.value + Amount(order.marginValue.raw * sign)
        chain.cost = chain.cost + Amount(order.marginCost.raw * sign)
    }

    private func openOrders(_ side: OrderSide, of index: Int) -> Position.OpenOrders {
        side == .buy ? positions[index].buys : positions[index].sells
    }

    private mutating func setOpenOrders(_ chain: Position.OpenOrders, _ side: OrderSide, of index: Int) {
        if side == .buy { positions[index].buys = chain } else { positions[index].sells = chain }
    }
}
