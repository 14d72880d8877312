/// Marks that the venue works out itself, by rulebook.
extension Exchange {
    /// Takes the computed mark of every contract that has one now, in listing order. Then portfolios are checked.
    mutating func takeComputedMarks(_ rules: ComputedMark) {
        for market in markets.indices {
            guard let index = markets[market].index(at: now) else { continue }
            averageBasis(in: market, around: index, rules)
            let raw = computedMark(in: market, from: index, rules)
            guard raw > .zero, raw.raw <= Limits.ticksOrLots, holds(raw, in: market) else { continue }
            // Without an age of its own a mark lasts until the next is due, and is stale where that does not come.
            let lasts = markets[market].contract.maxAge ?? rules.interval
            take(raw, as: ContractID(index: market), observed: now, freshUntil: now + lasts)
        }
        trimOrders()
        finishLiquidations()
        trimOrders()
    }

    /// The raw mark by the rulebook's method; the index where the book says too little for it, so that a venue can open.
    private func computedMark(in market: Int, from index: Price, _ rules: ComputedMark) -> Price {
        switch rules.method {
        case .fairPrice: return fairPrice(in: market, from: index)
        case .impactMid:
            let prices = impactPrices(in: market, rules.impact)
            guard let bid = prices.bid, let ask = prices.ask else { return index }
            return median(of: [bid, ask])!
        case .medianOfThree:
            let known = rules.components.compactMap { component($0, in: market, from: index) }
            // One price alone has nothing to be held against.
            return known.count >= 2 ? median(of: known)! : index
        }
    }

    private func component(_ component: ComputedMark.Component, in market: Int, from index: Price) -> Price? {
        switch component {
        case .fairPrice: return fairPrice(in: market, from: index)
        case .averageBasis:
            guard let basis = markets[market].averages.basis else { return index }
            let unit = Int128(StablePrice.unit)
            return Price(Int64(divide(index.wide * unit + Int128(basis.value), by: unit, .nearest)))
        case .book:
            let book = (markets[market].book.bids.best, markets[market].book.asks.best)
            return median(of: [book.0, book.1, markets[market].last].compactMap(\.self))
        case .last: return markets[market].last
        case .outside:
            return markets[market].contract.index?.composite(of: markets[market].sources, at: now, outside: true)
        }
    }

    /// Index x (1 + rate x time to funding / interval), to the nearest tick; the index where there is no rate.
    ///
    /// Source: BitMEX, "Fair Price Marking".
    private func fairPrice(in market: Int, from index: Price) -> Price {
        index + Price(fairBasis(in: market).of(Amount(index.raw), .nearest).raw)
    }

    /// The part of the next funding that is still ahead, to the nearest billionth: rate x time to funding / interval.
    func fairBasis(in market: Int) -> Rate {
        guard let rules = rulebook.prices.funding, let rate = fundingRate(in: market),
            let due = markets[market].averages.premium.due
        else { return .zero }
        let ahead = (due - now).wide
        return Rate(Int64(divide(rate.wide * ahead, by: rules.interval.wide, .nearest)))
    }

    /// Takes the middle of the book into the slow average of its distance from the index; without both sides nothing.
    private mutating func averageBasis(in market: Int, around index: Price, _ rules: ComputedMark) {
        guard let average = rules.average, let bid = markets[market].book.bids.best,
            let ask = markets[market].book.asks.best
        else { return }
        let basis = (bid.raw + ask.raw) * (StablePrice.unit / 2) - index.raw * StablePrice.unit
        if markets[market].averages.basis == nil {
            markets[market].averages.basis = BasisAverage(value: basis, time: now)
        } else {
            markets[market].averages.basis!.take(basis, at: now, over: average)
        }
    }
}

/// What the book would pay and ask for a notional.
extension Exchange {
    /// The average prices of selling and of buying a contract's impact notional; `nil` where a side holds too little.
    func impactPrices(in market: Int, _ notionals: Threshold) -> (bid: Price?, ask: Price?) {
        guard let notional = notionals[markets[market].contract.settle] else { return (nil, nil) }
        let valuation = markets[market].valuation
        return (
            markets[market].book.bids.impactPrice(of: notional, valuation),
            markets[market].book.asks.impactPrice(of: notional, valuation)
        )
    }
}

extension BookSide {
    /// The average price, to the nearest tick, of trading the fewest whole lots worth at least `notional`, best first.
    ///
    /// - Returns: `nil` where the side is worth less.
    func impactPrice(of notional: Amount, _ valuation: Valuation) -> Price? {
        let fine: Int128 = 1_000_000_000_000_000
        var (left, lots, weighted) = (notional.wide, Int128(0), Int128(0))
        for level in levels.reversed() {
            let (top, bottom) = valuation.magnitude(of: level.size, at: level.price)
            let value = divide(top, by: bottom, .up)
            let part = value < left ? level.size.wide : divide(level.size.wide * left, by: value, .up)
            lots += part
            // An inverse contract's value goes with 1 / price, so that its average price is the harmonic mean.
            switch valuation.kind {
            case .linear, .quanto: weighted += part * level.price.wide
            case .inverse: weighted += divide(part * fine, by: level.price.wide, .nearest)
            }
            left -= value
            guard left <= 0 else { continue }
            switch valuation.kind {
            case .linear, .quanto: return Price(Int64(divide(weighted, by: lots, .nearest)))
            case .inverse: return Price(Int64(divide(lots * fine, by: max(1, weighted), .nearest)))
            }
        }
        return nil
    }
}
