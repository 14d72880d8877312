/// The venue's own money, the liquidation engine's lots, providers, and what waits to be checked.
extension Exchange {
    func writeEngine(to journal: inout JournalWriter) {
        for index in directory.currencies.indices {
            journal.write(treasury.received[index], treasury.paidOut[index], treasury.fees[index])
            journal.write(treasury.debts[index], treasury.convertedIn[index], treasury.convertedOut[index])
        }
        journal.write(treasury.funds, lots)
        for market in markets { journal.write(places: market.lots) }
        journal.write(providers)
        for waiting in [recheck, recheckWallets, pausedPositions] { journal.write(places: waiting) }
    }

    mutating func readEngine(from journal: inout JournalReader) throws(JournalFault) {
        for _ in directory.currencies {
            treasury.received.append(try journal.readUnit())
            treasury.paidOut.append(try journal.readUnit())
            treasury.fees.append(try journal.readUnit())
            treasury.debts.append(try journal.readUnit())
            treasury.convertedIn.append(try journal.readUnit())
            treasury.convertedOut.append(try journal.readUnit())
        }
        treasury.funds = try journal.read()
        lots = try journal.read()
        for market in markets.indices {
            let unfinished = try journal.readPlaces(below: lots.count)
            markets[market].lots = unfinished
            markets[market].splits = splits(among: unfinished)
        }
        providers = try journal.read()
        try checkEngine(journal)
        recheck = try journal.readPlaces(below: positions.count)
        recheckWallets = try journal.readPlaces(below: wallets.count)
        pausedPositions = try journal.readPlaces(below: positions.count)
    }

    /// Whether everything named is there, and every fund that will be asked for.
    private func checkEngine(_ journal: JournalReader) throws(JournalFault) {
        func isKnown(_ currency: CurrencyID) -> Bool { directory.currencies.indices.contains(currency.index) }
        func isKnown(_ contract: ContractID) -> Bool { markets.indices.contains(contract.index) }
        func isKnown(_ account: AccountID) -> Bool { accounts.indices.contains(account.index) }
        let isWhole =
            treasury.funds.allSatisfy { isKnown($0.currency) && ($0.contract.map(isKnown) ?? true) }
            && directory.currencies.indices.allSatisfy { currency in
                treasury.funds.contains { $0.currency.index == currency && $0.contract == nil }
            }
            && (rulebook.insurance == .perCurrency
                || markets.indices.allSatisfy { market in treasury.funds.contains { $0.contract?.index == market } })
            && lots.allSatisfy { isKnown($0.account) && isKnown($0.contract) }
            && providers.allSatisfy { isKnown($0.account) && isKnown($0.currency) }
        guard isWhole else { throw journal.fault(.contradiction) }
    }
}

extension Treasury.Fund: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(currency, contract, balance) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        currency = try journal.read()
        contract = try journal.read()
        balance = try journal.readUnit()
    }
}

extension PositionState: Journaled {}
extension Lot: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(liquidation, account, side, contract, size, settled, waiting, paid, isAbsorbed, absorbedAt, state)
        journal.write(impatientAt)
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        liquidation = try journal.read()
        account = try journal.read()
        side = try journal.read()
        contract = try journal.read()
        size = try journal.readUnit()
        settled = try journal.readUnit()
        waiting = try journal.readUnit()
        paid = try journal.readUnit()
        isAbsorbed = try journal.read()
        absorbedAt = try journal.readPrice()
        state = try journal.read()
        impatientAt = try journal.read()
    }
}

extension Provider: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(account, currency, capacity, used, window) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        account = try journal.read()
        currency = try journal.read()
        capacity = try journal.readUnit()
        used = try journal.readUnit()
        window = try journal.read()
    }
}
