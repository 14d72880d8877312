internal import BreakwaterCore
internal import BreakwaterVenue
internal import GRDB

/// Money: what moved it, and what the balances that positions are told with leave over.
///
/// Between two events that tell a wallet's balance, everything that moves it is told too, except profit realised at
/// mark and charges that a position carries. So what is left is a line of that cause, and the lines always add up.
/// Funding is the same amount a lot for everybody: it is counted here, and made into lines only when they are asked for.
extension Fold {
    /// Adds a line to a wallet.
    func move(
        _ cause: WalletLine.Cause, _ amount: Amount, of account: AccountID, _ currency: CurrencyID,
        contract: ContractID? = nil, _ side: PositionSide? = nil, other: AccountID? = nil,
        liquidation: LiquidationID? = nil, in database: Database
    ) throws {
        guard amount != .zero else { return }
        let place = try purse(of: account, currency, in: database)
        ledgers[account.index]!.purses[place].balance = ledgers[account.index]!.purses[place].balance + amount
        lines.append(
            WalletLine(
                here, account, currency, cause, amount, at: now, of: contract, side, other: other, in: liquidation))
    }

    /// The same for what a position did to the wallet behind it.
    func move(
        _ cause: WalletLine.Cause, _ amount: Amount, by key: PositionKey, liquidation: LiquidationID? = nil,
        in database: Database
    ) throws {
        try move(
            cause, amount, of: key.account, contracts[key.contract.index].settle, contract: key.contract, key.side,
            liquidation: liquidation, in: database)
    }

    /// A position as it stands now, and with it its wallet's balance.
    func note(_ change: PositionChange, isSetting: Bool, in database: Database) throws {
        let (key, account) = (change.key, change.key.account.index)
        let place = try purse(of: key.account, contracts[key.contract.index].settle, in: database)
        countFunding(of: account, purse: place)
        let rest = change.balance - ledgers[account]!.purses[place].balance
        try move(.settlement, rest, by: key, in: database)
        if let index = ledgers[account]!.place(of: key) {
            if ledgers[account]!.holdings[index].isStored { changedHoldings.append(key) }
            ledgers[account]!.holdings[index].size = change.size
            ledgers[account]!.holdings[index].settled = change.settled
            ledgers[account]!.holdings[index].last = here
            ledgers[account]!.holdings[index].isStored = false
        } else {
            var holding = Holding(change, here)
            holding.funded = funded[key.contract.index]
            ledgers[account]!.holdings.append(holding)
            changedHoldings.append(key)
        }
        newPositions.append(PositionRecord(change, here, at: now, isSetting: isSetting))
    }

    /// Counts the funding that a wallet's positions have paid since it was last told of.
    private func countFunding(of account: Int, purse place: Int) {
        guard let purse = ledgers[account]?.purses[place], purse.fundingCount != fundingCount else { return }
        ledgers[account]!.purses[place].fundingCount = fundingCount
        for index in ledgers[account]!.holdings.indices {
            let holding = ledgers[account]!.holdings[index]
            let contract = holding.key.contract.index
            guard contracts[contract].settle == purse.currency else { continue }
            let due = Amount((funded[contract] - holding.funded).raw * holding.size.raw)
            ledgers[account]!.holdings[index].funded = funded[contract]
            ledgers[account]!.purses[place].balance = ledgers[account]!.purses[place].balance - due
        }
    }

    /// What was moved to or from an isolated position.
    func noteMargin(_ change: PositionChange, of execution: Execution, in database: Database) throws {
        guard case .moveMargin(let key, let amount) = execution.command, key == change.key else { return }
        try MarginChange(id: here, key: key, amount: amount, margin: change.margin, time: now).insert(into: database)
    }

    /// A movement of an insurance fund.
    func moveFund(
        _ cause: InsuranceLine.Cause, _ amount: Amount, _ currency: CurrencyID, _ contract: ContractID?,
        liquidation: LiquidationID? = nil, in database: Database
    ) throws {
        guard amount != .zero else { return }
        let line = InsuranceLine(
            id: here, currency: currency, contract: contract, cause: cause, amount: amount, liquidation: liquidation,
            time: now)
        try line.insert(into: database)
    }
}
