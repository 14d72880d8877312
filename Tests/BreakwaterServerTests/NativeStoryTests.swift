import BreakwaterTapes
import Foundation
import Testing

/// What is told before an order is sent, after a liquidation, and of how a venue's risk stands.
@Suite("Native API: previews, shared liquidations and figures of risk", .serialized)
struct NativeStoryTests {
    @Test("NAT-040: a preview is what then happens, to the digit, and leaves nothing behind")
    func preview() async throws {
        try await NativeRiskTests.market { venue, chief, people in
            let (alice, path) = (people["alice"]!, "/v1/accounts/alice/preview")
            let before = try await venue.state(by: chief)
            let order: JSONValue = [
                "symbol": "BTCUSDT", "side": "sell", "type": "limit", "size": "0.5", "price": "38500",
            ]
            let told = try await venue.done("POST", path, ["order": order], by: alice)
            #expect(told["refusal"] == .null && told["order"]?["filled"]?.word == "0.5", "\(told)")
            #expect(try await venue.state(by: chief) == before)

            let leverage: JSONValue = ["leverage": ["symbol": "BTCUSDT", "leverage": "3", "mode": "isolated"]]
            let refused = try await venue.done("POST", path, leverage, by: alice)
            #expect(refused["refusal"]?["code"]?.word == "insufficientMargin", "\(refused)")
            let now = try await venue.get("/v1/accounts/alice", by: alice)
            #expect(refused["wallet"] == now["wallets"]?["USDT"], "\(refused)")
            #expect(try await venue.state(by: chief) == before)

            try await venue.done("POST", "/v1/accounts/alice/orders", order, by: alice)
            let after = try await venue.get("/v1/accounts/alice", by: alice)
            #expect(told["wallet"] == after["wallets"]?["USDT"], "\(told) \(after)")
            for (key, value) in after["positions"]!["BTCUSDT"]!.members where !key.hasPrefix("adl") {
                #expect(told["position"]?[key] == value, "\(key)")
            }

            let stop: JSONValue = [
                "order": ["symbol": "BTCUSDT", "side": "sell", "type": "stop", "size": "0.1", "stop": "38000"]
            ]
            try await venue.refused(400, nil, "POST", path, stop, by: alice)
            try await venue.refused(400, nil, "POST", path, [:], by: alice)
            try await venue.refused(404, "not_found", "POST", path, ["order": order], by: people["bob"]!)
        }
    }

    @Test("NAT-041: a liquidation can be shown to others, and what would have prevented it is told to the unit")
    func stories() async throws {
        try await NativeRiskTests.market { venue, chief, people in
            let alice = people["alice"]!
            try await venue.mark("38400", by: chief)
            let records = try await venue.get("/v1/accounts/alice/liquidations", by: alice)["liquidations"]?.rows ?? []
            let id = try #require(records.first?["id"]?.number, "nobody was liquidated")
            let explained = try await venue.get("/v1/liquidations/\(id)", by: alice)

            try await venue.refused(404, "not_found", "POST", "/v1/liquidations/\(id)/share", [:], by: people["bob"]!)
            let token = try #require(
                try await venue.done("POST", "/v1/liquidations/\(id)/share", [:], by: alice)["token"]?.word)
            #expect(try await venue.get("/v1/shared/\(token)") == explained)
            for other in ["\(id + 1)" + token.dropFirst("\(id)".count), String(token.dropLast()), "\(id)-", "x"] {
                try await venue.refused(404, "not_found", "GET", "/v1/shared/\(other)")
            }

            // The position lacked so much at that mark; where margin at MM is liquidated already, one unit more.
            let found = try await venue.get("/v1/liquidations/\(id)/counterfactual", by: alice)
            let beyond = explained["requirement"]?["trigger"]?.word == "reaches" ? 1 : 0
            #expect(found["extra"]!.units == explained["shortfall"]!.units + beyond, "\(found) \(explained)")
            #expect(found["lasting"] == found["extra"] && found["next"] == .null, "\(found)")
            #expect(found["text"]?.rows.count == 2, "\(found)")
            try await venue.refused(
                404, "not_found", "GET", "/v1/liquidations/\(id)/counterfactual", by: people["bob"]!)

            // A mark that falls further comes after it.
            try await venue.mark("37000", by: chief)
            let later = try await venue.get("/v1/liquidations/\(id)/counterfactual", by: alice)
            #expect(later["extra"] == found["extra"] && later["next"]?["mark"]?.word == "37000", "\(later)")
            #expect(later["lasting"]!.units > later["extra"]!.units, "\(later)")
        }
    }

    @Test("NAT-042: who holds how much, what a gap would cost, who is deleveraged first, and what the fund held")
    func standing() async throws {
        try await NativeRiskTests.market { venue, chief, people in
            let spread = try await venue.get("/v1/contracts/BTCUSDT/concentration")
            #expect(spread["longs"]?["accounts"]?.number == 1 && spread["longs"]?["top1"]?.word == "100", "\(spread)")
            #expect(spread["longs"]?["size"] == spread["shorts"]?["size"], "\(spread)")
            let rows = spread["leverage"]?.rows ?? []
            #expect(rows.reduce(0) { $0 + $1["longs"]!.units } == spread["longs"]!["size"]!.units, "\(rows)")
            #expect(!spread.text(pretty: false).contains("alice"))

            // Each account has one position: what it lacks is its equity with the position's loss, below zero.
            let gaps = try await venue.get("/v1/admin/contracts/BTCUSDT/gaps", by: chief)
            for row in gaps["gaps"]!.rows {
                var deficit = 0
                for name in ["alice", "bob"] {
                    let account = try await venue.get("/v1/accounts/\(name)", by: people[name]!)
                    let position = account["positions"]!["BTCUSDT"]!
                    let move = row["price"]!.units - position["markPrice"]!.units
                    let size = position["size"]!.units / 1_000_000
                    deficit += max(0, -(account["wallets"]!["USDT"]!["equity"]!.units + size * move))
                }
                #expect(row["deficit"]?.units == deficit, "\(row)")
                #expect(row["left"]!.units == gaps["fund"]!.units - deficit, "\(row)")
            }
            #expect(gaps["gaps"]!.rows.contains { $0["bankrupt"]?.number == 1 }, "\(gaps)")
            try await venue.refused(
                403, nil, "GET", "/v1/admin/contracts/BTCUSDT/gaps", by: people["alice"]!)

            let queue = try await venue.get("/v1/admin/contracts/BTCUSDT/queue?side=short", by: chief)["queue"]!.rows
            #expect(queue.map { $0["account"]?.word } == ["bob"] && queue[0]["place"]?.number == 1, "\(queue)")
            #expect(try await venue.get("/v1/admin/providers", by: chief)["providers"]?.rows.isEmpty == true)

            try await venue.mark("38400", by: chief)
            let fund = try await venue.get("/v1/insurance/USDT?limit=1000")
            let points = try await venue.get("/v1/insurance/USDT/course?limit=1000")["points"]!.rows
            var balance = 0
            #expect(points.count == fund["rows"]!.rows.count)
            for (point, line) in zip(points, fund["rows"]!.rows.reversed()) {
                balance += line["amount"]!.units
                #expect(point["balance"]?.units == balance && point["time"] == line["time"], "\(point) \(line)")
            }
            #expect(balance == fund["balance"]!.units)
        }
    }
}
