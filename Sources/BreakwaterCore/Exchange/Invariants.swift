/// What must hold after every command, checked from nothing. Visits everything: for tests and checks.
extension Exchange {
    /// What is wrong with the state, in words; empty when every invariant holds.
    public func brokenInvariants() -> [String] {
        brokenBooks() + brokenTimers() + brokenWallets() + brokenMarkets() + brokenPositions() + brokenOrders()
            + brokenPending()
    }

    /// Conservation per currency, and funds that never go below zero.
    private func brokenBooks() -> [String] {
        var broken: [String] = []
        for index in directory.currencies.indices {
            let difference = conservation(of: CurrencyID(index: index)).difference
            if difference != 0 { broken.append("\(directory.currencies[index].name): books differ by \(difference)") }
        }
        for fund in treasury.funds where fund.balance < .zero {
            broken.append("fund of \(fund.currency) at \(fund.balance)")
        }
        return broken
    }

    /// The timer that is known is the next one.
    private func brokenTimers() -> [String] {
        guard timerIsKnown, timer != nextTimer else { return [] }
        return ["next timer \(nextTimer, default: "none"), not \(timer, default: "none")"]
    }

    /// No wallet below zero, and running sums that are the sums of their parts.
    private func brokenWallets() -> [String] {
        var broken: [String] = []
        for index in wallets.indices {
            let wallet = present(wallet: index)
            if [wallet.balance, wallet.isolated, wallet.cross, wallet.orders].contains(where: { $0 < .zero }) {
                broken.append("a part of \(wallet) is negative")
            }
            if wallet.isolated > wallet.balance { broken.append("\(wallet) is assigned more than it has") }
            var (isolated, cross, reserved) = (Amount.zero, Amount.zero, Amount.zero)
            forEachPosition(backedBy: index) { position in
                if position.mode == .isolated {
                    isolated = isolated + position.held
                } else {
                    cross = cross + position.held
                }
                reserved = reserved + position.orderMargin
            }
            if (isolated, cross, reserved) != (wallet.isolated, wallet.cross, wallet.orders) {
                broken.append("\(wallet) should hold back \((isolated, cross, reserved))")
            }
        }
        return broken
    }

    /// As many lots long as short, splits that are counted, and price levels as large as their orders, in order, crossed only by the engine or in an
    /// auction.
    private func brokenMarkets() -> [String] {
        var broken: [String] = []
        for market in markets {
            let symbol = market.contract.symbol
            let sizes = market.positions.map { positions[Int($0)].size } + market.lots.map { lots[Int($0)].size }
            let long = sizes.reduce(Size.zero) { $0 + max(.zero, $1) }
            let short = sizes.reduce(Size.zero) { $0 - min(.zero, $1) }
            if long != short || long != market.openInterest {
                broken.append("\(symbol): long \(long), short \(short), open interest \(market.openInterest)")
            }
            let pieces = splits(among: market.lots)
            if market.splits != pieces { broken.append("\(symbol): \(pieces) lots split, not \(market.splits)") }
            for side in [market.book.bids, market.book.asks] {
                for level in side.levels where level.size != queuedSize(level) || level.size <= .zero {
                    broken.append("\(symbol): level \(level.price) holds \(queuedSize(level)), not \(level.size)")
                }
            }
            if market.auction == nil, let bid = bestTraderPrice(market.book.bids),
                let ask = bestTraderPrice(market.book.asks), bid >= ask
            {
                broken.append("\(symbol): traders' bid \(bid) meets their ask \(ask)")
            }
        }
        return broken
    }

    private func queuedSize(_ level: BookSide.Level) -> Size {
        var size = Size.zero
        var slot = level.first
        while slot >= 0 {
            size = size + orders[slot].remaining
            slot = orders[slot].next
        }
        return size
    }

    private func bestTraderPrice(_ side: BookSide) -> Price? {
        for level in side.levels.reversed() {
            var slot = level.first
            while slot >= 0 {
                if orders[slot].holder.position != nil { return level.price }
                slot = orders[slot].next
            }
        }
        return nil
    }

    /// Nothing left behind in what is flat, and requirements that are up to date.
    private func brokenPositions() -> [String] {
        var broken: [String] = []
        for index in positions.indices {
            let position = present(index)
            let left = [position.entry, position.settled, position.assigned, position.drawn, position.held]
            if position.size == .zero, left.contains(where: { $0 != .zero }) {
                broken.append("dust in flat position \(position)")
            }
            if position.assigned < .zero || position.drawn < .zero {
                broken.append("negative margin behind \(position)")
            }
        }
        return broken
    }

    /// Sums of open orders that are those of their chain.
    private func brokenOrders() -> [String] {
        var broken: [String] = []
        for (index, position) in positions.enumerated() {
            var reduceOnly: Int32 = 0
            for chain in [openOrders(.buy, of: index), openOrders(.sell, of: index)] {
                var (size, value, cost, last) = (Size.zero, Amount.zero, Amount.zero, Int32(-1))
                var slot = chain.first
                while slot >= 0 {
                    let order = orders[slot]
                    if order.reduceOnly {
                        reduceOnly += 1
                    } else {
                        size = size + order.remaining
                        value = value + order.marginValue
                        cost = cost + order.marginCost
                    }
                    last = slot
                    slot = order.ownNext
                }
                if (size, value, cost, last) != (chain.size, chain.value, chain.cost, chain.last) {
                    broken.append("order sums of \(position) should be \((size, value, cost))")
                }
            }
            if reduceOnly != reduceOnlyOrders(of: index) { broken.append("reduce-only count of \(position)") }
        }
        return broken
    }

    /// Conditional orders in order of placement, counted where they are counted, none left without its position.
    private func brokenPending() -> [String] {
        var broken: [String] = []
        var reducers = [Int32](repeating: 0, count: positions.count)
        for queue in pending.queues {
            for (first, second) in zip(queue, queue.dropFirst()) where first.turn >= second.turn {
                broken.append("pending orders out of turn: \(first.turn), \(second.turn)")
            }
            for order in queue where order.reduceOnly {
                reducers[order.position] += 1
                if reducible(order.position, order.side) == .zero {
                    broken.append("pending order \(order.id) has nothing to reduce")
                }
            }
        }
        for index in positions.indices where constraints(of: index).pendingReducers != reducers[index] {
            broken.append("pending reduce-only count of \(positions[index]) should be \(reducers[index])")
        }
        return broken
    }
}
