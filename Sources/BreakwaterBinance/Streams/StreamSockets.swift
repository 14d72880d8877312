internal import BreakwaterCore
internal import BreakwaterTapes
internal import BreakwaterWeb

/// The sockets that streams are read on, at all the paths that clients look for them.
struct StreamSockets: Sendable {
    let hubs: StreamHubs
    let listings: Listings
    let keys: ListenKeys
    /// So many streams can be read on one socket.
    private static let most = 1_024

    var routes: [SocketRoute] {
        ["", "/public", "/market", "/private"].flatMap { place in
            [
                route(place + "/ws", combined: false), route(place + "/ws/{names...}", combined: false),
                route(place + "/stream", combined: true),
            ]
        }
    }

    private func route(_ path: String, combined: Bool) -> SocketRoute {
        SocketRoute(path) { call in
            let wanted = try names(of: call)
            return SocketSession(
                opened: { socket in for name in wanted { subscribe(socket, to: name, combined: combined) } },
                received: { socket, text in socket.send(answer(text, from: socket, combined: combined).bytes) })
        }
    }

    /// The streams that a socket's address names: in its path, in `streams`, or by a listening key. Names of no stream
    /// are passed over, because some clients number their sockets there.
    private func names(of call: Call) throws(Refusal) -> [String] {
        var names: [String] = []
        if case .string(let path)? = call.parameters["names"] { names += path.split(separator: "/").map(String.init) }
        do throws(Fault) {
            let inputs = try Inputs(query: Array(call.query.utf8), form: [])
            if let streams = try inputs.text("streams") { names += streams.split(separator: "/").map(String.init) }
            if let key = try inputs.text("listenKey") { names.append(key) }
        } catch {
            throw .invalid(error.message)
        }
        return names
    }

    /// - Returns: whether there is such a stream.
    @discardableResult
    private func subscribe(_ socket: Socket, to name: String, combined: Bool) -> Bool {
        let stream = StreamName(name, listings)
        guard stream != nil || keys.account(name) != nil else { return false }
        hubs.subscribe(socket, to: name, stream, combined: combined)
        return true
    }

    /// Does what a client's message asks for, and says so.
    private func answer(_ text: [UInt8], from socket: Socket, combined: Bool) -> JSONText {
        guard let message = LooseJSON.read(text), case .text(let method)? = message["method"] else {
            return Self.refusal("Invalid request: no method.", nil)
        }
        let id = message["id"]
        var names: [String] = []
        if case .list(let items)? = message["params"] { names = items.compactMap(\.parameter) }
        switch method {
        case "SUBSCRIBE":
            guard socket.subscriptions.count + names.count <= Self.most else {
                return Self.refusal("Invalid request: more than \(Self.most) streams on one socket.", id)
            }
            for name in names { subscribe(socket, to: name, combined: combined) }
            return JSONText(capacity: 64) { json in
                json.putNull("result")
                json.putID(id)
            }
        case "UNSUBSCRIBE":
            for name in names { hubs.unsubscribe(socket, from: name) }
            return JSONText(capacity: 64) { json in
                json.putNull("result")
                json.putID(id)
            }
        case "LIST_SUBSCRIPTIONS":
            return JSONText { json in
                json.list("result", socket.subscriptions.map(\.name))
                json.putID(id)
            }
        default: return Self.refusal("Invalid request: unknown method '\(method.prefix(64))'.", id)
        }
    }

    private static func refusal(_ message: String, _ id: LooseJSON?) -> JSONText {
        JSONText { json in
            json.object("error") { json in
                json.put("code", 2)
                json.put("msg", message)
            }
            json.putID(id)
        }
    }
}

extension JSONText {
    /// The asker's own number or name for what it asked.
    mutating func putID(_ id: LooseJSON?) {
        switch id {
        case .text(let text): put("id", text)
        case .bare(let word):
            if let number = Int64(word) { put("id", number) } else { putNull("id") }
        case .list, .object, nil: putNull("id")
        }
    }
}
