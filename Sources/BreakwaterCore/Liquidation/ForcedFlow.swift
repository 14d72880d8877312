/// What forced orders have taken from one contract's book in the present second.
struct ForcedUse: Sendable, Equatable {
    var second: Int64 = -1
    /// What may still be sold and bought in it, in lots; `nil` until the side is first used.
    var sells: Size?
    var buys: Size?
    var notional = Amount.zero
    /// Whether something was cut and waits for the next second.
    var waits = false
}

/// Forced orders take no more of the book in a second than the rulebook lets them; the rest waits and resumes in order.
extension Exchange {
    /// How many lots a forced order of `side`, limited at `limit`, may trade now.
    mutating func forcedAllowance(_ market: Int, _ side: OrderSide, limit: Price?) -> Size {
        guard let flow = rulebook.forcedFlow else { return Size(Limits.ticksOrLots) }
        if markets[market].forced.second != now.raw / 1_000_000 {
            markets[market].forced = ForcedUse(second: now.raw / 1_000_000)
        }
        var lots = Size(Limits.ticksOrLots)
        if let share = flow.depth { lots = min(lots, depthLeft(market, side, limit: limit, share)) }
        if let most = flow.perSecond[markets[market].contract.settle], let mark = markets[market].mark {
            let left = max(.zero, most - markets[market].forced.notional)
            let lot = markets[market].valuation.notional(of: Size(1), at: mark)
            let part = Size(Int64(divide(left.wide, by: max(1, lot.wide), .down)))
            lots = min(lots, markets[market].forced.notional == .zero ? max(Size(1), part) : part)
        }
        return lots
    }

    /// What is left of the side's share of the depth seen when it was first used in this second; at least one lot then,
    /// so that a thin book slows liquidations down but never stops them.
    private mutating func depthLeft(_ market: Int, _ side: OrderSide, limit: Price?, _ share: Rate) -> Size {
        let known = side == .sell ? markets[market].forced.sells : markets[market].forced.buys
        if let known { return known }
        let book = markets[market].book[side.opposite]
        let visible = book.levels.reduce(Size.zero) { $0 + (book.isReached($1.price, by: limit) ? $1.size : .zero) }
        let lots = visible == .zero ? .zero : max(Size(1), Size(share.of(Amount(visible.raw), .down).raw))
        if visible == .zero { return .zero }
        if side == .sell { markets[market].forced.sells = lots } else { markets[market].forced.buys = lots }
        return lots
    }

    /// Counts what a forced order traded; one that was cut has the contract looked at again when the second is
    /// over; one that found nothing to trade with waits for the next command instead.
    ///
    /// - Parameter isShort: whether it was allowed less than it wanted.
    /// - Returns: whether it was cut.
    mutating func useForcedAllowance(
        _ market: Int, _ side: OrderSide, _ size: Size, worth value: Amount, isShort: Bool
    ) -> Bool {
        guard rulebook.forcedFlow != nil else { return false }
        markets[market].forced.notional = markets[market].forced.notional + value.magnitude
        if let left = markets[market].forced.sells, side == .sell { markets[market].forced.sells = left - size }
        if let left = markets[market].forced.buys, side == .buy { markets[market].forced.buys = left - size }
        let isCut = isShort && markets[market].forced.notional > .zero
        if isCut {
            markets[market].forced.waits = true
            timerIsKnown = false
        }
        return isCut
    }

    /// When forced orders that were cut may go on: at the start of the next second.
    var nextForcedSecond: Timestamp? {
        guard rulebook.forcedFlow != nil else { return nil }
        let second = markets.lazy.filter { $0.forced.waits }.map(\.forced.second).min()
        return second.map { Timestamp(($0 + 1) * 1_000_000) }
    }

    mutating func resumeForcedFlow() {
        for market in markets.indices where markets[market].forced.waits {
            markets[market].forced = ForcedUse()
            retryLots(in: market)
        }
    }
}
