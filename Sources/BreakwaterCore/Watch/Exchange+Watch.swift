/// Who is looked at when a price, a settlement or a funding payment comes.
extension Exchange {
    /// The open positions to visit at a new mark, in order of opening: those watched, and those whose band it leaves.
    mutating func positionsToVisit(in market: Int, at mark: Price) -> [Int32] {
        while let index = watch.popPassed(.below, in: market, by: -mark.raw) { touch(index) }
        while let index = watch.popPassed(.above, in: market, by: mark.raw) { touch(index) }
        return watched(in: market)
    }

    /// The same for a funding payment of so much per lot.
    mutating func positionsToFund(in market: Int, perLot: Amount) -> [Int32] {
        let paid = watch.markets[market].history.funded.raw + perLot.raw
        while let index = watch.popPassed(.longsPay, in: market, by: paid) { touch(index) }
        while let index = watch.popPassed(.shortsPay, in: market, by: -paid) { touch(index) }
        return watched(in: market)
    }

    /// The open positions of a contract that are watched, in order of opening. Forgets those that no longer are.
    mutating func watched(in market: Int) -> [Int32] {
        var listed = watch.markets[market].listed
        guard !listed.isEmpty else { return [] }
        watch.markets[market].listed = []
        listed.removeAll { index in
            let leaves = positions[Int(index)].size == .zero || watch.isCalm[Int(positions[Int(index)].wallet)]
            if leaves { watch.bands[Int(index)].isListed = false }
            return leaves
        }
        listed.sort()
        watch.markets[market].listed = listed
        return listed
    }

    /// Has a position that was just opened visited.
    mutating func watch(_ index: Int) { watch.list(index, in: positions[index].contract.index) }
}
