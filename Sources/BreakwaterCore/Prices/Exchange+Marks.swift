/// Prices coming in, and what follows from them at once.
extension Exchange {
    /// Moves marks in listing order, finishing the draws and liquidations of each before the next.
    mutating func mark(_ prices: [MarkPrice]) throws(Rejection) {
        for price in prices {
            try check(price.contract)
            guard rulebook.prices.mark == nil else { throw .markIsComputed(price.contract) }
            guard price.price > .zero else { throw .priceNotPositive }
            try checkAge(
                of: price.contract, asOf: price.asOf, known: markets[price.contract.index].averages.observed,
                maxAge: markets[price.contract.index].contract.maxAge)
            guard holds(price.price, in: price.contract.index) else { throw .valueTooLarge(price.contract) }
        }
        for (_, price) in prices.enumerated().sorted(by: {
            ($0.element.contract, $0.offset) < ($1.element.contract, $1.offset)
        }) {
            let maxAge = markets[price.contract.index].contract.maxAge
            let observed = price.asOf ?? now
            take(price.price, as: price.contract, observed: observed, freshUntil: maxAge.map { observed + $0 })
        }
    }

    /// Whether the open positions can be valued at a raw mark and at what the rulebook's cap makes of it.
    func holds(_ raw: Price, in market: Int) -> Bool {
        let open = max(markets[market].openInterest, Size(1))
        guard markets[market].valuation.holds(open, at: raw) else { return false }
        guard let cap = rulebook.prices.cap else { return true }
        return markets[market].valuation.holds(open, at: followed(raw, in: market, by: cap).held(raw, by: cap))
    }

    /// Takes a raw mark: caps it, draws, warns, liquidates and retries the engine's lots.
    ///
    /// - Parameter freshUntil: when it will be stale; `nil` for never.
    mutating func take(_ raw: Price, as contract: ContractID, observed: Timestamp, freshUntil: Timestamp?) {
        let market = contract.index
        var price = raw
        if let cap = rulebook.prices.cap {
            let stable = followed(raw, in: market, by: cap)
            markets[market].averages.stable = stable
            price = stable.held(raw, by: cap)
        }
        let old = markets[market].mark
        markets[market].freshUntil = freshUntil ?? .latest
        if rulebook.prices.funding != nil { timerIsKnown = false }
        markets[market].averages.observed = observed
        events.append(.marked(contract, price))
        watchMove(in: market, from: old, to: price)
        firePassed(.mark, in: market, from: old, to: price)
        let concerned = positionsToVisit(in: market, at: price)
        markets[market].previousMark = old
        markets[market].mark = price
        watch.markets[market].history.mark(price)
        checkCollateral(pricedBy: market)
        let reached = positionsReachingTrigger(among: concerned)
        liquidate(reached)
        finishLiquidations(portfolios: false)
        retryLots(in: market)
    }

    /// The slow price once it has taken note of a raw mark now.
    private func followed(_ raw: Price, in market: Int, by cap: MarkCap) -> StablePrice {
        var stable = markets[market].averages.stable ?? StablePrice(raw, at: now)
        stable.follow(raw, until: now, by: cap)
        return stable
    }

    /// Draws the losses of positions, warns their owners, and lists those at their trigger.
    private mutating func positionsReachingTrigger(among concerned: [Int32]) -> [Int32] {
        var reached: [Int32] = []
        for index in concerned {
            let wallet = positions[Int(index)].wallet
            watch.visit(wallet: wallet)
            if rulebook.basis == .mark { refresh(Int(index)) }
            if rulebook.cross == .portfolio, positions[Int(index)].mode == .cross {
                checkWalletLater(Int(wallet))
            } else if visit(Int(index)) {
                reached.append(index)
            }
        }
        return reached
    }

    /// Looks at a position that is not judged with its account: draws its loss and warns its owner.
    ///
    /// - Returns: whether it is at its trigger.
    private mutating func visit(_ index: Int) -> Bool {
        let market = positions[index].contract.index
        let profit =
            markets[market].valuation.markValue(of: positions[index].size, at: markets[market].mark!)
            - positions[index].settled
        let isCross = positions[index].mode == .cross
        if isCross, positions[index].drawn + profit < .zero { draw(index) }
        let (margin, maintenance) = (positions[index].held + profit, positions[index].maintenanceMargin)
        if let levels = rulebook.stages.warnings {
            let spare = isCross ? available(Int(positions[index].wallet)) : .zero
            let buffer = Buffer(
                above: spare + margin - maintenance, span: positions[index].initialMargin - maintenance)
            // No level is above 100 %.
            if positions[index].warned != .none || buffer.above < buffer.span { warn(index, buffer, levels) }
        }
        return isBroken(LiquidationStep.Stance(margin: margin, maintenance: maintenance)) && isFresh(market)
            && !isHeld(market)
    }

    /// Has every watched position of a contract looked at again before the command ends.
    mutating func checkPositions(in market: Int) {
        for index in watched(in: market) { checkLater(Int(index)) }
        retryLots(in: market)
    }

    mutating func checkWalletLater(_ index: Int) {
        guard !wallets[index].pendingRecheck else { return }
        touch(wallet: index)
        wallets[index].pendingRecheck = true
        recheckWallets.append(Int32(index))
        if rulebook.collateral != nil, let target = backed(by: index) { checkWalletLater(target) }
    }

    /// Takes in the price of one index source. Where the contract has index terms they name who may report.
    mutating func index(_ contract: ContractID, _ source: String, _ price: Price, asOf: Timestamp?) throws(Rejection) {
        try check(contract)
        let market = contract.index
        guard price > .zero else { throw .priceNotPositive }
        guard price.raw <= Limits.ticksOrLots else { throw .valueTooLarge(contract) }
        let terms = markets[market].contract.index
        guard terms == nil || terms!.source(named: source) != nil else {
            throw .unknownSource(contract, source: source)
        }
        let known = markets[market].sources.firstIndex { $0.name == source }
        try checkAge(
            of: contract, asOf: asOf,
            known: known.map { markets[market].sources[$0].time } ?? markets[market].averages.restarted,
            maxAge: terms?.maxAge)
        let old = markets[market].index(at: now)
        let report = IndexReport(name: source, price: price, time: asOf ?? now)
        if let known {
            markets[market].sources[known] = report
        } else {
            guard markets[market].sources.count < Limits.listings else { throw .tooManyListings }
            markets[market].sources.append(report)
        }
        if let index = markets[market].index(at: now) {
            events.append(.indexed(contract, index))
            firePassed(.index, in: market, from: old, to: index)
        } else {
            events.append(.indexStale(contract))
        }
    }
}
