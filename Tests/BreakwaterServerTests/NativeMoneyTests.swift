import BreakwaterCore
import BreakwaterGateway
import BreakwaterTapes
import BreakwaterVenue
import Foundation
import Testing

/// Money in and out, and that every unit of it is accounted for.
@Suite("Native API: money", .serialized)
struct NativeMoneyTests {
    @Test("NAT-010: subaccounts, transfers, the faucet, and requests that are decided once")
    func moving() async throws {
        try await NativeVenue.serving { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            let alice = try await venue.person("alice")
            try await venue.done("POST", "/v1/accounts", ["label": "hedge"], by: alice)
            try await venue.refused(409, "nameTaken", "POST", "/v1/accounts", ["label": "hedge"], by: alice)
            let faucet = "/v1/accounts/alice/faucet"
            try await venue.done("POST", faucet, ["currency": "USDT"], by: alice)
            try await venue.refused(422, "faucetNotNeeded", "POST", faucet, ["currency": "USDT"], by: alice)
            try await venue.refused(404, "not_found", "POST", faucet, ["currency": "EUR"], by: alice)

            func transfer(_ amount: JSONValue) -> JSONValue {
                ["from": "alice", "to": "alice.hedge", "currency": "USDT", "amount": amount]
            }
            try await venue.done("POST", "/v1/transfers", transfer("2500.000001"), by: alice)
            try await venue.refused(422, nil, "POST", "/v1/transfers", transfer("7500"), by: alice)
            for wrong: JSONValue in ["0", "0.0000001", "-1", "1e3", "99999999999999999999", .bool(true)] {
                try await venue.refused(400, nil, "POST", "/v1/transfers", transfer(wrong), by: alice)
            }
            #expect(try await balance(of: "alice", venue, alice) == 7_499_999_999)
            #expect(try await balance(of: "alice.hedge", venue, alice) == 2_500_000_001)

            let ask: JSONValue = ["currency": "USDT", "amount": "500", "note": "from the bank"]
            let deposit = try await venue.done("POST", "/v1/accounts/alice/deposits", ask, by: alice)
            let id = try #require(deposit["id"]?.number)
            let decision: JSONValue = ["decision": "done"]
            try await venue.refused(403, nil, "POST", "/v1/admin/requests/\(id)", decision, by: alice)
            async let first = venue.ask("POST", "/v1/admin/requests/\(id)", decision, by: chief)
            async let second = venue.ask("POST", "/v1/admin/requests/\(id)", decision, by: chief)
            let statuses = try await [first.status, second.status].sorted()
            #expect(statuses == [200, 409], "\(statuses)")
            #expect(try await balance(of: "alice", venue, alice) == 7_999_999_999)

            let much: JSONValue = ["currency": "USDT", "amount": "8000"]
            let withdrawal = try await venue.done("POST", "/v1/accounts/alice/withdrawals", much, by: alice)
            let path = "/v1/admin/requests/\(try #require(withdrawal["id"]?.number))"
            try await venue.refused(422, nil, "POST", path, decision, by: chief)
            #expect(try await venue.done("POST", path, ["decision": "refused"], by: chief)["status"]?.word == "refused")
            try await venue.refused(409, "notPending", "POST", path, decision, by: chief)
            let requests = try await venue.get("/v1/accounts/alice/requests", by: alice)["requests"]?.rows ?? []
            #expect(requests.map { $0["status"]?.word } == ["refused", "done"])
            let actions = try await venue.get("/v1/admin/actions", by: chief)["actions"]?.rows ?? []
            #expect(
                actions.contains { $0["command"]?.word == "deposit" && $0["text"]?.word == "request \(id)" },
                "\(actions)")
            #expect(
                actions.contains { $0["command"]?.word == "withdraw" && $0["rejection"]?.word != nil }, "\(actions)")
        }
    }

    @Test("NAT-011: a request whose money moved before everything stopped is done after a start, any other pending")
    func interrupted() async throws {
        let folder = NSTemporaryDirectory() + "breakwater-native-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (moved, unmoved) = try await NativeVenue.serving(in: folder) { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            let alice = try await venue.person("alice")
            var ids: [Int] = []
            for _ in 1...2 {
                let asked = try await venue.done(
                    "POST", "/v1/accounts/alice/deposits", ["currency": "USDT", "amount": "500"], by: alice)
                ids.append(try #require(asked["id"]?.number))
            }
            return (ids[0], ids[1])
        }
        // As everything stands when it stops between a command and the note that it was carried out.
        let identities = try Identities(folder: folder)
        let venue = try Venue.open(folder, rulebook: try RulebookLibrary.load("coinbase")).venue
        for id in [moved, unmoved] { _ = try identities.begin(Int64(id), after: venue.last) }
        let (account, currency) = venue.names.look { ($0.account(named: "alice")!, $0.currency(named: "USDT")!) }
        let origin = Origin.administration("session:chief", note: "request \(moved)")
        let done = try await venue.perform(.deposit(account, currency, Amount(500_000_000)), from: origin)
        #expect(done.rejection == nil)
        venue.stop()
        try await NativeVenue.serving(in: folder) { venue in
            let alice = try await venue.signIn("alice")
            let rows = try await venue.get("/v1/accounts/alice/requests", by: alice)["requests"]?.rows ?? []
            #expect(rows.map { $0["status"]?.word } == ["pending", "done"], "\(rows)")
            let chief = try await venue.signIn("chief")
            try await venue.refused(
                409, "notPending", "POST", "/v1/admin/requests/\(moved)", ["decision": "done"], by: chief)
            try await venue.done("POST", "/v1/admin/requests/\(unmoved)", ["decision": "done"], by: chief)
            #expect(try await balance(of: "alice", venue, alice) == 1_000_000_000)
        }
    }

    @Test("NAT-012: the lines of a wallet add up to its balance to the unit, also while prices move and trades come in")
    func walletHistory() async throws {
        try await NativeVenue.serving { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            let (alice, bob) = (try await venue.person("alice"), try await venue.person("bob"))
            for name in ["alice", "bob"] { try await venue.deposit("5000", to: name, by: chief) }
            try await withThrowingTaskGroup { group in
                group.addTask {
                    for round in 0..<40 {
                        let price = "\(39_900 + round * 7 % 200).5"
                        try await venue.place(NativeVenue.order("buy", "0.01", price), for: "alice", by: alice)
                        try await venue.place(NativeVenue.order("sell", "0.007", price), for: "bob", by: bob)
                        try await venue.mark(price, by: chief)
                        if round % 8 == 3 {
                            let rate: JSONValue = ["do": "funding", "symbol": "BTCUSDT", "rate": "0.01%"]
                            try await venue.command(chief, rate)
                        }
                        if round % 8 == 5 { try await venue.command(chief, ["do": "settle"]) }
                    }
                }
                group.addTask {
                    // What the newest lines add up to is a balance that the wallet had at one moment: no half of a command.
                    for _ in 0..<25 { try await check("alice", venue, alice, isQuiet: false) }
                }
                try await group.waitForAll()
            }
            for (name, caller) in [("alice", alice), ("bob", bob)] {
                try await check(name, venue, caller, isQuiet: true)
                try await venue.mark("40100", by: chief)
                try await check(name, venue, caller, isQuiet: true)
            }
        }
    }

    private func balance(of name: String, _ venue: NativeVenue, _ caller: Caller) async throws -> Int {
        let account = try await venue.get("/v1/accounts/\(name)", by: caller)
        return try #require(account["wallets"]?["USDT"]?["balance"]?.units)
    }

    private func check(_ name: String, _ venue: NativeVenue, _ caller: Caller, isQuiet: Bool) async throws {
        let path = "/v1/accounts/\(name)/wallet-history?limit=1000"
        let lines = try await venue.get(path, by: caller)["rows"]?.rows ?? []
        let sum = lines.reduce(0) { $0 + ($1["amount"]?.units ?? 0) }
        let ids = lines.compactMap { $0["id"]?.number }
        #expect(ids == ids.sorted(by: >))
        if isQuiet {
            let stated = try await balance(of: name, venue, caller)
            #expect(sum == stated, "\(name)")
            let older = try await venue.get("\(path)&after=0", by: caller)["rows"]?.rows ?? []
            #expect(older.reduce(0) { $0 + ($1["amount"]?.units ?? 0) } == sum)
        }
        // Everything but what is unsettled adds up to the balance in the position's last change, or moves after it.
        #expect(lines.count { $0["cause"]?.word == "settlement" && $0["symbol"]?.word == nil } <= 1)
    }
}
