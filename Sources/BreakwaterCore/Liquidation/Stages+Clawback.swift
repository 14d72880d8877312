/// The last stage: what nobody could take closes at mark, and the winners of the period pay for what is missing.
extension Exchange {
    /// Closes a lot at mark against opposing positions in deleveraging order, then collects its deficit.
    mutating func clawBack(_ index: Int) {
        let market = lots[index].contract.index
        lots[index].state = .autoDeleverage
        var deficit = Amount.zero
        let policy = rulebook.autoDeleverage?.policy ?? .bitmexRank
        for candidate in ranking(of: market, longs: lots[index].size < .zero, by: policy) {
            let lot = lots[index]
            let size = Size(min(lot.size.magnitude.raw, positions[candidate].size.magnitude.raw) * lot.size.sign)
            let value = valueAtMark(size, in: market)
            let (account, side) = (positions[candidate].account, positions[candidate].side)
            guard size != .zero, canBear(candidate, size, worth: value) else { continue }
            let own = lot.settled.share(size.magnitude.raw, of: lot.size.magnitude.raw, .nearest)
            cancelContractOrders(of: candidate, .autoDeleverage)
            take(size, of: index, worth: value, own: own, by: candidate)
            deficit = deficit + own - value
            record(
                lot.liquidation, of: lot.contract,
                .closedAtMark(account, side, size: size, value: value, deficit: own - value))
            announce(candidate)
        }
        collect(deficit, for: lots[index])
    }

    /// Shares a deficit pro rata over the winners of the period: each share rounds up, and is never above the lesser of
    /// that profit and what is available. More than was missing goes to the fund; less is the venue's debt.
    private mutating func collect(_ deficit: Amount, for lot: Lot) {
        let settle = markets[lot.contract.index].contract.settle
        var missing = deficit
        if deficit > .zero {
            let winners = winners(in: settle)
            let profits = winners.reduce(Int128(0)) { $0 + $1.profit.wide }
            for (wallet, profit) in winners {
                touch(wallet: wallet)
                let share = Amount(Int64(divide(deficit.wide * profit.wide, by: profits, .up)))
                let paid = min(share, profit, max(.zero, available(wallet)))
                guard paid > .zero else { continue }
                credit(-paid, toWallet: wallet)
                noteWon(-paid, wallet: wallet)
                coverWallet(wallet)
                checkWalletLater(wallet)
                missing = missing - paid
                record(lot.liquidation, of: lot.contract, .clawedBack(wallets[wallet].account, paid))
            }
        }
        guard missing != .zero else { return }
        if missing > .zero {
            treasury.debts[settle.index] = treasury.debts[settle.index] + missing
        } else {
            let fund = fund(of: lot.contract)
            treasury.funds[fund].balance = treasury.funds[fund].balance - missing
        }
        record(lot.liquidation, of: lot.contract, .clawbackEnded(surplus: -missing))
    }

    /// Wallets that realised a profit in the present period, by account.
    private func winners(in currency: CurrencyID) -> [(wallet: Int, profit: Amount)] {
        guard let period = rulebook.stages.clawbackPeriod else { return [] }
        let start = now.startOfMultiple(of: period)
        return wallets.indices
            .filter { wallets[$0].currency == currency }
            .map { (index: $0, wallet: present(wallet: $0)) }
            .filter { $0.wallet.periodStart == start && $0.wallet.won > .zero }
            .map { (wallet: $0.index, profit: $0.wallet.won) }
            .sorted { (wallets[$0.wallet].account, $0.wallet) < (wallets[$1.wallet].account, $1.wallet) }
    }

    /// Counts PnL that a position realised, for itself and for its wallet's clawback period.
    mutating func note(_ amount: Amount, realisedBy index: Int) {
        positions[index].realised = positions[index].realised + amount
        noteWon(amount, wallet: Int(positions[index].wallet))
    }

    mutating func noteWon(_ amount: Amount, wallet: Int) {
        guard let period = rulebook.stages.clawbackPeriod else { return }
        let start = now.startOfMultiple(of: period)
        if wallets[wallet].periodStart != start { (wallets[wallet].periodStart, wallets[wallet].won) = (start, .zero) }
        wallets[wallet].won = wallets[wallet].won + amount
    }

    /// Losses in `currency` that nobody could be asked for.
    public func venueDebt(in currency: CurrencyID) -> Amount { treasury.debts[currency.index] }
}
