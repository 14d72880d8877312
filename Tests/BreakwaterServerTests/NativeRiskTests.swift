import BreakwaterTapes
import Foundation
import Testing

/// Liquidations told to those concerned, and what risk admins see and do.
@Suite("Native API: risk", .serialized)
struct NativeRiskTests {
    /// Alice long 1 and bob short 1 from 40,000, carol bids below; alice has little behind it.
    static func market(_ test: (NativeVenue, _ chief: Caller, _ people: [String: Caller]) async throws -> Void)
        async throws
    {
        try await NativeVenue.serving { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            var people: [String: Caller] = [:]
            for (name, money) in [("alice", "2500"), ("bob", "20000"), ("carol", "50000")] {
                people[name] = try await venue.person(name)
                try await venue.deposit(money, to: name, by: chief)
            }
            try await venue.command(chief, ["do": "fund", "currency": "USDT", "amount": "5000"])
            for (name, side) in [("alice", "buy"), ("bob", "sell")] {
                try await venue.place(NativeVenue.order(side, "1", "40000"), for: name, by: people[name]!)
            }
            try await venue.place(NativeVenue.order("buy", "2", "38500"), for: "carol", by: people["carol"]!)
            try await test(venue, chief, people)
        }
    }

    @Test(
        "NAT-030: a liquidation is explained to its owner, and agrees with history, the account and the fund to the unit"
    )
    func liquidation() async throws {
        try await Self.market { venue, chief, people in
            let alice = people["alice"]!
            let before = try #require(try await venue.get("/v1/insurance/USDT")["balance"]?.units)
            try await venue.mark("38400", by: chief)
            let records = try await venue.get("/v1/accounts/alice/liquidations", by: alice)["liquidations"]?.rows ?? []
            let record = try #require(records.first, "nobody was liquidated")
            let id = try #require(record["id"]?.number)
            let explained = try await venue.get("/v1/liquidations/\(id)", by: alice)
            for (key, value) in record.members { #expect(explained[key] == value, "\(key)") }
            #expect(explained["tier"] != nil && explained["requirement"] != nil && explained["backing"] != nil)
            try await venue.refused(404, "not_found", "GET", "/v1/liquidations/\(id)", by: people["bob"]!)
            try await venue.get("/v1/liquidations/\(id)", by: chief)
            try await venue.refused(404, "not_found", "GET", "/v1/liquidations/77", by: alice)

            // Every unit of the loss has somebody who bears it.
            let loss = explained["loss"]!
            let parts = ["trader", "fund", "providers", "deleveraged", "clawedBack", "venue"]
            #expect(parts.reduce(0) { $0 + loss[$1]!.units } == loss["total"]!.units, "\(loss)")

            // The account's lines add up to what it has left, those of the liquidation among them.
            let lines =
                try await venue.get("/v1/accounts/alice/wallet-history?limit=1000", by: alice)["rows"]?.rows ?? []
            let account = try await venue.get("/v1/accounts/alice", by: alice)
            #expect(
                lines.reduce(0) { $0 + $1["amount"]!.units } == account["wallets"]?["USDT"]?["balance"]?.units,
                "\(lines)")
            #expect(lines.contains { $0["liquidation"]?.number == id }, "\(lines)")
            let fills = try await venue.get("/v1/accounts/alice/fills", by: alice)["rows"]?.rows ?? []
            #expect(fills.contains { $0["liquidation"]?.number == id }, "\(fills)")
            let orders = try await venue.get("/v1/contracts/BTCUSDT/liquidations")["orders"]?.rows ?? []
            #expect(orders.contains { $0["liquidation"]?.number == id } && !orders.contains { $0["account"] != nil })

            // The fund's movements add up to its balance.
            let fund = try await venue.get("/v1/insurance/USDT?limit=1000")
            #expect(fund["rows"]!.rows.reduce(0) { $0 + $1["amount"]!.units } == fund["balance"]!.units, "\(fund)")
            #expect(fund["balance"]!.units != before || loss["fund"]!.units == 0)

            // Other rules from here on do not explain what happened under the old ones.
            try await venue.command(chief, ["do": "rulebook", "name": "binance"])
            for _ in 0..<30 where try await venue.get("/v1/venue")["rulebook"]?.word != "binance" {
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(try await venue.get("/v1/venue")["rulebook"]?.word == "binance")
            let later = try await venue.get("/v1/liquidations/\(id)", by: alice)
            #expect(later["loss"] == loss)
            #expect(later["requirement"] == nil && later["rulesChanged"] == .bool(true), "\(later)")
        }
    }

    @Test("NAT-031: exposures are for risk admins, buckets for everybody, and a what-if changes nothing")
    func looking() async throws {
        try await Self.market { venue, chief, people in
            let alice = people["alice"]!
            let before = try await venue.state(by: chief)
            let heat = try await venue.get("/v1/contracts/BTCUSDT/heatmap")
            #expect(heat["buckets"]?.rows.isEmpty == false && !heat.text(pretty: false).contains("alice"), "\(heat)")
            let exposures =
                try await venue.get("/v1/admin/contracts/BTCUSDT/exposures", by: chief)["exposures"]?.rows ?? []
            #expect(exposures.first?["account"]?.word == "alice", "\(exposures)")
            let own = try await venue.get("/v1/accounts/alice/positions/BTCUSDT", by: alice)["open"]?[
                "liquidationPrice"]
            #expect(exposures.first?["liquidationPrice"] == own)
            for side in ["down", "up"] {
                let path = "/v1/admin/contracts/BTCUSDT/cascade?side=\(side)"
                #expect(try await venue.get(path, by: chief)["steps"]?.rows.isEmpty == false)
                try await venue.refused(403, "forbidden", "GET", path, by: alice)
            }
            let shock: JSONValue = ["prices": ["BTCUSDT": "30000"]]
            let outcome = try await venue.done("POST", "/v1/admin/what-if", shock, by: chief)
            #expect(outcome["liquidations"]?.rows.contains { $0["account"]?.word == "alice" } == true, "\(outcome)")
            try await venue.refused(403, "forbidden", "POST", "/v1/admin/what-if", shock, by: alice)
            try await venue.refused(404, nil, "POST", "/v1/admin/what-if", ["prices": ["NONE": "1"]], by: chief)
            for wrong: JSONValue in ["0", "0.05", "x", .integer(-1)] {
                try await venue.refused(
                    400, nil, "POST", "/v1/admin/what-if", ["prices": ["BTCUSDT": wrong]], by: chief)
            }
            let empty = try await venue.ask("POST", "/v1/admin/what-if", ["prices": .object([])], by: chief)
            #expect(empty.status < 500, "\(empty.text)")
            #expect(try await venue.state(by: chief) == before)
        }
    }

    @Test("NAT-032: halts, the kill switch, freezing and reduce-only hold, and every action is listed with who did it")
    func actions() async throws {
        try await Self.market { venue, chief, people in
            let carol = people["carol"]!
            let path = "/v1/accounts/carol/orders"
            let order = NativeVenue.order("buy", "0.01", "38000")
            try await venue.command(chief, ["do": "halt", "symbol": "BTCUSDT"])
            #expect(try await venue.get("/v1/contracts/BTCUSDT")["trading"]?.word == "halted")
            try await venue.refused(422, nil, "POST", path, order, by: carol)
            try await venue.command(chief, ["do": "resume", "symbol": "BTCUSDT"])
            let placed = try await venue.place(order, for: "carol", by: carol)
            try await venue.done("POST", "/v1/admin/halt", by: chief)
            try await venue.refused(422, nil, "POST", path, order, by: carol)
            try await venue.done("DELETE", "\(path)/\(placed["order"]!["id"]!.number!)", by: carol)
            try await venue.done("POST", "/v1/admin/resume", by: chief)
            try await venue.place(order, for: "carol", by: carol)

            func restrict(_ name: String, _ restriction: String) async throws {
                let body: JSONValue = ["restriction": .string(restriction)]
                try await venue.done("PUT", "/v1/admin/accounts/\(name)/restriction", body, by: chief)
            }
            try await restrict("carol", "frozen")
            try await venue.refused(422, nil, "POST", path, order, by: carol)
            #expect(try await venue.get("\(path)?open=true", by: carol)["orders"]?.rows.isEmpty == true)
            try await restrict("carol", "none")
            try await venue.place(order, for: "carol", by: carol)
            try await restrict("bob", "reduceOnly")
            let bob = people["bob"]!
            try await venue.refused(
                422, nil, "POST", "/v1/accounts/bob/orders", NativeVenue.order("sell", "0.1", "41000"), by: bob)
            try await venue.place(NativeVenue.order("buy", "0.1", "38000"), for: "bob", by: bob)
            try await venue.refused(
                404, nil, "PUT", "/v1/admin/accounts/none/restriction", ["restriction": "frozen"], by: chief)
            try await venue.refused(
                422, nil, "POST", "/v1/admin/commands",
                [
                    "do": "trade", "symbol": "BTCUSDT", "buyer": "alice", "seller": "carol", "size": "900",
                    "price": "40000",
                ], by: chief)
            for wrong: JSONValue in [
                ["do": "nothing"], .object([]), ["do": "order"], ["do": "mark", "at": "2022-01-20T00:00:00Z"],
                ["do": "rulebook", "file": "x"],
            ] {
                try await venue.refused(400, nil, "POST", "/v1/admin/commands", wrong, by: chief)
            }
            let actions = try await venue.get("/v1/admin/actions?limit=1000", by: chief)["actions"]?.rows ?? []
            #expect(
                actions.filter { $0["actor"]?.word != "start" }.allSatisfy {
                    $0["actor"]?.word?.hasPrefix("admin key:") == true
                })
            let done = Set(actions.compactMap { $0["command"]?.word })
            for name in [
                "list", "mark", "deposit", "payIntoFund", "halt", "resume", "haltAll", "resumeAll",
                "restrict", "trade",
            ] {
                #expect(done.contains(name), "\(name) in \(done)")
            }
            #expect(actions.contains { $0["command"]?.word == "trade" && $0["rejection"]?.word != nil })
            let notices = try await venue.get("/v1/notices")["notices"]?.rows.compactMap { $0["kind"]?.word } ?? []
            #expect(notices.contains("halted") && notices.contains("resumed") && notices.contains("listed"))
            let books = try await venue.get("/v1/admin/state", by: chief)["conservation"]
            #expect(books?["USDT"] != nil, "\(String(describing: books))")
        }
    }
}
