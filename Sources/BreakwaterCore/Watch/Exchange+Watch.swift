/// Who is looked at when a price, a settlement or a funding payment comes.
extension Exchange {
    /// The open positions to visit at a new mark, in order of opening: those watched, and those whose band it leaves.
    mutating func positionsToVisit(in market: Int, at mark: Price) -> [Int32] {
        while let index = watch.popPassed(.below, in: market, by: -mark.raw) { wake(index) }
        while let index = watch.popPassed(.above, in: market, by: mark.raw) { wake(index) }
        let concerned = watched(in: market)
        if !concerned.isEmpty { watch.visitedMarkets.append(Int32(market)) }
        return concerned
    }

    /// The same for a funding payment of so much per lot.
    mutating func positionsToFund(in market: Int, perLot: Amount) -> [Int32] {
        let paid = watch.markets[market].history.funded.raw + perLot.raw
        while let index = watch.popPassed(.longsPay, in: market, by: paid) { touch(index) }
        while let index = watch.popPassed(.shortsPay, in: market, by: -paid) { touch(index) }
        return watched(in: market)
    }

    /// Has the accounts looked at that a settlement gives something to draw.
    mutating func wakeSpent() {
        var spent: [Watch.Spent] = []
        swap(&spent, &watch.spent)
        var kept = 0
        for place in spent.indices {
            var entry = spent[place]
            let wallet = Int(entry.wallet)
            if watch.purses[wallet].isSpent, gainsBySettling(&entry) { touch(wallet: wallet) }
            watch.purses[wallet].isListed = watch.purses[wallet].isSpent
            guard watch.purses[wallet].isSpent else { continue }
            spent[kept] = entry
            kept += 1
        }
        spent.removeSubrange(kept...)
        watch.spent = spent
    }

    /// Whether a settlement would realise a profit of a wallet that draws nothing, or let some of its draws go.
    private mutating func gainsBySettling(_ entry: inout Watch.Spent) -> Bool {
        let wallet = Int(entry.wallet)
        if watch.purses[wallet].keepsSettlement, let mark = markets[Int(entry.market)].mark, entry.isBeyond(mark) {
            return false
        }
        watch.purses[wallet].keepsSettlement = false
        var positionsSeen = 0
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard positions[place].wallet == entry.wallet, positions[place].mode == .cross,
                positions[place].size != .zero
            else { continue }
            positionsSeen += 1
            let market = positions[place].contract.index
            guard let mark = markets[market].mark, isFresh(market) else { continue }
            if positions[place].drawn + unrealised(positions[place]) > .zero { return true }
            (entry.market, entry.longs, entry.mark) = (Int32(market), positions[place].size > .zero, mark)
            watch.purses[wallet].keepsSettlement = true
        }
        // Of several each would need a mark of its own; and at a stale one nothing was seen.
        if positionsSeen != 1 { watch.purses[wallet].keepsSettlement = false }
        return false
    }

    /// The open positions of a contract that are watched, in order of opening.
    mutating func watched(in market: Int) -> [Int32] {
        guard !watch.markets[market].listed.isEmpty else { return [] }
        forgetCalm(in: market)
        watch.markets[market].listed.sort()
        return watch.markets[market].listed
    }

    /// Takes positions out of a contract's list that are calm or closed.
    mutating func forgetCalm(in market: Int) {
        var listed: [Int32] = []
        swap(&listed, &watch.markets[market].listed)
        listed.removeAll { index in
            let leaves = positions[Int(index)].size == .zero || watch.standings[Int(index)].ease != .watched
            if leaves { watch.standings[Int(index)].isListed = false }
            return leaves
        }
        watch.markets[market].listed = listed
    }

    /// Has a position that was just opened visited.
    mutating func watch(_ index: Int) { watch.list(index, in: positions[index].contract.index) }
}
