internal import BreakwaterCore
internal import GRDB

/// What is known of an account's positions and money while its events are folded.
struct Ledger {
    var holdings: [Holding]
    var purses: [Purse] = []

    /// One wallet, as far as events have told of it.
    struct Purse {
        let currency: CurrencyID
        /// What its lines add up to, funding included up to the last position told of.
        var balance: Amount
        /// How many payments of funding there had been by then, in any contract.
        var fundingCount: Int
    }

    /// The place of a position among the holdings.
    func place(of key: PositionKey) -> Int? { holdings.firstIndex { $0.key == key } }
}

extension Fold {
    /// The account's ledger, read from the tables the first time.
    func ledger(of account: AccountID, in database: Database) throws -> Ledger {
        while ledgers.count <= account.index { ledgers.append(nil) }
        if let ledger = ledgers[account.index] { return ledger }
        var ledger = Ledger(holdings: try Holding.fetch("WHERE account = ?", [account.raw], from: database))
        for place in ledger.holdings.indices {
            let currency = contracts[ledger.holdings[place].key.contract.index].settle
            guard let fact = lastFact(of: ledger, currency)?.last else { continue }
            ledger.holdings[place].funded = try Self.funded(
                ledger.holdings[place].key.contract, before: fact, in: database)
        }
        ledgers[account.index] = ledger
        return ledger
    }

    /// The position whose change told a wallet's balance last.
    private func lastFact(of ledger: Ledger, _ currency: CurrencyID) -> Holding? {
        ledger.holdings.filter { contracts[$0.key.contract.index].settle == currency }.max { $0.last < $1.last }
    }

    /// The place of a wallet among its account's purses, read from the tables the first time.
    func purse(of account: AccountID, _ currency: CurrencyID, in database: Database) throws -> Int {
        let ledger = try ledger(of: account, in: database)
        if let place = ledger.purses.firstIndex(where: { $0.currency == currency }) { return place }
        let fact = lastFact(of: ledger, currency)
        let statement = try database.cachedStatement(
            sql: "SELECT sum(amount) FROM wallet_lines WHERE account = ? AND currency = ? AND id > ?")
        let since = try Int64.fetchOne(statement, arguments: [account.raw, currency.raw, fact?.last.raw ?? -1]) ?? 0
        var balance = Amount(since)
        if let fact { balance = try balance + told(by: fact, in: database) }
        // Whether funding was paid since then is found out when the next position is told of.
        let isSettled = fact == nil
        ledgers[account.index]!.purses.append(
            Ledger.Purse(currency: currency, balance: balance, fundingCount: isSettled ? fundingCount : -1))
        return ledger.purses.count
    }

    /// The balance that the last change of a position came with.
    private func told(by holding: Holding, in database: Database) throws -> Amount {
        let key = holding.key
        return try PositionRecord.fetch(
            "WHERE account = ? AND contract = ? AND position_side = ? AND id = ?",
            [key.account.raw, key.contract.raw, key.side.rawValue, holding.last.raw], from: database
        ).first?.balance ?? .zero
    }

    /// Writes the positions that changed.
    func flushHoldings(into database: Database) throws {
        for key in changedHoldings {
            guard let place = ledgers[key.account.index]?.place(of: key) else { continue }
            let holding = ledgers[key.account.index]!.holdings[place]
            guard !holding.isStored else { continue }
            try holding.replace(in: database)
            ledgers[key.account.index]!.holdings[place].isStored = true
        }
        changedHoldings.removeAll(keepingCapacity: true)
    }
}
