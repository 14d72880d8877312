import BreakwaterServer
import BreakwaterTapes
import BreakwaterWeb
import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// One of many who subscribed to a topic: takes the messages off the wire and checks that their numbers follow one
/// another.
private final class TopicReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let topic: String
    private let tally: Tally
    private var buffer = ByteBuffer()
    private var isUpgraded = false
    private var next: Int?

    init(_ topic: String, _ tally: Tally) {
        self.topic = topic
        self.tally = tally
    }

    func channelActive(context: ChannelHandlerContext) {
        let request =
            "GET /v1/stream HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        buffer.writeImmutableBuffer(unwrapInboundIn(data))
        if !isUpgraded {
            guard let end = buffer.readableBytesView.firstRange(of: "\r\n\r\n".utf8) else { return }
            buffer.moveReaderIndex(to: end.upperBound)
            isUpgraded = true
            subscribe(context)
        }
        while let text = nextFrame() { take(text) }
        buffer.discardReadBytes()
    }

    private func subscribe(_ context: ChannelHandlerContext) {
        let text = Array(#"{"op":"subscribe","topic":"\#(topic)"}"#.utf8)
        // Masked with zeros, which leave it as it is.
        var frame = ByteBuffer(bytes: [0x81, 0x80 | UInt8(text.count), 0, 0, 0, 0])
        frame.writeBytes(text)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    private func take(_ text: String) {
        if text.contains(#""event":"subscribed""#) {
            next = Self.number("next", in: text)
            tally.state.withLock { $0.subscribed += 1 }
        } else if let number = Self.number("number", in: text) {
            tally.state.withLock {
                $0.messages += 1
                if number != next { $0.gaps += 1 }
            }
            next = number + 1
        }
    }

    private static func number(_ name: String, in text: String) -> Int? {
        guard let found = text.firstRange(of: "\"\(name)\":") else { return nil }
        return Int(text[found.upperBound...].prefix { $0.isNumber })
    }

    private func nextFrame() -> String? {
        guard let second: UInt8 = buffer.getInteger(at: buffer.readerIndex + 1) else { return nil }
        var start = 2
        var count = Int(second)
        if count == 126 {
            guard let length: UInt16 = buffer.getInteger(at: buffer.readerIndex + 2) else { return nil }
            count = Int(length)
            start = 4
        }
        guard buffer.readableBytes >= start + count else { return nil }
        buffer.moveReaderIndex(forwardBy: start)
        return buffer.readString(length: count)
    }
}

private final class Tally: Sendable {
    struct Count {
        var subscribed = 0
        var messages = 0
        var gaps = 0
    }

    let state = Mutex(Count())
}

/// A venue served, and the admin who runs it over HTTP.
private struct RunVenue {
    let server: VenueServer
    let port: Int
    private let client: WebClient
    private let headers: [String: String]

    static func start(in folder: String) async throws -> RunVenue {
        var options = ServeOptions(folder: folder, rulebook: try RulebookLibrary.load("binance"))
        options.web.threads = 1
        let server = try await VenueServer.start(options)
        let port = Int(server.url.split(separator: ":").last!)!
        let client = try await WebClient(port)
        let token = try #require(server.adminToken)
        let claim = try await client.request(
            "POST", "/v1/admin/claim", body: #"{"token":"\#(token)","name":"admin","password":"a thousand readers"}"#)
        #expect(claim.status == 201, "\(claim.body)")
        let session = try await client.request(
            "POST", "/v1/session", body: #"{"name":"admin","password":"a thousand readers"}"#)
        let csrf = try #require(session.body.firstMatch(of: /"csrfToken": ?"([^"]+)"/))
        let cookie = try #require(session.headers["set-cookie"]?.split(separator: ";").first)
        return RunVenue(
            server: server, port: port, client: client,
            headers: ["cookie": String(cookie), "x-csrf-token": String(csrf.1)])
    }

    func command(_ json: String) async throws {
        let answer = try await client.request("POST", "/v1/admin/commands", body: json, headers: headers)
        guard answer.status == 200 else { throw WebClient.Missing(description: answer.body) }
    }
}

@Suite("Served venue: fan-out")
struct VenueFanOutTests {
    @Test("WEB-031: 1,000 subscribers to one contract's marks get every one of 50 a second")
    func thousandSubscribers() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "breakwater-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let venue = try await RunVenue.start(in: folder)
        try await venue.command(
            """
            {"do": "list", "contract": {"symbol": "BTCUSDT", "kind": "linear", "settle": "USDT", "tick": "0.1", \
            "lot": "0.001", "multiplier": "1", "maxLeverage": "50", "tiers": "progressive", \
            "riskLimits": [{"upTo": "1000000000", "im": "2%", "mm": "1%"}]}}
            """)
        let (readers, updates) = (1_000, 250)
        let tally = Tally()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let bootstrap = ClientBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(TopicReader("marks:BTCUSDT", tally))
            }
        }
        for _ in 0..<readers { _ = try await bootstrap.connect(host: "127.0.0.1", port: venue.port).get() }
        try await wait { tally.state.withLock(\.subscribed) == readers }
        let clock = ContinuousClock()
        let start = clock.now
        for update in 1...updates {
            try await venue.command(#"{"do": "mark", "symbol": "BTCUSDT", "price": "\#(40_000 + update % 7)"}"#)
            try await Task.sleep(until: start + .milliseconds(20 * update), clock: clock)
        }
        try await wait { tally.state.withLock(\.messages) >= readers * updates }
        let result = tally.state.withLock(\.self)
        #expect(result.messages == readers * updates)
        #expect(result.gaps == 0)
        print("fan-out of a served venue: \(result.messages) messages in \(clock.now - start)")
        await venue.server.stop()
        try await group.shutdownGracefully()
    }

    private func wait(until isDone: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while !isDone(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
    }
}
