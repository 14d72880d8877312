/// An incoming order meets the book: best price first, then first come.
extension Exchange {
    /// Why a taker stopped trading.
    enum MatchEnd: Equatable {
        case filled
        case nothingLeftToTake
        case selfTrade
        case refused(Rejection)
    }

    /// Trades `taker` against the book as far as its limit, its owner's means and the book go.
    ///
    /// - Parameter trial: book fills in the ledger only, to be rolled back by the caller; the book stays as it is.
    mutating func match(_ taker: inout Taker, trial: Bool = false) -> MatchEnd {
        let market = taker.contract.index
        var slot = markets[market].book.front.first(taker.side.opposite)
        while slot >= 0, taker.reaches(orders[slot].price) {
            var next = orders[slot].next
            if next < 0 { next = markets[market].book.first(behind: orders[slot]) }
            switch meet(&taker, slot, trial: trial) {
            case .goOn: break
            case .stop(let end): return end
            }
            slot = next
        }
        return .nothingLeftToTake
    }

    private enum Encounter {
        case goOn
        case stop(MatchEnd)
    }

    /// One taker and one resting order: skip it, cancel it, or trade.
    private mutating func meet(_ taker: inout Taker, _ slot: Int32, trial: Bool) -> Encounter {
        let maker = orders[slot]
        switch (taker.holder.position, maker.holder.position) {
        case (nil, nil):
            return .goOn  // Lots of the liquidation engine never meet each other.
        case (let own?, let other?) where positions[own].account == positions[other].account:
            return preventSelfTrade(of: positions[own].account, slot, trial: trial)
        default: break
        }
        if maker.reduceOnly, let index = maker.holder.position, reducible(index, maker.side) == .zero {
            if !trial { remove(slot, .nothingToReduce) }
            return .goOn
        }
        let size = tradable(taker, maker)
        guard size > .zero else { return .stop(.nothingLeftToTake) }
        switch fill(taker, slot, size: size, at: maker.price) {
        case .makerRefused(let refusal):
            // A lot whose fund cannot pay a rounding unit waits; a trader's order that is not affordable goes.
            if !trial, maker.holder.position != nil { remove(slot, refusal.cancelReason) }
            return .goOn
        case .takerRefused(let refusal):
            return .stop(.refused(refusal))
        case .booked(let value, let own, let other):
            taker.remaining = taker.remaining - size
            taker.realised = taker.realised + own.realised
            taker.traded = taker.traded + value
            taker.fees = taker.fees + own.fee
            if !trial { publish(taker, own, slot, other, size: size, value: value.magnitude, price: maker.price) }
        }
        if taker.remaining == .zero { return .stop(.filled) }
        return isSpent(taker) ? .stop(.nothingLeftToTake) : .goOn
    }

    /// How much two orders can trade: reduce-only ones are cut to their positions, aggressing lots to their budget.
    private func tradable(_ taker: Taker, _ maker: Order) -> Size {
        var size = min(taker.remaining, maker.remaining)
        if taker.reduceOnly, let index = taker.holder.position { size = min(size, reducible(index, taker.side)) }
        if maker.reduceOnly, let index = maker.holder.position { size = min(size, reducible(index, maker.side)) }
        if taker.aggressing, let index = taker.holder.lot { size = min(size, affordable(index, size, at: maker.price)) }
        return size
    }

    /// How much of a position an order of `side` can close.
    @inline(__always)
    func reducible(_ index: Int, _ side: OrderSide) -> Size {
        let size = positions[index].size
        return size.sign == -side.sign ? size.magnitude : .zero
    }

    /// Whether a taker cannot trade any more, though it is not filled.
    private func isSpent(_ taker: Taker) -> Bool {
        guard taker.reduceOnly, let index = taker.holder.position else { return false }
        return reducible(index, taker.side) == .zero
    }

    private mutating func preventSelfTrade(of account: AccountID, _ slot: Int32, trial: Bool) -> Encounter {
        switch accounts[account.index].selfTrade {
        case .newest: return .stop(.selfTrade)
        case .oldest:
            if !trial { remove(slot, .selfTrade) }
            return .goOn
        case .both:
            if !trial { remove(slot, .selfTrade) }
            return .stop(.selfTrade)
        }
    }

    /// Makes a booked trade visible: in the book and in events.
    private mutating func publish(
        _ taker: Taker, _ own: Gain, _ slot: Int32, _ other: Gain, size: Size, value: Amount, price: Price
    ) {
        undo.clear()
        let maker = orders[slot]
        let market = taker.contract.index
        markets[market].last = price
        markets[market].book.shrinkLevel(of: slot, by: size, in: orders)
        events.append(
            .traded(
                Trade(
                    contract: taker.contract, price: price, size: size, value: value, takerSide: taker.side,
                    taker: party(taker.holder, taker.id, own), maker: party(maker.holder, maker.id, other))))
        if maker.remaining == .zero { unlink(slot) }
        for holder in [taker.holder, maker.holder] {
            if let index = holder.position { announce(index) } else { closeIfDone(holder.lot!) }
        }
    }

    func party(_ holder: Holder, _ id: OrderID, _ gain: Gain) -> Trade.Party {
        guard let index = holder.position else { return .engine(lots[holder.lot!].liquidation) }
        let booking = Trade.Booking(side: positions[index].side, realised: gain.realised, fee: gain.fee)
        return .account(positions[index].account, id, booking)
    }

    /// Whether a FillOrKill would fill completely: every fill is tried for real, then taken back.
    mutating func canFillCompletely(_ taker: Taker) -> Bool {
        var trial = taker
        let (undoStart, eventStart) = (undo.count, events.count)
        let end = match(&trial, trial: true)
        rollBack(to: undoStart)
        events.removeSubrange(eventStart...)
        return end == .filled
    }
}
