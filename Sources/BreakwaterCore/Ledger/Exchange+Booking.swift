/// How executions, charges and realised profit enter the ledger. Each moves settled values and wallets by exactly
/// opposite amounts somewhere, so that conservation holds by construction.
extension Exchange {
    /// Books an execution of `delta` (signed) worth `value` (signed) to a position.
    ///
    /// The part against the position closes a pro-rata share of its entry and settled value, assigned margin and draws,
    /// each rounded once with the rest staying, and realises the difference; what remains opens. A flip splits the
    /// value the same way. Isolated positions are assigned the IM they grow by.
    ///
    /// - Returns: what was realised, and how much of its own assigned margin was released with it.
    @discardableResult
    mutating func book(_ delta: Size, worth value: Amount, to index: Int) -> (realised: Amount, released: Amount) {
        var position = positions[index]
        let before = position.size
        let closing = before.sign * delta.sign < 0 ? min(before.magnitude.raw, delta.magnitude.raw) : 0
        var (realised, released, opened) = (Amount.zero, Amount.zero, value)
        if closing > 0 {
            let whole = before.magnitude.raw
            let closed = value.share(closing, of: delta.magnitude.raw, .nearest)
            let settled = position.settled.share(closing, of: whole, .nearest)
            released = position.assigned.share(closing, of: whole, .nearest)
            realised = -(settled + closed)
            opened = value - closed
            position.entry = position.entry - position.entry.share(closing, of: whole, .nearest)
            position.settled = position.settled - settled
            position.assigned = position.assigned - released
            position.drawn = position.drawn - position.drawn.share(closing, of: whole, .nearest)
        }
        position.size = before + delta
        position.entry = position.entry + opened
        position.settled = position.settled + opened
        position.realised = position.realised + realised
        if position.mode == .isolated, delta.magnitude.raw > closing {
            position.assigned = position.assigned + growth(of: position, from: before, closing: closing)
        }
        positions[index] = position
        credit(realised, toWallet: Int(position.wallet))
        noteWon(realised, wallet: Int(position.wallet))
        changeOpenInterest(of: position.contract, from: before, to: position.size)
        if position.size != .zero { watch(index) }
        refresh(index)
        coverWallet(Int(position.wallet))
        return (realised, released)
    }

    /// How much IM an isolated position gained by the opening part of an execution.
    private func growth(of position: Position, from before: Size, closing: Int64) -> Amount {
        let grown = initialMargin(of: position, worth: basisValue(of: position), size: position.size)
        guard closing == 0, before != .zero else { return grown }
        return max(.zero, grown - positionMarginBefore(position, size: before))
    }

    /// The IM of a position before it grew, at the same mark; its stored IM may predate the mark.
    private func positionMarginBefore(_ position: Position, size: Size) -> Amount {
        let old = position.initialMargin
        guard rulebook.basis == .mark, let mark = markets[position.contract.index].mark else { return old }
        let value = markets[position.contract.index].valuation.notional(of: size, at: mark)
        return initialMargin(of: position, worth: value, size: size)
    }

    mutating func changeOpenInterest(of contract: ContractID, from before: Size, to after: Size) {
        let longs = max(.zero, after) - max(.zero, before)
        let shorts = min(.zero, before) - min(.zero, after)
        markets[contract.index].openInterest = markets[contract.index].openInterest + longs
        markets[contract.index].shortInterest = markets[contract.index].shortInterest + shorts
    }

    /// Adds to a wallet (negative: takes from it).
    mutating func credit(_ amount: Amount, toWallet index: Int) {
        wallets[index].balance = wallets[index].balance + amount
    }

    /// Keeps a portfolio's wallet from going below zero by realising unrealised profit at mark, largest first, then by
    /// converting other currencies that back it.
    ///
    /// An account whose equity is below zero between two takeovers has too little of it; what is missing is then carried
    /// by the positions still to be taken over, as a loss not yet realised.
    mutating func coverWallet(_ index: Int) {
        guard rulebook.cross == .portfolio else { return }
        while wallets[index].balance < wallets[index].isolated {
            if let best = mostProfitable(backedBy: index) {
                realise(best)
            } else if convertMissing(toWallet: index) {
                continue
            } else if let carrier = firstOpenPosition(ofPortfolio: index) {
                let missing = wallets[index].isolated - wallets[index].balance
                save(position: carrier)
                carry(missing, by: carrier)
                note(missing, realisedBy: carrier)
                credit(missing, toWallet: index)
            } else {
                return
            }
        }
    }

