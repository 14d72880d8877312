/// A 64-bit fingerprint of everything that decides what an exchange does next, equal in debug and release builds.
struct StateHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Folds one word in: a multiply-and-fold of the running value with the word.
    mutating func fold(_ word: Int64) {
        let product = (value ^ UInt64(bitPattern: word)).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        value = product.high ^ product.low ^ 0x5851_f42d_4c95_7f2d
    }

    mutating func fold(_ word: Int) { fold(Int64(word)) }
    mutating func fold(_ flag: Bool) { fold(flag ? 1 : 0 as Int64) }
    mutating func fold(_ unit: some UnitInteger) { fold(unit.raw) }
    mutating func fold(_ unit: (some UnitInteger)?) { fold(unit?.raw ?? .min) }
    mutating func fold(_ text: String) {
        fold(text.utf8.count)
        for byte in text.utf8 { fold(Int64(byte)) }
    }
}

extension Exchange {
    /// The fingerprint of the present state. Visits everything.
    public var stateHash: UInt64 {
        var hash = StateHash()
        hash.fold(now)
        hash.fold(nextSettlement)
        hash.fold(Int64(liquidationCount))
        for name in directory.accountNames { hash.fold(name) }
        foldRules(into: &hash)
        foldMarkets(into: &hash)
        foldAccounts(into: &hash)
        foldEngine(into: &hash)
        foldPending(into: &hash)
        return hash.value
    }

    /// The rules in force and those to come, by what tells two of them apart.
    private func foldRules(into hash: inout StateHash) {
        fold(rulebook, into: &hash)
        for market in markets { fold(market.tiers, into: &hash) }
        for change in changes {
            hash.fold(change.from)
            switch change.rules {
            case .rulebook(let next): fold(next, into: &hash)
            case .tiers(let contract, let tiers):
                hash.fold(Int64(contract.raw))
                fold(tiers, into: &hash)
            }
        }
    }

    private func fold(_ rulebook: Rulebook, into hash: inout StateHash) {
        hash.fold(rulebook.name)
        for text in [
            rulebook.cross.rawValue, rulebook.basis.rawValue, rulebook.riskLimits.rawValue, rulebook.trigger.rawValue,
            rulebook.insurance.rawValue, rulebook.autoDeleverage?.policy.rawValue ?? "",
        ] + rulebook.waterfall.map(\.name) { hash.fold(text) }
        hash.fold(rulebook.settlement)
        hash.fold(rulebook.priceBand)
        hash.fold(rulebook.transferMargin)
    }

    private func fold(_ tiers: Tiers, into hash: inout StateHash) {
        hash.fold(tiers.name)
        for row in tiers.limits {
            hash.fold(row.upTo)
            hash.fold(row.initial)
            hash.fold(row.maintenance)
        }
        guard case .concentration(let terms) = tiers else { return }
        hash.fold(terms.base)
        hash.fold(terms.slope)
        hash.fold(terms.scale)
        hash.fold(terms.maintenance.part)
        hash.fold(terms.maintenance.whole)
    }

    private func foldMarkets(into hash: inout StateHash) {
        for market in markets {
            hash.fold(market.contract.symbol)
            hash.fold(market.mark)
            hash.fold(market.last)
            for source in market.sources {
                hash.fold(source.name)
                hash.fold(source.price)
                hash.fold(source.time)
            }
            hash.fold(market.freshUntil)
            market.averages.fold(into: &hash)
            hash.fold(market.openInterest)
            hash.fold(market.halted)
            hash.fold(market.previousMark)
            hash.fold(market.forced.second)
            hash.fold(market.forced.sells)
            hash.fold(market.forced.buys)
            hash.fold(market.forced.notional)
            hash.fold(market.forced.waits)
            hash.fold(market.pausedUntil)
            hash.fold(market.auction != nil)
            hash.fold(market.auction?.until)
            market.recentMarks.fold(into: &hash)
            for side in [market.book.bids, market.book.asks] {
                hash.fold(side.levels.count)
                for level in side.levels {
                    hash.fold(level.price)
                    foldQueue(from: level.first, into: &hash)
                }
            }
        }
    }

