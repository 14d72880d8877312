/// Everything one server answers, as a value: documented routes, raw routes, sockets and folders of files.
public struct Site: Sendable {
    public var routes: [Route]
    public var rawRoutes: [RawRoute]
    public var sockets: [SocketRoute]
    public var folders: [StaticFolder]
    /// How errors look below a path, longest path first; everywhere else they have the native API's shape.
    public var errorShapes: [ErrorShape]
    /// Who may come in; without a gate, routes that ask for an identity answer 401.
    public var gate: (any Gate)?

    public init(
        routes: [Route] = [], rawRoutes: [RawRoute] = [], sockets: [SocketRoute] = [], folders: [StaticFolder] = [],
        errorShapes: [ErrorShape] = [], gate: (any Gate)? = nil
    ) {
        self.routes = routes
        self.rawRoutes = rawRoutes
        self.sockets = sockets
        self.folders = folders
        self.errorShapes = errorShapes
        self.gate = gate
    }
}

/// Decides who may call what. The shell asks before it looks at a call's inputs.
public protocol Gate: Sendable {
    /// The caller's identity, given to the handler as `Call.caller`.
    ///
    /// - Parameters:
    ///   - access: what the operation asks for; `.everyone` is asked too, so that addresses can be limited.
    ///   - weight: what the call uses up of the caller's rate limit.
    /// - Throws: a `Refusal`: 401 without valid credentials, 403 without the role, 429 past a limit.
    func admit(_ call: Call, to access: Access, weight: Int) async throws -> (any Sendable)?
}

/// An operation with a shape of its own: it sees the raw query, body and headers, and answers however it likes.
///
/// Such routes are not in the OpenAPI document and are not asked of the gate; limits of size and time still hold.
public struct RawRoute: Sendable {
    public let methods: [Method]
    /// The path, segments in braces standing for parameters, `{rest...}` at the end for any number of segments.
    public let path: String
    public let pace: Pace
    public let handler: @Sendable (Call) async throws -> Reply

    public init(
        _ methods: Method..., path: String, pace: Pace = .long,
        handler: @escaping @Sendable (Call) async throws -> Reply
    ) {
        self.methods = methods
        self.path = path
        self.pace = pace
        self.handler = handler
    }
}

/// How refusals look below a path.
public struct ErrorShape: Sendable {
    public let prefix: String
    public let reply: @Sendable (Refusal) -> Reply

    public init(below prefix: String, _ reply: @escaping @Sendable (Refusal) -> Reply) {
        self.prefix = prefix
        self.reply = reply
    }
}
