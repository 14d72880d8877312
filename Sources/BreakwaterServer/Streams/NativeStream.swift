internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb
internal import Foundation

/// The native stream: `/v1/stream`, one socket for any number of topics.
///
/// A client says `{"op": "subscribe", "topic": "book:BTCUSDT"}` and is sent a snapshot where the topic has one, then
/// messages numbered one by one. One that lost its connection adds `"epoch"` and `"from"`, the number it wants next, and
/// is sent what it missed; where that is not kept any more it is told so and begins with a snapshot again.
final class NativeStream: Sendable, MarketSink, AccountSink {
    private let hub = Hub(keeping: 1_024)
    /// Numbers mean something within one run of the server only.
    private let epoch = UUID().uuidString.lowercased()
    let api: NativeAPI
    let gatekeeper: Gatekeeper

    init(_ api: NativeAPI, _ gatekeeper: Gatekeeper) {
        self.api = api
        self.gatekeeper = gatekeeper
    }

    var socket: SocketRoute {
        SocketRoute("/v1/stream") { [self] call in
            let principal = try await principal(of: call)
            return SocketSession(
                opened: { $0.send(self.welcome(principal)) },
                received: { socket, text in await self.take(text, from: socket, principal) })
        }
    }

    /// Who opens the socket; nobody in particular, for what is public.
    private func principal(of call: Call) async throws -> Principal? {
        guard call.headers[Gatekeeper.keyHeader] != nil || call.cookie(Gatekeeper.sessionCookie) != nil else {
            return nil
        }
        return try await gatekeeper.admit(call, to: .signedIn(Right.look.rawValue), weight: 1) as? Principal
    }

    private func welcome(_ principal: Principal?) -> String {
        let accounts = principal.map { principal in api.names { names in principal.accounts.map { names[$0] } } } ?? []
        let message: JSONValue = [
            "event": "welcome", "epoch": .string(epoch), "time": .string(api.gateway.now.iso),
            "accounts": .array(accounts.map { .string($0) }),
            "topics": .array(Kind.allCases.map { .string($0.pattern) }),
        ]
        return message.text(pretty: false)
    }

    // MARK: What clients ask for

    /// The topics there are; each but the last two is followed by a contract's symbol.
    enum Kind: String, CaseIterable {
        case trades, marks, top, book, candles, liquidations, funding
        /// Followed by an account's name; for its owner.
        case account
        case notices

        var pattern: String {
            switch self {
            case .trades, .marks, .top, .book, .candles, .liquidations, .funding: rawValue + ":SYMBOL"
            case .account: "account:NAME"
            case .notices: rawValue
            }
        }
    }

    private struct Request {
        let id: JSONValue
        let operation: String
        let topic: String
        let epoch: String?
        let from: UInt64?
    }

    private func take(_ text: [UInt8], from socket: Socket, _ principal: Principal?) async {
        do {
            let request = try Self.request(text)
            switch request.operation {
            case "subscribe": try await subscribe(socket, request, principal)
            case "unsubscribe":
                if let topic = hub.existing(request.topic) { topic.unsubscribe(socket) }
                socket.send(Self.answer("unsubscribed", request))
            case "ping": socket.send(Self.answer("pong", request))
            default:
                throw Refusal.invalid(
                    "op is \"\(request.operation)\".", field: "op", expected: "subscribe, unsubscribe or ping")
            }
        } catch let refusal as Refusal {
            socket.send(JSONValue.object([(key: "event", value: "error")] + refusal.json.members).text(pretty: false))
        } catch {
            socket.send(Refusal(.stopped).json.text(pretty: false))
        }
    }

    private static func request(_ text: [UInt8]) throws(Refusal) -> Request {
        let json: JSONValue
        do { json = try JSONReader.read(text) } catch { throw .invalid("That is no JSON: \(error).") }
        guard case .object = json, case .string(let operation)? = json["op"] else {
            throw .invalid("op is missing.", field: "op", expected: "subscribe, unsubscribe or ping")
        }
        var topic = ""
        if case .string(let name)? = json["topic"] { topic = name }
        var epoch: String?
        if case .string(let name)? = json["epoch"] { epoch = name }
        var from: UInt64?
        if case .integer(let number)? = json["from"], number > 0 { from = UInt64(number) }
        return Request(id: json["id"] ?? .null, operation: operation, topic: topic, epoch: epoch, from: from)
    }

    private static func answer(_ event: String, _ request: Request, next: UInt64? = nil) -> String {
        var members: [(key: String, value: JSONValue)] = [
            (key: "event", value: .string(event)), (key: "topic", value: .string(request.topic)),
            (key: "id", value: request.id),
        ]
        if let next { members.append((key: "next", value: .integer(Int(next)))) }
        return JSONValue.object(members).text(pretty: false)
    }

