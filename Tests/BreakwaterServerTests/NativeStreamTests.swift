import BreakwaterServer
import BreakwaterTapes
import BreakwaterWeb
import Foundation
import Testing

/// `/v1/stream`, by a client that reads every frame.
@Suite("Native API: stream", .serialized)
struct NativeStreamTests {
    /// One socket and what has come over it.
    private final class Line: Sendable {
        let client: WebClient
        let welcome: JSONValue

        init(_ venue: NativeVenue, by caller: Caller = .nobody) async throws {
            client = try await WebClient(venue.port)
            let headers = caller.headers("GET", "/v1/stream", "").map { "\($0.key): \($0.value)\r\n" }.joined()
            let answer = try await client.upgrade("/v1/stream", headers: headers)
            #expect(answer.status == 101, "\(answer.body)")
            welcome = try JSONReader.read(try await client.frame().payload)
        }

        var epoch: JSONValue { welcome["epoch"] ?? .null }

        @inline(never)
        func next(within limit: Duration = .seconds(5)) async throws -> JSONValue {
            try JSONReader.read(try await client.frame(within: limit).payload)
        }

        /// Sends a message and takes what comes until an answer to it.
        @inline(never)
        func say(_ message: JSONValue) async throws -> JSONValue {
            await client.text(message.text(pretty: false))
            return try await until { $0["event"] != nil }
        }

        /// Subscribes, and takes the snapshot where there is one.
        @discardableResult
        func subscribe(_ topic: String, snapshot: Bool) async throws -> JSONValue {
            let answer = try await say(["op": "subscribe", "topic": .string(topic), "id": .integer(7)])
            #expect(answer["event"]?.word == "subscribed" && answer["id"]?.number == 7, "\(answer)")
            return snapshot ? try await until { $0["event"]?.word == "snapshot" } : answer
        }

        @inline(never)
        func until(_ isWanted: (JSONValue) -> Bool) async throws -> JSONValue {
            var message = try await next()
            while !isWanted(message) { message = try await next() }
            return message
        }
    }

    private func market(
        _ change: (inout ServeOptions) -> Void = { _ in },
        _ test: (NativeVenue, _ chief: Caller, _ alice: Caller, _ bob: Caller) async throws -> Void
    ) async throws {
        try await NativeVenue.serving(change) { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            let (alice, bob) = (try await venue.person("alice"), try await venue.person("bob"))
            for name in ["alice", "bob"] { try await venue.deposit("20000", to: name, by: chief) }
            try await test(venue, chief, alice, bob)
        }
    }

    @Test("STR-001: topics begin with a snapshot and go on by numbers; a book put together from them is the book")
    func topics() async throws {
        try await market { venue, chief, alice, bob in
            try await venue.place(NativeVenue.order("buy", "0.5", "39900"), for: "alice", by: alice)
            let line = try await Line(venue)
            #expect(line.welcome["topics"]?.rows.count == 9 && line.welcome["accounts"] == [])
            var book: [String: String] = [:]
            func apply(_ data: JSONValue) {
                for level in (data["bids"]?.rows ?? []) + (data["asks"]?.rows ?? []) {
                    book[level.rows[0].word!] = level.rows[1].word == "0" ? nil : level.rows[1].word
                }
            }
            let snapshot = try await line.subscribe("book:BTCUSDT", snapshot: true)
            apply(snapshot["data"]!)
            var number = try #require(snapshot["data"]?["number"]?.number)
            let top = try await line.subscribe("top:BTCUSDT", snapshot: true)
            #expect(top["data"]?["bid"] == ["39900", "0.5"] && top["data"]?["ask"] == .null, "\(top)")
            for topic in ["trades", "candles", "liquidations", "funding"] {
                try await line.subscribe(topic + ":BTCUSDT", snapshot: false)
            }
            let marks = try await line.subscribe("marks:BTCUSDT", snapshot: true)
            #expect(marks["data"]?["mark"]?.word == "40000")
            try await venue.place(NativeVenue.order("sell", "0.2", "39900"), for: "bob", by: bob)
            try await venue.place(NativeVenue.order("sell", "0.4", "40100"), for: "bob", by: bob)
            try await venue.mark("40050", by: chief)
            try await venue.command(chief, ["do": "funding", "symbol": "BTCUSDT", "rate": "0.01%"])
            var seen: Set<String> = []
            let last = try await venue.get("/v1/contracts/BTCUSDT/book")["number"]!.number!
            while number < last || seen.count < 6 {
                let message = try await line.next()
                guard let topic = message["topic"]?.word, let data = message["data"] else { continue }
                seen.insert(String(topic.prefix { $0 != ":" }))
                guard topic == "book:BTCUSDT", data["number"]!.number! > number else { continue }
                #expect(data["previous"]?.number == number)
                number = data["number"]!.number!
                apply(data)
            }
            #expect(book == ["39900": "0.3", "40100": "0.4"])
            #expect(seen == ["book", "top", "trades", "candles", "marks", "funding"])
        }
    }

