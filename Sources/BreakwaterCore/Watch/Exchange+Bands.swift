/// When an account may be left alone, and for how long.
///
/// Its slack is how far its margin may fall before a warning level or the trigger, or, where losses are drawn, before
/// nothing is available. It is split over the account's positions by notional: each may lose its part by its own mark,
/// and pay its part of an eighth of it as funding, whatever the others do. An account already warned may also gain only so
/// much, until a level is armed again. Bounds err on the near side: reaching one means to look, never to liquidate.
extension Exchange {
    /// What a wallet's positions may lose or gain in all before it must be looked at.
    private struct Room {
        /// Lost by marks moving against cross positions, gained by marks moving for them; `nil` for any gain.
        var loss = Int128(0)
        var gain: Int128?
        /// Paid and received as funding.
        var payments = Int128(0)
        var receipts: Int128?
        /// The sums that both are split by: of cross positions' notionals, and of all.
        var crossNotional = Int128(0)
        var notional = Int128(0)
    }

    /// Leaves the wallets visited in this command alone, where that is safe.
    mutating func calmVisited() {
        while let wallet = watch.visited.popLast() { calm(Int(wallet)) }
    }

    private mutating func calm(_ wallet: Int) {
        guard watch.watching == .bands, !watch.isCalm[wallet], !wallets[wallet].pendingRecheck,
            let room = room(of: wallet)
        else { return }
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard positions[place].wallet == Int32(wallet) else { continue }
            if positions[place].size == .zero {
                for bound in Watch.Bound.allCases {
                    watch.set(bound, of: place, in: positions[place].contract.index, to: nil)
                }
            } else {
                setBand(place, room)
            }
        }
        watch.isCalm[wallet] = true
    }

    /// - Returns: `nil` where the wallet has to be visited at every mark.
    private func room(of wallet: Int) -> Room? {
        var room = Room()
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard positions[place].wallet == Int32(wallet), positions[place].size != .zero else { continue }
            guard mayBeCalm(place) else { return nil }
            let market = positions[place].contract.index
            let notional = markets[market].valuation.notional(of: positions[place].size, at: markets[market].mark!).wide
            room.notional += notional
            if positions[place].mode == .cross { room.crossNotional += notional }
        }
        guard room.notional > 0 else { return nil }
        switch rulebook.cross {
        case .drawn: return drawnRoom(of: wallet, room)
        case .portfolio: return portfolioRoom(of: wallet, room)
        }
    }

    private func mayBeCalm(_ index: Int) -> Bool {
        guard markets[positions[index].contract.index].mark != nil, !positions[index].pendingRecheck,
            positions[index].liquidation < 0
        else { return false }
        if positions[index].mode == .isolated { return isolatedRoom(of: index) != nil }
        guard rulebook.cross == .drawn else { return true }
        // With every loss drawn its own margin is at least its IM, which keeps its buffer at 100 % or above.
        return positions[index].warned == .none
            && positions[index].initialMargin > positions[index].maintenanceMargin
            && positions[index].drawn + unrealised(positions[index]) >= .zero
    }

    private func drawnRoom(of wallet: Int, _ sums: Room) -> Room? {
        let free = available(wallet)
        // Requirements that move with the mark would move what is available; and what settlements realise counts for the
        // clawback period they fell into, which no fold keeps.
        guard rulebook.basis == .entry, rulebook.stages.clawbackPeriod == nil, free >= .zero else { return nil }
        if let levels = rulebook.stages.warnings, levels.warningRearmed > .one { return nil }
        var room = sums
        room.payments = free.wide / 8
        room.loss = free.wide - room.payments
        return room
    }

    private func portfolioRoom(of wallet: Int, _ sums: Room) -> Room? {
        // What other currencies count for moves with their own marks.
        let account = wallets[wallet].account
        if let collateral = rulebook.collateral,
            collateral.assets.contains(where: { findWallet(of: account, in: $0.currency) != nil })
        {
            return nil
        }
        var room = sums
        guard room.crossNotional > 0 else { return room }
        let stance = view(ofPortfolio: wallet).stance
        let span = wallets[wallet].cross + wallets[wallet].orders - stance.maintenance
        guard
            let (loss, gain) = slack(
                above: stance.margin - stance.maintenance, span: span, warned: wallets[wallet].warned)
        else { return nil }
        let spare = wallets[wallet].balance - wallets[wallet].isolated
        room.payments = max(0, min(loss / 8, spare.wide))
        room.loss = loss - room.payments
        room.receipts = gain.map { $0 / 8 }
        room.gain = gain.map { $0 - $0 / 8 }
        return room
    }

    /// How far an isolated position's own margin may fall and rise.
    private func isolatedRoom(of index: Int) -> (loss: Int128, gain: Int128?)? {
        slack(
            above: ownMargin(positions[index]) - positions[index].maintenanceMargin,
            span: positions[index].initialMargin - positions[index].maintenanceMargin, warned: positions[index].warned)
    }

    /// How far margin above MM may fall before the trigger or the next warning, and rise before one is armed again.
    ///
    /// A unit or two are kept back for each figure that is rounded on the way.
    private func slack(above: Amount, span: Amount, warned: WarningLevel) -> (loss: Int128, gain: Int128?)? {
        let rounding = Int128(8 * Limits.listings)
        func beyond(_ level: Rate) -> Int128 {
            divide(above.wide * Rate.one.wide - level.wide * span.wide, by: Rate.one.wide, .down)
        }
        var (loss, gain) = (above.wide, Int128?.none)
        if let levels = rulebook.stages.warnings {
            guard span > .zero else { return nil }
            switch warned {
            case .none: loss = min(loss, beyond(levels.warning))
            case .warning: (loss, gain) = (min(loss, beyond(levels.danger)), -beyond(levels.warningRearmed))
            case .danger: gain = -beyond(levels.dangerRearmed)
            }
        }
        let allowance = rulebook.basis == .mark ? rounding : 2
        guard loss > allowance, gain.map({ $0 > allowance }) ?? true else { return nil }
        return (loss - allowance, gain.map { $0 - allowance })
    }
}

