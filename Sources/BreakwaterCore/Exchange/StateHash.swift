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
        foldMarkets(into: &hash)
        foldAccounts(into: &hash)
        foldEngine(into: &hash)
        return hash.value
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
            for unit in [order.size, order.remaining] { hash.fold(unit) }
            for unit in [order.marginValue, order.marginCost] { hash.fold(unit) }
        }
    }

    private func foldAccounts(into hash: inout StateHash) {
        for account in accounts {
            hash.fold(account.hedged)
            hash.fold(SelfTradePrevention.allCases.firstIndex(of: account.selfTrade)!)
        }
        for wallet in wallets {
            hash.fold(Int64(wallet.account.raw))
            hash.fold(Int64(wallet.currency.raw))
            for amount in [wallet.balance, wallet.isolated, wallet.cross, wallet.orders] { hash.fold(amount) }
            hash.fold(Int64(wallet.warned.rawValue))
        }
        for position in positions {
            hash.fold(Int64(position.account.raw))
            hash.fold(Int64(position.contract.raw))
            hash.fold(PositionSide.allCases.firstIndex(of: position.side)!)
            hash.fold(position.mode == .isolated)
            hash.fold(Int64(position.warned.rawValue))
            hash.fold(Int64(position.riskLimit))
            hash.fold(position.leverage)
            hash.fold(position.size)
            for amount in [
                position.entry, position.settled, position.assigned, position.drawn, position.realised,
                position.initialMargin, position.maintenanceMargin, position.orderMargin,
            ] { hash.fold(amount) }
        }
    }

    private func foldEngine(into hash: inout StateHash) {
        for fund in treasury.funds { hash.fold(fund.balance) }
        for amounts in [treasury.received, treasury.paidOut, treasury.fees] {
            for amount in amounts { hash.fold(amount) }
        }
        for lot in lots where lot.size != .zero {
            hash.fold(Int64(lot.liquidation.raw))
            hash.fold(lot.size)
            hash.fold(lot.settled)
            hash.fold(lot.impatientAt)
        }
        for index in recheck + recheckWallets { hash.fold(Int64(index)) }
    }
}
