import BreakwaterTapes
import BreakwaterWeb
import Foundation
import Testing

@Suite("Web: limits")
struct WebLimitTests {
    @Test("WEB-010: a body is taken up to the limit and refused past it, told or not how long it is")
    func bodySize() async throws {
        try await WebSite.serving(WebSite.site(), WebSite.options { $0.limits.bodyBytes = 1000 }) { server in
            let client = try await WebClient(server.port)
            let fits = try await client.request("POST", "/fapi/v1/order", body: String(repeating: "x", count: 1000))
            #expect(fits.status == 200)
            let over = try await client.request("POST", "/fapi/v1/order", body: String(repeating: "x", count: 1001))
            #expect(over.status == 413)
            #expect(await client.closed())

            let chunked = try await WebClient(server.port)
            await chunked.send("POST /v1/orders HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<100 { await chunked.send("20\r\n\(String(repeating: "x", count: 32))\r\n") }
            #expect(try await chunked.answer().status == 413)
        }
    }

    @Test("WEB-010: a huge body is refused while it is being sent, and never collected")
    func hugeBody() async throws {
        try await WebSite.serving { server in
            let client = try await WebClient(server.port)
            await client.send("POST /v1/orders HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n")
            let block = [UInt8](repeating: 0x20, count: 1 << 16)
            for _ in 0..<200 { await client.send(block) }
            #expect(try await client.answer().status == 413)
            #expect(await client.closed())
        }
    }

    @Test("WEB-011: head and target are refused past their limits")
    func headSize() async throws {
        try await WebSite.serving { server in
            let header = try await WebClient(server.port)
            await header.send("GET / HTTP/1.1\r\nHost: h\r\nx: \(String(repeating: "a", count: 70_000))")
            #expect(try await header.answer().status == 431)
            let many = try await WebClient(server.port)
            await many.send("GET / HTTP/1.1\r\nHost: h\r\n")
            for number in 0..<3000 { await many.send("x\(number): yyyyyyyy\r\n") }
            #expect(try await many.answer().status == 431)
            let target = try await WebClient(server.port)
            await target.send("GET /\(String(repeating: "a", count: 9_000))")
            #expect(try await target.answer().status == 414)
            let whole = try await WebClient(server.port)
            await whole.send("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await whole.answer().status == 414)
            let endless = try await WebClient(server.port)
            let block = [UInt8](repeating: 0x61, count: 1 << 16)
            for _ in 0..<50 { await endless.send(block) }
            #expect(await endless.closed())
        }
    }

    @Test("WEB-012: a request that comes too slowly is answered 408 and ends the connection")
    func slowRequests() async throws {
        try await WebSite.serving(
            WebSite.site(),
            WebSite.options {
                $0.limits.headerTimeout = .milliseconds(300)
                $0.limits.bodyTimeout = .milliseconds(300)
            }
        ) { server in
            let silent = try await WebClient(server.port)
            let body = try await WebClient(server.port)
            await body.send("POST /v1/orders HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n{")
            let header = try await WebClient(server.port)
            let start = ContinuousClock.now
            for character in "GET / HTTP/1.1\r\nHost: localhost\r\nx-slow: yes" {
                await header.send(String(character))
                try await Task.sleep(for: .milliseconds(20))
                if header.received > 0 { break }
            }
            #expect(ContinuousClock.now - start < .seconds(2))
            for client in [silent, body, header] {
                #expect(try await client.answer().status == 408)
                #expect(await client.closed())
            }
        }
    }

    @Test("WEB-013: an idle connection ends without a word, a busy one does not")
    func idleConnections() async throws {
        try await WebSite.serving(WebSite.site(), WebSite.options { $0.limits.idleTimeout = .milliseconds(200) }) {
            server in
            let client = try await WebClient(server.port)
            #expect(try await client.request("GET", "/v1/slow").status == 200)
            #expect(await client.closed())
            #expect(client.received == 0)
        }
    }

    @Test("WEB-014: connections past the limit are answered 503, and others again once one has gone")
    func connectionLimit() async throws {
        try await WebSite.serving(WebSite.site(), WebSite.options { $0.limits.connectionsPerAddress = 3 }) { server in
            var clients: [WebClient] = []
            for _ in 0..<3 {
                clients.append(try await WebClient(server.port))
                #expect(try await clients[clients.count - 1].request("GET", "/v1/orders/1").status == 200)
            }
            let refused = try await WebClient(server.port)
            let answer = try await refused.answer()
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "5")
            #expect(await refused.closed())
            clients[0].close()
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await WebClient(server.port).request("GET", "/v1/orders/1").status == 200)
        }
    }

