internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterTapes

/// What the stream tells, as JSON.
extension TradeTick {
    func json(_ terms: Contract, _ money: Currency) -> JSONValue {
        [
            "id": .integer(Int(id)), "price": .decimal(terms.decimal(price)), "size": .decimal(terms.decimal(size)),
            "value": .decimal(money.decimal(value)), "side": .string(side.rawValue), "time": .string(time.iso),
        ]
    }
}

extension Minute {
    func json(_ terms: Contract, _ money: Currency) -> JSONValue {
        [
            "start": .string(start.iso), "open": .decimal(terms.decimal(open)), "high": .decimal(terms.decimal(high)),
            "low": .decimal(terms.decimal(low)), "close": .decimal(terms.decimal(close)),
            "volume": .decimal(terms.decimal(volume)), "value": .decimal(money.decimal(value)),
            "count": .integer(trades),
        ]
    }
}

extension ForcedPrint {
    /// Without the account: everybody sees it.
    func json(_ terms: Contract, _ money: Currency) -> JSONValue {
        [
            "liquidation": .integer(Int(liquidation.raw)), "kind": .string(kind.rawValue),
            "side": .string(side.rawValue), "size": .decimal(terms.decimal(size)),
            "value": .decimal(money.decimal(value)),
            "averagePrice": .decimal(terms.displayPrice(of: size, worth: value.wide)), "time": .string(time.iso),
        ]
    }
}

extension AccountUpdate {
    func json(in names: Directory) -> JSONValue {
        let (kind, members) = described(in: names)
        return .object(
            [(key: "kind", value: .string(kind)), (key: "sequence", value: .integer(Int(sequence)))] + members)
    }

    private func described(in names: Directory) -> (String, [(key: String, value: JSONValue)]) {
        switch what {
        case .order(let update): return ("order", update.json(in: names).members)
        case .position(let change): return ("position", change.json(in: names).members)
        case .settings(let change): return ("settings", change.json(in: names).members)
        case .money(let currency, let amount, let cause):
            return (
                "money",
                [
                    (key: "currency", value: .string(names[currency].name)),
                    (key: "amount", value: .decimal(names[currency].decimal(amount))),
                    (key: "cause", value: .string(cause.rawValue)),
                ]
            )
        case .warned(let contract, let currency, let level, let buffer):
            return (
                "warning",
                [
                    (key: "symbol", value: contract.map { .string(names[$0].symbol) } ?? .null),
                    (key: "currency", value: .string(names[currency].name)),
                    (key: "level", value: .string("\(level)")), (key: "buffer", value: .decimal(buffer.percent)),
                ]
            )
        case .stopBeyondLiquidation(let change):
            return (
                "stopBeyondLiquidation",
                [
                    (key: "order", value: .integer(Int(change.id.raw))),
                    (key: "symbol", value: .string(names[change.contract].symbol)),
                ]
            )
        case .liquidation(let id, let contract, let step):
            let terms = names[contract]
            return (
                "liquidation",
                [
                    (key: "id", value: .integer(Int(id.raw))), (key: "symbol", value: .string(terms.symbol)),
                    (key: "stage", value: .string(step.name)),
                ] + step.json(terms, names[terms.settle], names).members
            )
        case .forced(let forced):
            let terms = names[forced.contract]
            return (
                "forced",
                [
                    (key: "symbol", value: .string(terms.symbol)),
                    (key: "order", value: forced.json(terms, names[terms.settle])),
                ]
            )
        case .restricted(let restriction):
            return ("restricted", [(key: "restriction", value: .string(restriction.rawValue))])
        }
    }
}

extension OrderUpdate {
    func json(in names: Directory) -> JSONValue {
        let terms = names[order.contract]
        let money = names[terms.settle]
        var members: [(key: String, value: JSONValue)] = [
            (key: "id", value: .integer(Int(order.id.raw))),
            (key: "clientOrderId", value: .string(order.clientOrderID)),
            (key: "symbol", value: .string(terms.symbol)), (key: "side", value: .string(order.request.side.rawValue)),
            (key: "price", value: .decimal(order.price.map(terms.decimal))),
            (key: "size", value: .decimal(terms.decimal(order.size))),
            (key: "filled", value: .decimal(terms.decimal(order.executed))),
            (key: "value", value: .decimal(money.decimal(order.value))),
        ]
        let (change, more) = told(terms, money)
        members.append((key: "change", value: .string(change)))
        return .object(members + more)
    }

    private func told(_ terms: Contract, _ money: Currency) -> (String, [(key: String, value: JSONValue)]) {
        switch cause {
        case .accepted: return ("accepted", [])
        case .amended: return ("amended", [])
        case .triggered: return ("triggered", [])
        case .cancelled(let reason): return ("cancelled", [(key: "reason", value: .string(reason.rawValue))])
        case .traded(let tick, let isMaker, let booking):
            return (
                "filled",
                [
                    (
                        key: "fill",
                        value: [
                            "id": .integer(Int(tick.id)), "price": .decimal(terms.decimal(tick.price)),
                            "size": .decimal(terms.decimal(tick.size)), "maker": .bool(isMaker),
                            "fee": .decimal(money.decimal(booking.fee)),
                            "realisedPnl": .decimal(money.decimal(booking.realised)),
                        ]
                    )
                ]
            )
        }
    }
}

extension PositionChange {
    func json(in names: Directory) -> JSONValue {
        let terms = names[key.contract]
        let money = names[terms.settle]
        return [
            "symbol": .string(terms.symbol), "position": .string(key.side.rawValue),
            "size": .decimal(terms.decimal(size)), "mode": .string(mode.rawValue),
            "leverage": .decimal(leverage.decimal),
            "entryPrice": .decimal(size == .zero ? nil : terms.displayPrice(of: size, worth: entry.wide)),
            "margin": .decimal(money.decimal(margin)), "realisedPnl": .decimal(money.decimal(realised)),
            "currency": .string(money.name), "balance": .decimal(money.decimal(balance)),
        ]
    }
}
