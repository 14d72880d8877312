/// When positions may be left alone, and for how long.
///
/// A position that stands by itself has room until its own margin meets a warning level or the trigger. The cross positions
/// of an account share its room: a portfolio's until its equity meets one of these, that of an account which draws its
/// losses until nothing is available. Each gets a part of it, and may lose so much by its own mark whatever the others do;
/// one that loses already gets more. Whoever was warned may also gain only so much, until a level is armed again.
///
/// An account with nothing available draws nothing: its cross positions stand by themselves until a settlement or
/// funding gives it something.
extension Exchange {
    /// How much money may be lost, and gained, before somebody has to look; `nil` for any gain.
    private struct Room {
        var loss: Int128
        var gain: Int128?
        /// What has to be looked at whenever anything is paid or received.
        static let none = Room(loss: 0, gain: 0)
    }

    /// What the positions of an account share: its cross positions what marks may do, all of them what funding may. Each
    /// with the sum of weights by which they do.
    private struct SharedRoom {
        var marks: Room
        var weights: Int128
        var funding: Room
        var payers: Int128
    }

    /// Leaves positions of the wallets visited in this command alone, where that is safe.
    mutating func calmVisited() {
        while let wallet = watch.visited.popLast() {
            watch.purses[Int(wallet)].isVisited = false
            if watch.watching == .bands, !wallets[Int(wallet)].pendingRecheck { calm(Int(wallet)) }
        }
        while let market = watch.visitedMarkets.popLast() { forgetCalm(in: Int(market)) }
    }

    private mutating func calm(_ wallet: Int) {
        guard mayShare(wallet) else { return calm(wallet, isSpent: watch.purses[wallet].isSpent, shared: nil) }
        let isSpent = isSpent(wallet)
        calm(wallet, isSpent: isSpent, shared: isSpent ? nil : sharedRoom(of: wallet))
    }

    /// Whether any watched position of a wallet waits for a part of what its account shares.
    private func mayShare(_ wallet: Int) -> Bool {
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard positions[place].wallet == Int32(wallet), mayBeCalm(place) else { continue }
            if positions[place].mode == .cross || !watch.standings[place].keepsFunding { return true }
        }
        return false
    }

    private mutating func calm(_ wallet: Int, isSpent: Bool, shared: SharedRoom?) {
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard positions[place].wallet == Int32(wallet), mayBeCalm(place) else { continue }
            if isSpent || positions[place].mode == .isolated {
                guard let room = ownRoom(of: place) else { continue }
                setMarks(of: place, room)
                if !watch.standings[place].keepsFunding {
                    setFunding(of: place, ownFunding(of: place, isSpent, shared))
                }
                leave(place, .alone)
            } else if let shared {
                let weight = weight(of: place)
                var room = part(weight, of: shared.marks, shared.weights)
                // What it has drawn already it can lose without drawing more.
                if rulebook.cross == .drawn {
                    room.loss += (positions[place].drawn + unrealised(positions[place])).wide
                }
                setMarks(of: place, room)
                setFunding(of: place, part(weight, of: shared.funding, shared.payers))
                leave(place, .shared)
            }
        }
    }

    private mutating func leave(_ index: Int, _ ease: Watch.Ease) {
        let market = positions[index].contract.index
        watch.departures[index] = Watch.Departure(
            since: watch.markets[market].history.clock, funded: watch.markets[market].history.funded)
        watch.standings[index].ease = ease
        watch.standings[index].keepsFunding = true
        watch.purses[Int(positions[index].wallet)].hasCalm = true
    }

    private func mayBeCalm(_ index: Int) -> Bool {
        watch.standings[index].ease == .watched && positions[index].size != .zero && !positions[index].pendingRecheck
            && constraints(of: index).liquidation < 0 && markets[positions[index].contract.index].mark != nil
    }

    /// Whether a wallet has nothing to draw from; noted, because settlements may change that.
    private mutating func isSpent(_ wallet: Int) -> Bool {
        guard rulebook.cross == .drawn else { return false }
        if watch.purses[wallet].isSpent { return true }
        guard available(wallet) == .zero else { return false }
        touch(wallet: wallet)
        watch.purses[wallet].isSpent = true
        if !watch.purses[wallet].isListed {
            watch.purses[wallet].isListed = true
            watch.spent.append(Int32(wallet))
        }
        return true
    }

    /// - Returns: `nil` where the account's cross positions have to be visited at every mark, or are calm already.
    private func sharedRoom(of wallet: Int) -> SharedRoom? {
        var (weights, payers) = (Int128(0), Int128(0))
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard positions[place].wallet == Int32(wallet), positions[place].size != .zero,
                markets[positions[place].contract.index].mark != nil
            else { continue }
            let weight = weight(of: place)
            payers += weight
            guard positions[place].mode == .cross else { continue }
            guard mayBeCalm(place), rulebook.cross == .portfolio || isCovered(place) else { return nil }
            weights += weight
        }
        guard payers > 0, let (marks, funding) = room(of: wallet) else { return nil }
        return SharedRoom(marks: marks, weights: weights, funding: funding, payers: payers)
    }

    /// Whether a position's loss is drawn in full: then its margin is at least its IM, and its buffer at least 100 %.
    private func isCovered(_ index: Int) -> Bool {
        positions[index].warned == .none && positions[index].initialMargin > positions[index].maintenanceMargin
            && positions[index].drawn + unrealised(positions[index]) >= .zero
    }

    /// What marks may do to an account, and an eighth for funding.
    private func room(of wallet: Int) -> (marks: Room, funding: Room)? {
        switch rulebook.cross {
        case .drawn:
            let free = available(wallet).wide
            // What settlements realise counts for the clawback period they fall into, which no fold keeps.
            guard free > 0, rulebook.stages.clawbackPeriod == nil else { return nil }
            return (Room(loss: free - free / 8), Room(loss: free / 8))
        case .portfolio:
            guard !isPledged(wallets[wallet].account) else { return nil }
            let stance = view(ofPortfolio: wallet).stance
            let purse = present(wallet: wallet)
            guard
                let room = room(
                    above: stance.margin - stance.maintenance, span: purse.cross + purse.orders - stance.maintenance,
                    warned: purse.warned)
            else { return nil }
            let paid = max(0, min(room.loss / 8, (purse.balance - purse.isolated).wide))
            return (
                Room(loss: room.loss - paid, gain: room.gain.map { $0 - $0 / 8 }),
                Room(loss: paid, gain: room.gain.map { $0 / 8 })
            )
        }
    }

    /// Whether other currencies back an account: what they count for moves with marks that no band of it is for.
    private func isPledged(_ account: AccountID) -> Bool {
        guard let collateral = rulebook.collateral else { return false }
        return collateral.assets.contains { findWallet(of: account, in: $0.currency) != nil }
    }

    /// What funding may do unseen to a position that stands by itself. What it pays comes from what is available, what it
    /// receives is looked at where others would do something with it.
    private func ownFunding(of index: Int, _ isSpent: Bool, _ shared: SharedRoom?) -> Room {
        guard rulebook.cross == .drawn, !isSpent else { return .none }
        guard let shared else { return Room(loss: 0) }
        return part(weight(of: index), of: shared.funding, shared.payers)
    }

    /// How far the own margin of a position may fall and rise that nothing else backs.
    private func ownRoom(of index: Int) -> Room? {
        room(
            above: ownMargin(positions[index]) - positions[index].maintenanceMargin,
            span: positions[index].initialMargin - positions[index].maintenanceMargin, warned: positions[index].warned)
    }

    /// How far margin above MM may fall before the trigger or the next warning, and rise before one is armed again.
    ///
    /// - Returns: `nil` where it is past one of them, or so near that rounding decides.
    private func room(above: Amount, span: Amount, warned: WarningLevel) -> Room? {
        var room = Room(loss: above.wide)
        if let levels = rulebook.stages.warnings {
            guard span > .zero else { return nil }
            func beyond(_ level: Rate) -> Int128 { (above - level.of(span, .up)).wide }
            switch warned {
            case .none: room.loss = min(room.loss, beyond(levels.warning))
            case .warning:
                room = Room(loss: min(room.loss, beyond(levels.danger)), gain: -beyond(levels.warningRearmed))
            case .danger: room.gain = -beyond(levels.dangerRearmed)
            }
        }
        // Where requirements move with the mark, each of an account's positions rounds a few units of its own.
        let kept: Int128 = rulebook.basis == .mark ? 8 * Int128(Limits.listings) : 2
        guard room.loss > kept, room.gain.map({ $0 > kept }) ?? true else { return nil }
        return Room(loss: room.loss - kept, gain: room.gain.map { $0 - kept })
    }
}

