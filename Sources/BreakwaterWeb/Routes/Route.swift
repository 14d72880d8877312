/// The HTTP methods a route may answer; any other is refused as not allowed.
public enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// One operation of an API: the same value answers requests and describes itself in the OpenAPI document.
///
/// Path, query and body are checked against their schemas before `handler` runs, so that a handler only sees inputs of
/// the declared types and ranges. What it throws as a `Refusal` becomes the one error shape; anything else is a 500.
public struct Route: Sendable {
    public typealias Handler = @Sendable (Call) async throws -> Reply

    public var method: Method
    /// The path, segments in braces standing for parameters: `/v1/orders/{order}`.
    public var path: String
    /// The name clients generated from the document give this operation: `placeOrder`.
    public var operation: String
    public var summary: String
    public var details: String
    /// The heading under which the documentation lists this operation.
    public var tag: String
    public var parameters: [Parameter]
    /// What the body must be; `nil` where a body has no meaning.
    public var body: Schema?
    public var responses: [Response]
    public var access: Access
    /// What one call uses up of its caller's rate limit.
    public var weight: Int
    public var pace: Pace
    public var handler: Handler

    /// - Parameters:
    ///   - responses: the answers of this operation's own. Refusals that any operation can meet (malformed input,
    ///     missing credentials, limits) are added to the document by themselves.
    public init(
        _ method: Method, _ path: String, operation: String, summary: String, details: String = "", tag: String,
        parameters: [Parameter] = [], body: Schema? = nil, responses: [Response], access: Access = .everyone,
        weight: Int = 1, pace: Pace = .long, handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.operation = operation
        self.summary = summary
        self.details = details
        self.tag = tag
        self.parameters = parameters
        self.body = body
        self.responses = responses
        self.access = access
        self.weight = weight
        self.pace = pace
        self.handler = handler
    }
}

/// Where a handler runs.
public enum Pace: Sendable {
    /// On the connection's event loop: quickest, for handlers that compute briefly and await, and never block.
    case brief
    /// On the shared pool of threads: for handlers that read databases or compute for longer.
    case long
}

/// Who may call an operation: what the gate is asked, in words only it understands.
public struct Access: Sendable, Equatable {
    /// Any of these roles suffices; `nil` asks for no identity at all, an empty list for any identity.
    public let roles: [String]?

    public static let everyone = Access(roles: nil)
    /// Callers with an identity, and where `roles` are given with at least one of them.
    public static func signedIn(_ roles: String...) -> Access { Access(roles: roles) }
}

/// One input outside the body.
public struct Parameter: Sendable {
    public enum Place: String, Sendable { case path, query, header }

    public let name: String
    public let place: Place
    public let schema: Schema
    public let isRequired: Bool

    /// A segment of the path, always required.
    public static func path(_ name: String, _ schema: Schema) -> Parameter {
        Parameter(name: name, place: .path, schema: schema, isRequired: true)
    }

    public static func query(_ name: String, _ schema: Schema, required: Bool = false) -> Parameter {
        Parameter(name: name, place: .query, schema: schema, isRequired: required)
    }

    public static func header(_ name: String, _ schema: Schema, required: Bool = false) -> Parameter {
        Parameter(name: name, place: .header, schema: schema, isRequired: required)
    }
}

/// One documented answer of an operation.
public struct Response: Sendable {
    public let status: Int
    public let summary: String
    /// The shape of the JSON body; `nil` where there is none, or none in JSON.
    public let schema: Schema?
    public let mediaType: String

    public init(_ status: Int, _ summary: String, _ schema: Schema? = nil, mediaType: String = "application/json") {
        self.status = status
        self.summary = summary
        self.schema = schema
        self.mediaType = mediaType
    }

    /// A refusal in the one error shape.
    public static func refusal(_ status: Int, _ summary: String) -> Response {
        Response(status, summary, Schema.refusal)
    }
}
