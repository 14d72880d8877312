internal import BreakwaterTapes

/// Finds what answers a request, and checks the request against what that declares.
final class Dispatcher: Sendable {
    /// What answers one method on one path.
    struct Endpoint: Sendable {
        enum Work: Sendable {
            case route(Route)
            case raw(RawRoute)
        }

        let work: Work
        /// The names of the path's parameters, in order.
        let names: [String]
        let pace: Pace
        let duration: Histogram
    }

    private struct Resource: Sendable {
        var endpoints: [(method: String, endpoint: Endpoint)] = []
        var socket: (route: SocketRoute, names: [String])?

        func endpoint(_ method: String) -> Endpoint? { endpoints.first { $0.method == method }?.endpoint }
    }

    enum Finding: Sendable {
        case endpoint(Endpoint, Call)
        case reply(Reply)
        case refusal(Refusal)
    }

    private let table: PathTable<Resource>
    private let folders: [StaticFolder]
    private let errorShapes: [ErrorShape]
    private let gate: (any Gate)?

    init(_ site: Site, metrics: Metrics) {
        var table = PathTable<Resource>()
        func add(_ path: String, _ methods: [Method], _ work: Endpoint.Work, _ pace: Pace, _ name: String) {
            let duration = metrics.histogram(
                "http_request_seconds", "How long requests took, from their last byte to their reply.",
                labels: [("operation", name)])
            let names = table.change(path) { if $0 == nil { $0 = Resource() } }
            let endpoint = Endpoint(work: work, names: names, pace: pace, duration: duration)
            table.change(path) { resource in
                for method in methods {
                    precondition(resource?.endpoint(method.rawValue) == nil, "\(method) \(path) is declared twice")
                    resource?.endpoints.append((method.rawValue, endpoint))
                }
            }
        }
        for route in site.routes {
            route.requireConsistency()
            add(route.path, [route.method], .route(route), route.pace, route.operation)
        }
        for route in site.rawRoutes { add(route.path, route.methods, .raw(route), route.pace, route.path) }
        for socket in site.sockets {
            let names = table.change(socket.path) { if $0 == nil { $0 = Resource() } }
            table.change(socket.path) { $0?.socket = (socket, names) }
        }
        self.table = table
        folders = site.folders.sorted { $0.path.count > $1.path.count }
        errorShapes = site.errorShapes.sorted { $0.prefix.count > $1.prefix.count }
        gate = site.gate
    }

    /// What answers `call`.
    func find(_ call: Call) -> Finding {
        let method = call.method == "HEAD" ? "GET" : call.method
        guard let match = table.match(call.path) else { return file(for: call) }
        let resource = match.value
        guard let endpoint = resource.endpoint(method) else {
            var allowed = resource.endpoints.map(\.method)
            if allowed.contains("GET") { allowed.append("HEAD") }
            allowed.sort()
            guard !allowed.isEmpty else { return .refusal(.upgradeRequired) }
            return .refusal(
                Refusal(
                    405, "method_not_allowed", "\(call.path) does not answer \(call.method).",
                    expected: allowed.joined(separator: ", "), allow: allowed))
        }
        var call = call
        switch fill(endpoint.names, with: match.parameters, in: &call) {
        case .some(let refusal): return .refusal(refusal)
        case nil: return .endpoint(endpoint, call)
        }
    }

    /// The socket route at the path of `call`, and the call with the path's parameters.
    func findSocket(_ call: Call) throws(Refusal) -> (SocketRoute, Call) {
        guard let match = table.match(call.path), let socket = match.value.socket else {
            throw .notFound("There is no socket at \(call.path).")
        }
        var call = call
        if let refusal = fill(socket.names, with: match.parameters, in: &call) { throw refusal }
        return (socket.route, call)
    }

    /// Carries out a call that was found; every error becomes a reply.
    nonisolated(nonsending) func run(_ endpoint: Endpoint, _ call: Call) async throws -> Reply {
        switch endpoint.work {
        case .raw(let route): return try await route.handler(call)
        case .route(let route):
            var call = call
            if let gate {
                call.caller = try await gate.admit(call, to: route.access, weight: route.weight)
            } else if route.access.roles != nil {
                throw Refusal.unauthenticated("This server knows no callers.")
            }
            try route.check(&call)
            return try await route.handler(call)
        }
    }

    /// How `refusal` looks below `path`.
    func reply(_ refusal: Refusal, at path: String) -> Reply {
        guard let shape = errorShapes.first(where: { path.hasPrefix($0.prefix) }) else { return refusal.reply }
        var reply = shape.reply(refusal)
        for name in ["retry-after", "allow"] { reply.headers.removeAll { $0.name == name } }
        refusal.addHeaders(to: &reply)
        return reply
    }

    private func file(for call: Call) -> Finding {
        for folder in folders {
            guard let reply = folder.reply(to: call) else { continue }
            if call.method == "GET" || call.method == "HEAD" { return .reply(reply) }
            return .refusal(
                Refusal(
                    405, "method_not_allowed", "\(call.path) is a file and does not answer \(call.method).",
                    expected: "GET, HEAD", allow: ["GET", "HEAD"]))
        }
        return .refusal(.notFound("There is nothing at \(call.path.prefix(256))."))
    }

    private func fill(_ names: [String], with values: [Substring], in call: inout Call) -> Refusal? {
        for (name, value) in zip(names, values) {
            guard let text = PercentEncoding.decode(value, plusIsBlank: false) else {
                return .invalid(
                    "'\(name)' in the path is not percent-encoded UTF-8.", field: name,
                    expected: "% and two hexadecimal digits for each byte that is escaped")
            }
            call.parameters[name] = .string(text)
        }
        return nil
    }
}

extension Refusal {
    static let upgradeRequired = Refusal(
        426, "upgrade_required", "This path is a WebSocket and answers no other request.",
        expected: "Upgrade: websocket")
}
