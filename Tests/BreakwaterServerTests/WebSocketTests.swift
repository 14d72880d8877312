import BreakwaterWeb
import Synchronization
import Testing

@Suite("Web: sockets")
struct WebSocketTests {
    static let hub = Hub(keeping: 8)

    /// Echoes what it is told, or does what the word says.
    static let echo = SocketRoute("/ws/{name}") { call in
        if call.text("name") == "closed" { throw Refusal.forbidden("Nobody comes in here.") }
        return SocketSession(
            opened: { if call.query == "greet" { $0.send("hello \(call.text("name"))") } },
            received: { socket, bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                if text == "slow" { try? await Task.sleep(for: .milliseconds(50)) }
                if text == "bye" { return socket.close(.normal, "bye") }
                socket.send(text)
            })
    }

    static func open(
        _ options: WebOptions = WebSite.options(), _ test: (WebClient, WebServer) async throws -> Void
    ) async throws {
        try await WebSite.serving(WebSite.site(sockets: [echo]), options) { server in
            let client = try await WebClient(server.port)
            let answer = try await client.upgrade("/ws/btc")
            #expect(answer.status == 101)
            // The example of RFC 6455, 1.3.
            #expect(answer.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            try await test(client, server)
        }
    }

    @Test("WEB-020: messages come in whole and in order, whatever frames they came in")
    func echoes() async throws {
        try await Self.open { client, _ in
            await client.text("slow")
            await client.text("quick")
            #expect(try await client.frame().text == "slow")
            #expect(try await client.frame().text == "quick")
            await client.frame(0x01, Array("in ".utf8))
            await client.frame(0x89, Array("are you there".utf8))
            await client.frame(0x00, Array("three ".utf8))
            await client.frame(0x80, Array("frames".utf8))
            #expect(try await client.frame() == .init(opcode: 10, payload: Array("are you there".utf8)))
            #expect(try await client.frame().text == "in three frames")
            let long = String(repeating: "é", count: 32_768)
            await client.text(long)
            #expect(try await client.frame().text == long)
            await client.text("bye")
            let close = try await client.frame()
            #expect(close.code == 1000)
            #expect(String(decoding: close.payload.dropFirst(2), as: UTF8.self) == "bye")
        }
    }

    @Test("WEB-021: a frame sent right behind the handshake is not lost, and a socket may greet first")
    func earlyFrames() async throws {
        try await WebSite.serving(WebSite.site(sockets: [Self.echo])) { server in
            let client = try await WebClient(server.port)
            // "hi", masked with zeros.
            await client.send(
                Array(
                    ("GET /ws/btc?greet HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").utf8)
                    + [0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])
            #expect(try await client.answer().status == 101)
            #expect(try await client.frame().text == "hello btc")
            #expect(try await client.frame().text == "hi")
        }
    }

    @Test("WEB-022: who may not come in gets an answer in HTTP")
    func refusedHandshakes() async throws {
        try await WebSite.serving(WebSite.site(sockets: [Self.echo])) { server in
            for (path, status) in [("/ws/closed", 403), ("/nowhere", 404)] {
                let client = try await WebClient(server.port)
                #expect(try await client.upgrade(path).status == status)
                #expect(await client.closed())
            }
            let plain = try await WebClient(server.port)
            #expect(try await plain.request("GET", "/ws/btc").status == 426)
            await plain.send(
                "GET /ws/btc HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: x\r\n\r\n")
            let old = try await plain.answer()
            #expect(old.status == 426 && old.headers["sec-websocket-version"] == "13")
            let other = try await WebClient(server.port)
            await other.send(
                "GET /v1/orders/1 HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")
            #expect(try await other.answer().status == 200)
            #expect(await other.closed())
        }
    }

    @Test(
        "WEB-023: a frame that RFC 6455 does not allow closes with the code it names",
        arguments: [
            (0x82, [1, 2], true, 1003), (0xC1, [0x61], true, 1002), (0x83, [], true, 1002), (0x80, [], true, 1002),
            (0x81, [0x61], false, 1002), (0x81, [0xFF, 0xFE], true, 1007), (0x09, [], true, 1002),
            (0x89, [UInt8](repeating: 0, count: 126), true, 1002),
            (0x81, [UInt8](repeating: 0x61, count: 65_537), true, 1009),
            (0x88, [0x03], true, 1002), (0x88, [0x03, 0xED], true, 1002), (0x88, [0x03, 0xE8, 0xFF], true, 1007),
            (0x88, [0x03, 0xE8], true, 1000), (0x88, [], true, 1000),
        ] as [(UInt8, [UInt8], Bool, Int)])
    func badFrames(first: UInt8, payload: [UInt8], masked: Bool, code: Int) async throws {
        try await Self.open { client, _ in
            await client.frame(first, payload, masked: masked)
            let close = try await client.frame()
            #expect(close.code == code)
            #expect(await client.closed())
        }
    }

