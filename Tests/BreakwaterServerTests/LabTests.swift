import BreakwaterTapes
import BreakwaterWeb
import Foundation
import Testing

/// The lab, over the wire and in the browser.
@Suite("LAB: crashes on other rulebooks", .serialized)
struct LabTests {
    private static let line: JSONValue = ["prices": ["40000", "30000"], "interval": .integer(60)]

    private static func order(_ path: JSONValue, rulebooks: [String] = ["bitmex"], accounts: Int = 1) -> JSONValue {
        ["rulebooks": .array(rulebooks.map { .string($0) }), "path": path, "accounts": .integer(accounts)]
    }

    @Test("LAB-001: what a run cannot be is refused with its field and what was expected")
    func refusals() async throws {
        try await NativeVenue.serving { venue in
            func refuse(_ field: String, _ order: JSONValue, _ place: SourceLocation = #_sourceLocation) async throws {
                let answer = try await venue.refused(400, nil, "POST", "/v1/lab/runs", order, place)
                #expect(answer.json["error"]?["field"]?.word == field, "\(answer.text)", sourceLocation: place)
                #expect(answer.json["error"]?["expected"]?.word?.isEmpty == false, "\(answer.text)")
            }
            try await refuse("path", Self.order([:]))
            try await refuse("path", Self.order(["crash": .bool(true), "prices": ["1", "2"]]))
            try await refuse("path.prices", Self.order(["prices": ["40000"]]))
            try await refuse("path.prices[1]", Self.order(["prices": ["40000", "40000.3", "39000"]]))
            try await refuse("path.prices[0]", Self.order(["prices": ["0", "40000"]]))
            let bar: JSONValue = ["time": "2022-01-20T00:00:00Z", "open": "2", "high": "3", "low": "2.5", "close": "2"]
            try await refuse("path.bars[0].low", Self.order(["bars": [bar]]))
            try await refuse("path.interval", Self.order(["prices": ["1", "2"], "interval": .integer(0)]))
            try await refuse("rulebooks[0]", Self.order(Self.line, rulebooks: ["../secrets"]))
            try await refuse("rulebooks[1]", Self.order(Self.line, rulebooks: ["bitmex", "bitmex"]))
            try await refuse(
                "rulebooks", Self.order(Self.line, rulebooks: ["bitmex", "mexc", "binance", "textbook", "coinbase"]))
            try await refuse("accounts", Self.order(Self.line, accounts: 10_001))
            try await refuse(
                "contract", ["rulebooks": ["bitmex"], "path": Self.line, "contract": "/etc/passwd"])
            try await refuse("fund", ["rulebooks": ["bitmex"], "path": Self.line, "fund": "0.0000001"])
            try await venue.refused(404, nil, "GET", "/v1/lab/runs/0123456789abcdef")
        }
    }

    @Test("LAB-002: one run a caller at a time, its reports once it is done, and only the latest are kept")
    func queue() async throws {
        try await NativeVenue.serving { venue in
            let long = try await start(Self.order(["crash": .bool(true)], accounts: 10_000), on: venue)
            try await venue.refused(429, nil, "POST", "/v1/lab/runs", Self.order(Self.line))
            try await venue.refused(409, "notFinished", "GET", "/v1/lab/runs/\(long)/report")
            let done = try await finish(long, on: venue)
            let figures = try #require(done["runs"]?.items[0]["figures"])
            #expect(figures["liquidations"]?["positionsLost"]?.number ?? 0 > 4_000, "\(figures)")
            #expect(figures["conservation"]?["difference"]?.word == "0")
            try await venue.refused(404, nil, "GET", "/v1/lab/runs/\(long)/report?rulebook=mexc")
            for _ in 0..<12 { _ = try await finish(try await start(Self.order(Self.line), on: venue), on: venue) }
            try await venue.refused(404, nil, "GET", "/v1/lab/runs/\(long)")
        }
    }

    @Test("LAB-003: the series add up to the figures, whatever the columns")
    func series() async throws {
        try await NativeVenue.serving { venue in
            let run = try await start(
                Self.order(["crash": .bool(true)], rulebooks: ["bitmex", "hyperliquid"], accounts: 500), on: venue)
            let done = try await finish(run, on: venue)
            #expect(done["columns"]?["time"]?.items.count == 240)
            for run in done["runs"]?.items ?? [] {
                func sum(_ name: String) -> Decimal {
                    (run[name]?.items ?? []).compactMap { Decimal(string: $0.word ?? "") }.reduce(0, +)
                }
                let figures = try #require(run["figures"])
                let notional = try #require(figures["liquidations"]?["notional"]?.word)
                #expect(sum("longs") + sum("shorts") == Decimal(string: notional))
                let forgone = try #require(figures["autoDeleveraging"]?["forgone"]?.word)
                #expect(sum("deleveraged") == Decimal(string: forgone))
                #expect(run["fund"]?.items.last?.word == figures["insuranceFund"]?["end"]?.word)
            }
        }
    }

    @Test("LAB-004: the lab in a browser, its figures those of the API and of the command line")
    func page() async throws {
        let stand = try await BinanceStand.start()
        let (status, output) = try await stand.run("lab.py", of: "Page")
        await stand.stop()
        #expect(status == 0, "lab.py ended with \(status):\n\(output)")
    }

    private func start(_ order: JSONValue, on venue: NativeVenue) async throws -> String {
        try #require(try await venue.done("POST", "/v1/lab/runs", order)["id"]?.word)
    }

    /// What came of a run, once it is done.
    private func finish(_ run: String, on venue: NativeVenue) async throws -> JSONValue {
        for _ in 0..<2_000 {
            let answer = try await venue.get("/v1/lab/runs/\(run)")
            if answer["state"]?.word == "done" { return try #require(answer["result"]) }
            try await Task.sleep(for: .milliseconds(30))
        }
        Issue.record("run \(run) is not done after a minute")
        return .null
    }
}
