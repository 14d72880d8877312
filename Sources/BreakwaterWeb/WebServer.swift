internal import HummingbirdCore
internal import HummingbirdTLS
public import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A site served over HTTP/1.1 and WebSocket on one port.
///
/// ```swift
/// let server = try await WebServer.start(Site(routes: routes), WebOptions())
/// print("listening on \(server.url)")
/// await server.stop()
/// ```
public final class WebServer: Sendable {
    /// How long `stop` waits for requests and sockets to end before it cuts them off.
    static let patience = Duration.seconds(3)

    /// The port bound, also where port 0 asked for any.
    public let port: Int
    /// Where clients find the server: `http://127.0.0.1:8080`.
    public let url: String
    private let shell: Shell
    private let server: Server<AnyChildChannel>
    private let running: Task<Void, any Error>
    private let group: MultiThreadedEventLoopGroup
    private let isStopped = Mutex(false)

    private init(
        port: Int, url: String, shell: Shell, server: Server<AnyChildChannel>, running: Task<Void, any Error>,
        group: MultiThreadedEventLoopGroup
    ) {
        self.port = port
        self.url = url
        self.shell = shell
        self.server = server
        self.running = running
        self.group = group
    }

    /// Binds the port and begins to answer.
    ///
    /// - Throws: a `WebFault` where the port cannot be bound or the certificate cannot be used.
    public static func start(
        _ site: Site, _ options: WebOptions = WebOptions(), metrics: Metrics = Metrics(),
        logger: Logger = Logger(label: "breakwater.web")
    ) async throws -> WebServer {
        let channelSecurity = try options.certificate.map { try $0.configuration() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: options.threads)
        let shell = Shell(
            site: site, limits: options.limits, isSecure: channelSecurity != nil, metrics: metrics, logger: logger,
            group: group)
        let (bound, report) = AsyncStream.makeStream(of: Int.self)
        var channel = AnyChildChannel(WebChannel(shell: shell))
        if let channelSecurity {
            channel = AnyChildChannel(try TLSChannel(WebChannel(shell: shell), tlsConfiguration: channelSecurity))
        }
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .hostname(options.host, port: options.port), backlog: 1024),
            onServerRunning: { report.yield($0.localAddress?.port ?? 0) }, eventLoopGroup: group, logger: logger)
        let running = Task {
            defer { report.finish() }
            try await server.run()
        }
        for await port in bound {
            let scheme = channelSecurity == nil ? "http" : "https"
            let host = options.host.contains(":") ? "[\(options.host)]" : options.host
            return WebServer(
                port: port, url: "\(scheme)://\(host):\(port)", shell: shell, server: server, running: running,
                group: group)
        }
        let outcome = await running.result
        try? await group.shutdownGracefully()
        throw WebFault("cannot listen on \(options.host):\(options.port): \(Self.reason(outcome))")
    }

    /// Stops accepting, lets requests finish, closes sockets with 1001, and cuts off what has not ended after three
    /// seconds. Returns when nothing runs any more; stopping twice is the same as once.
    public func stop() async {
        let isFirst = isStopped.withLock { isStopped in
            defer { isStopped = true }
            return !isStopped
        }
        if isFirst {
            let shell = shell
            let cutOff = Task {
                try await Task.sleep(for: Self.patience)
                shell.register.closeAll()
            }
            try? await server.shutdownGracefully()
            cutOff.cancel()
        }
        _ = await running.result
        if isFirst { try? await group.shutdownGracefully() }
    }

    private static func reason(_ outcome: Result<Void, any Error>) -> String {
        switch outcome {
        case .success: "the server stopped at once"
        case .failure(let error): "\(error)"
        }
    }
}

/// Where and how a site is served.
public struct WebOptions: Sendable {
    /// The address to listen on; this machine alone unless said otherwise.
    public var host = "127.0.0.1"
    /// The port; 0 lets the system choose one.
    public var port = 0
    /// Event loops, each a thread.
    public var threads: Int
    public var limits = WebLimits()
    /// What to encrypt with; `nil` serves without encryption.
    public var certificate: Certificate?

    public init() { threads = max(1, System.coreCount) }
}

/// A certificate and its key as files in PEM.
public struct Certificate: Sendable, Equatable {
    /// The certificate, and behind it those that lead to its authority.
    public let chain: String
    public let key: String

    public init(chain: String, key: String) {
        self.chain = chain
        self.key = key
    }

    func configuration() throws -> TLSConfiguration {
        let certificates: [NIOSSLCertificate]
        let privateKey: NIOSSLPrivateKey
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(chain)
        } catch {
            throw WebFault("\(chain) is not a certificate in PEM: \(error)")
        }
        do {
            privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
        } catch {
            throw WebFault("\(key) is not a private key in PEM: \(error)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }
}

/// Why a site cannot be served.
public struct WebFault: Error, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// A connection set-up of either kind, so that the server has one type.
struct AnyChildChannel: ServerChildChannel {
    typealias Value = WebChannel.Value

    private let prepare: @Sendable (any Channel, Logger) -> EventLoopFuture<Value>
    private let serve: @Sendable (Value, Logger) async -> Void

    init<Base: ServerChildChannel>(_ channel: Base) where Base.Value == Value {
        prepare = { channel.setup(channel: $0, logger: $1) }
        serve = { await channel.handle(value: $0, logger: $1) }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> { prepare(channel, logger) }
    func handle(value: Value, logger: Logger) async { await serve(value, logger) }
}
