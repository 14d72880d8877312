import BreakwaterTapes
import Foundation
import Testing

/// Orders, positions and their settings.
@Suite("Native API: trading", .serialized)
struct NativeTradingTests {
    /// A market with two traders who have 20,000 each.
    private func market(_ test: (NativeVenue, _ chief: Caller, _ alice: Caller, _ bob: Caller) async throws -> Void)
        async throws
    {
        try await NativeVenue.serving { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            let (alice, bob) = (try await venue.person("alice"), try await venue.person("bob"))
            for name in ["alice", "bob"] { try await venue.deposit("20000", to: name, by: chief) }
            try await test(venue, chief, alice, bob)
        }
    }

    @Test("NAT-020: orders of every type are placed, found, changed, triggered and cancelled")
    func orders() async throws {
        try await market { venue, chief, alice, bob in
            let path = "/v1/accounts/alice/orders"
            let resting = try await venue.place(
                NativeVenue.order("buy", "0.2", "39900", ("clientOrderId", "mine")), for: "alice", by: alice)
            let id = try #require(resting["order"]?["id"]?.number)
            #expect(id == resting["sequence"]?.number)
            #expect(resting["order"]?["state"]?.word == "new", "\(resting)")
            let again = NativeVenue.order("buy", "0.2", "39900", ("clientOrderId", "mine"))
            try await venue.refused(409, "duplicateOrder", "POST", path, again, by: alice)
            #expect(try await venue.get("\(path)/client:mine", by: alice)["order"]?["id"]?.number == id)

            for (kind, stop, price) in [
                ("stop", "38000", nil), ("stopLimit", "38000", "37990"), ("takeProfit", "42000", nil),
                ("takeProfitLimit", "42000", "42010"), ("trailingStop", "500", nil),
            ] as [(String, String, String?)] {
                let order = NativeVenue.order(
                    "sell", "0.01", price, ("type", .string(kind)), ("stop", .string(stop)),
                    ("reduceOnly", .bool(false)))
                let placed = try await venue.place(order, for: "alice", by: alice)
                #expect(placed["order"]?["type"]?.word == kind, "\(placed)")
                #expect(placed["order"]?["stop"]?.word == stop)
            }
            #expect(try await venue.get("\(path)?open=true", by: alice)["orders"]?.rows.count == 6)

            for (order, field) in [
                (NativeVenue.order("buy", "0.2", "39900", ("type", "market")), "price"),
                (NativeVenue.order("buy", "0.2", nil, ("type", "limit")), "price"),
                (NativeVenue.order("buy", "0.2", nil, ("type", "stop")), "stop"),
                (NativeVenue.order("buy", "0.2", "39900", ("stop", "1")), "stop"),
                (NativeVenue.order("buy", "0.2001", "39900.05"), "price"),
                (NativeVenue.order("buy", "0.0005", "39900"), "size"), (NativeVenue.order("buy", "0", "39900"), "size"),
            ] {
                let answer = try await venue.refused(400, nil, "POST", path, order, by: alice)
                #expect(answer.json["error"]?["field"]?.word == field, "\(answer.text)")
            }
            try await venue.refused(
                404, nil, "POST", path, NativeVenue.order("buy", "1", "1", ("symbol", "NONE")), by: alice)
            try await venue.refused(422, nil, "POST", path, NativeVenue.order("buy", "100", "39900"), by: alice)

            let amended = try await venue.done("PATCH", "\(path)/\(id)", ["size": "0.1", "price": "39950"], by: alice)
            #expect(
                amended["order"]?["price"]?.word == "39950" && amended["order"]?["size"]?.word == "0.1", "\(amended)")
            let nothing = try await venue.ask("PATCH", "\(path)/\(id)", .object([]), by: alice)
            #expect(nothing.status == 422 || nothing.status == 400, "\(nothing.text)")
            let crossing = NativeVenue.order("sell", "0.04", "39950", ("tif", "IOC"))
            let filled = try await venue.place(crossing, for: "bob", by: bob)
            #expect(filled["fills"]?.rows.map { $0["price"]?.word } == ["39950"])
            let postOnly = NativeVenue.order("sell", "0.04", "39950", ("postOnly", .bool(true)))
            try await venue.refused(422, nil, "POST", "/v1/accounts/bob/orders", postOnly, by: bob)
            let killed = NativeVenue.order("sell", "5", "39950", ("tif", "FOK"))
            let answer = try await venue.ask("POST", "/v1/accounts/bob/orders", killed, by: bob)
            #expect(answer.status == 422 || answer["fills"].rows.isEmpty, "\(answer.text)")
            #expect(try await venue.done("DELETE", "\(path)/\(id)", by: alice)["order"]?["state"]?.word == "cancelled")
            try await venue.refused(404, "unknownOrder", "DELETE", "\(path)/\(id)", by: alice)

            // A stop goes off when the mark gets there, and what it sold is in history.
            try await venue.place(NativeVenue.order("buy", "1", "37500"), for: "bob", by: bob)
            try await venue.mark("37900", by: chief)
            let orders = try await venue.get("\(path)?limit=100", by: alice)["orders"]?.rows ?? []
            #expect(orders.first { $0["type"]?.word == "stop" }?["state"]?.word == "filled", "\(orders)")
            try await venue.done("DELETE", path, by: alice)
            #expect(try await venue.get("\(path)?open=true", by: alice)["orders"]?.rows.isEmpty == true)
        }
    }

    @Test("NAT-021: leverage, margin, risk limit, hedge mode and closing, and what history says of them")
    func positions() async throws {
        try await market { venue, chief, alice, bob in
            let path = "/v1/accounts/alice/positions/BTCUSDT"
            try await venue.done("PUT", "\(path)/leverage", ["leverage": "10", "mode": "isolated"], by: alice)
            for wrong: JSONValue in ["0", "21", "1.234", "x"] {
                let answer = try await venue.ask("PUT", "\(path)/leverage", ["leverage": wrong], by: alice)
                #expect(answer.status == 400 || answer.status == 422, "\(wrong): \(answer.text)")
            }
            try await venue.place(NativeVenue.order("buy", "0.1", "40000"), for: "alice", by: alice)
            try await venue.place(NativeVenue.order("sell", "0.1", "40000"), for: "bob", by: bob)
            let opened = try await venue.get(path, by: alice)
            #expect(opened["open"]?["size"]?.word == "0.1" && opened["mode"]?.word == "isolated", "\(opened)")
            let margin = try #require(opened["open"]?["margin"]?.units)
            let more = try await venue.done("POST", "\(path)/margin", ["amount": "100.5"], by: alice)
            #expect(more["position"]?["margin"]?.units == margin + 100_500_000)
            try await venue.done("POST", "\(path)/margin", ["amount": "-50"], by: alice)
            try await venue.refused(422, nil, "POST", "\(path)/margin", ["amount": "-5000"], by: alice)
            try await venue.refused(400, nil, "POST", "\(path)/margin", ["amount": "0"], by: alice)
            let moved = try await venue.get("/v1/accounts/alice/margin-history", by: alice)["rows"]?.rows ?? []
            #expect(moved.map { $0["amount"]?.word } == ["-50", "100.5"])
            let limit = try await venue.ask("PUT", "\(path)/risk-limit", ["limit": "1000000"], by: alice)
            #expect(limit.status == 422 || limit.status == 200, "\(limit.text)")
            try await venue.refused(422, nil, "PUT", "/v1/accounts/alice/hedge", ["on": .bool(true)], by: alice)

            try await venue.place(NativeVenue.order("buy", "1", "39990"), for: "bob", by: bob)
            let closed = try await venue.done("POST", "\(path)/close", .object([]), by: alice)
            #expect(closed["position"] == .null, "\(closed)")
            try await venue.refused(404, "noPosition", "POST", "\(path)/close", .object([]), by: alice)
            let history = try await venue.get("/v1/accounts/alice/position-history", by: alice)["rows"]?.rows ?? []
            #expect(history.first?["size"]?.word == "0", "\(history)")
            let fills = try await venue.get("/v1/accounts/alice/fills", by: alice)["rows"]?.rows ?? []
            #expect(fills.map { $0["side"]?.word } == ["sell", "buy"])
            // Bought 0.1 at 40,000 and sold at 39,990.
            #expect(fills.first?["realisedPnl"]?.units == -1_000_000)

            try await venue.done("PUT", "/v1/accounts/alice/hedge", ["on": .bool(true)], by: alice)
            try await venue.done("PUT", "/v1/accounts/alice/self-trade", ["cancel": "newest"], by: alice)
            try await venue.place(NativeVenue.order("sell", "0.1", "40000"), for: "bob", by: bob)
            try await venue.place(
                NativeVenue.order("buy", "0.1", "40000", ("position", "long")), for: "alice", by: alice)
            try await venue.place(NativeVenue.order("buy", "0.1", "40000"), for: "bob", by: bob)
            try await venue.place(
                NativeVenue.order("sell", "0.1", "40000", ("position", "short")), for: "alice", by: alice)
            let both = try await venue.get("/v1/accounts/alice", by: alice)["positions"]
            #expect(both?.members.count == 2, "\(String(describing: both))")
            let long = try await venue.get("\(path)?position=long", by: alice)
            #expect(long["open"]?["size"]?.word == "0.1")
        }
    }

    @Test("NAT-022: what is open to all says what the market does: book, trades, candles, funding, the day")
    func market() async throws {
        try await market { venue, chief, alice, bob in
            try await venue.place(NativeVenue.order("buy", "0.3", "40000"), for: "alice", by: alice)
            try await venue.place(NativeVenue.order("sell", "0.1", "40000"), for: "bob", by: bob)
            try await venue.command(chief, ["do": "funding", "symbol": "BTCUSDT", "rate": "0.01%"])
            let book = try await venue.get("/v1/contracts/BTCUSDT/book")
            #expect(book["bids"] == [["40000", "0.2"]] && book["asks"] == [], "\(book)")
            let trades = try await venue.get("/v1/contracts/BTCUSDT/trades")["trades"]?.rows ?? []
            #expect(trades.count == 1 && trades[0]["side"]?.word == "sell")
            for interval in ["1m", "1h"] {
                let candles = try await venue.get("/v1/contracts/BTCUSDT/candles?interval=\(interval)")["candles"]
                #expect(candles?.rows.first?["volume"]?.word == "0.1", "\(String(describing: candles))")
            }
            #expect(try await venue.get("/v1/contracts/BTCUSDT/day")["trades"]?.number == 1)
            #expect(
                try await venue.get("/v1/contracts/BTCUSDT/funding")["funding"]?.rows.first?["rate"]?.word == "0.0001")
            #expect(try await venue.get("/v1/contracts/BTCUSDT")["openInterest"]?.word == "0.1")
            #expect(try await venue.get("/v1/contracts")["contracts"]?.rows.count == 1)
            #expect(try await venue.get("/v1/contracts/BTCUSDT/tiers")["tiers"]?.rows.count == 2)
            try await venue.refused(404, nil, "GET", "/v1/contracts/NONE/book")
            try await venue.refused(400, nil, "GET", "/v1/contracts/BTCUSDT/book?levels=0")
            try await venue.refused(400, nil, "GET", "/v1/contracts/BTCUSDT/trades?from=yesterday-or-so-it-seems")
            try await venue.refused(400, nil, "GET", "/v1/contracts/BTCUSDT/trades?unknown=1")
        }
    }
}