    private func firstOpenPosition(ofPortfolio wallet: Int) -> Int? {
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let position = positions[Int(next)]
            if position.wallet == Int32(wallet), position.mode == .cross, position.size != .zero { return Int(next) }
            next = position.next
        }
        return nil
    }

    private func mostProfitable(backedBy wallet: Int) -> Int? {
        var best: (index: Int, profit: Amount)?
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let position = positions[Int(next)]
            if position.wallet == Int32(wallet), position.mode == .cross {
                let profit = unrealised(position)
                if profit > best?.profit ?? .zero { best = (Int(next), profit) }
            }
            next = position.next
        }
        return best?.index
    }

    /// Moves a position's unrealised PnL into the wallet: its settled value becomes its value at mark.
    mutating func realise(_ index: Int) {
        let profit = unrealised(positions[index])
        save(position: index)
        positions[index].settled = positions[index].settled + profit
        note(profit, realisedBy: index)
        credit(profit, toWallet: Int(positions[index].wallet))
    }
}

/// Charges: fees, funding and the like.
extension Exchange {
    /// Takes a charge from a position's owner: from available, then from the position's own margin.
    ///
    /// What the wallet cannot give is added to the settled value, as a loss not yet realised, so that no wallet goes
    /// negative; that position is checked again before the command ends.
    ///
    /// - Parameter sparing: leave the position's own margin at zero or above and waive the rest, as for fees.
    /// - Returns: what was taken.
    mutating func charge(_ amount: Amount, to index: Int, sparing: Bool) -> Amount {
        precondition(amount >= .zero, "charge of \(amount.raw)")
        touch(index)
        let wallet = Int(positions[index].wallet)
        let fromWallet = min(amount, max(.zero, chargeable(to: positions[index])))
        credit(-fromWallet, toWallet: wallet)
        note(-fromWallet, realisedBy: index)
        coverWallet(wallet)
        if rulebook.cross == .portfolio, fromWallet > .zero { checkWalletLater(wallet) }
        let rest = amount - fromWallet
        guard rest > .zero, positions[index].size != .zero else { return fromWallet }
        return fromWallet + chargeMargin(rest, to: index, sparing: sparing)
    }

    /// What a charge to `position` may take from its wallet. A portfolio gives up to its equity, its IM notwithstanding.
    func chargeable(to position: Position) -> Amount {
        let wallet = Int(position.wallet)
        return isPortfolio(position) ? portfolioEquity(wallet) : available(wallet)
    }

    private mutating func chargeMargin(_ amount: Amount, to index: Int, sparing: Bool) -> Amount {
        let position = positions[index]
        let bearable = isPortfolio(position) ? Amount.zero : max(.zero, ownMargin(position))
        let charged = sparing ? min(amount, bearable) : amount
        let fromAssigned = min(charged, position.mode == .isolated ? position.assigned : .zero)
        credit(-fromAssigned, toWallet: Int(position.wallet))
        positions[index].assigned = position.assigned - fromAssigned
        note(-fromAssigned, realisedBy: index)
        carry(charged - fromAssigned, by: index)
        hold(index)
        if charged > .zero { checkLater(index) }
        return charged
    }

    /// Adds to a position's settled value what nobody could pay: a loss not yet realised.
    private mutating func carry(_ amount: Amount, by index: Int) {
        positions[index].settled = positions[index].settled + amount
        markets[positions[index].contract.index].carried += amount.wide
    }

    mutating func checkLater(_ index: Int) {
        guard !positions[index].pendingRecheck else { return }
        touch(index)
        positions[index].pendingRecheck = true
        recheck.append(Int32(index))
    }
}
