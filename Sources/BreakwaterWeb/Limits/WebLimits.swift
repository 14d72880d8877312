/// How much one client may take up. The defaults suit an exchange that faces the internet.
public struct WebLimits: Sendable {
    /// The request line and all header fields together, in bytes; past it 431, or 414 where the line alone is too long.
    public var headerBytes = 16 * 1024
    /// The path and query, in bytes; past it 414.
    public var targetBytes = 8 * 1024
    /// The body, in bytes; past it 413.
    public var bodyBytes = 1024 * 1024
    /// From the first byte of a request to its last header field, and from connecting to the first byte.
    public var headerTimeout = Duration.seconds(10)
    /// From the end of the header to the end of the body.
    public var bodyTimeout = Duration.seconds(20)
    /// Between a reply and the next request on the same connection.
    public var idleTimeout = Duration.seconds(75)
    /// Open connections in all; further ones are answered 503.
    public var connections = 10_000
    /// Open connections from one address; further ones are answered 503.
    public var connectionsPerAddress = 2_000
    /// Requests from one address, `nil` for no limit; past it 429.
    public var requestsPerAddress: TokenBuckets.Rate?
    public var sockets = SocketLimits()

    public init() {}
}

/// How much one WebSocket may take up.
public struct SocketLimits: Sendable {
    /// One frame, and one message of several frames, in bytes; past it close code 1009.
    public var messageBytes = 64 * 1024
    /// Messages, pings included, within one second; past it close code 1008.
    public var messagesPerSecond = 100
    /// What may wait to be sent, in bytes; past it the reader is cut off with close code 1008.
    public var queueBytes = 4 * 1024 * 1024
    /// Silence after which the server sends a ping; after twice that the connection is dropped.
    public var pingInterval = Duration.seconds(20)
    /// How long the other side may take over the closing handshake.
    public var closeTimeout = Duration.seconds(2)

    public init() {}
}
