internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// What is shown of each thing, as JSON; sizes, prices and money as decimal texts in the words of docs/GLOSSARY.md.
extension OrderRecord {
    func json(in venue: Directory) -> JSONValue {
        let contract = venue[contract]
        let money = venue[contract.settle]
        return [
            "id": .integer(Int(id.raw)), "clientOrderId": .string(clientOrderID), "account": .string(venue[account]),
            "symbol": .string(contract.symbol), "side": .string(side.rawValue),
            "position": .string(positionSide.rawValue), "type": .string(kind.rawValue),
            "tif": .string(timeInForce.rawValue), "postOnly": .bool(postOnly), "reduceOnly": .bool(reduceOnly),
            "price": .decimal(price.map(contract.decimal)), "size": .decimal(contract.decimal(size)),
            "filled": .decimal(contract.decimal(filled)), "remaining": .decimal(contract.decimal(remaining)),
            "value": .decimal(money.decimal(value)),
            "averagePrice": .decimal(filled == .zero ? nil : contract.displayPrice(of: filled, worth: value.wide)),
            "stop": .decimal(condition.map { contract.decimal($0.stop) }),
            "trigger": condition.map { .string($0.trigger.rawValue) } ?? .null,
            "closeOnTrigger": .bool(condition?.closeOnTrigger ?? false), "state": .string(state.rawValue),
            "reason": reason.map { .string($0.rawValue) } ?? .null, "created": .string(created.iso),
            "updated": .string(updated.iso),
        ]
    }

    static let schema = Schema.object(
        .required("id", .integer()), .required("clientOrderId", .text()), .required("account", .text()),
        .required("symbol", .text()), .required("side", .choice("buy", "sell")),
        .required("position", .choice("net", "long", "short")), .required("type", .text()),
        .required("tif", .choice("GTC", "IOC", "FOK")), .required("postOnly", .flag), .required("reduceOnly", .flag),
        .required("price", .decimal.nullable), .required("size", .decimal), .required("filled", .decimal),
        .required("remaining", .decimal), .required("value", .decimal.about("What has traded, in all.")),
        .required("averagePrice", .decimal.nullable), .required("stop", .decimal.nullable),
        .required("trigger", .choice("mark", "last", "index").nullable), .required("closeOnTrigger", .flag),
        .required("state", .choice(State.allCases.map(\.rawValue))),
        .required("reason", .text().nullable.about("Why it was cancelled.")), .required("created", .time),
        .required("updated", .time)
    ).named("Order")
}

extension FillRecord {
    func json(in venue: Directory) -> JSONValue {
        let contract = venue[contract]
        let money = venue[contract.settle]
        return [
            "id": .integer(Int(id.raw)), "account": .string(venue[account]), "symbol": .string(contract.symbol),
            "order": order.map { .integer(Int($0.raw)) } ?? .null, "side": .string(side.rawValue),
            "position": .string(positionSide.rawValue), "price": .decimal(price.map(contract.decimal)),
            "size": .decimal(contract.decimal(size)), "value": .decimal(money.decimal(value)),
            "fee": .decimal(money.decimal(fee)), "realisedPnl": .decimal(money.decimal(realised)),
            "maker": .bool(isMaker), "cause": .string(cause.rawValue),
            "liquidation": (liquidation ?? engine).map { .integer(Int($0.raw)) } ?? .null, "time": .string(time.iso),
        ]
    }

    static let schema = Schema.object(
        .required("id", .integer()), .required("account", .text()), .required("symbol", .text()),
        .required("order", .integer().nullable), .required("side", .choice("buy", "sell")),
        .required("position", .choice("net", "long", "short")), .required("price", .decimal.nullable),
        .required("size", .decimal), .required("value", .decimal),
        .required("fee", .decimal.about("Paid (+) or received (-).")), .required("realisedPnl", .decimal),
        .required("maker", .flag), .required("cause", .choice(Cause.allCases.map(\.rawValue))),
        .required("liquidation", .integer().nullable), .required("time", .time)
    ).named("Fill")
}

extension WalletLine {
    func json(in venue: Directory) -> JSONValue {
        let money = venue[currency]
        return [
            "id": .integer(Int(id.raw)), "account": .string(venue[account]), "currency": .string(money.name),
            "cause": .string(cause.rawValue), "amount": .decimal(money.decimal(amount)),
            "symbol": contract.map { .string(venue[$0].symbol) } ?? .null,
            "other": other.map { .string(venue[$0]) } ?? .null,
            "liquidation": liquidation.map { .integer(Int($0.raw)) } ?? .null, "time": .string(time.iso),
        ]
    }

