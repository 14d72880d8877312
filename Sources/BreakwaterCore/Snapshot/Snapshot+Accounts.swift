/// Accounts with their wallets and positions, each in order of opening, from which their chains follow.
extension Exchange {
    func writeAccounts(to journal: inout JournalWriter) {
        for account in accounts {
            journal.write(account.hedged, account.selfTrade, account.pairsShrinkTogether, account.restriction)
        }
    }

    mutating func readAccounts(from journal: inout JournalReader, _ version: UInt8) throws(JournalFault) {
        for _ in directory.accountNames {
            accounts.append(
                Account(
                    hedged: try journal.read(), selfTrade: try journal.read(),
                    pairsShrinkTogether: try journal.read(),
                    restriction: version >= 2 ? try journal.read() : .none))
        }
    }

    func writeWallets(to journal: inout JournalWriter) {
        journal.write(unsigned: UInt64(wallets.count))
        for index in wallets.indices {
            let wallet = present(wallet: index)
            journal.write(wallet.account, wallet.currency, wallet.balance, wallet.isolated, wallet.cross, wallet.orders)
            journal.write(wallet.warned, wallet.pendingRecheck, wallet.won, wallet.periodStart)
        }
    }

    mutating func readWallets(from journal: inout JournalReader) throws(JournalFault) {
        for _ in 0..<(try journal.readCount()) {
            let account = AccountID(try journal.readPlace(below: accounts.count))
            let currency = CurrencyID(try journal.readPlace(below: directory.currencies.count))
            guard findWallet(of: account, in: currency) == nil else { throw journal.fault(.contradiction) }
            var wallet = Wallet(account: account, currency: currency, next: accounts[account.index].firstWallet)
            wallet.balance = try journal.readUnit()
            wallet.isolated = try journal.readUnit()
            wallet.cross = try journal.readUnit()
            wallet.orders = try journal.readUnit()
            wallet.warned = try journal.read()
            wallet.pendingRecheck = try journal.read()
            wallet.won = try journal.readUnit()
            wallet.periodStart = try journal.read()
            accounts[account.index].firstWallet = Int32(wallets.count)
            walletsByCurrency[currency.index].append(Int32(wallets.count))
            wallets.append(wallet)
            watch.purses.append(Watch.Purse())
        }
    }

    func writePositions(to journal: inout JournalWriter) {
        journal.write(unsigned: UInt64(positions.count))
        for index in positions.indices {
            let position = present(index)
            journal.write(key(of: position), position.leverage, Int(position.riskLimit), position.mode)
            journal.write(position.warned, position.pendingRecheck, position.size, position.entry, position.settled)
            journal.write(position.mode == .isolated ? position.assigned : position.drawn, position.realised)
            journal.write(position.initialMargin, position.maintenanceMargin, position.held, position.orderMargin)
            journal.write(position.constraints >= 0 ? constraints[Int(position.constraints)] : nil)
        }
    }

    mutating func readPositions(from journal: inout JournalReader) throws(JournalFault) {
        for _ in 0..<(try journal.readCount()) {
            let position = try readPosition(from: &journal)
            let index = positions.count
            accounts[position.account.index].firstPosition = Int32(index)
            markets[position.contract.index].positions.append(Int32(index))
            positions.append(position)
            watch.addPosition()
            if position.size != .zero { watch.list(index, in: position.contract.index) }
        }
    }

    private mutating func readPosition(from journal: inout JournalReader) throws(JournalFault) -> Position {
        let account = AccountID(try journal.readPlace(below: accounts.count))
        let contract = ContractID(try journal.readPlace(below: markets.count))
        let key = PositionKey(account, contract, try journal.read())
        guard findPosition(key) == nil,
            let wallet = findWallet(of: account, in: markets[contract.index].contract.settle)
        else { throw journal.fault(.contradiction) }
        var position = Position(
            key: key, wallet: Int32(wallet), next: accounts[account.index].firstPosition,
            leverage: try journal.readUnit(from: 1, to: Int64(Int32.max)))
        position.riskLimit = Int16(
            try journal.readPlace(below: min(max(1, markets[contract.index].tiers.limits.count), Int(Int16.max))))
        position.mode = try journal.read()
        position.warned = try journal.read()
        position.pendingRecheck = try journal.read()
        position.size = try journal.readUnit()
        position.entry = try journal.readUnit()
        position.settled = try journal.readUnit()
        let margin: Amount = try journal.readUnit()
        if position.mode == .isolated { position.assigned = margin } else { position.drawn = margin }
        position.realised = try journal.readUnit()
        position.initialMargin = try journal.readUnit()
        position.maintenanceMargin = try journal.readUnit()
        position.held = try journal.readUnit()
        position.orderMargin = try journal.readUnit()
        if let held: Constraints = try journal.read() {
            position.constraints = Int32(constraints.count)
            constraints.append(held)
        }
        return position
    }
}

extension Constraints: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(Int(liquidation), Int(pendingReducers), pausedSize, paused, coolsUntil, reduceOnlyUntil)
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        let liquidation: LiquidationID = try journal.read()
        self.init(
            liquidation: liquidation.raw, pendingReducers: try journal.readPlace(below: Int(Int32.max)),
            pausedSize: try journal.readUnit(), paused: try journal.read(), coolsUntil: try journal.read(),
            reduceOnlyUntil: try journal.read())
    }
}

extension LiquidationID: Journaled {}

extension WarningLevel: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(byte: UInt8(rawValue)) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        let code = try journal.readByte()
        guard let level = WarningLevel(rawValue: Int8(bitPattern: code)) else {
            throw journal.fault(.unknownCode(code))
        }
        self = level
    }
}
