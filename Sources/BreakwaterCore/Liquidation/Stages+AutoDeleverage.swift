/// Auto-deleveraging: opposing positions, best ranked first, take the engine's lot at its bankruptcy price.
extension Exchange {
    /// Closes a lot against opposing positions in rank order, as far as they can bear it.
    ///
    /// The price is the lot's settled value, to the unit, so that the engine neither gains nor loses.
    mutating func deleverage(_ index: Int, by policy: AutoDeleveragePolicy) {
        let contract = lots[index].contract
        for candidate in ranking(of: contract.index, longs: lots[index].size < .zero, by: policy) {
            guard lots[index].size != .zero else { return }
            let lot = lots[index]
            let size = Size(min(lot.size.magnitude.raw, positions[candidate].size.magnitude.raw) * lot.size.sign)
            let value = lot.settled.share(size.magnitude.raw, of: lot.size.magnitude.raw, .nearest)
            let (account, side) = (positions[candidate].account, positions[candidate].side)
            guard canBear(candidate, size, worth: value) else {
                if lot.waiting != lot.size { record(lot.liquidation, of: contract, .deleverageSkipped(account, side)) }
                continue
            }
            cancelContractOrders(of: candidate, .autoDeleverage)
            let forgone =
                value - markets[contract.index].valuation.markValue(of: size, at: markets[contract.index].mark!)
            saveMarket(contract)
            let refusal = bookPosition(candidate, size, worth: value, as: .maker)
            precondition(refusal == nil, "deleveraging refused after it was borne: \(String(describing: refusal))")
            undo.clear()
            changeOpenInterest(of: contract, from: lot.size, to: lot.size - size)
            lots[index].size = lot.size - size
            lots[index].settled = lot.settled - value
            record(
                lot.liquidation, of: contract, .deleveraged(account, side, size: size, value: value, forgone: forgone))
            announce(candidate)
        }
    }

    /// Whether a position's own backing covers its loss at the deleveraging price; tried for real, then taken back.
    ///
    /// Its orders in the contract would be cancelled first, so what they reserve counts as available.
    private mutating func canBear(_ index: Int, _ size: Size, worth value: Amount) -> Bool {
        let start = undo.count
        saveMarket(positions[index].contract)
        save(position: index)
        releaseOrderMargin(of: index)
        let refusal = bookPosition(index, size, worth: value, as: .maker)
        rollBack(to: start)
        return refusal == nil
    }

    /// Sets what a position's orders reserve to zero, as if they were gone.
    private mutating func releaseOrderMargin(of index: Int) {
        positions[index].buys = Position.OpenOrders()
        positions[index].sells = Position.OpenOrders()
        refresh(index)
    }

    /// Open positions on one side of a contract, first to be deleveraged first; ties by account number.
    func ranking(of market: Int, longs: Bool, by policy: AutoDeleveragePolicy) -> [Int] {
        let side: Int64 = longs ? 1 : -1
        let candidates = markets[market].positions.filter { positions[Int($0)].size.sign == side }.map(Int.init)
        switch policy {
        case .bitmexRank:
            let scored = candidates.map { (index: $0, score: bitmexScore(of: positions[$0])) }
            return scored.sorted {
                if $0.score != $1.score { return $0.score > $1.score }
                let (first, second) = (positions[$0.index].account, positions[$1.index].account)
                return first != second ? first < second : $0.index < $1.index
            }.map(\.index)
        }
    }

    /// PnL % x effective leverage, or PnL % / effective leverage where negative; in billionths of billionths.
    ///
    /// PnL % = (mark value - entry value) / |entry value|; effective leverage = |mark value| / (mark value - bankrupt
    /// value), where a position without a bankruptcy price has a bankrupt value of zero. Source: BitMEX, "Auto-Deleveraging".
    private func bitmexScore(of position: Position) -> Int128 {
        let valuation = markets[position.contract.index].valuation
        let value = valuation.markValue(of: position.size, at: markets[position.contract.index].mark!)
        guard position.entry != .zero else { return 0 }
        let billion = Rate.one.wide
        let profit = divide((value - position.entry).wide * billion, by: position.entry.magnitude.wide, .down)
        let bankrupt = bankruptcyValue(of: position)
        let exists = valuation.exactPrice(of: position.size, worth: bankrupt.wide) != nil
        let distance = exists ? value - bankrupt : value.magnitude
        // At or beyond bankruptcy leverage has no bound; it is held at a million.
        let highest = 1_000_000 * billion
        let leverage =
            distance > .zero ? min(highest, divide(value.magnitude.wide * billion, by: distance.wide, .down)) : highest
        let bounded = max(-highest, min(profit, highest))
        return bounded > 0
            ? bounded * leverage : divide(bounded * billion * billion, by: max(1, leverage), .down)
    }

    /// How many of five lights a position shows: five for the fifth of its side that is deleveraged first.
    func deleverageLights(of market: Int, longs: Bool) -> [Int: Int] {
        guard markets[market].mark != nil,
            let policy = rulebook.waterfall.lazy.compactMap({
                if case .autoDeleverage(let policy) = $0 { policy } else { nil }
            }).first
        else { return [:] }
        let queue = ranking(of: market, longs: longs, by: policy)
        return Dictionary(uniqueKeysWithValues: queue.enumerated().map { ($1, 5 - 5 * $0 / queue.count) })
    }
}
