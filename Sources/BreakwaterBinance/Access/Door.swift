internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Lets requests in: limits, keys, signatures and their time.
final class Door: Sendable {
    private static let longestWindow: Int64 = 60_000
    private let gateway: Gateway
    private let weights: WeightWindows
    private let orders: WeightWindows

    init(_ gateway: Gateway, _ limits: BinanceLimits) {
        self.gateway = gateway
        weights = WeightWindows(limit: limits.weightPerMinute)
        orders = WeightWindows(limit: limits.ordersPerMinute)
    }

    /// Answers a call over HTTP; everything that goes wrong becomes a reply.
    func answer(_ operation: Operation, _ call: Call) async -> Reply {
        let now = gateway.now
        let usage = weights.use(operation.weight, by: call.address, at: Self.nanoseconds(now))
        var headers = [("x-mbx-used-weight-1m", "\(usage.used)")]
        do {
            guard usage.isAllowed else { throw Self.tooMuch("weight", usage) }
            let (query, form) = (Array(call.query.utf8), call.bytes)
            let inputs = try Inputs(query: query, form: form)
            let principal = try admit(operation.security, call.headers, inputs, at: now) {
                Self.unsigned(query) + Self.unsigned(form)
            }
            if operation.orders > 0, let account = principal?.account {
                let usage = orders.use(operation.orders, by: "\(account.raw)", at: Self.nanoseconds(now))
                headers.append(("x-mbx-order-count-1m", "\(usage.used)"))
                guard usage.isAllowed else { throw Self.tooMuch("orders", usage) }
            }
            let text = try await operation.handler(Request(inputs: inputs, principal: principal, now: now))
            return Reply(bytes: text.bytes, type: "application/json", headers: headers)
        } catch {
            var reply = Fault(error).reply
            reply.headers += headers.map { (name: $0.0, value: $0.1) }
            return reply
        }
    }

    private static func nanoseconds(_ time: Timestamp) -> UInt64 { UInt64(time.raw) * 1_000 }

    private static func tooMuch(_ what: String, _ usage: WeightWindows.Usage) -> Fault {
        Fault(
            -1003, "Too many requests; the limit of \(what) per minute is reached.", status: 429,
            retryAfter: usage.secondsLeft)
    }

    /// - Parameter message: what the signature has to be of.
    private func admit(
        _ security: Operation.Security, _ headers: Headers, _ inputs: Inputs, at now: Timestamp, message: () -> [UInt8]
    ) throws -> Principal? {
        guard security != .none else { return nil }
        guard let key = headers["x-mbx-apikey"], !key.isEmpty else { throw Fault.malformedKey }
        if security == .key { return try check(try gateway.identities.principal(key: key), for: .look) }
        try checkTime(inputs, at: now)
        let signature = try inputs.required("signature")
        let principal = try gateway.identities.principal(key: key, signature: signature, of: message())
        return try check(principal, for: security == .trade ? .trade : .look)
    }

    /// Lets in a request that came over a socket, whose parameters are signed in alphabetical order.
    func admit(
        _ operation: Operation, _ inputs: Inputs, signed: [(name: String, value: String)], address: String
    ) throws -> Request {
        let now = gateway.now
        let usage = weights.use(operation.weight, by: address, at: Self.nanoseconds(now))
        guard usage.isAllowed else { throw Self.tooMuch("weight", usage) }
        guard operation.security != .none else { return Request(inputs: inputs, principal: nil, now: now) }
        let key = try inputs.required("apiKey")
        guard operation.security != .key else {
            let principal = try check(try gateway.identities.principal(key: key), for: .look)
            return Request(inputs: inputs, principal: principal, now: now)
        }
        try checkTime(inputs, at: now)
        let message = signed.sorted { $0.name < $1.name }.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let found = try gateway.identities.principal(
            key: key, signature: try inputs.required("signature"), of: Array(message.utf8))
        let principal = try check(found, for: operation.security == .trade ? .trade : .look)
        if operation.orders > 0, let account = principal.account {
            let usage = orders.use(operation.orders, by: "\(account.raw)", at: Self.nanoseconds(now))
            guard usage.isAllowed else { throw Self.tooMuch("orders", usage) }
        }
        return Request(inputs: inputs, principal: principal, now: now)
    }

    /// Whether a key may do what is asked, on an account of its own.
    private func check(_ principal: Principal, for right: Right) throws(Fault) -> Principal {
        guard principal.role.allows(right), principal.account != nil else { throw .notPermitted }
        return principal
    }

    /// A request counts for `recvWindow` milliseconds after its timestamp, and at most one second before it.
    private func checkTime(_ inputs: Inputs, at now: Timestamp) throws(Fault) {
        guard let timestamp = try inputs.integer("timestamp") else { throw .missing("timestamp") }
        let window = try inputs.integer("recvWindow") ?? 5_000
        guard window <= Self.longestWindow else {
            throw Fault(-1131, "recvWindow must be less than \(Self.longestWindow).")
        }
        guard timestamp < now.milliseconds + 1_000 else {
            throw Fault(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
        }
        guard now.milliseconds - timestamp <= window else { throw .stale }
    }

    /// What is signed of a query or form: all of it but the signature, and taken as it was sent.
    static func unsigned(_ text: [UInt8]) -> [UInt8] {
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: UInt8(ascii: "&")) ?? text.count
            if text[start..<end].starts(with: signature) {
                return Array(end == text.count ? text[..<max(0, start - 1)] : text[..<start] + text[(end + 1)...])
            }
            start = end + 1
        }
        return text
    }

    private static let signature = Array("signature=".utf8)
}
