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
            "providers": .array(providerStatements().map { $0.report(in: venue) }),
            "fees": .object(
                usedCurrencies.map { (key: venue[$0].name, value: .decimal(venue[$0].decimal(fees(in: $0)))) }),
            "liquidations": .array(records.all.map(writer.json)),
            "conservation": conservationReport,
        ]
    }

    /// What came in and what is held, by currency.
    public var conservationReport: JSONValue {
        .object(usedCurrencies.map { (key: venue[$0].name, value: conservationReport(of: $0)) })
    }

    /// What the last command liquidated, and what funds and the venue's debt are since.
    public var shockReport: JSONValue {
        let begun = events.compactMap { event -> JSONValue? in
            guard case .liquidation(_, let contract, .started(let trigger)) = event else { return nil }
            return [
                "account": .string(venue[trigger.key.account]), "position": .string(venue.name(of: trigger.key)),
                "size": .decimal(venue[contract].decimal(trigger.size)),
                "mark": .decimal(venue[contract].decimal(trigger.mark)),
            ]
        }
        return [
            "liquidations": .array(begun),
            "insurance": .object(usedCurrencies.map { (key: venue[$0].name, value: insuranceReport(of: $0)) }),
            "venueDebt": .object(
                usedCurrencies.map { (key: venue[$0].name, value: .decimal(venue[$0].decimal(venueDebt(in: $0)))) }),
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
                (key: directory.name(of: statement.key), value: statement.report(in: venue)))
        }
        return .object(
            venue.accountNames.enumerated().map { index, name in
                let wallets = walletStatements(of: AccountID(index: index)).map { statement in
                    (key: venue[statement.currency].name, value: statement.report(in: venue))
                }
                var figures = [(key: "wallets", value: JSONValue.object(wallets))]
                figures.append((key: "positions", value: .object(positions[index])))
                let waiting = pendingOrderCount(of: AccountID(index: index))
                if waiting > 0 { figures.append((key: "pendingOrders", value: .integer(waiting))) }
                return (key: name, value: .object(figures))
            })
    }

    func walletReport(of account: AccountID, in currency: CurrencyID) -> JSONValue? {
        walletStatement(of: account, in: currency).map { $0.report(in: venue) }
    }

    func positionReport(_ key: PositionKey) -> JSONValue? { positionStatement(key).map { $0.report(in: venue) } }

    func contractReport(_ id: ContractID) -> JSONValue { contractStatement(id).report(venue[id]) }

    func trading(in id: ContractID) -> String { contractStatement(id).trading }

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
    public func name(of key: PositionKey) -> String {
        key.side == .net ? self[key.contract].symbol : "\(self[key.contract].symbol):\(key.side.rawValue)"
    }
}
