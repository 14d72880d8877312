/// Prices coming in, and what follows from them at once.
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
        for (_, price) in prices.enumerated().sorted(by: {
            ($0.element.contract, $0.offset) < ($1.element.contract, $1.offset)
        }) {
            let old = markets[price.contract.index].mark
            events.append(.marked(price.contract, price.price))
            watchMove(in: price.contract.index, from: old, to: price.price)
            firePassed(.mark, in: price.contract.index, from: old, to: price.price)
            markets[price.contract.index].previousMark = old
            markets[price.contract.index].mark = price.price
            checkCollateral(pricedBy: price.contract.index)
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
        let old = markets[contract.index].index
        if let known = markets[contract.index].sources.firstIndex(where: { $0.name == source }) {
            markets[contract.index].sources[known].price = price
        } else {
            guard markets[contract.index].sources.count < Limits.listings else { throw .tooManyListings }
            markets[contract.index].sources.append((source, price))
        }
        events.append(.indexed(contract, markets[contract.index].index!))
        firePassed(.index, in: contract.index, from: old, to: markets[contract.index].index!)
    }
}