/// One position's part, and its bounds.
extension Exchange {
    /// A position's part is by its value; one that loses already gets four times as much.
    private func weight(of index: Int) -> Int128 {
        let market = positions[index].contract.index
        let value = markets[market].valuation.markValue(of: positions[index].size, at: markets[market].mark!)
        return max(1, value.magnitude.wide) * (value < positions[index].settled ? 4 : 1)
    }

    private func part(_ weight: Int128, of room: Room, _ weights: Int128) -> Room {
        Room(loss: room.loss * weight / weights, gain: room.gain.map { $0 * weight / weights })
    }

    /// Sets the marks at which a position has lost or gained so much, rounded toward the present one.
    private mutating func setMarks(of index: Int, _ room: Room) {
        let (market, size) = (positions[index].contract.index, positions[index].size)
        let valuation = markets[market].valuation
        let value = valuation.markValue(of: size, at: markets[market].mark!).wide
        // Where requirements move with the mark they grow with the notional. A linear short's and an inverse long's grows as
        // it loses: by at most as much again, since no rate is above 100 %.
        let slope: Int128 = rulebook.basis == .mark && valuation.direction(of: size) < 0 ? 2 : 1
        let longs = size > .zero
        let worst = Amount(Int64(value - room.loss / slope))
        let against = valuation.price(of: size, worth: worst, longs ? .up : .down)
        let along = room.gain.flatMap { gain in
            valuation.price(of: size, worth: Amount(Int64(value + gain / slope)), longs ? .down : .up)
        }
        let (below, above) = longs ? (against, along) : (along, against)
        watch.set(.below, of: index, in: market, to: below.map { -$0.raw })
        watch.set(.above, of: index, in: market, to: above.map { $0.raw })
    }

    /// Sets the funding, per lot since the contract was listed, at which a position has paid or received so much.
    private mutating func setFunding(of index: Int, _ room: Room) {
        let (market, size) = (positions[index].contract.index, positions[index].size)
        let paid = watch.markets[market].history.funded.raw
        func perLot(_ money: Int128) -> Int64 { Int64(min(money / size.magnitude.wide, Int128(Limits.money))) }
        let (loss, gain) = (perLot(room.loss), room.gain.map(perLot))
        let longs = size > .zero
        watch.set(.longsPay, of: index, in: market, to: longs ? paid + loss : gain.map { paid + $0 })
        watch.set(.shortsPay, of: index, in: market, to: longs ? gain.map { -paid + $0 } : -paid + loss)
    }
}