    @Test("STR-002: who lost the connection resumes where it was; another epoch and lost numbers begin with a snapshot")
    func resuming() async throws {
        try await market { venue, chief, _, _ in
            let line = try await Line(venue)
            let answer = try await line.subscribe("marks:BTCUSDT", snapshot: true)
            #expect(answer["data"]?["symbol"]?.word == "BTCUSDT")
            try await venue.mark("40001", by: chief)
            let first = try await line.until { $0["number"] != nil }
            line.client.close()
            for price in ["40002", "40003", "40004"] { try await venue.mark(price, by: chief) }
            let next = try #require(first["number"]?.number) + 1
            let second = try await Line(venue)
            #expect(second.epoch == line.epoch)
            await second.client.text(
                #"{"op":"subscribe","topic":"marks:BTCUSDT","epoch":"\#(second.epoch.word!)","from":\#(next)}"#)
            for missed in 0..<3 {
                let message = try await second.until { $0["number"] != nil }
                #expect(message["number"]?.number == next + missed)
                #expect(message["data"]?["mark"]?.word == "4000\(2 + missed)")
            }
            try await beginAnew(venue, epoch: "another", from: next)
            try await beginAnew(venue, epoch: second.epoch.word!, from: next + 1_000)
        }
    }

    @inline(never)
    private func beginAnew(_ venue: NativeVenue, epoch: String, from: Int) async throws {
        let line = try await Line(venue)
        let answer = try await line.say([
            "op": "subscribe", "topic": "marks:BTCUSDT", "epoch": .string(epoch), "from": .integer(from),
        ])
        #expect(answer["event"]?.word == "snapshotNeeded")
        let subscribed = try await line.until { $0["event"]?.word == "subscribed" }
        #expect(subscribed["topic"]?.word == "marks:BTCUSDT")
        let snapshot = try await line.until { $0["event"]?.word == "snapshot" }
        #expect(snapshot["data"]?["mark"]?.word == "40004")
    }

    @Test("STR-003: an account's topic is for its owner, and says what REST says")
    func accounts() async throws {
        try await market { venue, chief, alice, bob in
            let line = try await Line(venue, by: alice)
            #expect(line.welcome["accounts"] == ["alice"])
            let snapshot = try await line.subscribe("account:alice", snapshot: true)
            #expect(snapshot["data"]?["wallets"]?["USDT"]?["balance"]?.word == "20000")
            let start = try #require(snapshot["data"]?["sequence"]?.number)
            for topic in ["account:bob", "account:none"] {
                let refused = try await line.say(["op": "subscribe", "topic": .string(topic)])
                #expect(
                    refused["event"]?.word == "error" && refused["error"]?["code"]?.word == "not_found", "\(refused)")
            }
            let stranger = try await Line(venue)
            let refused = try await stranger.say(["op": "subscribe", "topic": "account:alice"])
            #expect(refused["error"]?["code"]?.word == "not_found")

            let placed = try await venue.place(
                NativeVenue.order("buy", "0.2", "40000", ("clientOrderId", "c1")), for: "alice", by: alice)
            let id = try #require(placed["order"]?["id"]?.number)
            try await venue.place(NativeVenue.order("sell", "0.15", "40000"), for: "bob", by: bob)
            var (order, position, sequence) = (JSONValue.null, JSONValue.null, start)
            while order["filled"]?.word != "0.15" || position == .null {
                let message = try await line.next()
                guard let data = message["data"], let number = data["sequence"]?.number else { continue }
                #expect(number >= sequence, "\(message)")
                sequence = number
                if data["kind"]?.word == "order" { order = data }
                if data["kind"]?.word == "position" { position = data }
            }
            let rest = try await venue.get("/v1/accounts/alice/orders/\(id)", by: alice)
            for (told, stated) in [
                ("id", "id"), ("clientOrderId", "clientOrderId"), ("filled", "filled"), ("value", "value"),
            ] {
                #expect(order[told] == rest["order"]?[stated], "\(told): \(order) \(rest)")
            }
            let fill = rest["fills"]?.rows.first
            for key in ["price", "size", "fee", "realisedPnl", "maker"] {
                #expect(order["fill"]?[key] == fill?[key], "\(key)")
            }
            let account = try await venue.get("/v1/accounts/alice", by: alice)
            #expect(position["size"] == account["positions"]?["BTCUSDT"]?["size"])
            #expect(position["balance"] == account["wallets"]?["USDT"]?["balance"])
        }
    }