    private func subscribe(_ socket: Socket, _ request: Request, _ principal: Principal?) async throws {
        guard socket.subscriptions.count < 200 else {
            throw Refusal.refused("tooManyTopics", "One socket has 200 topics at most.")
        }
        let snapshot = try snapshot(of: request.topic, principal)
        let topic = hub.topic(request.topic)
        if let from = request.from, request.epoch == epoch {
            switch topic.subscribe(socket, from: from) {
            case .resumed(_, let next): return socket.send(Self.answer("resumed", request, next: next))
            case .snapshotNeeded: socket.send(Self.answer("snapshotNeeded", request))
            case .closed: return
            }
        }
        guard case .resumed(_, let next) = topic.subscribe(socket) else { return }
        socket.send(Self.answer("subscribed", request, next: next))
        // Taken after subscribing: what changes between the two is in both, and told by its number.
        guard let data = try await snapshot() else { return }
        socket.send(
            JSONValue.object([
                (key: "topic", value: .string(request.topic)), (key: "event", value: "snapshot"),
                (key: "data", value: data),
            ]).text(pretty: false))
    }

    /// What a topic begins with; refuses topics that do not exist, or not for the caller.
    private func snapshot(of topic: String, _ principal: Principal?) throws -> () async throws -> JSONValue? {
        let parts = topic.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let kind = Kind(rawValue: parts[0]), (parts.count == 2) == (kind != .notices) else {
            throw Refusal.invalid(
                "There is no topic \"\(topic)\".", field: "topic",
                expected: Kind.allCases.map(\.pattern).joined(separator: ", "))
        }
        switch kind {
        case .notices: return { nil }
        case .account:
            let account = api.names { $0.account(named: parts[1]) }
            guard let account, let principal,
                principal.accounts.contains(account) || principal.role.allows(.administer)
            else { throw Refusal.notFound("You have no account \(parts[1]).", field: "topic") }
            return { [api] in try await api.statement(of: account) }
        case .trades, .candles, .liquidations, .funding:
            _ = try api.contract(named: parts[1])
            return { nil }
        case .marks, .top:
            let (id, _) = try api.contract(named: parts[1])
            return { [api] in try await api.venue.read { NativeAPI.contract(id, in: $0) } }
        case .book:
            let (id, terms) = try api.contract(named: parts[1])
            return { [api] in
                let book = try await api.gateway.books.look(at: id, on: api.venue)
                return [
                    "number": .integer(Int(book.number)), "bids": NativeAPI.levels(book.bids, terms),
                    "asks": NativeAPI.levels(book.asks, terms),
                ]
            }
        }
    }

    // MARK: What they are told

    /// Publishes under a topic, where anybody has ever asked for it.
    private func publish(_ name: String, _ time: Timestamp, _ data: () -> JSONValue) {
        guard let topic = hub.existing(name) else { return }
        topic.publish { number in
            let message: JSONValue = [
                "topic": .string(name), "number": .integer(Int(number)), "time": .string(time.iso), "data": data(),
            ]
            return Array(message.text(pretty: false).utf8)
        }
    }

    func take(_ updates: [MarketUpdate]) {
        api.names { names in
            for update in updates { tell(update, names) }
        }
    }

    private func tell(_ update: MarketUpdate, _ names: Directory) {
        switch update {
        case .trade(let tick):
            let terms = names[tick.contract]
            publish("trades:" + terms.symbol, tick.time) { tick.json(terms, names[terms.settle]) }
        case .mark(let contract, let price, _, _, let time):
            let terms = names[contract]
            publish("marks:" + terms.symbol, time) { ["mark": .decimal(terms.decimal(price))] }
        case .top(let contract, let bid, let ask, let number, let time):
            let terms = names[contract]
            publish("top:" + terms.symbol, time) {
                [
                    "number": .integer(Int(number)), "bid": NativeAPI.levels([bid].compactMap(\.self), terms),
                    "ask": NativeAPI.levels([ask].compactMap(\.self), terms),
                ]
            }
        case .depth(let change):
            let terms = names[change.contract]
            publish("book:" + terms.symbol, change.time) {
                [
                    "number": .integer(Int(change.last)), "previous": .integer(Int(change.previous)),
                    "bids": NativeAPI.levels(change.bids, terms), "asks": NativeAPI.levels(change.asks, terms),
                ]
            }
        case .minute(let contract, let minute):
            let terms = names[contract]
            publish("candles:" + terms.symbol, minute.start) { minute.json(terms, names[terms.settle]) }
        case .forced(let forced):
            let terms = names[forced.contract]
            publish("liquidations:" + terms.symbol, forced.time) { forced.json(terms, names[terms.settle]) }
        case .funding(let contract, let perLot, _, let time):
            let terms = names[contract]
            publish("funding:" + terms.symbol, time) { ["perLot": .decimal(names[terms.settle].decimal(perLot))] }
        case .listed(let contract, let time):
            publish("notices", time) { ["kind": "listed", "symbol": .string(names[contract].symbol)] }
        case .halted(let contract, let halted, let time):
            publish("notices", time) {
                ["kind": halted ? "halted" : "resumed", "symbol": .string(names[contract].symbol)]
            }
        }
    }

    func take(_ updates: [AccountUpdate]) {
        api.names { names in
            for update in updates {
                publish("account:" + names[update.account], update.time) { update.json(in: names) }
            }
        }
    }
}