    static let schema = Schema.object(
        .required("id", .integer()), .required("account", .text()), .required("currency", .text()),
        .required("cause", .choice(Cause.allCases.map(\.rawValue))),
        .required("amount", .decimal.about("Credited (+) or debited (-).")), .required("symbol", .text().nullable),
        .required("other", .text().nullable.about("The other account of a transfer.")),
        .required("liquidation", .integer().nullable), .required("time", .time)
    ).named("WalletLine")
}

extension PositionRecord {
    func json(in venue: Directory) -> JSONValue {
        let contract = venue[key.contract]
        let money = venue[contract.settle]
        return [
            "id": .integer(Int(id.raw)), "symbol": .string(contract.symbol), "position": .string(key.side.rawValue),
            "size": .decimal(contract.decimal(size)), "mode": .string(mode.rawValue),
            "leverage": .decimal(leverage.decimal),
            "entryPrice": .decimal(size == .zero ? nil : contract.displayPrice(of: size, worth: entry.wide)),
            "settledPrice": .decimal(size == .zero ? nil : contract.displayPrice(of: size, worth: settled.wide)),
            "margin": .decimal(money.decimal(margin)), "realisedPnl": .decimal(money.decimal(realised)),
            "balance": .decimal(money.decimal(balance)), "time": .string(time.iso),
        ]
    }

    static let schema = Schema.object(
        .required("id", .integer()), .required("symbol", .text()),
        .required("position", .choice("net", "long", "short")), .required("size", .decimal),
        .required("mode", .choice("cross", "isolated")), .required("leverage", .decimal),
        .required("entryPrice", .decimal.nullable), .required("settledPrice", .decimal.nullable),
        .required("margin", .decimal), .required("realisedPnl", .decimal), .required("balance", .decimal),
        .required("time", .time)
    ).named("PositionChange")
}

extension TradeRecord {
    func json(_ contract: Contract, _ money: Currency) -> JSONValue {
        [
            "id": .integer(Int(id.raw)), "price": .decimal(contract.decimal(price)),
            "size": .decimal(contract.decimal(size)), "value": .decimal(money.decimal(value)),
            "side": .string(takerSide.rawValue), "offBook": .bool(isOffBook), "time": .string(time.iso),
        ]
    }

    static let schema = Schema.object(
        .required("id", .integer()), .required("price", .decimal), .required("size", .decimal),
        .required("value", .decimal), .required("side", .choice("buy", "sell").about("The side that took.")),
        .required("offBook", .flag), .required("time", .time)
    ).named("Trade")
}

extension Candle {
    func json(_ contract: Contract, _ money: Currency) -> JSONValue {
        [
            "start": .string(start.iso), "open": .decimal(contract.decimal(open)),
            "high": .decimal(contract.decimal(high)), "low": .decimal(contract.decimal(low)),
            "close": .decimal(contract.decimal(close)), "volume": .decimal(contract.decimal(volume)),
            "value": .decimal(money.decimal(value)), "count": .integer(Int(count)),
        ]
    }

    static let schema = Schema.object(
        .required("start", .time), .required("open", .decimal), .required("high", .decimal),
        .required("low", .decimal), .required("close", .decimal), .required("volume", .decimal),
        .required("value", .decimal), .required("count", .integer())
    ).named("Candle")
}

extension Notice {
    func json(in venue: Directory) -> JSONValue {
        [
            "id": .integer(Int(id.raw)), "kind": .string(kind.rawValue),
            "symbol": contract.map { .string(venue[$0].symbol) } ?? .null,
            "until": until.map { .string($0.iso) } ?? .null, "text": .string(text), "time": .string(time.iso),
        ]
    }

    static let schema = Schema.object(
        .required("id", .integer()), .required("kind", .choice(Kind.allCases.map(\.rawValue))),
        .required("symbol", .text().nullable), .required("until", .time.nullable), .required("text", .text()),
        .required("time", .time)
    ).named("Notice")
}

/// Statements of the core.
enum Statements {
    static let wallet = Schema.object(
        .required("balance", .decimal.about("Isolated margin included.")), .required("available", .decimal),
        .required("initialMargin", .decimal), .required("maintenanceMargin", .decimal), .required("equity", .decimal),
        .required("buffer", .decimal.nullable.about("Per cent: 100 at IM, 0 at MM, where liquidation begins.")),
        .optional("closeOutMargin", .decimal)
    ).named("Wallet")

