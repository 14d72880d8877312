import BreakwaterTapes
import BreakwaterWeb
import Testing

@Suite("Web: requests")
struct WebRequestTests {
    @Test("WEB-001: a route sees checked inputs, defaults filled in, decimals as text")
    func inputsAreChecked() async throws {
        try await WebSite.serving { server in
            let client = try await WebClient(server.port)
            let placed = try await client.request(
                "POST", "/v1/orders", body: #"{"symbol":"BTCUSDT","side":"buy","size":3,"price":"0.50"}"#)
            #expect(placed.status == 201)
            #expect(
                placed.body == #"{"symbol":"BTCUSDT","side":"buy","size":"3","price":"0.50","leverage":10}"#)
            let order = try await client.request("GET", "/v1/orders/17?verbose=true")
            #expect(order.body == #"{"order":17,"verbose":true}"#)
            #expect(order.headers["content-type"] == "application/json")
            #expect(order.headers["x-content-type-options"] == "nosniff")
            let head = try await client.request("HEAD", "/v1/orders/17")
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == "\(#"{"order":17,"verbose":false}"#.utf8.count)")
        }
    }

    @Test(
        "WEB-002: a wrong input is refused with what, where and what was expected",
        arguments: [
            (#"{"symbol":"X","side":"buy"}"#, "size", "'size' in the body is missing."),
            (#"{"symbol":"X","side":"hold","size":"1"}"#, "side", #"'side' in the body is "hold"."#),
            (#"{"symbol":"X","side":"buy","size":"1e5"}"#, "size", #"'size' in the body is "1e5"."#),
            (#"{"symbol":"X","side":"buy","size":"-1"}"#, "size", #"'size' in the body is "-1"."#),
            (#"{"symbol":"X","side":"buy","size":"1","leverage":126}"#, "leverage", "'leverage' in the body is 126."),
            (#"{"symbol":"X","side":"buy","size":"1","lever":1}"#, "lever", "'lever' in the body is not known here."),
            (#"{"symbol":"","side":"buy","size":"1"}"#, "symbol", "'symbol' in the body has 0 characters."),
            (
                #"{"symbol":"X","side":"buy","size":"1","tags":["a","b","c","d"]}"#, "tags",
                "'tags' in the body has 4 items."
            ),
            (
                #"{"symbol":"X","side":"buy","size":"1","tags":["a",7]}"#, "tags[1]",
                "'tags[1]' in the body is a number."
            ),
        ])
    func wrongInputIsExplained(body: String, field: String, message: String) async throws {
        try await WebSite.serving { server in
            let answer = try await WebClient(server.port).request("POST", "/v1/orders", body: body)
            #expect(answer.status == 400)
            let error = try JSONReader.read(Array(answer.body.utf8))["error"]
            #expect(error?["code"] == "invalid_request")
            #expect(error?["field"] == .string(field))
            #expect(error?["message"] == .string(message))
            #expect(error?["expected"] != nil)
        }
    }

    @Test(
        "WEB-003: JSON is read strictly",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "1.5", "1e3", "NaN", "-", "01", "nul", "\"\u{1}\"",
            "\"\\ud800\"", "\"\\x\"", "{} {}", "'a'", "9223372036854775808", "\u{FEFF}{}",
            String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
        ])
    func badJSONIsRefused(text: String) throws {
        #expect(throws: JSONFault.self) { try JSONReader.read(Array(text.utf8)) }
    }

    @Test("WEB-003: what JSON allows is read exactly")
    func goodJSONIsRead() throws {
        let text = #"{"a":[-9223372036854775808,9223372036854775807,true,false,null],"b":"\"\\\u00e9\ud83d\ude00\n"}"#
        let value = try JSONReader.read(Array(text.utf8))
        #expect(value["b"] == "\"\\é😀\n")
        #expect(String(decoding: value.bytes(), as: UTF8.self) == value.text(pretty: false))
        #expect(throws: JSONFault.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
    }

    @Test(
        "WEB-004: every way to miss has its status",
        arguments: [
            ("GET", "/v2", nil, [:], 404), ("GET", "/v1/orders/", nil, [:], 404),
            ("GET", "/v1/orders/404", nil, [:], 404),
            ("GET", "/v1/orders/%zz", nil, [:], 400), ("GET", "/v1/orders/0", nil, [:], 400),
            ("GET", "/v1/orders/1?verbose=yes", nil, [:], 400),
            ("GET", "/v1/orders/1?verbose=true&verbose=true", nil, [:], 400),
            ("GET", "/v1/orders/1?other=1", nil, [:], 400), ("PUT", "/v1/orders", "{}", [:], 405),
            ("TRACE", "/v1/orders", nil, [:], 405), ("GET", "/v1/orders/1", nil, ["accept": "text/html"], 406),
            ("POST", "/v1/orders", "a=b", ["content-type": "application/x-www-form-urlencoded"], 415),
            ("POST", "/v1/orders", "{", [:], 400), ("DELETE", "/v1/orders/1", nil, [:], 401),
            ("POST", "/v1/orders", #"{"symbol":"GONE","side":"buy","size":"1"}"#, [:], 422),
            ("POST", "/v1/orders", #"{"symbol":"BUG","side":"buy","size":"1"}"#, [:], 500),
            ("GET", "/v1/orders/1", nil, ["accept": "application/*;q=0.5"], 200),
        ] as [(String, String, String?, [String: String], Int)])
    func statuses(method: String, target: String, body: String?, headers: [String: String], status: Int) async throws {
        try await WebSite.serving { server in
            let client = try await WebClient(server.port)
            let answer = try await client.request(method, target, body: body, headers: headers)
            #expect(answer.status == status)
            if status >= 400 { #expect(answer.body.hasPrefix(#"{"error":{"code":""#)) }
            if status == 405 { #expect(answer.headers["allow"] != nil) }
            let again = try await client.request("GET", "/v1/orders/7")
            #expect(again.status == 200, "the connection goes on after a refusal")
        }
    }

    @Test("WEB-005: a raw route sees query and body as sent, and errors below its path have its own shape")
    func rawRoutes() async throws {
        try await WebSite.serving { server in
            let client = try await WebClient(server.port)
            let answer = try await client.request(
                "POST", "/fapi/v1/order?b=%41&a=+", body: "x=%41", headers: ["content-type": "text/plain"])
            #expect(answer.body == "POST b=%41&a=+ x=%41")
            let rest = try await client.request("GET", "/ws-info/btcusdt@trade/ethusdt@depth")
            #expect(rest.body == "btcusdt@trade/ethusdt@depth")
            let missing = try await client.request("GET", "/fapi/v9/none")
            #expect(missing.status == 404)
            #expect(missing.body.hasPrefix(#"{"code":"#) && missing.body.contains("There is nothing at"))
            #expect(try await client.request("PUT", "/fapi/v1/order", body: "").headers["allow"] == "GET, HEAD, POST")
        }
    }

    @Test("WEB-006: requests sent ahead are answered one after another, in order")
    func pipelining() async throws {
        try await WebSite.serving { server in
            let client = try await WebClient(server.port)
            var text = "GET /v1/slow HTTP/1.1\r\nHost: h\r\n\r\n"
            for number in 1...200 { text += "GET /v1/orders/\(number) HTTP/1.1\r\nHost: h\r\n\r\n" }
            await client.send(text)
            #expect(try await client.answer().body == #"{"done":true}"#)
            for number in 1...200 {
                #expect(try await client.answer().body == "{\"order\":\(number == 404 ? 0 : number),\"verbose\":false}")
            }
        }
    }

    @Test(
        "WEB-007: what is not HTTP/1.1 is answered 400 and ends the connection",
        arguments: [
            "nonsense\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n", "GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n",
        ])
    func malformedRequests(text: String) async throws {
        try await WebSite.serving { server in
            let client = try await WebClient(server.port)
            await client.send(text)
            let answer = try await client.answer()
            #expect(answer.status == 400)
            #expect(answer.headers["connection"] == "close")
            #expect(await client.closed())
        }
    }

    @Test("WEB-008: a line break in a reply's header cannot begin another header")
    func headerInjection() async throws {
        let route = RawRoute(.get, path: "/evil") { _ in Reply(status: 200).header("x-name", "a\r\nx-other: b") }
        try await WebSite.serving(Site(rawRoutes: [route])) { server in
            let answer = try await WebClient(server.port).request("GET", "/evil")
            #expect(answer.headers["x-name"] == "a  x-other: b")
            #expect(answer.headers["x-other"] == nil)
        }
    }
}
