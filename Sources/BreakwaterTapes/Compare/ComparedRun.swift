public import BreakwaterCore

/// One run of a comparison, finished, with what is compared of it.
public struct ComparedRun: Sendable {
    /// What tells it from the others: its rulebook, its deleveraging policy, or both.
    public let name: String
    let rulebook: Rulebook
    let venue: Directory
    let records: [LiquidationRecord]
    let stateHash: String
    let refused: Int
    /// Insurance at the end, by currency.
    let funds: [Amount]

    /// - Parameter refused: how many commands the exchange refused.
    public init(_ name: String, _ exchange: borrowing Exchange, _ records: LiquidationRecords, refused: Int) {
        self.name = name
        rulebook = exchange.rulebook
        venue = exchange.directory
        self.records = records.all
        stateHash = exchange.stateHashText
        self.refused = refused
        var funds: [Amount] = []
        for index in venue.currencies.indices { funds.append(exchange.insurance(of: CurrencyID(index: index))) }
        self.funds = funds
    }

    /// The currencies that its contracts settle in, in order of listing.
    var currencies: [CurrencyID] {
        venue.currencies.indices.map { CurrencyID(index: $0) }.filter { id in
            venue.contracts.contains { $0.settle == id }
        }
    }

    func contract(of record: LiquidationRecord) -> Contract { venue[record.trigger.key.contract] }

    func records(in currency: CurrencyID) -> [LiquidationRecord] {
        records.filter { contract(of: $0).settle == currency }
    }
}

/// The run as JSON.
extension ComparedRun {
    /// - Parameter most: how many deleveraged positions are named, those that gave up most first.
    func json(mostDeleveraged most: Int) -> JSONValue {
        [
            "name": .string(name), "rulebook": .string(rulebook.name),
            "policy": rulebook.autoDeleverage.map { .string($0.policy.rawValue) } ?? .null,
            "stateHash": .string(stateHash), "refusedCommands": .integer(refused),
            "currencies": .object(currencies.map { (key: venue[$0].name, value: figures(in: $0)) }),
            "deleveraged": .array(deleveraged(most: most)),
        ]
    }

    private func figures(in id: CurrencyID) -> JSONValue {
        let currency = venue[id]
        let records = records(in: id)
        let lost = records.filter(\.isLost)
        let parts = records.flatMap(\.deleveragings)
        func sum<Item>(_ items: [Item], _ amount: (Item) -> Amount) -> JSONValue {
            .decimal(currency.decimal(items.reduce(Int128(0)) { $0 + amount($1).wide }))
        }
        return [
            "liquidationsBegun": .integer(records.count), "positionsLost": .integer(lost.count),
            "accounts": .integer(Set(lost.map(\.trigger.key.account)).count),
            "notional": sum(lost) {
                contract(of: $0).executionValue(of: $0.trigger.size, at: $0.trigger.mark).magnitude
            },
            "firstMark": records.first.map { .decimal(contract(of: $0).decimal($0.trigger.mark)) } ?? .null,
            "firstTime": records.first.map { .string($0.time.iso) } ?? .null,
            "loss": loss(of: records, in: currency),
            "deleveragings": .integer(parts.count),
            "deleveragedAccounts": .integer(Set(parts.map(\.account)).count),
            "givenUp": sum(parts) { $0.givenUp }, "deficit": sum(parts) { $0.missing },
            "overshoot": sum(parts) { $0.givenUp - $0.missing },
            "fundAtEnd": .decimal(currency.decimal(funds[id.index])),
        ]
    }

    private func loss(of records: [LiquidationRecord], in currency: Currency) -> JSONValue {
        func sum(_ amount: (LiquidationRecord.Loss) -> Amount) -> JSONValue {
            .decimal(currency.decimal(records.reduce(Int128(0)) { $0 + amount($1.loss).wide }))
        }
        return [
            "trader": sum(\.trader), "fund": sum(\.fund), "providers": sum(\.providers),
            "deleveraged": sum(\.deleveraged), "clawedBack": sum(\.clawedBack), "venue": sum(\.venue),
            "total": sum(\.total),
        ]
    }

    /// Positions that were deleveraged, each with all it gave up; ties in order of first deleveraging.
    private func deleveraged(most: Int) -> [JSONValue] {
        var order: [PositionKey] = []
        var sums: [PositionKey: (times: Int, size: Int128, givenUp: Int128)] = [:]
        for record in records {
            for part in record.deleveragings {
                let key = PositionKey(part.account, record.trigger.key.contract, part.side)
                if sums[key] == nil { order.append(key) }
                let before = sums[key] ?? (0, 0, 0)
                sums[key] = (
                    before.times + 1, before.size + part.size.magnitude.wide, before.givenUp + part.givenUp.wide
                )
            }
        }
        let ranked = order.enumerated().sorted {
            let (a, b) = (sums[$0.element]!.givenUp, sums[$1.element]!.givenUp)
            return a != b ? a > b : $0.offset < $1.offset
        }
        return ranked.prefix(most).map { _, key in
            let contract = venue[key.contract]
            let (times, size, givenUp) = sums[key]!
            return [
                "account": .string(venue[key.account]), "position": .string(venue.name(of: key)),
                "currency": .string(venue[contract.settle].name), "times": .integer(times),
                "size": .decimal(
                    ExactDecimal(digits: size * contract.lot.digits, places: contract.lot.places)),
                "givenUp": .decimal(venue[contract.settle].decimal(givenUp)),
            ]
        }
    }
}