/// One position's band.
extension Exchange {
    private mutating func setBand(_ index: Int, _ room: Room) {
        let market = positions[index].contract.index
        let position = positions[index]
        let value = markets[market].valuation.markValue(of: position.size, at: markets[market].mark!).wide
        let notional = markets[market].valuation.notional(of: position.size, at: markets[market].mark!).wide
        // Where requirements move with the mark they grow with the notional. A linear short's and an inverse long's grows as
        // it loses: by at most as much again, since no rate is above 100 %.
        let growsLosing = markets[market].valuation.direction(of: position.size) < 0
        let slope: Int128 = rulebook.basis == .mark && growsLosing ? 2 : 1
        var (worst, best) = (value, Int128?.none)
        if position.mode == .isolated {
            let own = isolatedRoom(of: index)!
            worst = value - own.loss / slope
            best = own.gain.map { value + $0 / slope }
        } else {
            let loss = room.loss * notional / room.crossNotional
            // A drawn position's loss is paid for as far as it has been drawn.
            worst =
                rulebook.cross == .drawn
                ? position.settled.wide - position.drawn.wide - loss : value - loss / slope
            best = room.gain.map { value + $0 * notional / room.crossNotional / slope }
        }
        setMarks(of: index, worst: worst, best: best)
        setFunding(of: index, room, notional)
        watch.bands[index].since = watch.markets[market].history.clock
        watch.bands[index].funded = watch.markets[market].history.funded
    }

    /// Sets the marks at which a position's value passes a worst and a best one, rounded toward the present mark.
    private mutating func setMarks(of index: Int, worst: Int128, best: Int128?) {
        let (market, size) = (positions[index].contract.index, positions[index].size)
        let valuation = markets[market].valuation
        let longs = size > .zero
        let against = valuation.price(of: size, worth: Amount(Int64(worst)), longs ? .up : .down)
        let along = best.flatMap { valuation.price(of: size, worth: Amount(Int64($0)), longs ? .down : .up) }
        let (below, above) = longs ? (against, along) : (along, against)
        watch.set(.below, of: index, in: market, to: below.map { -$0.raw })
        watch.set(.above, of: index, in: market, to: above.map { $0.raw })
    }

    /// Sets the funding, paid per lot since the contract was listed, at which a position has paid or received its part.
    private mutating func setFunding(of index: Int, _ room: Room, _ notional: Int128) {
        let (market, size) = (positions[index].contract.index, positions[index].size)
        let paid = watch.markets[market].history.funded.raw
        let lots = size.magnitude.wide
        func perLot(_ part: Int128) -> Int64 { Int64(min(part / lots, Int128(Limits.money))) }
        var payments = room.payments * notional / room.notional
        // An isolated position's funding comes from what is available, which a portfolio's marks move.
        if rulebook.cross == .portfolio, positions[index].mode == .isolated { payments = 0 }
        let most = perLot(payments)
        let received = room.receipts.map { perLot($0 * notional / room.notional) }
        let longs = size > .zero
        watch.set(.longsPay, of: index, in: market, to: longs ? paid + most : received.map { paid + $0 })
        watch.set(.shortsPay, of: index, in: market, to: longs ? received.map { -paid + $0 } : -paid + most)
    }
}