    @Test("WEB-024: fragments add up to the limit of a message, and messages to a rate")
    func messageLimits() async throws {
        try await Self.open { client, _ in
            await client.frame(0x01, [UInt8](repeating: 0x61, count: 40_000))
            await client.frame(0x80, [UInt8](repeating: 0x61, count: 40_000))
            let close = try await client.frame()
            #expect(close.code == 1009)
        }
        try await Self.open(WebSite.options { $0.limits.sockets.messagesPerSecond = 5 }) { client, _ in
            for _ in 0..<20 { await client.text("x") }
            var last = try await client.frame()
            while last.opcode == 1 { last = try await client.frame() }
            #expect(last.code == 1008)
        }
    }

    @Test("WEB-025: the silent are pinged, and dropped where they do not answer")
    func pings() async throws {
        try await Self.open(WebSite.options { $0.limits.sockets.pingInterval = .milliseconds(200) }) { client, _ in
            let first = try await client.frame()
            await client.frame(0x8A, [])
            let second = try await client.frame()
            #expect(first == .init(opcode: 9, payload: []))
            #expect(second == first)
            #expect(await client.closed(within: .seconds(2)))
        }
    }

    @Test("WEB-026: a reader too slow is cut off with the reason, and the others read on")
    func slowReader() async throws {
        let topic = Topic("ticks", keeping: 0)
        let route = SocketRoute("/ticks") { _ in
            SocketSession(opened: { _ = topic.subscribe($0) }, received: { _, _ in })
        }
        let metrics = Metrics()
        try await WebSite.serving(
            Site(sockets: [route]), WebSite.options { $0.limits.sockets.queueBytes = 256 * 1024 }, metrics: metrics
        ) { server in
            let slow = try await WebClient(server.port, reading: false)
            await slow.send(
                "GET /ticks HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            let quick = try await WebClient(server.port)
            #expect(try await quick.upgrade("/ticks").status == 101)
            while topic.subscriberCount < 2 { try await Task.sleep(for: .milliseconds(1)) }
            let payload = [UInt8](repeating: 0x61, count: 16_000)
            for number in 1...2000 {
                topic.publish { _ in payload }
                #expect(try await quick.frame().payload.count == 16_000, "frame \(number)")
                if topic.subscriberCount == 1 { break }
            }
            #expect(topic.subscriberCount == 1)
            #expect(metrics.text().contains("websocket_slow_readers_total 1\n"))
            topic.publish { _ in Array("last".utf8) }
            #expect(try await quick.frame().text == "last")
        }
    }

    @Test("WEB-027: who comes back gets what was missed, or is told to take a snapshot")
    func resumption() async throws {
        let topic = Topic("book", keeping: 8)
        let route = SocketRoute("/book") { _ in
            SocketSession { socket, bytes in
                let from = UInt64(String(decoding: bytes, as: UTF8.self))
                switch topic.subscribe(socket, from: from) {
                case .resumed(let missed, let next): socket.send("resumed \(missed) \(next)")
                case .snapshotNeeded(let next): socket.send("snapshot \(next)")
                case .closed: break
                }
            }
        }
        try await WebSite.serving(Site(sockets: [route])) { server in
            for _ in 1...20 { topic.publish { Array("update \($0)".utf8) } }
            for (from, count) in [(21, 0), (20, 1), (13, 8)] {
                let client = try await WebClient(server.port)
                #expect(try await client.upgrade("/book").status == 101)
                await client.text("\(from)")
                for number in (21 - count)..<21 { #expect(try await client.frame().text == "update \(number)") }
                #expect(try await client.frame().text == "resumed \(count) 21")
            }
            let client = try await WebClient(server.port)
            #expect(try await client.upgrade("/book").status == 101)
            for from in [12, 0, 22] {
                await client.text("\(from)")
                #expect(try await client.frame().text == "snapshot 21")
            }
            await client.text("x")
            #expect(try await client.frame().text == "resumed 0 21")
            topic.publish { Array("update \($0)".utf8) }
            #expect(try await client.frame().text == "update 21")
        }
    }

    @Test("WEB-028: a snapshot stands between what it holds and what comes after it")
    func snapshots() async throws {
        let topic = Topic("state", keeping: 0)
        let route = SocketRoute("/state") { _ in
            SocketSession(
                opened: { topic.subscribe($0) { Array("snapshot \($0)".utf8) } }, received: { _, _ in })
        }
        let publisher = Task.detached {
            while !Task.isCancelled {
                topic.publish { Array("update \($0)".utf8) }
                await Task.yield()
            }
        }
        try await WebSite.serving(Site(sockets: [route])) { server in
            for _ in 0..<20 {
                let client = try await WebClient(server.port)
                #expect(try await client.upgrade("/state").status == 101)
                let words = try await client.frame().text.split(separator: " ")
                #expect(words[0] == "snapshot")
                let number = try #require(Int(words[1]))
                for next in 1...5 { #expect(try await client.frame().text == "update \(number + next)") }
                client.close()
            }
            publisher.cancel()
        }
    }

    @Test("WEB-029: when the server stops, sockets close with 1001")
    func goingAway() async throws {
        let server = try await WebServer.start(WebSite.site(sockets: [Self.echo]))
        let client = try await WebClient(server.port)
        #expect(try await client.upgrade("/ws/btc").status == 101)
        let start = ContinuousClock.now
        await server.stop()
        #expect(try await client.frame().code == 1001)
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
