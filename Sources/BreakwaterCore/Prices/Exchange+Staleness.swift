/// Stale marks. On one nothing is liquidated and no new risk is accepted; reducing and cancelling stay open.
extension Exchange {
    /// Whether a contract has a mark that may be relied on now: not older than its `maxAge`, and not from before a
    /// restart. At exactly `maxAge` it may.
    func isFresh(_ market: Int) -> Bool { now <= markets[market].freshUntil }

    /// A contract whose stale mark holds up what is done with a position: its own; for a portfolio that of any open
    /// cross position, because all of them back it.
    func staleMark(behind position: Position) -> ContractID? {
        guard isFresh(position.contract.index) else { return position.contract }
        return isPortfolio(position) ? staleMark(inWallet: Int(position.wallet)) : nil
    }

    /// The same for a position where it lies.
    @inline(__always)
    func staleMark(behind index: Int) -> ContractID? {
        guard isFresh(positions[index].contract.index) else { return positions[index].contract }
        guard rulebook.cross == .portfolio, positions[index].mode == .cross else { return nil }
        return staleMark(inWallet: Int(positions[index].wallet))
    }

    /// A contract with a stale mark in which a wallet backs an open cross position.
    func staleMark(inWallet wallet: Int) -> ContractID? {
        var stale: ContractID?
        forEachPosition(backedBy: wallet) { position in
            if position.mode == .cross, position.size != .zero, !isFresh(position.contract.index) {
                stale = min(position.contract, stale ?? position.contract)
            }
        }
        return stale ?? (rulebook.collateral == nil ? nil : stalePledge(behind: wallet))
    }

    /// Makes every mark stale and forgets what index sources said, as after an interruption: prices start anew.
    mutating func restart() {
        for market in markets.indices {
            markets[market].freshUntil = .never
            markets[market].sources.removeAll()
            markets[market].averages.observed = now
            markets[market].averages.restarted = now
        }
        events.append(.restarted)
    }

    /// Refuses a price that was observed too long ago, before the one it would replace, or later than now.
    ///
    /// - Parameter known: the moment before which a price is too old in any case.
    func checkAge(of contract: ContractID, asOf: Timestamp?, known: Timestamp, maxAge: Duration?) throws(Rejection) {
        guard let asOf else { return }
        guard asOf <= now else { throw .priceFromFuture(contract) }
        let tooOld = if let maxAge { asOf + maxAge < now } else { false }
        if asOf < known || tooOld { throw .priceTooOld(contract, age: Duration((now - asOf).raw)) }
    }
}
