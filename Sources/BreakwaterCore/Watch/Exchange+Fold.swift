/// How calm positions stand now: what marks, settlements and funding have done to them since they were left alone.
///
/// A drawn position's fold. Its settled value is the best settlement's since then, where that is above the one it had: each
/// settlement realises what is above. Its draws are its loss at the worst mark since, or since the last settlement if that
/// was later, because a settlement lets draws fall to the loss of the moment. An account with nothing available draws
/// nothing. Where requirements go by the mark they are those of the present one, whatever came between. Funding is the
/// same amount a lot for everybody.
extension Exchange {
    /// A position as it stands now.
    func present(_ index: Int) -> Position {
        hasMoved(index) ? folded(index) : positions[index]
    }

    /// A wallet as it stands now.
    func present(wallet index: Int) -> Wallet {
        guard watch.purses[index].hasCalm else { return wallets[index] }
        var wallet = wallets[index]
        var next = accounts[wallet.account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard positions[place].wallet == Int32(index), hasMoved(place) else { continue }
            fold(from: positions[place], to: folded(place), since: watch.standings[place].departure, into: &wallet)
        }
        return wallet
    }

    /// Brings an account up to date before anything but a price changes it. From then on all of it is watched.
    mutating func touch(wallet index: Int) {
        guard watch.purses[index].hasCalm || watch.purses[index].isSpent else { return }
        watch.purses[index].hasCalm = false
        watch.purses[index].isSpent = false
        watch.purses[index].keepsSettlement = false
        var next = accounts[wallets[index].account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard positions[place].wallet == Int32(index) else { continue }
            rouse(place)
            watch.standings[place].keepsFunding = false
        }
    }

    mutating func touch(_ index: Int) { touch(wallet: Int(positions[index].wallet)) }

    mutating func touch(_ account: AccountID) {
        var next = accounts[account.index].firstWallet
        while next >= 0 {
            touch(wallet: Int(next))
            next = wallets[Int(next)].next
        }
    }

    mutating func touchAll() {
        for wallet in wallets.indices { touch(wallet: wallet) }
    }

    /// Has a position looked at whose band was left; with it all those that share what it lost.
    mutating func wake(_ index: Int) {
        guard watch.standings[index].ease == .shared else { return rouse(index) }
        let wallet = positions[index].wallet
        var next = accounts[positions[index].account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            if positions[place].wallet == wallet, watch.standings[place].ease == .shared { rouse(place) }
        }
    }

    /// Brings a calm position up to date and has it visited from then on.
    private mutating func rouse(_ index: Int) {
        guard watch.standings[index].ease != .watched else { return }
        if hasMoved(index) {
            let position = folded(index)
            var wallet = wallets[Int(position.wallet)]
            fold(from: positions[index], to: position, since: watch.standings[index].departure, into: &wallet)
            wallets[Int(position.wallet)] = wallet
            positions[index] = position
        }
        watch.standings[index].ease = .watched
        watch.list(index, in: positions[index].contract.index)
    }

    /// Whether anything may have changed a calm position. Marks alone change none that stands by itself on entry basis.
    private func hasMoved(_ index: Int) -> Bool {
        switch watch.standings[index].ease {
        case .watched: false
        case .shared: true
        case .alone:
            rulebook.basis == .mark
                || watch.markets[positions[index].contract.index].history.funded
                    != watch.standings[index].departure.funded
        }
    }

    private func folded(_ index: Int) -> Position {
        var position = positions[index]
        let (market, departure) = (position.contract.index, watch.standings[index].departure)
        let funded = watch.markets[market].history.funded - departure.funded
        position.realised = position.realised - Amount(funded.raw * position.size.raw)
        if rulebook.cross == .drawn, watch.standings[index].ease == .shared {
            foldDraws(into: &position, since: departure.since)
        }
        if rulebook.basis == .mark {
            let required = requirements(index, at: watch.markets[market].history.lastMark)
            position.initialMargin = required.initial
            position.maintenanceMargin = required.maintenance
            position.orderMargin = orderMargin(of: index, worth: required.value, beyond: required.initial)
        }
        position.held = heldMargin(position)
        return position
    }

    /// Realises what settlements realised, and draws what marks drew.
    private func foldDraws(into position: inout Position, since moment: Int64) {
        let market = position.contract.index
        let longs = position.size > .zero
        func value(_ mark: Price) -> Amount { markets[market].valuation.markValue(of: position.size, at: mark) }
        if let best = watch.markets[market].history.bestSettlement(since: moment, longs: longs) {
            let profit = max(.zero, value(best) - position.settled)
            position.settled = position.settled + profit
            position.realised = position.realised + profit
        }
        guard let worst = watch.markets[market].history.worstMark(since: moment, longs: longs) else { return }
        let kept = watch.markets[market].history.isSettled(since: moment) ? .zero : position.drawn
        position.drawn = max(kept, position.settled - value(worst))
    }

    /// Moves what a fold changed of a position into its wallet's sums.
    private func fold(from old: Position, to new: Position, since departure: Watch.Departure, into wallet: inout Wallet)
    {
        wallet.balance = wallet.balance + (new.realised - old.realised)
        wallet.orders = wallet.orders + (new.orderMargin - old.orderMargin)
        switch new.mode {
        case .isolated: wallet.isolated = wallet.isolated + (new.held - old.held)
        case .cross: wallet.cross = wallet.cross + (new.held - old.held)
        }
        foldWon(new, since: departure, into: &wallet)
    }

    /// Counts funding for the clawback period it was last paid in.
    private func foldWon(_ position: Position, since departure: Watch.Departure, into wallet: inout Wallet) {
        guard rulebook.stages.clawbackPeriod != nil else { return }
        let market = position.contract.index
        let period = watch.markets[market].history.fundingPeriod
        guard watch.markets[market].history.isFunded(since: departure.since), period >= wallet.periodStart else {
            return
        }
        if period > wallet.periodStart { (wallet.periodStart, wallet.won) = (period, .zero) }
        let paid = watch.markets[market].history.fundedInPeriod(since: departure.since, known: departure.funded)
        wallet.won = wallet.won - Amount(paid.raw * position.size.raw)
    }
}
