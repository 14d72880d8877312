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

        func map(_ change: (Int128) -> Int128) -> Room { Room(loss: change(loss), gain: gain.map(change)) }
    }

    /// What the positions of an account share: its cross positions what marks may do, all of them what funding may. Both
    /// per unit of weight, in 2^-32.
    private struct SharedRoom {
        private let marks: Room
        private let funding: Room

        init(_ marks: Room, over weights: Int128, funding: Room, over payers: Int128) {
            self.marks = marks.map { ($0 << 32) / max(1, weights) }
            self.funding = funding.map { ($0 << 32) / payers }
        }

        func marks(_ member: Member) -> Room { marks.map { ($0 * member.weight) >> 32 } }
        func funding(_ member: Member) -> Room { funding.map { ($0 * member.weight) >> 32 } }
    }

    /// One open position of an account, with its value at mark.
    struct Member: Sendable {
        let index: Int
        let value: Amount
        /// Whether it is watched, and nothing is in the way of leaving it alone.
        let isReady: Bool
        /// Its part of what is shared goes by its value; one that loses already gets four times as much.
        let weight: Int128
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
        var members: [Member] = []
        swap(&members, &watch.members)
        gather(wallet, into: &members)
        var (isSpent, shared) = (watch.purses[wallet].isSpent, SharedRoom?.none)
        if members.contains(where: { $0.isReady && waitsForPart($0.index) }) {
            if !isSpent, rulebook.cross == .drawn, available(wallet) == .zero {
                spend(wallet)
                gather(wallet, into: &members)
                isSpent = true
            }
            if !isSpent { shared = sharedRoom(of: wallet, members) }
        }
        for member in members {
            let isAlone = isSpent || positions[member.index].mode == .isolated
            if member.isReady, isAlone {
                leaveAlone(member, isSpent, shared)
            } else if let shared, member.isReady {
                leave(member, in: shared)
            } else if let shared, isAlone, rulebook.cross == .drawn {
                // Calm already; but what its funding comes from is another amount now.
                setFunding(of: member.index, shared.funding(member))
            }
        }
        swap(&members, &watch.members)
    }

    private func gather(_ wallet: Int, into members: inout [Member]) {
        members.removeAll(keepingCapacity: true)
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let index = Int(next)
            next = positions[index].next
            guard positions[index].wallet == Int32(wallet), positions[index].size != .zero,
                let mark = markets[positions[index].contract.index].mark
            else { continue }
            let value = markets[positions[index].contract.index].valuation
                .markValue(of: positions[index].size, at: mark)
            let isReady =
                watch.standings[index].ease == .watched && !positions[index].pendingRecheck
                && constraints(of: index).liquidation < 0
            members.append(
                Member(
                    index: index, value: value, isReady: isReady,
                    weight: max(1, value.magnitude.wide) * (value < positions[index].settled ? 4 : 1)))
        }
    }

    /// Whether a position needs something of what its account shares before it can be left alone.
    private func waitsForPart(_ index: Int) -> Bool {
        positions[index].mode == .cross || !watch.standings[index].keepsFunding
    }

    /// Notes that a wallet has nothing to draw from; settlements may change that.
    private mutating func spend(_ wallet: Int) {
        touch(wallet: wallet)
        watch.purses[wallet].isSpent = true
        guard !watch.purses[wallet].isListed else { return }
        watch.purses[wallet].isListed = true
        watch.spent.append(Watch.Spent(wallet: Int32(wallet)))
    }

    /// - Returns: `nil` where the account's cross positions have to be visited at every mark, or are calm already.
    private func sharedRoom(of wallet: Int, _ members: [Member]) -> SharedRoom? {
        var (weights, payers) = (Int128(0), Int128(0))
        for member in members {
            payers += member.weight
            guard positions[member.index].mode == .cross else { continue }
            guard member.isReady, rulebook.cross == .portfolio || isCovered(member) else { return nil }
            weights += member.weight
        }
        guard let (marks, funding) = room(of: wallet) else { return nil }
        return SharedRoom(marks, over: weights, funding: funding, over: payers)
    }

    /// Whether a position's loss is drawn in full: then its margin is at least its IM, and its buffer at least 100 %.
    private func isCovered(_ member: Member) -> Bool {
        let index = member.index
        return positions[index].warned == .none && positions[index].initialMargin > positions[index].maintenanceMargin
            && positions[index].drawn + member.value >= positions[index].settled
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

/// One position's band.
extension Exchange {
    /// Leaves a position alone that nothing else backs, or that has nothing left to draw.
    private mutating func leaveAlone(_ member: Member, _ isSpent: Bool, _ shared: SharedRoom?) {
        let index = member.index
        let margin = positions[index].held + (member.value - positions[index].settled)
        guard
            let room = room(
                above: margin - positions[index].maintenanceMargin,
                span: positions[index].initialMargin - positions[index].maintenanceMargin,
                warned: positions[index].warned)
        else { return }
        setMarks(of: member, room)
        if !watch.standings[index].keepsFunding {
            // What it pays comes from what is available, what it receives is looked at where others would do something
            // with it.
            if rulebook.cross == .portfolio || isSpent {
                setFunding(of: index, .none)
            } else {
                setFunding(of: index, shared?.funding(member) ?? Room(loss: 0))
            }
        }
        leave(index, .alone)
    }

    /// Leaves a position alone with its part of what its account shares.
    private mutating func leave(_ member: Member, in shared: SharedRoom) {
        let index = member.index
        var room = shared.marks(member)
        // What it has drawn already it can lose without drawing more.
        if rulebook.cross == .drawn {
            room.loss += (positions[index].drawn + (member.value - positions[index].settled)).wide
        }
        setMarks(of: member, room)
        setFunding(of: index, shared.funding(member))
        leave(index, .shared)
    }

    private mutating func leave(_ index: Int, _ ease: Watch.Ease) {
        let market = positions[index].contract.index
        watch.standings[index].departure = Watch.Departure(
            since: watch.markets[market].history.clock, funded: watch.markets[market].history.funded)
        watch.standings[index].ease = ease
        watch.standings[index].keepsFunding = true
        watch.purses[Int(positions[index].wallet)].hasCalm = true
    }

    /// Sets the marks at which a position has lost or gained so much, rounded toward the present one.
    private mutating func setMarks(of member: Member, _ room: Room) {
        let (market, size) = (positions[member.index].contract.index, positions[member.index].size)
        let valuation = markets[market].valuation
        // Where requirements move with the mark they grow with the notional. A linear short's and an inverse long's grows as
        // it loses: by at most as much again, since no rate is above 100 %.
        let slope: Int128 = rulebook.basis == .mark && valuation.direction(of: size) < 0 ? 2 : 1
        let longs = size > .zero
        let worst = Amount(Int64(member.value.wide - room.loss / slope))
        let against = valuation.price(of: size, worth: worst, longs ? .up : .down)
        let along = room.gain.flatMap { gain in
            valuation.price(of: size, worth: Amount(Int64(member.value.wide + gain / slope)), longs ? .down : .up)
        }
        let (below, above) = longs ? (against, along) : (along, against)
        watch.set(.below, of: member.index, in: market, to: below.map { -$0.raw })
        watch.set(.above, of: member.index, in: market, to: above.map { $0.raw })
    }

    /// Sets the funding, per lot since the contract was listed, at which a position has paid or received so much.
    private mutating func setFunding(of index: Int, _ room: Room) {
        let (market, size) = (positions[index].contract.index, positions[index].size)
        let paid = watch.markets[market].history.funded.raw
        func perLot(_ money: Int128) -> Int64 { Int64(min(money / size.magnitude.wide, Int128(Limits.money))) }
        let (loss, gain) = (perLot(room.loss), room.gain.map(perLot))
        let longs = size > .zero
        set(.longsPay, of: index, in: market, from: paid, longs ? loss : gain)
        set(.shortsPay, of: index, in: market, from: -paid, longs ? gain : loss)
    }

    /// Sets a bound of funding `most` beyond a reading. A bound that is nearer already, but not much, may stay: moving it
    /// costs more than being looked at once too often.
    private mutating func set(
        _ bound: Watch.Bound, of index: Int, in market: Int, from reading: Int64, _ most: Int64?
    ) {
        if let most, most > 0, let left = watch.bound(bound, of: index, in: market).map({ $0 - reading }),
            left <= most, left >= most / 8
        {
            return
        }
        watch.set(bound, of: index, in: market, to: most.map { reading + $0 })
    }
}
