public import BreakwaterCore

/// Events as JSON objects: `time`, `event`, and what it says, in names and decimals.
extension Event {
    public func json(at time: Timestamp, in venue: Directory) -> JSONValue {
        let (name, figures) = described(in: venue)
        return .object(
            [(key: "time", value: .string(time.iso)), (key: "event", value: .string(name))]
                + figures.map { (key: $0.0, value: $0.1) })
    }

    private func described(in venue: Directory) -> (String, [(String, JSONValue)]) {
        func account(_ id: AccountID) -> (String, JSONValue) { ("account", .string(venue[id])) }
        func symbol(_ id: ContractID) -> (String, JSONValue) { ("symbol", .string(venue[id].symbol)) }
        func money(_ amount: Amount, _ currency: CurrencyID) -> JSONValue { .decimal(venue[currency].decimal(amount)) }
        func transfer(_ id: AccountID, _ currency: CurrencyID, _ amount: Amount) -> [(String, JSONValue)] {
            [account(id), ("currency", .string(venue[currency].name)), ("amount", money(amount, currency))]
        }
        switch self {
        case .rejected(let rejection):
            return (
                "rejected", [("code", .string(rejection.code)), ("reason", .string(rejection.sentence(in: venue)))]
            )
        case .accountOpened(let id): return ("accountOpened", [account(id)])
        case .listed(let id): return ("listed", [symbol(id)])
        case .deposited(let id, let currency, let amount): return ("deposited", transfer(id, currency, amount))
        case .withdrawn(let id, let currency, let amount): return ("withdrawn", transfer(id, currency, amount))
        case .fundPaidIn(let currency, let contract, let amount):
            return (
                "fundPaidIn",
                [
                    ("currency", .string(venue[currency].name)),
                    ("symbol", contract.map { .string(venue[$0].symbol) } ?? .null),
                    ("amount", money(amount, currency)),
                ]
            )
        case .settingsChanged(let change): return ("settingsChanged", change.figures(in: venue))
        case .positionChanged(let change): return ("positionChanged", change.figures(in: venue))
        case .orderAccepted(let order): return ("orderAccepted", order.figures(in: venue))
        case .orderAmended(let order): return ("orderAmended", order.figures(in: venue))
        case .orderCancelled(let order, let reason):
            return ("orderCancelled", order.figures(in: venue) + [("reason", .string(reason.rawValue))])
        case .traded(let trade): return ("traded", trade.figures(in: venue))
        case .feeCharged(let id, let contract, let fee):
            return ("feeCharged", [account(id), symbol(contract), ("fee", money(fee, venue[contract].settle))])
        case .marked(let contract, let price):
            return ("marked", [symbol(contract), ("mark", .decimal(venue[contract].decimal(price)))])
        case .indexed(let contract, let price):
            return ("indexed", [symbol(contract), ("index", .decimal(venue[contract].decimal(price)))])
        case .fundingPaid(let contract, let perLot):
            return ("fundingPaid", [symbol(contract), ("perLot", money(perLot, venue[contract].settle))])
        case .settled: return ("settled", [])
        case .halted(let contract): return ("halted", [symbol(contract)])
        case .resumed(let contract): return ("resumed", [symbol(contract)])
        case .warned(let id, let contract, let currency, let level, let buffer):
            return (
                "warned",
                [
                    account(id), ("symbol", contract.map { .string(venue[$0].symbol) } ?? .null),
                    ("currency", .string(venue[currency].name)), ("level", .string("\(level)")),
                    ("buffer", .decimal(buffer.percent)),
                ]
            )
        case .liquidation(let id, let contract, let step):
            let terms = venue[contract]
            return (
                "liquidation",
                [("id", .integer(Int(id.raw))), symbol(contract), ("stage", .string(step.name))]
                    + step.figures(terms, venue[terms.settle], venue)
            )
        case .collateralConverted(let id, let sold, let amount, let into, let received):
            return (
                "collateralConverted",
                [
                    account(id), ("currency", .string(venue[sold].name)), ("sold", money(amount, sold)),
                    ("into", .string(venue[into].name)), ("received", money(received, into)),
                ]
            )
        case .eventAnnounced(let contract, let event):
            return (
                "eventAnnounced",
                [
                    symbol(contract), ("from", .string(event.from.iso)), ("to", .string(event.to.iso)),
                    ("im", .decimal(event.initial.decimal)),
                ]
            )
        case .rulesAnnounced(let name, let from, let keys):
            let reached = keys.map { JSONValue.string("\(venue[$0.account]) \(venue.name(of: $0))") }
            return (
                "rulesAnnounced",
                [("rules", .string(name)), ("from", .string(from.iso)), ("liquidatable", .array(reached))]
            )
        case .rulesChanged(let name): return ("rulesChanged", [("rules", .string(name))])
        case .providerRegistered(let id, let currency, let capacity):
            return (
                "providerRegistered",
                [
                    account(id), ("currency", .string(venue[currency].name)), ("capacity", money(capacity, currency)),
                ]
            )
        case .liquidationsWaiting(let count): return ("liquidationsWaiting", [("positions", .integer(count))])
        case .orderTriggered(let order, let price):
            return (
                "orderTriggered", order.figures(in: venue) + [("at", .decimal(venue[order.contract].decimal(price)))]
            )
        case .stopBeyondLiquidation(let order): return ("stopBeyondLiquidation", order.figures(in: venue))
        case .breakerTripped(let contract, let action, let end):
            return (
                "breakerTripped",
                [symbol(contract), ("action", .string(action.rawValue)), ("until", .string(end.iso))]
            )
        case .breakerEnded(let contract, let end):
            return ("breakerEnded", [symbol(contract), ("at", .string(end.iso))])
        case .auctionOpened(let contract): return ("auctionOpened", [symbol(contract)])
        case .auctionEnded(let contract, let price, let size):
            let terms = venue[contract]
            return (
                "auctionEnded",
                [
                    symbol(contract), ("price", .decimal(price.map(terms.decimal))),
                    ("size", .decimal(terms.decimal(size))),
                ]
            )
        case .indexStale(let contract): return ("indexStale", [symbol(contract)])
        case .fundingSet(let contract, let rate):
            return ("fundingSet", [symbol(contract), ("rate", .decimal(rate.decimal))])
        case .fundingSkipped(let contract): return ("fundingSkipped", [symbol(contract)])
        case .transferred(let from, let to, let currency, let amount):
            return ("transferred", transfer(from, currency, amount) + [("to", .string(venue[to]))])
        case .restricted(let id, let restriction):
            return ("restricted", [account(id), ("restriction", .string(restriction.rawValue))])
        case .restarted: return ("restarted", [])
        }
    }
}

