/// How calm accounts stand now: what marks, settlements and funding have done to them since they were left alone.
///
/// A drawn position's fold. Its settled value is the best settlement's since then, where that is above the one it had: each
/// settlement realises what is above. Its draws are its loss at the worst mark since, or since the last settlement if that
/// was later, because a settlement lets draws fall to the loss of the moment. A portfolio's requirements are those of the
/// present marks, whatever came between. Funding is the same amount a lot for everybody.
extension Exchange {
    /// A position as it stands now.
    func present(_ index: Int) -> Position {
        watch.isCalm[Int(positions[index].wallet)] ? folded(index) : positions[index]
    }

    /// A wallet as it stands now.
    func present(wallet index: Int) -> Wallet {
        guard watch.isCalm[index] else { return wallets[index] }
        var wallet = wallets[index]
        forEachIndex(backedBy: index) { place in
            fold(from: positions[place], to: folded(place), since: watch.bands[place], into: &wallet)
        }
        return wallet
    }

    /// Brings an account up to date before anything but a price changes it. From then on it is watched.
    mutating func touch(wallet index: Int) {
        guard watch.isCalm[index] else { return }
        var wallet = wallets[index]
        var next = accounts[wallet.account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard positions[place].wallet == Int32(index), positions[place].size != .zero else { continue }
            let position = folded(place)
            fold(from: positions[place], to: position, since: watch.bands[place], into: &wallet)
            positions[place] = position
            watch.list(place, in: position.contract.index)
        }
        wallets[index] = wallet
        watch.isCalm[index] = false
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

    private func folded(_ index: Int) -> Position {
        var position = positions[index]
        guard position.size != .zero else { return position }
        let (market, band) = (position.contract.index, watch.bands[index])
        let funded = watch.markets[market].history.funded - band.funded
        position.realised = position.realised - Amount(funded.raw * position.size.raw)
        if rulebook.cross == .drawn, position.mode == .cross { foldDraws(into: &position, since: band.since) }
        if rulebook.basis == .mark {
            let required = requirements(index, at: watch.markets[market].history.lastMark)
            position.initialMargin = required.initial
            position.maintenanceMargin = required.maintenance
            position.orderMargin = orderMargin(of: position, worth: required.value)
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
    private func fold(from old: Position, to new: Position, since band: Watch.Band, into wallet: inout Wallet) {
        wallet.balance = wallet.balance + (new.realised - old.realised)
        wallet.orders = wallet.orders + (new.orderMargin - old.orderMargin)
        switch new.mode {
        case .isolated: wallet.isolated = wallet.isolated + (new.held - old.held)
        case .cross: wallet.cross = wallet.cross + (new.held - old.held)
        }
        foldWon(new, since: band, into: &wallet)
    }

    /// Counts funding for the clawback period it was last paid in.
    private func foldWon(_ position: Position, since band: Watch.Band, into wallet: inout Wallet) {
        guard rulebook.stages.clawbackPeriod != nil else { return }
        let market = position.contract.index
        let period = watch.markets[market].history.fundingPeriod
        guard watch.markets[market].history.isFunded(since: band.since), period >= wallet.periodStart else { return }
        if period > wallet.periodStart { (wallet.periodStart, wallet.won) = (period, .zero) }
        let paid = watch.markets[market].history.fundedInPeriod(since: band.since, known: band.funded)
        wallet.won = wallet.won - Amount(paid.raw * position.size.raw)
    }

    private func forEachIndex(backedBy wallet: Int, _ body: (Int) -> Void) {
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            if positions[Int(next)].wallet == Int32(wallet) { body(Int(next)) }
            next = positions[Int(next)].next
        }
    }
}
