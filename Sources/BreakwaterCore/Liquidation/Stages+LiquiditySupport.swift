/// Registered providers take over what accounts below their close-out margin lost (seed 004).
extension Exchange {
    /// Assigns a lot to providers by their free capacity, at the lot's own price: that of zero equity. What exceeds their
    /// capacity stays in the lot. A provider may only reduce what it got until the window ends.
    mutating func assignToProviders(_ index: Int, window: Duration) {
        guard let mark = markets[lots[index].contract.index].mark, !providers.isEmpty else { return }
        let start = now.startOfMultiple(of: window)
        lots[index].state = .liquiditySupport
        let lot = markets[lots[index].contract.index].valuation.notional(of: Size(1), at: mark)
        for (provider, size) in shares(of: index, lot: lot, since: start) where size > .zero {
            assign(size, of: index, to: provider, since: start, until: start + window)
        }
    }

    /// How much each provider is to take: pro rata to free capacity, what rounding leaves over one lot at a time to
    /// those with most of it.
    private func shares(of index: Int, lot: Amount, since start: Timestamp) -> [(provider: Int, size: Size)] {
        let settle = markets[lots[index].contract.index].contract.settle
        var room: [(provider: Int, free: Int64)] = []
        for (number, provider) in providers.enumerated()
        where provider.currency == settle && provider.account != lots[index].account {
            let lots = divide(max(.zero, provider.free(since: start)).wide, by: max(1, lot.wide), .down)
            if lots > 0 { room.append((number, Int64(min(lots, Int128(Limits.ticksOrLots))))) }
        }
        let whole = room.reduce(Int128(0)) { $0 + Int128($1.free) }
        guard whole > 0 else { return [] }
        let wanted = min(lots[index].size.magnitude.wide, whole)
        var shares = room.map { ($0.provider, Int64(divide(wanted * Int128($0.free), by: whole, .down))) }
        var left = wanted - shares.reduce(Int128(0)) { $0 + Int128($1.1) }
        let most = room.indices.sorted { (room[$0].free, $1) > (room[$1].free, $0) }
        for place in most where left > 0 && shares[place].1 < room[place].free {
            shares[place].1 += 1
            left -= 1
        }
        return shares.map { ($0.0, Size($0.1)) }
    }

    /// Hands `size` of a lot to a provider that can bear it.
    private mutating func assign(
        _ size: Size, of index: Int, to number: Int, since start: Timestamp, until end: Timestamp
    ) {
        let lot = lots[index]
        let market = lot.contract.index
        let account = providers[number].account
        let signed = Size(size.raw * lot.size.sign)
        let side: PositionSide = !accounts[account.index].hedged ? .net : signed > .zero ? .long : .short
        guard let position = try? self.position(for: PositionKey(account, lot.contract, side)) else { return }
        let value = lot.settled.share(size.raw, of: lot.size.magnitude.raw, .nearest)
        let (undoStart, mark) = (undo.count, markets[market].mark!)
        saveMarket(lot.contract)
        if bookPosition(position, signed, worth: value, as: .assigned) != nil {
            rollBack(to: undoStart)
            if lot.size != lot.waiting { record(lot.liquidation, of: lot.contract, .providerSkipped(account)) }
            return
        }
        undo.clear()
        changeOpenInterest(of: lot.contract, from: lot.size, to: lot.size - signed)
        lots[index].size = lot.size - signed
        lots[index].settled = lot.settled - value
        let worth = markets[market].valuation.markValue(of: signed, at: mark)
        if providers[number].window != start { (providers[number].window, providers[number].used) = (start, .zero) }
        providers[number].used = providers[number].used + markets[market].valuation.notional(of: signed, at: mark)
        if positions[position].size.sign == signed.sign { constrain(position) { $0.reduceOnlyUntil = end } }
        record(
            lot.liquidation, of: lot.contract,
            .assigned(account, side, size: signed, value: value, paid: value - worth))
        announce(position)
        if isPortfolio(positions[position]) { checkWalletLater(Int(positions[position].wallet)) }
    }
}