extension PositionChange {
    fileprivate func figures(in venue: Directory) -> [(String, JSONValue)] {
        let contract = venue[key.contract]
        let currency = venue[contract.settle]
        return [
            ("account", .string(venue[key.account])), ("symbol", .string(contract.symbol)),
            ("position", .string(key.side.rawValue)),
            ("size", .decimal(contract.decimal(size))), ("mode", .string(mode.rawValue)),
            ("leverage", .decimal(leverage.decimal)),
            ("entryValue", .decimal(currency.decimal(entry))), ("settledValue", .decimal(currency.decimal(settled))),
            ("margin", .decimal(currency.decimal(margin))), ("realisedPnl", .decimal(currency.decimal(realised))),
            ("balance", .decimal(currency.decimal(balance))),
        ]
    }
}

extension OrderChange {
    fileprivate func figures(in venue: Directory) -> [(String, JSONValue)] {
        let contract = venue[contract]
        return [
            ("order", .integer(Int(id.raw))), ("account", account.map { .string(venue[$0]) } ?? .null),
            ("symbol", .string(contract.symbol)), ("side", .string(side.rawValue)),
            ("price", .decimal(price.map(contract.decimal))), ("size", .decimal(contract.decimal(size))),
            ("remaining", .decimal(contract.decimal(remaining))),
        ] + (condition?.figures(contract) ?? [])
    }
}

extension Condition {
    fileprivate func figures(_ contract: Contract) -> [(String, JSONValue)] {
        [
            ("waitsFor", .string(kind.rawValue)), ("stop", .decimal(contract.decimal(stop))),
            ("trigger", .string(trigger.rawValue)), ("closeOnTrigger", .bool(closeOnTrigger)),
        ]
    }
}

extension Trade {
    fileprivate func figures(in venue: Directory) -> [(String, JSONValue)] {
        let terms = venue[contract]
        func name(_ party: Party) -> JSONValue {
            switch party {
            case .account(let account, _, _): .string(venue[account])
            case .engine(let id): .string("liquidation \(id.raw)")
            }
        }
        return [
            ("symbol", .string(terms.symbol)), ("price", .decimal(terms.decimal(price))),
            ("size", .decimal(terms.decimal(size))),
            ("value", .decimal(venue[terms.settle].decimal(value))), ("takerSide", .string(takerSide.rawValue)),
            ("taker", name(taker)), ("maker", name(maker)),
        ]
    }
}
