import BreakwaterServer
import BreakwaterTapes
import BreakwaterWeb
import Foundation
import Testing

/// Input of every wrong kind: a clear error, nothing changed, nobody let in.
@Suite("Native API: malformed input", .serialized)
struct NativeAttackTests {
    @Test("NAT-040: malformed bodies, types, sizes and heads are refused in sentences and leave the state as it was")
    func malformed() async throws {
        try await NativeVenue.serving { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            let alice = try await venue.person("alice")
            try await venue.deposit("20000", to: "alice", by: chief)
            let before = try await venue.state(by: chief)
            let path = "/v1/accounts/alice/orders"
            let good = NativeVenue.order("buy", "0.01", "39000")
            func send(_ body: String, _ type: String = "application/json") async throws -> NativeVenue.Answer {
                try await venue.ask("POST", path, raw: body, by: alice, headers: ["content-type": type])
            }
            for body in [
                "", "{", "[]", "null", "\"x\"", "{}", "{\"symbol\":}", "{'symbol':'BTCUSDT'}", "\u{FEFF}{}",
                good.text(pretty: false) + "x", good.text(pretty: false) + good.text(pretty: false),
                #"{"symbol":"BTCUSDT","symbol":"BTCUSDT"}"#, String(repeating: "[", count: 100_000),
                String(repeating: #"{"a":"#, count: 2_000), #"{"symbol":"\uD800"}"#, "{\"symbol\":\"a\u{0}b\"}",
            ] {
                let answer = try await send(body)
                #expect(answer.status == 400, "\(body.prefix(40)): \(answer.text)")
                #expect(answer.json["error"]?["message"]?.word?.hasSuffix(".") == true, "\(answer.text)")
            }
            for (field, value) in [
                ("size", "\"\""), ("size", "-1"), ("size", "\"-0.01\""), ("size", "\"1e3\""), ("size", "\"NaN\""),
                ("size", "\"Infinity\""), ("size", "0.01"), ("size", "1e400"), ("size", "true"), ("size", "null"),
                ("size", "[1]"), ("size", "\"0.010000000000000000001\""), ("size", "99999999999999999999999"),
                ("size", "9223372036854775807"), ("size", "\"9999999999999999999\""), ("size", "\" 1\""),
                ("size", "\"٣\""), ("price", "\"0\""), ("price", "\"0x10\""), ("price", "\"999999999999999999\""),
                ("side", "\"BUY\""), ("side", "1"), ("side", "\"\""), ("type", "\"limit \""), ("tif", "\"GTX\""),
                ("postOnly", "1"), ("postOnly", "\"true\""), ("position", "\"both\""), ("symbol", "\"BTC USDT\""),
                ("symbol", "\"../../etc\\u0000\""), ("clientOrderId", "\"\""), ("clientOrderId", "7"),
                ("clientOrderId", "\"\(String(repeating: "x", count: 65))\""), ("unknown", "1"), ("account", "\"bob\""),
            ] {
                let members = good.members.filter { $0.key != field }.map {
                    "\"\($0.key)\":\($0.value.text(pretty: false))"
                }
                let body = "{" + (members + ["\"\(field)\":\(value)"]).joined(separator: ",") + "}"
                let answer = try await send(body)
                #expect(
                    answer.status == 400 || answer.status == 404 || answer.status == 422,
                    "\(field) \(value): \(answer.text)")
                #expect(answer.json["error"]?["message"]?.word?.hasSuffix(".") == true, "\(answer.text)")
            }
            #expect(try await send(good.text(pretty: false), "text/plain").status == 415)
            #expect(try await send(good.text(pretty: false), "").status == 415)
            let huge = #"{"symbol":""# + String(repeating: "x", count: 2 << 20) + #""}"#
            #expect(try await send(huge).status == 413)
            let long = try await venue.ask("GET", "/v1/contracts/" + String(repeating: "x", count: 9_000))
            #expect(long.status == 414, "\(long.text)")
            for target in [
                "/v1/contracts/%", "/v1/contracts/%FF", "/v1/contracts/%00", "/v1/contracts/BTCUSDT/trades?limit=1%",
            ] {
                let answer = try await venue.ask("GET", target)
                #expect((400...404).contains(answer.status), "\(target): \(answer.text)")
            }
            try await venue.refused(405, nil, "PUT", "/v1/time")
            try await venue.refused(404, nil, "GET", "/v1/nothing")
            #expect(try await venue.state(by: chief) == before)
        }
    }