    private func foldQueue(from first: Int32, into hash: inout StateHash) {
        var slot = first
        while slot >= 0 {
            let order = orders[slot]
            slot = order.next
            hash.fold(Int64(order.id.raw))
            hash.fold(order.holder.position ?? ~order.holder.lot!)
            hash.fold(order.reduceOnly)
            hash.fold(order.postOnly)
            hash.fold(order.turn)
            for unit in [order.size, order.remaining] { hash.fold(unit) }
            for unit in [order.marginValue, order.marginCost] { hash.fold(unit) }
        }
    }

    private func foldAccounts(into hash: inout StateHash) {
        for account in accounts {
            hash.fold(account.hedged)
            hash.fold(account.pairsShrinkTogether)
            hash.fold(SelfTradePrevention.allCases.firstIndex(of: account.selfTrade)!)
            // Folded only where there is one, so that fingerprints of venues that never restricted anybody stay.
            if account.restriction != .none { hash.fold(account.restriction.rawValue) }
        }
        for index in wallets.indices {
            let wallet = present(wallet: index)
            hash.fold(Int64(wallet.account.raw))
            hash.fold(Int64(wallet.currency.raw))
            for amount in [wallet.balance, wallet.isolated, wallet.cross, wallet.orders] { hash.fold(amount) }
            hash.fold(Int64(wallet.warned.rawValue))
            hash.fold(wallet.won)
            hash.fold(wallet.periodStart)
        }
        for index in positions.indices {
            let position = present(index)
            let constraints = constraints(of: position)
            hash.fold(Int64(position.account.raw))
            hash.fold(Int64(position.contract.raw))
            hash.fold(PositionSide.allCases.firstIndex(of: position.side)!)
            hash.fold(position.mode == .isolated)
            hash.fold(Int64(position.warned.rawValue))
            hash.fold(Int64(position.riskLimit))
            hash.fold(Int64(constraints.liquidation))
            hash.fold(constraints.paused)
            hash.fold(constraints.pausedSize)
            hash.fold(constraints.coolsUntil)
            hash.fold(constraints.reduceOnlyUntil)
            hash.fold(position.leverage)
            hash.fold(position.size)
            for amount in [
                position.entry, position.settled, position.assigned, position.drawn, position.realised,
                position.initialMargin, position.maintenanceMargin, position.orderMargin,
            ] { hash.fold(amount) }
        }
    }

    private func foldPending(into hash: inout StateHash) {
        hash.fold(turns)
        for queue in pending.queues {
            hash.fold(queue.count)
            for order in queue {
                hash.fold(Int64(order.id.raw))
                hash.fold(order.position)
                hash.fold(order.side == .buy)
                hash.fold(order.size)
                for price in [order.price, order.best, order.condition.stop] { hash.fold(price) }
                hash.fold(TimeInForce.allCases.firstIndex(of: order.timeInForce)!)
                hash.fold(Condition.Kind.allCases.firstIndex(of: order.condition.kind)!)
                hash.fold(Condition.Trigger.allCases.firstIndex(of: order.condition.trigger)!)
                for flag in [order.condition.closeOnTrigger, order.postOnly, order.reduceOnly, order.isDue] {
                    hash.fold(flag)
                }
                hash.fold(order.turn)
            }
        }
    }

    private func foldEngine(into hash: inout StateHash) {
        for fund in treasury.funds { hash.fold(fund.balance) }
        for amounts in [
            treasury.received, treasury.paidOut, treasury.fees, treasury.debts, treasury.convertedIn,
            treasury.convertedOut,
        ] {
            for amount in amounts { hash.fold(amount) }
        }
        for lot in lots where lot.size != .zero {
            hash.fold(Int64(lot.liquidation.raw))
            hash.fold(Int64(lot.account.raw))
            hash.fold(Int64(lot.contract.raw))
            hash.fold(PositionSide.allCases.firstIndex(of: lot.side)!)
            hash.fold(lot.size)
            hash.fold(lot.settled)
            hash.fold(lot.impatientAt)
            hash.fold(lot.paid)
            hash.fold(lot.isAbsorbed)
            hash.fold(lot.absorbedAt)
            hash.fold(lot.waiting)
        }
        for market in markets {
            for event in market.announced {
                for moment in [event.from, event.to] { hash.fold(moment) }
                hash.fold(event.initial)
            }
        }
        for provider in providers {
            hash.fold(Int64(provider.account.raw))
            hash.fold(Int64(provider.currency.raw))
            for amount in [provider.capacity, provider.used] { hash.fold(amount) }
            hash.fold(provider.window)
        }
        for index in recheck + recheckWallets + pausedPositions { hash.fold(Int64(index)) }
    }
}
