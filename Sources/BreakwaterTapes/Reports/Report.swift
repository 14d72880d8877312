public import BreakwaterCore

/// The state of an exchange in the report's shape. Every figure comes from the core; this only names it.
public struct Report {
    let exchange: Exchange
    let records: LiquidationRecords

    public init(of exchange: Exchange, records: LiquidationRecords) {
        self.exchange = exchange
        self.records = records
    }

    var venue: Directory { exchange.directory }

    /// The whole report.
    public var json: JSONValue {
        [
            "rulebook": .string(exchange.rulebook.name),
            "time": .string(exchange.now.iso),
            "stateHash": .string(stateHash),
            "accounts": accounts,
            "contracts": .object(
                venue.contracts.indices.map { (key: venue.contracts[$0].symbol, value: contract(ContractID(index: $0))) }),
            "insurance": .object(usedCurrencies.map { (key: venue[$0].name, value: insurance(of: $0)) }),
            "fees": .object(usedCurrencies.map { (key: venue[$0].name, value: .decimal(venue[$0].decimal(exchange.fees(in: $0)))) }),
            "liquidations": .array(records.all.map(liquidation)),
            "conservation": .object(usedCurrencies.map { (key: venue[$0].name, value: conservation(of: $0)) }),
        ]
    }

    public var stateHash: String {
        let digits = String(exchange.stateHash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Currencies that any money came in, in order of listing.
    var usedCurrencies: [CurrencyID] {
        venue.currencies.indices.map { CurrencyID(index: $0) }.filter { exchange.conservation(of: $0) != .empty }
    }

    private var accounts: JSONValue {
        var positions: [[(key: String, value: JSONValue)]] = Array(repeating: [], count: venue.accountNames.count)
        for statement in exchange.positionStatements() {
            positions[statement.key.account.index].append((key: name(of: statement.key), value: position(statement)))
        }
        return .object(
            venue.accountNames.enumerated().map { index, name in
                let wallets = exchange.walletStatements(of: AccountID(index: index)).map { statement in
                    (key: venue[statement.currency].name, value: wallet(statement))
                }
                return (key: name, value: ["wallets": .object(wallets), "positions": .object(positions[index])])
            })
    }

    /// `ETHUSDT`, or `ETHUSDT:long` for a side of a hedged pair.
    func name(of key: PositionKey) -> String {
        key.side == .net ? venue[key.contract].symbol : "\(venue[key.contract].symbol):\(key.side.rawValue)"
    }

    func wallet(of account: AccountID, in currency: CurrencyID) -> JSONValue? {
        exchange.walletStatement(of: account, in: currency).map(wallet)
    }

    private func wallet(_ statement: WalletStatement) -> JSONValue {
        let currency = venue[statement.currency]
        return [
            "balance": .decimal(currency.decimal(statement.balance)),
            "available": .decimal(currency.decimal(statement.available)),
            "initialMargin": .decimal(currency.decimal(statement.initialMargin)),
            "maintenanceMargin": .decimal(currency.decimal(statement.maintenanceMargin)),
            "equity": .decimal(currency.decimal(statement.equity)),
            "buffer": .decimal(statement.buffer?.percent),
        ]
    }

    func position(_ key: PositionKey) -> JSONValue? { exchange.positionStatement(key).map(position) }

    private func position(_ statement: PositionStatement) -> JSONValue {
        let contract = venue[statement.key.contract]
        let currency = venue[contract.settle]
        return [
            "size": .decimal(contract.decimal(statement.size)),
            "mode": .string(statement.mode.rawValue),
            "leverage": .decimal(statement.leverage.decimal),
            "riskLimit": .decimal(statement.riskLimit.map(currency.decimal)),
            "entryPrice": .decimal(statement.entryPrice),
            "settledPrice": .decimal(statement.settledPrice),
            "markPrice": .decimal(statement.markPrice),
            "liquidationPrice": .decimal(statement.liquidationPrice),
            "bankruptcyPrice": .decimal(statement.bankruptcyPrice),
            "margin": .decimal(currency.decimal(statement.margin)),
            "drawn": .decimal(currency.decimal(statement.drawn)),
            "initialMargin": .decimal(currency.decimal(statement.initialMargin)),
            "maintenanceMargin": .decimal(currency.decimal(statement.maintenanceMargin)),
            "unrealisedPnl": .decimal(currency.decimal(statement.unrealised)),
            "realisedPnl": .decimal(currency.decimal(statement.realised)),
            "buffer": .decimal(statement.buffer?.percent),
            "state": .string(statement.state.rawValue),
            "adlRank": statement.deleverageLights.map { .integer($0) } ?? .null,
        ]
    }

    func contract(_ id: ContractID) -> JSONValue {
        let contract = venue[id]
        let statement = exchange.contractStatement(id)
        return [
            "mark": .decimal(statement.mark.map(contract.decimal)),
            "index": .decimal(statement.index.map(contract.decimal)),
            "last": .decimal(statement.last.map(contract.decimal)),
            "openInterest": .decimal(contract.decimal(statement.openInterest)),
        ]
    }

    func insurance(of currency: CurrencyID) -> JSONValue {
        .decimal(venue[currency].decimal(exchange.insurance(of: currency)))
    }

    private func conservation(of currency: CurrencyID) -> JSONValue {
        let books = exchange.conservation(of: currency)
        return [
            "in": .decimal(venue[currency].decimal(books.put)),
            "held": .decimal(venue[currency].decimal(books.held)),
            "difference": .decimal(venue[currency].decimal(books.difference)),
        ]
    }
}
