public import BreakwaterCore

/// The state of an exchange in the report's shape. Every figure comes from the core; this only names it.
extension Exchange {
    var venue: Directory { directory }

    /// The whole report, with the liquidations folded from this exchange's events.
    public func report(_ records: LiquidationRecords) -> JSONValue {
        let writer = LiquidationWriter(venue: directory, rulebook: rulebook)
        return [
            "rulebook": .string(rulebook.name),
            "time": .string(now.iso),
            "stateHash": .string(stateHashText),
            "accounts": accountsReport,
            "contracts": .object(
                venue.contracts.indices.map {
                    (key: venue.contracts[$0].symbol, value: contractReport(ContractID(index: $0)))
                }),
            "insurance": .object(usedCurrencies.map { (key: venue[$0].name, value: insuranceReport(of: $0)) }),
            "venueDebt": .object(
                usedCurrencies.filter { venueDebt(in: $0) > .zero }.map {
                    (key: venue[$0].name, value: .decimal(venue[$0].decimal(venueDebt(in: $0))))
                }),
            "providers": .array(providerStatements().map { providerReport($0) }),
            "fees": .object(
                usedCurrencies.map { (key: venue[$0].name, value: .decimal(venue[$0].decimal(fees(in: $0)))) }),
            "liquidations": .array(records.all.map(writer.json)),
            "conservation": .object(usedCurrencies.map { (key: venue[$0].name, value: conservationReport(of: $0)) }),
        ]
    }

    private func providerReport(_ statement: ProviderStatement) -> JSONValue {
        let currency = venue[statement.currency]
        return [
            "account": .string(venue[statement.account]), "currency": .string(currency.name),
            "capacity": .decimal(currency.decimal(statement.capacity)),
            "used": .decimal(currency.decimal(statement.used)),
        ]
    }

    /// The state hash as sixteen hexadecimal digits.
    public var stateHashText: String {
        let digits = String(stateHash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Currencies that any money came in, in order of listing.
    var usedCurrencies: [CurrencyID] {
        venue.currencies.indices.map { CurrencyID(index: $0) }.filter { conservation(of: $0) != .empty }
    }

    private var accountsReport: JSONValue {
        var positions: [[(key: String, value: JSONValue)]] = Array(repeating: [], count: venue.accountNames.count)
        for statement in positionStatements() {
            positions[statement.key.account.index].append(
                (key: directory.name(of: statement.key), value: positionReport(statement)))
        }
        return .object(
            venue.accountNames.enumerated().map { index, name in
                let wallets = walletStatements(of: AccountID(index: index)).map { statement in
                    (key: venue[statement.currency].name, value: walletReport(statement))
                }
                var figures = [(key: "wallets", value: JSONValue.object(wallets))]
                figures.append((key: "positions", value: .object(positions[index])))
                let waiting = pendingOrderCount(of: AccountID(index: index))
                if waiting > 0 { figures.append((key: "pendingOrders", value: .integer(waiting))) }
                return (key: name, value: .object(figures))
            })
    }

    func walletReport(of account: AccountID, in currency: CurrencyID) -> JSONValue? {
        walletStatement(of: account, in: currency).map { walletReport($0) }
    }

    private func walletReport(_ statement: WalletStatement) -> JSONValue {
        let currency = venue[statement.currency]
        let report: JSONValue = [
            "balance": .decimal(currency.decimal(statement.balance)),
            "available": .decimal(currency.decimal(statement.available)),
            "initialMargin": .decimal(currency.decimal(statement.initialMargin)),
            "maintenanceMargin": .decimal(currency.decimal(statement.maintenanceMargin)),
            "equity": .decimal(currency.decimal(statement.equity)),
            "buffer": .decimal(statement.buffer?.percent),
        ]
        guard let closeOut = statement.closeOutMargin else { return report }
        return .object(report.members + [(key: "closeOutMargin", value: .decimal(currency.decimal(closeOut)))])
    }

    func positionReport(_ key: PositionKey) -> JSONValue? { positionStatement(key).map { positionReport($0) } }

    private func positionReport(_ statement: PositionStatement) -> JSONValue {
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
            "adlRank": statement.queue.map { .integer($0.lights) } ?? .null,
            "adlPlace": statement.queue.map { .integer($0.place) } ?? .null,
            "adlAhead": .decimal(statement.queue.map { contract.decimal($0.ahead) }),
        ]
    }

    func contractReport(_ id: ContractID) -> JSONValue {
        let contract = venue[id]
        let statement = contractStatement(id)
        return [
            "mark": .decimal(statement.mark.map(contract.decimal)),
            "index": .decimal(statement.index.map(contract.decimal)),
            "last": .decimal(statement.last.map(contract.decimal)),
            "openInterest": .decimal(contract.decimal(statement.openInterest)),
            "fundingRate": .decimal(statement.fundingRate?.decimal),
            "stale": .bool(statement.stale),
        ]
    }

    /// What may trade: `open`, `halted`, `auction`, or `paused` where only forced orders wait.
    func trading(in id: ContractID) -> String {
        let statement = contractStatement(id)
        if statement.halted { return "halted" }
        if statement.inAuction { return "auction" }
        return statement.pausedUntil == nil ? "open" : "paused"
    }

    func insuranceReport(of currency: CurrencyID) -> JSONValue {
        .decimal(venue[currency].decimal(insurance(of: currency)))
    }

    private func conservationReport(of currency: CurrencyID) -> JSONValue {
        let books = conservation(of: currency)
        return [
            "in": .decimal(venue[currency].decimal(books.put)),
            "held": .decimal(venue[currency].decimal(books.held)),
            "difference": .decimal(venue[currency].decimal(books.difference)),
        ]
    }
}

extension Directory {
    /// `ETHUSDT`, or `ETHUSDT:long` for a side of a hedged pair.
    func name(of key: PositionKey) -> String {
        key.side == .net ? self[key.contract].symbol : "\(self[key.contract].symbol):\(key.side.rawValue)"
    }
}
