public import BreakwaterTapes

/// Why a request was not carried out, in the one shape every error of the native API has:
/// `{"error": {"code": …, "message": …, "field"?: …, "expected"?: …}}`.
public struct Refusal: Error, Sendable, Equatable {
    /// The HTTP status, 400 to 599.
    public var status: Int
    /// A stable word for programs: `unknown_symbol`.
    public var code: String
    /// A sentence for people: what was wrong, where and why.
    public var message: String
    /// The input at fault: `price`, `legs[2].size`.
    public var field: String?
    /// What would have been right.
    public var expected: String?
    /// How long to wait before trying again, in whole seconds; sent as `Retry-After`.
    public var retryAfter: Int?
    /// Methods that the path does answer; sent as `Allow` with a 405.
    public var allow: [String]

    public init(
        _ status: Int, _ code: String, _ message: String, field: String? = nil, expected: String? = nil,
        retryAfter: Int? = nil, allow: [String] = []
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.expected = expected
        self.retryAfter = retryAfter
        self.allow = allow
    }

    /// 400: an input is not what its schema says.
    public static func invalid(_ message: String, field: String? = nil, expected: String? = nil) -> Refusal {
        Refusal(400, "invalid_request", message, field: field, expected: expected)
    }
    /// 401: no credentials, or none that are valid.
    public static func unauthenticated(_ message: String) -> Refusal { Refusal(401, "unauthenticated", message) }
    /// 403: the caller is known and may not do this.
    public static func forbidden(_ message: String) -> Refusal { Refusal(403, "forbidden", message) }
    public static func notFound(_ message: String, field: String? = nil) -> Refusal {
        Refusal(404, "not_found", message, field: field)
    }
    /// 409: against the present state, for example a client order ID used before.
    public static func conflict(_ code: String, _ message: String, field: String? = nil) -> Refusal {
        Refusal(409, code, message, field: field)
    }
    /// 422: well formed, and refused by the rules of the venue.
    public static func refused(_ code: String, _ message: String, field: String? = nil) -> Refusal {
        Refusal(422, code, message, field: field)
    }
    public static func tooManyRequests(_ message: String, retryAfter: Int) -> Refusal {
        Refusal(429, "rate_limited", message, retryAfter: retryAfter)
    }
    public static func unavailable(_ message: String, retryAfter: Int = 1) -> Refusal {
        Refusal(503, "unavailable", message, retryAfter: retryAfter)
    }

    /// The refusal as the native API writes it.
    public var json: JSONValue {
        var members = [(key: "code", value: JSONValue.string(code)), ("message", Self.printable(message))]
        if let field { members.append(("field", Self.printable(field))) }
        if let expected { members.append(("expected", Self.printable(expected))) }
        return .object([("error", .object(members))])
    }

    /// `text` as far as it is worth repeating, without the control characters a request may have brought in.
    private static func printable(_ text: String) -> JSONValue {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(2048) {
            shown.append(Alphabet.printable.allows(scalar) ? scalar : "\u{FFFD}")
        }
        return .string(String(shown))
    }

    /// The refusal as a reply in the native API's shape, with the headers that belong to its status.
    public var reply: Reply {
        var reply = Reply(status: status, json: json)
        addHeaders(to: &reply)
        return reply
    }

    /// Adds `Retry-After`, `Allow` and `WWW-Authenticate` where the status calls for them.
    public func addHeaders(to reply: inout Reply) {
        if let retryAfter { reply.headers.append(("retry-after", "\(retryAfter)")) }
        if !allow.isEmpty { reply.headers.append(("allow", allow.joined(separator: ", "))) }
        if status == 401 { reply.headers.append(("www-authenticate", "Breakwater")) }
    }
}

extension Schema {
    /// The shape of every refusal.
    public static let refusal = Schema.object(
        .required(
            "error",
            .object(
                .required("code", .text().about("A stable word for programs.").example("unknown_symbol")),
                .required("message", .text().about("What was wrong, where and why, for people.")),
                .optional("field", .text().about("The input at fault.").example("price")),
                .optional("expected", .text().about("What would have been right."))))
    ).named("Refusal")
}
