internal import BreakwaterTapes
internal import Logging
internal import NIOCore

/// What all connections of one server share.
final class Shell: Sendable {
    let dispatcher: Dispatcher
    let limits: WebLimits
    let isSecure: Bool
    let logger: Logger
    let register: ConnectionRegister
    let figures: WebFigures
    let addresses: TokenBuckets?
    private let lines: [ObjectIdentifier: Line]

    init(
        site: Site, limits: WebLimits, isSecure: Bool, metrics: Metrics, logger: Logger, group: any EventLoopGroup
    ) {
        dispatcher = Dispatcher(site, metrics: metrics)
        self.limits = limits
        self.isSecure = isSecure
        self.logger = logger
        figures = WebFigures(metrics)
        register = ConnectionRegister(limits: limits, open: figures.connections)
        addresses = limits.requestsPerAddress.map { TokenBuckets($0) }
        lines = Dictionary(
            uniqueKeysWithValues: group.makeIterator().map { (ObjectIdentifier($0), Line(loop: $0)) })
    }

    func line(of loop: any EventLoop) -> Line {
        guard let line = lines[ObjectIdentifier(loop)] else { preconditionFailure("a connection on a loop of others") }
        return line
    }

    /// The reply to a call, whatever happens on the way to it.
    nonisolated(nonsending) func answer(_ endpoint: Dispatcher.Endpoint, _ call: Call) async -> Reply {
        do {
            return try await dispatcher.run(endpoint, call)
        } catch let refusal as Refusal {
            return dispatcher.reply(refusal, at: call.path)
        } catch is CancellationError {
            return dispatcher.reply(.unavailable("The server stops."), at: call.path)
        } catch {
            logger.error("a handler failed", metadata: ["path": "\(call.path)", "error": "\(error)"])
            return dispatcher.reply(.failed, at: call.path)
        }
    }
}

/// What the shell counts about itself.
struct WebFigures: Sendable {
    let connections: Gauge
    let refusedConnections: Counter
    let sockets: Gauge
    let slowReaders: Counter
    let framesSent: Counter
    let messagesReceived: Counter
    /// Replies by the first digit of their status.
    private let replies: [Counter]

    init(_ metrics: Metrics) {
        connections = metrics.gauge("http_connections", "Open connections, WebSockets included.")
        refusedConnections = metrics.counter(
            "http_connections_refused_total", "Connections refused because there were too many.")
        sockets = metrics.gauge("websocket_connections", "Open WebSockets.")
        slowReaders = metrics.counter(
            "websocket_slow_readers_total", "WebSockets cut off because they read too slowly.")
        framesSent = metrics.counter("websocket_frames_sent_total", "Frames handed to WebSockets.")
        messagesReceived = metrics.counter("websocket_messages_received_total", "Messages received on WebSockets.")
        replies = (1...5).map {
            metrics.counter(
                "http_replies_total", "Replies by the class of their status.", labels: [("class", "\($0)xx")])
        }
    }

    func count(status: Int) { replies[min(max(status / 100, 1), 5) - 1].add() }
}

extension Refusal {
    static let failed = Refusal(500, "internal", "The server failed at this; it is in its log.")
}
