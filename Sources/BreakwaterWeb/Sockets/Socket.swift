internal import NIOCore
internal import Synchronization

/// A path that answers with a WebSocket.
public struct SocketRoute: Sendable {
    /// The path, segments in braces standing for parameters, `{rest...}` at the end for any number of segments.
    public let path: String
    /// Lets a connection in and says what becomes of its messages, or throws a `Refusal`, which is sent as HTTP.
    public let open: @Sendable (Call) async throws -> SocketSession

    public init(_ path: String, open: @escaping @Sendable (Call) async throws -> SocketSession) {
        self.path = path
        self.open = open
    }
}

/// What one socket does: called on its event loop, in order, so nothing here may block.
public struct SocketSession: Sendable {
    var opened: @Sendable (Socket) -> Void
    var received: @Sendable (Socket, [UInt8]) async -> Void
    var closed: @Sendable (Socket) -> Void

    /// - Parameters:
    ///   - opened: the socket is open and may be sent to.
    ///   - received: a whole text message came, its UTF-8 already checked; the next one waits until this returns.
    ///   - closed: the socket is gone, and off every topic.
    public init(
        opened: @escaping @Sendable (Socket) -> Void = { _ in },
        received: @escaping @Sendable (Socket, [UInt8]) async -> Void,
        closed: @escaping @Sendable (Socket) -> Void = { _ in }
    ) {
        self.opened = opened
        self.received = received
        self.closed = closed
    }
}

/// Why a socket is closed, as RFC 6455 numbers it.
public struct CloseCode: Sendable, Equatable {
    public let number: UInt16
    public init(number: UInt16) { self.number = number }

    public static let normal = CloseCode(number: 1000)
    /// The server stops.
    public static let goingAway = CloseCode(number: 1001)
    public static let protocolError = CloseCode(number: 1002)
    /// Binary where only text is understood.
    public static let unacceptableData = CloseCode(number: 1003)
    public static let invalidText = CloseCode(number: 1007)
    /// Against a rule: too many messages, a session that ended, a reader too slow.
    public static let policyViolation = CloseCode(number: 1008)
    public static let messageTooLarge = CloseCode(number: 1009)
    public static let internalError = CloseCode(number: 1011)
}

/// One open WebSocket, to be sent to from any thread.
///
/// What is sent waits in a queue bounded in bytes (`SocketLimits.queueBytes`); a reader who lets it overflow is cut off
/// with `CloseCode.policyViolation` and the reason.
public final class Socket: Sendable {
    /// The request that opened it, with the parameters of its path as they were sent.
    public let call: Call
    let outbox: Outbox
    let line: NIOLoopBound<SocketHandler>
    private let topics = Mutex<[Topic]?>([])

    init(call: Call, outbox: Outbox, line: NIOLoopBound<SocketHandler>) {
        self.call = call
        self.outbox = outbox
        self.line = line
    }

    /// Whether it may still be sent to; false from the moment it is gone, not while a closing handshake is under way.
    public var isOpen: Bool { topics.withLock { $0 != nil } }

    /// The topics it is subscribed to, in order of subscription.
    public var subscriptions: [Topic] { topics.withLock { $0 ?? [] } }

    public func send(_ text: String) { send(Frame(text: text)) }
    /// Sends `text`, which must be UTF-8.
    public func send(_ text: [UInt8]) { send(Frame(text: text)) }
    public func send(_ frame: Frame) { outbox.add(.message(frame.buffer, self)) }

    /// Closes after everything sent before; the reason is cut to what a closing frame holds.
    public func close(_ code: CloseCode = .normal, _ reason: String = "") { outbox.add(.close(self, code, reason)) }

    /// Notes a subscription; false where the socket is gone already.
    func joined(_ topic: Topic) -> Bool {
        topics.withLock { topics in
            guard topics != nil else { return false }
            if topics?.contains(where: { $0 === topic }) == false { topics?.append(topic) }
            return true
        }
    }

    func left(_ topic: Topic) {
        topics.withLock { topics in topics?.removeAll { $0 === topic } }
    }

    /// Takes the socket off every topic, for good.
    func leaveAll() {
        let left = topics.withLock { topics in
            defer { topics = nil }
            return topics ?? []
        }
        for topic in left { topic.unsubscribe(self) }
    }
}
