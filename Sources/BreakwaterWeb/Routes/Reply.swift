public import BreakwaterTapes
internal import NIOCore

/// The answer to a call: status, headers, and a body that is complete before it is sent.
public struct Reply: Sendable {
    enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Bytes that many replies share, such as a file kept in memory.
        case shared(ByteBuffer)
    }

    public var status: Int
    /// Names in lower case; `content-length`, `date` and `connection` are added when the reply is sent.
    public var headers: [(name: String, value: String)]
    var body: Body
    /// Whether the connection ends after this reply.
    var closesConnection = false

    /// A reply without a body.
    public init(status: Int, headers: [(name: String, value: String)] = []) {
        self.status = status
        self.headers = headers
        body = .none
    }

    /// A reply in JSON.
    public init(status: Int = 200, json: JSONValue, headers: [(name: String, value: String)] = []) {
        self.init(status: status, bytes: json.bytes(), type: "application/json", headers: headers)
    }

    public init(
        status: Int = 200, bytes: [UInt8], type: String, headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.headers = headers
        self.headers.append(("content-type", type))
        body = .bytes(bytes)
    }

    public init(
        status: Int = 200, text: String, type: String = "text/plain; charset=utf-8",
        headers: [(name: String, value: String)] = []
    ) {
        self.init(status: status, bytes: Array(text.utf8), type: type, headers: headers)
    }

    init(status: Int, shared: ByteBuffer, type: String, headers: [(name: String, value: String)]) {
        self.status = status
        self.headers = headers
        self.headers.append(("content-type", type))
        body = .shared(shared)
    }

    /// 204, nothing to say.
    public static var noContent: Reply { Reply(status: 204) }

    /// A reply that sends the client elsewhere in the same site.
    public static func redirect(to path: String) -> Reply { Reply(status: 302, headers: [("location", path)]) }

    /// This reply with one more header.
    public func header(_ name: String, _ value: String) -> Reply {
        var reply = self
        reply.headers.append((name, value))
        return reply
    }

    var length: Int {
        switch body {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .shared(let buffer): buffer.readableBytes
        }
    }
}