    @Test("STR-004: a socket ends with the key or the role it was opened by")
    func revoked() async throws {
        try await market { venue, chief, alice, bob in
            let (one, other) = (try await Line(venue, by: alice), try await Line(venue, by: bob))
            let session = try await venue.signIn("alice")
            let cookie = try await Line(venue, by: session)
            let keys = try await venue.get("/v1/keys", by: alice)["keys"]!.rows
            try await venue.done("DELETE", "/v1/keys/\(keys[0]["id"]!.word!)", by: alice)
            #expect(try await one.client.frame().code == 1008)
            try await venue.done("PUT", "/v1/admin/users/alice/role", ["role": "readOnly"], by: chief)
            #expect(try await cookie.client.frame().code == 1008)
            #expect(try await other.say(["op": "ping"])["event"]?.word == "pong")

            let foreign = try await WebClient(venue.port)
            let headers = try await venue.signIn("bob").headers("GET", "/v1/stream", "")
            let answer = try await foreign.upgrade(
                "/v1/stream", headers: "cookie: \(headers["cookie"]!)\r\norigin: https://evil.example\r\n")
            #expect(answer.status == 403, "\(answer.body)")
        }
    }

    @Test("STR-005: messages that mean nothing are answered by a sentence, and the socket goes on")
    func malformed() async throws {
        try await market { venue, chief, alice, _ in
            let before = try await venue.state(by: chief)
            let line = try await Line(venue, by: alice)
            for text in [
                "", "{", "[]", "7", "null", "\"subscribe\"", "{}", #"{"op":7}"#, #"{"op":"sell"}"#,
                #"{"op":"subscribe"}"#,
                #"{"op":"subscribe","topic":""}"#, #"{"op":"subscribe","topic":"book"}"#,
                #"{"op":"subscribe","topic":"book:NONE"}"#, #"{"op":"subscribe","topic":"notices:BTCUSDT"}"#,
                #"{"op":"subscribe","topic":["book:BTCUSDT"]}"#,
                #"{"op":"subscribe","topic":"marks:BTCUSDT","from":-1}"#,
                #"{"op":"subscribe","topic":"marks:BTCUSDT","from":"1"}"#, #"{"op":"ping","id":{}}"#,
                #"{"op":"ping","more":1}"#, #"{"op":"ping","op":"ping"}"#,
                #"{"op":"subscribe","topic":"marks:BTCUSDT","from":99999999999999999999}"#,
                String(repeating: "[", count: 5_000),
            ] {
                await line.client.text(text)
                let answer = try await line.next()
                #expect(answer["event"]?.word == "error", "\(text): \(answer)")
                #expect(answer["error"]?["message"]?.word?.hasSuffix(".") == true, "\(answer)")
            }
            #expect(try await line.say(["op": "ping", "id": "still here"])["id"]?.word == "still here")
            await line.client.frame(0x82, [1, 2, 3])
            #expect(try await line.client.frame().code == 1003)
            #expect(try await venue.state(by: chief) == before)
        }
    }

    @Test("STR-006: who reads too slowly is cut off with the reason, and nobody else notices")
    func slow() async throws {
        let limits: (inout ServeOptions) -> Void = {
            $0.web.limits.sockets.queueBytes = 64 * 1024
            $0.web.limits.sockets.messagesPerSecond = 1_000_000
        }
        try await market(limits) { venue, chief, _, _ in
            let quick = try await Line(venue)
            try await quick.subscribe("marks:BTCUSDT", snapshot: true)
            let slow = try await WebClient(venue.port, reading: false)
            await slow.send(
                "GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            try await Task.sleep(for: .milliseconds(300))
            // Snapshots of the whole book, again and again, to somebody who takes none of them.
            let ask = #"{"op":"subscribe","topic":"marks:BTCUSDT"}"#
            for round in 0..<200 {
                for _ in 0..<40 { await slow.text(ask) }
                if round % 20 == 0 { try await venue.mark("\(40_000 + round)", by: chief) }
                try await Task.sleep(for: .milliseconds(5))
            }
            let figures = try await venue.ask("GET", "/metrics")
            let cutOff = figures.text.split(separator: "\n").first { $0.hasPrefix("websocket_slow_readers_total") }
            #expect(cutOff?.hasSuffix(" 1") == true, "\(cutOff ?? "no such figure")")
            try await venue.mark("41000", by: chief)
            _ = try await quick.until { $0["data"]?["mark"]?.word == "41000" }
        }
    }
}
