internal import BreakwaterCore
internal import GRDB

/// What a history begins with where the journal before is gone: contracts, balances and positions as they stand.
///
/// Orders that are open then come into it with the first event that concerns them.
struct Opening {
    private let sequence: Int64
    private let time: Timestamp
    private let contracts: [ContractTerms]
    private var positions: [PositionRecord] = []
    private var lines: [WalletLine] = []
    private var funds: [InsuranceLine] = []

    init(of exchange: borrowing Exchange, after sequence: Int64) {
        self.sequence = sequence
        time = exchange.now
        contracts = exchange.directory.contracts.enumerated().map { ContractTerms(ContractID(index: $0), $1) }
        var next = 0
        func id() -> EventID {
            next += 1
            return EventID(sequence, next)
        }
        for currency in exchange.directory.currencies.indices.map(CurrencyID.init(index:)) {
            let balance = exchange.insurance(of: currency)
            guard balance != .zero else { continue }
            funds.append(
                InsuranceLine(
                    id: id(), currency: currency, contract: nil, cause: .broughtForward, amount: balance,
                    liquidation: nil, time: time))
        }
        var balances: [AccountID: [CurrencyID: Amount]] = [:]
        for account in exchange.directory.accountNames.indices.map(AccountID.init(index:)) {
            for wallet in exchange.walletStatements(of: account) where wallet.balance != .zero {
                balances[account, default: [:]][wallet.currency] = wallet.balance
                lines.append(WalletLine(id(), account, wallet.currency, .broughtForward, wallet.balance, at: time))
            }
        }
        for position in exchange.positionStatements() {
            let settle = contracts[position.key.contract.index].settle
            positions.append(
                PositionRecord(
                    id: id(), time: time, key: position.key, size: position.size, mode: position.mode,
                    leverage: position.leverage, entry: position.entryValue, settled: position.settledValue,
                    margin: position.margin, realised: position.realised,
                    balance: balances[position.key.account]?[settle] ?? .zero, isSetting: false))
        }
    }

    func write(into database: Database) throws {
        for contract in contracts { try contract.insert(into: database) }
        for line in funds { try line.insert(into: database) }
        for line in lines { try line.insert(into: database) }
        for position in positions {
            try position.insert(into: database)
            try Holding(position).insert(into: database)
        }
        try database.execute(
            sql: "UPDATE progress SET sequence = ?, time = ?", arguments: [sequence, time.raw])
    }
}

extension Holding {
    fileprivate init(_ position: PositionRecord) {
        (key, size, settled, last) = (position.key, position.size, position.settled, position.id)
    }
}
