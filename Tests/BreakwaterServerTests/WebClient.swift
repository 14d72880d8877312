import BreakwaterTapes
import BreakwaterWeb
import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection that sends exactly the bytes it is told to, right or wrong, and shows what comes back.
final class WebClient: Sendable {
    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: String
    }

    struct ReceivedFrame: Equatable {
        var opcode: UInt8
        var payload: [UInt8]
        var text: String { String(decoding: payload, as: UTF8.self) }
        /// The code of a closing frame.
        var code: Int? { opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
    }

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let owner: WebClient
        init(_ owner: WebClient) { self.owner = owner }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(unwrapInboundIn(data).readableBytesView)
            owner.state.withLock { $0.bytes += bytes }
        }
        func channelInactive(context: ChannelHandlerContext) { owner.state.withLock { $0.isClosed = true } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    init(_ port: Int, reading: Bool = true) async throws {
        let opened = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reading)
            .channelOption(.socketOption(.so_rcvbuf), value: reading ? 1 << 18 : 1 << 12)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(self))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        channel.withLock { $0 = opened }
    }

    func send(_ text: String) async { await send(Array(text.utf8)) }
    func send(_ bytes: [UInt8]) async {
        let channel = channel.withLock(\.self)
        try? await channel?.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func close() { channel.withLock(\.self)?.close(promise: nil) }

    /// Waits for the other side to close.
    func closed(within limit: Duration = .seconds(5)) async -> Bool {
        await waited(limit) { $0.isClosed ? true : nil } ?? false
    }

    var received: Int { state.withLock { $0.bytes.count } }

    /// The next reply, taken off what came.
    func answer(bodyless: Bool = false, within limit: Duration = .seconds(5)) async throws -> Answer {
        let answer = await waited(limit) { state -> Answer? in
            guard let end = state.bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            let lines = String(decoding: state.bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                headers[parts[0].lowercased()] = parts.count > 1 ? parts[1] : ""
            }
            let length = bodyless ? 0 : Int(headers["content-length"] ?? "0") ?? 0
            guard state.bytes.count >= end.upperBound + length else { return nil }
            let body = String(decoding: state.bytes[end.upperBound..<end.upperBound + length], as: UTF8.self)
            state.bytes.removeFirst(end.upperBound + length)
            let status = Int(lines[0].split(separator: " ")[1]) ?? 0
            return Answer(status: status, headers: headers, body: body)
        }
        guard let answer else {
            throw Missing(description: "no reply; \(state.withLock { $0.bytes.count }) bytes came")
        }
        return answer
    }

    /// Sends a request and takes its reply.
    func request(
        _ method: String, _ target: String, body: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body {
            if headers["content-type"] == nil { text += "content-type: application/json\r\n" }
            text += "content-length: \(body.utf8.count)\r\n"
        }
        await send(text + "\r\n" + (body ?? ""))
        return try await answer(bodyless: method == "HEAD")
    }

    // MARK: WebSocket

    /// Asks for a socket at `target`.
    func upgrade(_ target: String, headers: String = "") async throws -> Answer {
        await send(
            "GET \(target) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(headers)\r\n")
        return try await answer()
    }

    /// Sends a frame; `first` is its first byte, opcode and flags.
    func frame(_ first: UInt8, _ payload: [UInt8], masked: Bool = true) async {
        var bytes = [first]
        let mark: UInt8 = masked ? 0x80 : 0
        switch payload.count {
        case ...125: bytes.append(mark | UInt8(payload.count))
        case ...0xFFFF: bytes += [mark | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: bytes += [mark | 127] + (0..<8).map { UInt8(payload.count >> (56 - 8 * $0) & 0xFF) }
        }
        let mask: [UInt8] = [0x11, 0x22, 0x33, 0x44]
        if masked { bytes += mask }
        await send(bytes + payload.enumerated().map { masked ? $0.element ^ mask[$0.offset % 4] : $0.element })
    }

    func text(_ text: String) async { await frame(0x81, Array(text.utf8)) }

    /// The next frame, taken off what came.
    func frame(within limit: Duration = .seconds(5)) async throws -> ReceivedFrame {
        let frame = await waited(limit) { state -> ReceivedFrame? in
            let bytes = state.bytes
            guard bytes.count >= 2 else { return nil }
            var start = 2
            var count = Int(bytes[1] & 0x7F)
            if count == 126 {
                guard bytes.count >= 4 else { return nil }
                count = Int(bytes[2]) << 8 | Int(bytes[3])
                start = 4
            } else if count == 127 {
                guard bytes.count >= 10 else { return nil }
                count = bytes[2..<10].reduce(0) { $0 << 8 | Int($1) }
                start = 10
            }
            guard bytes.count >= start + count else { return nil }
            state.bytes.removeFirst(start + count)
            return ReceivedFrame(opcode: bytes[0] & 0xF, payload: Array(bytes[start..<start + count]))
        }
        guard let frame else { throw Missing(description: "no frame; \(state.withLock { $0.bytes.count }) bytes came") }
        return frame
    }

    private func waited<Value>(_ limit: Duration, _ look: (inout State) -> Value?) async -> Value? {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let value = state.withLock({ look(&$0) }) { return value }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return nil
    }
}

/// A small venue's shell: enough of an API to ask everything of the server that can go wrong.
enum WebSite {
    static let order = Schema.object(
        .required("symbol", .text(1...16, of: .name)),
        .required("side", .choice("buy", "sell")),
        .required("size", .decimalInput()),
        .optional("price", Schema.decimalInput().nullable),
        .optional("leverage", Schema.integer(1...125).defaulting(to: 10)),
        .optional("tags", .list(of: .text(1...8), count: 0...3))
    ).named("OrderRequest")

    static let routes = [
        Route(
            .post, "/v1/orders", operation: "placeOrder", summary: "Places an order", tag: "Trading", body: order,
            responses: [Response(201, "Placed.", .anything), .refusal(422, "Refused by the venue's rules.")],
            pace: .brief
        ) { call in
            if call.text("symbol") == "GONE" { throw Refusal.refused("unknown_symbol", "No such contract.") }
            if call.text("symbol") == "BUG" { throw CocoaError(.coderInvalidValue) }
            return Reply(status: 201, json: call.body)
        },
        Route(
            .get, "/v1/orders/{order}", operation: "order", summary: "One order", tag: "Trading",
            parameters: [.path("order", .integer(1...1_000_000)), .query("verbose", .flag)],
            responses: [Response(200, "It.", .anything), .refusal(404, "No such order.")]
        ) { call in
            if call.integer("order") == 404 { throw Refusal.notFound("There is no order 404.") }
            return Reply(json: ["order": .integer(call.integer("order")), "verbose": .bool(call.flag("verbose"))])
        },
        Route(
            .delete, "/v1/orders/{order}", operation: "cancel", summary: "Cancels", tag: "Trading",
            parameters: [.path("order", .integer(1...1_000_000))], responses: [Response(204, "Gone.")],
            access: .signedIn("trader")
        ) { _ in .noContent },
        Route(
            .get, "/v1/slow", operation: "slow", summary: "Takes a while", tag: "Trading",
            responses: [Response(200, "Done.", .anything)]
        ) { _ in
            try await Task.sleep(for: .milliseconds(400))
            return Reply(json: ["done": .bool(true)])
        },
    ]

    static let raw = [
        RawRoute(.get, .post, path: "/fapi/v1/order", pace: .brief) { call in
            Reply(text: "\(call.method) \(call.query) \(String(decoding: call.bytes, as: UTF8.self))")
        },
        RawRoute(.get, path: "/ws-info/{rest...}") { call in Reply(text: call.text("rest")) },
    ]

    static let dialectErrors = ErrorShape(below: "/fapi") { refusal in
        Reply(status: refusal.status, json: ["code": .integer(-1000), "msg": .string(refusal.message)])
    }

    static func site(sockets: [SocketRoute] = [], gate: (any Gate)? = nil) -> Site {
        Site(routes: routes, rawRoutes: raw, sockets: sockets, errorShapes: [dialectErrors], gate: gate)
    }

    /// Two loops, short goodbyes, and what `change` sets.
    static func options(_ change: (inout WebOptions) -> Void = { _ in }) -> WebOptions {
        var options = WebOptions()
        options.threads = 2
        options.limits.sockets.closeTimeout = .milliseconds(100)
        change(&options)
        return options
    }

    @discardableResult
    static func serving<Result>(
        _ site: Site = site(), _ options: WebOptions = options(), metrics: Metrics = Metrics(),
        _ test: (WebServer) async throws -> Result
    ) async throws -> Result {
        let server = try await WebServer.start(site, options, metrics: metrics)
        do {
            let result = try await test(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }
}