    @Test("WEB-015: requests of an address past its rate are answered 429 and when to come back")
    func requestRate() async throws {
        try await WebSite.serving(
            WebSite.site(), WebSite.options { $0.limits.requestsPerAddress = .init(perSecond: 1, burst: 5) }
        ) { server in
            let client = try await WebClient(server.port)
            var statuses: [Int] = []
            for _ in 0..<7 { statuses.append(try await client.request("GET", "/v1/orders/1").status) }
            #expect(statuses == [200, 200, 200, 200, 200, 429, 429])
            #expect(try await client.request("GET", "/fapi/v1/order").headers["retry-after"] == "1")
        }
    }

    @Test("WEB-016: a bucket gives its burst, then refills token by token, and each key has its own")
    func tokenBuckets() {
        let buckets = TokenBuckets(.init(perSecond: 10, burst: 3))
        let second: UInt64 = 1_000_000_000
        #expect(buckets.take(3, from: "a", at: second) == nil)
        #expect(buckets.take(1, from: "a", at: second) == 100_000_000)
        #expect(buckets.take(1, from: "b", at: second) == nil)
        #expect(buckets.take(1, from: "a", at: second + 99_999_999) == 1)
        #expect(buckets.take(1, from: "a", at: second + 100_000_000) == nil)
        #expect(buckets.take(4, from: "c", at: second) != nil, "more than a burst is never let in")
    }

    @Test("WEB-017: weight is counted within a minute and starts afresh with the next")
    func weightWindows() {
        let windows = WeightWindows(limit: 10)
        let minute: UInt64 = 60_000_000_000
        #expect(windows.use(6, by: "k", at: minute + 1) == .init(used: 6, isAllowed: true, secondsLeft: 60))
        #expect(windows.use(4, by: "k", at: minute + 1).used == 10)
        #expect(windows.use(1, by: "k", at: 2 * minute - 1) == .init(used: 10, isAllowed: false, secondsLeft: 1))
        #expect(windows.use(1, by: "k", at: 2 * minute) == .init(used: 1, isAllowed: true, secondsLeft: 60))
    }

    @Test("WEB-018: stopping lets a request finish, closes the rest, and takes less than five seconds")
    func gracefulStop() async throws {
        let server = try await WebServer.start(WebSite.site())
        let idle = try await WebClient(server.port)
        #expect(try await idle.request("GET", "/v1/orders/1").status == 200)
        let busy = try await WebClient(server.port)
        await busy.send("GET /v1/slow HTTP/1.1\r\nHost: h\r\n\r\n")
        let half = try await WebClient(server.port)
        await half.send("GET /v1/slow HTT")
        try await Task.sleep(for: .milliseconds(100))
        let start = ContinuousClock.now
        await server.stop()
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(try await busy.answer().status == 200)
        #expect(await idle.closed())
        #expect(await half.closed())
        await #expect(throws: (any Error).self) { _ = try await WebClient(server.port) }
        await server.stop()
    }

    @Test("WEB-019: a port in use is said so")
    func portInUse() async throws {
        try await WebSite.serving { server in
            await #expect(throws: WebFault.self) {
                var options = WebOptions()
                options.port = server.port
                _ = try await WebServer.start(WebSite.site(), options)
            }
        }
    }
}
