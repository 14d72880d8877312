/// What keeps forced orders, or all trading, from going on: halts, the price-move breaker, call auctions. And the price
/// band that single orders keep to.
extension Exchange {
    /// Whether liquidations and the engine's orders wait in a market: halted, paused by its breaker, or in an auction.
    func isHeld(_ market: Int) -> Bool {
        markets[market].halted || markets[market].pausedUntil != nil || markets[market].auction != nil
    }

    /// Trips the breaker where the mark moves further from a mark of late than the rulebook allows.
    ///
    /// The marks before are forgotten then: what counts from here on is how far it goes on from where it tripped.
    mutating func watchMove(in market: Int, from old: Price?, to new: Price) {
        guard let breaker = rulebook.breaker, let old else { return }
        markets[market].recentMarks.add(old, until: now, since: Timestamp(now.raw - breaker.within.raw))
        let window = markets[market].recentMarks
        let moves = [window.lowest, window.highest].compactMap { $0 }.contains { mark in
            (new - mark).magnitude.wide * Rate.one.wide > breaker.move.wide * mark.wide
        }
        guard moves else { return }
        markets[market].recentMarks.clear()
        trip(breaker, in: market)
    }

    private mutating func trip(_ breaker: Breaker, in market: Int) {
        let contract = ContractID(index: market)
        let end = min(.latest, now + breaker.length)
        timerIsKnown = false
        // An auction without an end of its own is the venue's to end.
        if let auction = markets[market].auction, auction.until == nil { return }
        events.append(.breakerTripped(contract, breaker.action, until: end))
        switch breaker.action {
        case .pause: markets[market].pausedUntil = end
        case .auction:
            if markets[market].auction == nil { events.append(.auctionOpened(contract)) }
            markets[market].auction = Auction(until: end)
        }
        withdrawOffers(in: market)
    }

    /// Takes the engine's orders out of the book; they are offered anew in the end.
    mutating func withdrawOffers(in market: Int) {
        for index in markets[market].lots where lots[Int(index)].order >= 0 {
            remove(lots[Int(index)].order, .paused)
        }
    }

    /// When the next pause or auction ends by itself. One in a halted market ends when trading resumes.
    var nextHoldEnd: Timestamp? {
        var first: Timestamp?
        for market in 0..<markets.count where !markets[market].halted {
            if let end = markets[market].pausedUntil { first = min(end, first ?? end) }
            if let end = markets[market].auction?.until { first = min(end, first ?? end) }
        }
        return first
    }

    /// Ends a pause or an auction whose time has come.
    mutating func endDueHolds(in market: Int) {
        guard !markets[market].halted else { return }
        if let end = markets[market].pausedUntil, end <= now {
            markets[market].pausedUntil = nil
            events.append(.breakerEnded(ContractID(index: market), at: now))
            release(market)
        }
        if let end = markets[market].auction?.until, end <= now {
            endAuction(in: market)
        }
    }

    /// Lets what was held go on, if nothing else holds it: orders whose price has come, then everything that was due.
    mutating func release(_ market: Int) {
        if !markets[market].halted, markets[market].auction == nil {
            if pending.lastCount > 0 { followLast() }
            fireMissed(in: market)
        }
        guard !isHeld(market) else { return }
        checkPositions(in: market)
    }
}

/// The price band.
extension Exchange {
    /// The lowest and highest limit accepted at the present mark, both inclusive; `nil` where there is no band.
    func priceBand(in market: Int) -> (lower: Price, upper: Price)? {
        guard let band = rulebook.priceBand, let mark = markets[market].mark else { return nil }
        let away = Price(band.of(Amount(mark.raw), .down).raw)
        return (mark - away, mark + away)
    }

    func checkBand(_ price: Price, in contract: ContractID) throws(Rejection) {
        guard let band = priceBand(in: contract.index), price < band.lower || price > band.upper else { return }
        throw .outsidePriceBand(contract, lower: band.lower, upper: band.upper)
    }

    /// How far a market order goes.
    func bandEdge(for side: OrderSide, in market: Int) -> Price? {
        priceBand(in: market).map { side == .buy ? $0.upper : $0.lower }
    }
}
