internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb
internal import Foundation
internal import Synchronization

/// The native stream: `/v1/stream`, one socket for any number of topics.
///
/// A client says `{"op": "subscribe", "topic": "book:BTCUSDT"}` and is sent a snapshot where the topic has one, then
/// messages numbered one by one. One that lost its connection adds `"epoch"` and `"from"`, the number it wants next, and
/// is sent what it missed; where that is not kept any more it is told so and begins with a snapshot again.
///
/// What came before a snapshot may be in it: an account's names the last command that is, as every message does its own.
final class NativeStream: Sendable, MarketSink, AccountSink {
    private let hub = Hub(keeping: 1_024)
    /// Numbers mean something within one run of the server only.
    private let epoch = UUID().uuidString.lowercased()
    let api: NativeAPI
    let gatekeeper: Gatekeeper
    /// Sockets that somebody was let in for, to be closed when that ends.
    private let members = Mutex<[ObjectIdentifier: (socket: Socket, principal: Principal)]>([:])

    init(_ api: NativeAPI, _ gatekeeper: Gatekeeper) {
        self.api = api
        self.gatekeeper = gatekeeper
        gatekeeper.identities.watch { [weak self] in self?.close($0) }
    }

    var socket: SocketRoute {
        SocketRoute("/v1/stream") { [self] call in
            let principal = try await principal(of: call)
            return SocketSession(
                opened: { socket in
                    if let principal { self.members.withLock { $0[ObjectIdentifier(socket)] = (socket, principal) } }
                    socket.send(self.welcome(principal))
                },
                received: { socket, text in await self.take(text, from: socket, principal) },
                closed: { socket in self.members.withLock { $0[ObjectIdentifier(socket)] = nil } })
        }
    }

    private func close(_ revocation: Revocation) {
        let concerned = members.withLock { $0.values.filter { revocation.concerns($0.principal) } }
        for (socket, _) in concerned {
            socket.close(.policyViolation, "the key or session that opened this socket has ended")
        }
    }

    /// Who opens the socket; nobody in particular, for what is public.
    private func principal(of call: Call) async throws -> Principal? {
        guard call.headers[Gatekeeper.keyHeader] != nil || call.cookie(Gatekeeper.sessionCookie) != nil else {
            return nil
        }
        guard call.isSameOrigin || call.headers[Gatekeeper.keyHeader] != nil else {
            throw Refusal.forbidden("This socket was asked for with a session's cookie, but by another site.")
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

        static var patterns: String { allCases.map(\.pattern).joined(separator: ", ") }

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
        var id = JSONValue.null
        do {
            let request = try Self.request(text, &id)
            switch request.operation {
            case "subscribe": try await subscribe(socket, request, principal)
            case "unsubscribe":
                if let topic = hub.existing(request.topic) { topic.unsubscribe(socket) }
                socket.send(Self.answer("unsubscribed", request))
            case "ping": socket.send(Self.answer("pong", request))
            default:
                preconditionFailure("a request passed with op \(request.operation)")
            }
        } catch let refusal as Refusal {
            socket.send(Self.error(refusal, id))
        } catch let fault as VenueFault {
            socket.send(Self.error(Refusal(fault), id))
        } catch {
            socket.send(Self.error(.unavailable("The venue could not answer: try again in a moment."), id))
        }
    }

    private static func error(_ refusal: Refusal, _ id: JSONValue) -> String {
        JSONValue.object([(key: "event", value: "error"), (key: "id", value: id)] + refusal.json.members)
            .text(pretty: false)
    }

    /// What a client asks for, as its schema has it.
    private static let request = Schema.object(
        .required("op", .choice("subscribe", "unsubscribe", "ping")), .optional("topic", .text(1...128)),
        .optional("epoch", .text(0...64)), .optional("from", .integer(0...Int.max)),
        .optional("id", .anything))

    /// - Parameter id: set as soon as it is known, so that a refusal can repeat it.
    private static func request(_ text: [UInt8], _ id: inout JSONValue) throws(Refusal) -> Request {
        let json: JSONValue
        do {
            json = try JSONReader.read(text)
        } catch {
            throw Refusal(
                400, "invalid_json", "The message is not valid JSON: at byte \(error.position), \(error.message).",
                expected: "one JSON object")
        }
        switch json["id"] {
        case .string(let name)? where name.count <= 64: id = .string(name)
        case .integer(let number)?: id = .integer(number)
        case .null?, nil: break
        case .string?, .bool?, .array?, .object?:
            throw .invalid("id is neither a number nor a short text.", field: "id", expected: "a number or a text")
        }
        let checked = try request.check(json, as: "message")
        func word(_ name: String) -> String? {
            guard case .string(let word)? = checked[name] else { return nil }
            return word
        }
        var from: UInt64?
        if case .integer(let number)? = checked["from"] { from = UInt64(number) }
        let operation = word("op") ?? ""
        guard let topic = word("topic") ?? (operation == "ping" ? "" : nil) else {
            throw .invalid("topic is missing.", field: "topic", expected: Kind.patterns)
        }
        return Request(id: id, operation: operation, topic: topic, epoch: word("epoch"), from: from)
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
        if let from = request.from {
            let outcome =
                request.epoch == epoch ? topic.subscribe(socket, from: from) : .snapshotNeeded(next: topic.next)
            switch outcome {
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
                expected: Kind.patterns)
        }
        switch kind {
        case .notices: return { nil }
        case .account:
            let account = api.names { $0.account(named: parts[1]) }
            guard let account, let principal,
                principal.accounts.contains(account) || principal.role.allows(.administer)
            else { throw Refusal.notFound("You have no account \(parts[1]).", field: "topic") }
            return { [api] in
                try await api.venue.readNumbered { exchange, sequence in
                    .object(
                        [(key: "sequence", value: .integer(Int(sequence)))]
                            + NativeAPI.statement(of: account, in: exchange).members)
                }
            }
        case .trades, .candles, .liquidations, .funding:
            _ = try api.contract(named: parts[1])
            return { nil }
        case .top:
            let (id, terms) = try api.contract(named: parts[1])
            return { [api] in
                let book = try await api.gateway.books.look(at: id, on: api.venue)
                return Self.top(book.bids.first, book.asks.first, book.number, terms)
            }
        case .marks:
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

    /// The best bid and ask, as price and size; null where there is none.
    private static func top(_ bid: DepthLevel?, _ ask: DepthLevel?, _ number: Int64, _ terms: Contract) -> JSONValue {
        func level(_ level: DepthLevel?) -> JSONValue {
            level.map { [.decimal(terms.decimal($0.price)), .decimal(terms.decimal($0.size))] } ?? .null
        }
        return ["number": .integer(Int(number)), "bid": level(bid), "ask": level(ask)]
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
        case .mark(let contract, let price, let time):
            let terms = names[contract]
            publish("marks:" + terms.symbol, time) { ["mark": .decimal(terms.decimal(price))] }
        case .top(let contract, let bid, let ask, let number, let time):
            let terms = names[contract]
            publish("top:" + terms.symbol, time) { Self.top(bid, ask, number, terms) }
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
        case .funding(let contract, let perLot, let time):
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