    static let position = Schema.object(
        .required("size", .decimal.about("Long (+) or short (-).")), .required("mode", .choice("cross", "isolated")),
        .required("leverage", .decimal), .required("riskLimit", .decimal.nullable),
        .required("entryPrice", .decimal.nullable), .required("settledPrice", .decimal.nullable),
        .required("markPrice", .decimal.nullable), .required("liquidationPrice", .decimal.nullable),
        .required("bankruptcyPrice", .decimal.nullable), .required("margin", .decimal), .required("drawn", .decimal),
        .required("initialMargin", .decimal), .required("maintenanceMargin", .decimal),
        .required("unrealisedPnl", .decimal), .required("realisedPnl", .decimal),
        .required("buffer", .decimal.nullable), .required("state", .choice(PositionState.allCases.map(\.rawValue))),
        .required("adlRank", .integer().nullable.about("Five lights: 5 is first to be deleveraged.")),
        .required("adlPlace", .integer().nullable.about("Place in the queue, from 1.")),
        .required("adlAhead", .decimal.nullable.about("Size that stands before it in the queue."))
    ).named("Position")

    static let account = Schema.object(
        .required("account", .text()), .required("hedged", .flag), .required("selfTrade", .text()),
        .required("restriction", .choice(Restriction.allCases.map(\.rawValue))),
        .required("wallets", .map(of: wallet)), .required("positions", .map(of: position))
    ).named("Account")

    static let contract = Schema.object(
        .required("symbol", .text()), .required("kind", .choice(ContractKind.allCases.map(\.rawValue))),
        .required("settle", .text()), .required("tick", .decimal), .required("lot", .decimal),
        .required("multiplier", .decimal), .required("maxLeverage", .decimal), .required("makerFee", .decimal),
        .required("takerFee", .decimal), .required("liquidationFee", .decimal),
        .required("mark", .decimal.nullable), .required("index", .decimal.nullable),
        .required("last", .decimal.nullable), .required("openInterest", .decimal),
        .required("fundingRate", .decimal.nullable), .required("nextFunding", .time.nullable),
        .required("stale", .flag), .required("trading", .choice("open", "halted", "auction", "paused"))
    ).named("Contract")

    static let level = Schema.list(of: .decimal, count: 2...2)
    static let book = Schema.object(
        .required("symbol", .text()), .required("number", .integer().about("Rises with every change.")),
        .required("bids", .list(of: level)), .required("asks", .list(of: level)), .required("time", .time)
    ).named("Book")

    /// What a liquidation's record holds; `docs/EXPLAIN.md` tells its members.
    static let liquidation = Schema.map(of: .anything).named("Liquidation")
    static let done = Schema.object(
        .required("sequence", .integer().about("The place of the command in the journal.")), .required("time", .time)
    ).named("Done")
}

extension Execution {
    /// That a command was carried out, and where it stands in the journal.
    var json: JSONValue { ["sequence": .integer(Int(sequence)), "time": .string(time.iso)] }
}

extension Response {
    static let done = Response(200, "Done, and durable.", Statements.done)
    static let notFound = Response.refusal(404, "No such thing, or not the caller's.")
    static let refused = Response.refusal(422, "Refused by the rules of the venue; the code says by which.")
    static let conflict = Response.refusal(409, "Taken already.")
}

extension JSONValue {
    /// A list with its rows under one name.
    static func list(_ name: String, _ rows: [JSONValue]) -> JSONValue { .object([(key: name, value: .array(rows))]) }
}

extension Schema {
    static func rows(_ name: String, _ row: Schema) -> Schema { .object(.required(name, .list(of: row))) }
}

extension Page {
    /// What a call asks for: newest first, unless it asks for what comes after a number.
    init(_ call: Call) throws {
        func moment(_ name: String) throws -> Timestamp? {
            guard let text = call.textIfGiven(name) else { return nil }
            guard let time = Timestamp(iso: text) else {
                throw Refusal.invalid(
                    "\(name) is \"\(text)\".", field: name, expected: "a moment such as 2022-01-20T00:00:00Z")
            }
            return time
        }
        let after = call.integerIfGiven("after").map(Int64.init)
        self.init(
            from: try moment("from"), until: try moment("until"), after: after,
            before: call.integerIfGiven("before").map(Int64.init), limit: call.integer("limit"),
            isDescending: after == nil)
    }
}