    @Test("NAT-041: commands of risk admins with wrong or extreme values are refused or done, and never stop the venue")
    func commands() async throws {
        try await NativeVenue.serving { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            let alice = try await venue.person("alice")
            try await venue.deposit("20000", to: "alice", by: chief)
            try await venue.place(NativeVenue.order("buy", "0.1", "40000"), for: "alice", by: alice)
            let seed = 5 as UInt64
            var dice = Dice(seed: seed)
            let verbs = [
                "currency", "list", "deposit", "withdraw", "fund", "leverage", "margin", "riskLimit", "hedge",
                "selfTrade",
                "cancelAll", "close", "trade", "mark", "index", "funding", "settle", "halt", "resume", "rulebook",
                "provider", "pairs", "event", "tiers", "auction", "uncross", "restart", "order", "wait", "expect", "",
            ]
            let fields = [
                "account", "symbol", "currency", "amount", "price", "prices", "size", "rate", "leverage", "mode",
                "limit",
                "on", "cancel", "buyer", "seller", "taker", "source", "observed", "name", "from", "to", "im", "tiers",
                "riskLimits", "capacity", "together", "decimals", "contract", "position", "asOf",
            ]
            let values: [JSONValue] = [
                "alice", "BTCUSDT", "USDT", "0", "1", "-1", "0.1", "0.0000001", "9223372036854775807", "40000", "long",
                "999999999999999999999999", "1e9", "", "cross", "isolated", "2022-01-20T00:00:00Z", "+1s", "-1s",
                "100%",
                "-100%", "0.01%", "9999999%", .bool(true), .null, .array([]), .object([]), .integer(1), .integer(-1),
                .integer(.max), ["BTCUSDT": "0.1"], ["BTCUSDT": "214748364.7"], ["NONE": "1"], NativeVenue.contract,
                "progressive", "stepped", "bitmex", "newest", .array([["upTo": "1", "im": "5%", "mm": "2%"]]),
            ]
            let fitting: [String: JSONValue] = [
                "account": "alice", "symbol": "BTCUSDT", "currency": "USDT", "buyer": "alice", "seller": "alice",
                "amount": "1", "price": "40000",
            ]
            for round in 0..<400 {
                var members: [(key: String, value: JSONValue)] = [("do", .string(dice.pick(verbs)))]
                for field in fields where dice.below(3) == 0 {
                    let value = dice.below(2) == 0 ? fitting[field] ?? dice.pick(values) : dice.pick(values)
                    members.append((field, value))
                }
                let body = JSONValue.object(members)
                let answer = try await venue.ask("POST", "/v1/admin/commands", body, by: chief)
                #expect(
                    [200, 400, 404, 409, 422].contains(answer.status),
                    "round \(round), seed \(seed): \(body): \(answer.text)")
            }
            let state = try await venue.get("/v1/admin/state", by: chief)
            #expect(state["conservation"]?["USDT"] != nil)
        }
    }

    @Test("NAT-042: head, body and frame that come drop by drop or not at all do not hold the door")
    func slow() async throws {
        let impatience: (inout ServeOptions) -> Void = {
            $0.web.limits.headerTimeout = .milliseconds(300)
            $0.web.limits.bodyTimeout = .milliseconds(300)
        }
        try await NativeVenue.serving(impatience) { venue in
            let begun = ContinuousClock.now
            let drops = try await WebClient(venue.port)
            await drops.send("POST /v1/users HTTP/1.1\r\nHost: x\r\n")
            let body = try await WebClient(venue.port)
            await body.send(
                "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{")
            try await venue.get("/v1/time")
            for client in [drops, body] {
                let answer = try await client.answer()
                #expect(answer.status == 408, "\(answer.body)")
                #expect(await client.closed())
            }
            #expect(ContinuousClock.now - begun < .seconds(5))
            for head in [
                "GET / HTTP/9.9\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
                "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            ] {
                let client = try await WebClient(venue.port)
                await client.send(head)
                let answer = try? await client.answer(within: .seconds(2))
                #expect(
                    answer.map { (400...505).contains($0.status) && $0.status != 500 } ?? true,
                    "\(head): \(answer?.body ?? "")")
                #expect(await client.closed())
            }
            try await venue.get("/v1/time")
        }
    }
}

/// Throws of dice from a seed.
struct Dice {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        // SplitMix64, by Sebastiano Vigna.
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(bound))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
