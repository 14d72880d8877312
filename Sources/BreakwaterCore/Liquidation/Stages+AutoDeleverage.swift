/// Auto-deleveraging: opposing positions take the engine's lot, in the order or the shares of the rulebook's policy.
extension Exchange {
    /// Closes a lot against opposing positions, as far as they can bear it.
    mutating func deleverage(_ index: Int, _ terms: AutoDeleverage) {
        lots[index].state = .autoDeleverage
        let (market, longs) = (lots[index].contract.index, lots[index].size < .zero)
        var skipped: [Int] = []
        guard terms.policy != .proRata, watch.watching == .bands else {
            for (candidate, most) in deleveraging(
                of: market, longs: longs, by: terms.policy, lots[index].size.magnitude)
            {
                deleverage(candidate, most, of: index, terms, &skipped)
            }
            return
        }
        let line = deleverageLine(of: market, longs: longs, by: terms.policy)
        while lots[index].size != .zero, let candidate = deleverageLines.popFirst(of: line) {
            // Written or not, it has to be given its place again.
            positions.note(candidate)
            deleverage(candidate, positions[candidate].size.magnitude, of: index, terms, &skipped)
        }
    }

    /// Closes a lot against one opposing position, by `most` at most.
    ///
    /// - Parameter skipped: those that were passed over, for which a second time is worth no word.
    private mutating func deleverage(
        _ candidate: Int, _ most: Size, of index: Int, _ terms: AutoDeleverage, _ skipped: inout [Int]
    ) {
        let left = lots[index].size
        // What was done for one before may have traded in the book, and turned this one round.
        guard positions[candidate].size.sign == -left.sign else { return }
        let size = min(most, left.magnitude, positions[candidate].size.magnitude)
        guard size > .zero else { return }
        let isNew = !skipped.contains(candidate)
        if !deleverage(candidate, Size(size.raw * left.sign), of: index, terms, isTold: isNew), isNew {
            skipped.append(candidate)
        }
    }

    /// Closes `size` of a lot against one opposing position, unless that cannot bear it.
    ///
    /// - Parameter isTold: whether its being passed over is worth a word.
    /// - Returns: whether it was closed.
    private mutating func deleverage(
        _ candidate: Int, _ size: Size, of index: Int, _ terms: AutoDeleverage, isTold: Bool
    ) -> Bool {
        let lot = lots[index]
        let contract = lot.contract
        let own = lot.settled.share(size.magnitude.raw, of: lot.size.magnitude.raw, .nearest)
        let value = deleveragePrice(size, own: own, in: contract, terms.price)
        let (account, side) = (positions[candidate].account, positions[candidate].side)
        guard canBear(candidate, size, worth: value) else {
            if isTold, lot.waiting != lot.size {
                record(lot.liquidation, of: contract, .deleverageSkipped(account, side))
            }
            return false
        }
        cancelContractOrders(of: candidate, .autoDeleverage)
        take(size, of: index, worth: value, own: own, by: candidate)
        let (fund, gain) = (fund(of: contract), value - own)
        treasury.funds[fund].balance = treasury.funds[fund].balance + gain
        let forgone = value - valueAtMark(size, in: contract.index)
        record(
            lot.liquidation, of: contract,
            .deleveraged(account, side, size: size, value: value, forgone: forgone, gain: gain))
        announce(candidate)
        if accounts[account.index].pairsShrinkTogether { shrinkPair(of: candidate, by: size.magnitude) }
        return true
    }

    /// What `size` of a lot changes hands for: its own share, so that the engine neither gains nor loses, or its value at
    /// the mark before the last, where the fund can pay what is missing then.
    private func deleveragePrice(_ size: Size, own: Amount, in contract: ContractID, _ price: DeleveragePrice) -> Amount
    {
        guard price == .previousMark, let mark = markets[contract.index].previousMark else { return own }
        let value = markets[contract.index].valuation.executionValue(of: size, at: mark)
        let fund = fund(of: contract)
        let budget =
            rulebook.stages.absorbingCapital.map { backing(of: fund).left(of: $0) } ?? treasury.funds[fund].balance
        return value >= own || own - value <= budget ? value : own
    }

    /// Books `size` of a lot to an opposing position.
    mutating func take(_ size: Size, of index: Int, worth value: Amount, own: Amount, by candidate: Int) {
        let lot = lots[index]
        saveMarket(lot.contract)
        let refusal = bookPosition(candidate, size, worth: value, as: .maker)
        precondition(refusal == nil, "deleveraging refused after it was borne: \(String(describing: refusal))")
        undo.clear()
        changeOpenInterest(of: lot.contract, from: lot.size, to: lot.size - size)
        lots[index].size = lot.size - size
        lots[index].settled = lot.settled - own
    }

    /// Whether a position's own backing covers its loss at the deleveraging price; tried for real, then taken back.
    ///
    /// Its orders in the contract would be cancelled first, so what they reserve counts as available.
    mutating func canBear(_ index: Int, _ size: Size, worth value: Amount) -> Bool {
        touch(index)
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
        positions[index].openOrders = -1
        refresh(index)
    }

    /// Sends as much of a hedged pair's other side to the book as was deleveraged, so that no naked leg is left.
    private mutating func shrinkPair(of index: Int, by size: Size) {
        let position = positions[index]
        let other: PositionSide = position.side == .long ? .short : .long
        guard position.side != .net, let pair = findPosition(PositionKey(position.account, position.contract, other)),
            positions[pair].size != .zero
        else { return }
        let side = OrderSide.of(-positions[pair].size)
        var taker = Taker(
            id: .none, holder: .position(pair), contract: position.contract, side: side,
            limit: forcedLimit(of: positions[pair], side, slippage: nil),
            remaining: min(size, positions[pair].size.magnitude),
            reduceOnly: true)
        _ = match(&taker)
    }
}
