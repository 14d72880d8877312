/// Prices coming in, and what follows from them: draws, warnings, liquidations, settlement, funding.
extension Exchange {
    /// Moves marks in listing order, finishing the draws and liquidations of each before the next.
    mutating func mark(_ prices: [MarkPrice]) throws(Rejection) {
        for price in prices {
            try check(price.contract)
            guard price.price > .zero else { throw .priceNotPositive }
            let open = markets[price.contract.index].openInterest
            guard markets[price.contract.index].valuation.holds(max(open, Size(1)), at: price.price) else {
                throw .valueTooLarge(price.contract)
            }
        }
        for price in prices.sorted(by: { $0.contract < $1.contract }) {
            markets[price.contract.index].mark = price.price
            events.append(.marked(price.contract, price.price))
            let reached = positionsReachingTrigger(in: price.contract.index)
            liquidate(reached)
            finishLiquidations(portfolios: false)
            retryLots(in: price.contract.index)
        }
    }

    /// Draws the losses of every position in a contract, warns their owners, and lists those at their trigger.
    ///
    /// Visits every position: the plain way, and the oracle for any faster one.
    private mutating func positionsReachingTrigger(in market: Int) -> [Int32] {
        var reached: [Int32] = []
        for index in markets[market].positions where positions[Int(index)].size != .zero {
            if rulebook.basis == .mark { refresh(Int(index)) }
            if isPortfolio(positions[Int(index)]) {
                checkWalletLater(Int(positions[Int(index)].wallet))
                continue
            }
            draw(Int(index))
            warn(Int(index))
            if isLiquidatable(positions[Int(index)]) { reached.append(index) }
        }
        return reached
    }

    /// Has every position of a contract looked at again before the command ends.
    mutating func checkPositions(in market: Int) {
        for index in markets[market].positions where positions[Int(index)].size != .zero { checkLater(Int(index)) }
        retryLots(in: market)
    }

    mutating func checkWalletLater(_ index: Int) {
        guard !wallets[index].pendingRecheck else { return }
        wallets[index].pendingRecheck = true
        recheckWallets.append(Int32(index))
    }

    mutating func index(_ contract: ContractID, _ source: String, _ price: Price) throws(Rejection) {
        try check(contract)
        guard price > .zero else { throw .priceNotPositive }
        guard price.raw <= Limits.ticksOrLots else { throw .valueTooLarge(contract) }
        if let known = markets[contract.index].sources.firstIndex(where: { $0.name == source }) {
            markets[contract.index].sources[known].price = price
        } else {
            guard markets[contract.index].sources.count < Limits.listings else { throw .tooManyListings }
            markets[contract.index].sources.append((source, price))
        }
        events.append(.indexed(contract, markets[contract.index].index!))
    }

    /// Realises profits into wallets: a cross position above its settled value settles at the mark, and draws fall to
    /// max(0, -unrealised). Losses are never realised by it. Source: seed 001.
    mutating func settle() {
        if rulebook.cross == .drawn {
            for index in positions.indices where positions[index].size != .zero && positions[index].mode == .cross {
                let profit = unrealised(positions[index])
                if profit > .zero {
                    positions[index].settled = positions[index].settled + profit
                    positions[index].realised = positions[index].realised + profit
                    credit(profit, toWallet: Int(positions[index].wallet))
                }
                positions[index].drawn = min(positions[index].drawn, max(.zero, -profit))
                hold(index)
            }
        }
        events.append(.settled)
    }

    /// Pays funding at `rate` of mark value, as one whole amount per lot, so that it is zero-sum without remainder.
    ///
    /// Longs pay where the rate is positive. The engine's lots carry theirs in their settled value.
    mutating func payFunding(_ contract: ContractID, at rate: Rate) throws(Rejection) {
        try check(contract)
        guard rate.magnitude <= .one else { throw .fundingRateTooHigh }
        guard let mark = markets[contract.index].mark else { throw .noMark(contract) }
        let perLot = markets[contract.index].valuation.share(rate, ofLotAt: mark)
        for index in markets[contract.index].positions where positions[Int(index)].size != .zero {
            let due = Amount(perLot.raw * positions[Int(index)].size.raw)
            if due > .zero {
                _ = charge(due, to: Int(index), sparing: false)
                checkLater(Int(index))
            } else {
                credit(-due, toWallet: Int(positions[Int(index)].wallet))
                positions[Int(index)].realised = positions[Int(index)].realised - due
            }
        }
        for index in markets[contract.index].lots {
            let due = Amount(perLot.raw * lots[Int(index)].size.raw)
            lots[Int(index)].settled = lots[Int(index)].settled + due
            record(lots[Int(index)].liquidation, of: contract, .lotFunded(due))
        }
        events.append(.fundingPaid(contract, perLot: perLot))
    }
}

/// Warnings as a buffer falls (seed 004).
extension Exchange {
    /// Tells a position's owner when its buffer has fallen through a level, once until it is armed again.
    mutating func warn(_ index: Int) {
        guard let levels = rulebook.warnings, let buffer = buffer(of: positions[index]), buffer.span > .zero else {
            return
        }
        let position = positions[index]
        guard let level = nextWarning(position.warned, buffer, levels) else { return }
        positions[index].warned = level
        for crossed in WarningLevel.crossed(from: position.warned, to: level) {
            let currency = wallets[Int(position.wallet)].currency
            events.append(.warned(position.account, position.contract, currency, crossed, buffer))
        }
    }

    /// Tells the owner of every position that a wallet backs, after money or settings moved.
    mutating func warnAll(wallet index: Int) {
        if rulebook.cross == .portfolio { warn(wallet: index) }
        var next = accounts[wallets[index].account.index].firstPosition
        while next >= 0 {
            if positions[Int(next)].wallet == Int32(index), !isPortfolio(positions[Int(next)]) { warn(Int(next)) }
            next = positions[Int(next)].next
        }
    }

    /// The same for a portfolio as a whole.
    mutating func warn(wallet index: Int) {
        guard let levels = rulebook.warnings, let buffer = buffer(ofWallet: index), buffer.span > .zero else { return }
        let wallet = wallets[index]
        guard let level = nextWarning(wallet.warned, buffer, levels) else { return }
        wallets[index].warned = level
        for crossed in WarningLevel.crossed(from: wallet.warned, to: level) {
            events.append(.warned(wallet.account, nil, wallet.currency, crossed, buffer))
        }
    }

    /// The level a buffer now stands at, given the one last told; `nil` when that has not changed.
    private func nextWarning(_ told: WarningLevel, _ buffer: Buffer, _ levels: Warnings) -> WarningLevel? {
        func isBelow(_ level: Rate) -> Bool { buffer.above.wide * Rate.one.wide < level.wide * buffer.span.wide }
        var level = told
        if level == .danger, !isBelow(levels.dangerRearmed) { level = .warning }
        if level == .warning, !isBelow(levels.warningRearmed) { level = .none }
        if isBelow(levels.danger) {
            level = .danger
        } else if level == .none, isBelow(levels.warning) {
            level = .warning
        }
        return level == told ? nil : level
    }
}
