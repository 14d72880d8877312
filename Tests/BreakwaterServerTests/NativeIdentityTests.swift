import BreakwaterTapes
import Foundation
import Testing

/// Who is let in, as whom, and what for.
@Suite("Native API: identities", .serialized)
struct NativeIdentityTests {
    @Test("NAT-001: signing up and in; a session changes nothing without its second proof, and ends")
    func sessions() async throws {
        try await NativeVenue.serving { venue in
            let alice: JSONValue = ["name": "alice", "password": "correct horse battery"]
            #expect(try await venue.done("POST", "/v1/users", alice)["role"]?.word == "trader")
            try await venue.refused(409, "nameTaken", "POST", "/v1/users", alice)
            try await venue.refused(400, "badName", "POST", "/v1/users", ["name": "a.b", "password": "0123456789"])
            try await venue.refused(400, "weakPassword", "POST", "/v1/users", ["name": "bob", "password": "short"])
            let wrong: JSONValue = ["name": "alice", "password": "incorrect horse"]
            try await venue.refused(401, "wrongPassword", "POST", "/v1/session", wrong)
            try await venue.refused(
                401, "wrongPassword", "POST", "/v1/session", ["name": "nobody", "password": "0123456789"])

            let answer = try await venue.ask("POST", "/v1/session", alice)
            let cookie = try #require(answer.headers["set-cookie"])
            for part in ["HttpOnly", "SameSite=", "Path=/"] { #expect(cookie.contains(part), "\(cookie)") }
            let pair = String(cookie.split(separator: ";")[0])
            let session = Caller.session(cookie: pair, token: answer["csrfToken"].word)
            #expect(try await venue.get("/v1/session", by: session)["user"]?["name"]?.word == "alice")

            let label: JSONValue = ["label": "second"]
            let bare = Caller.session(cookie: pair, token: nil)
            try await venue.refused(403, "missingCSRFToken", "POST", "/v1/accounts", label, by: bare)
            let wrongToken = Caller.session(cookie: pair, token: "x")
            try await venue.refused(403, "missingCSRFToken", "POST", "/v1/accounts", label, by: wrongToken)
            for foreign in [["origin": "https://evil.example"], ["sec-fetch-site": "cross-site"]] {
                let other = try await venue.ask("POST", "/v1/accounts", label, by: session, headers: foreign)
                #expect(other.status == 403, "\(other.text)")
            }
            try await venue.done("POST", "/v1/accounts", label, by: session)
            try await venue.done("DELETE", "/v1/session", by: session)
            try await venue.refused(401, "noSession", "GET", "/v1/session", by: session)
            try await venue.refused(
                401, "noSession", "GET", "/v1/session", by: .session(cookie: "breakwater_session=x", token: nil))
            try await venue.refused(401, "unknownKey", "GET", "/v1/accounts")
        }
    }

    @Test("NAT-002: the administrator's token works once, also for two who send it at the same time")
    func claim() async throws {
        try await NativeVenue.serving { venue in
            func claim(_ name: String, _ token: String?) async throws -> Int {
                let body: JSONValue = [
                    "token": .string(token ?? ""), "name": .string(name), "password": "a password to claim with",
                ]
                return try await venue.ask("POST", "/v1/admin/claim", body).status
            }
            #expect(try await claim("eve", "guessed") == 401)
            async let one = claim("chief", venue.adminToken)
            async let other = claim("thief", venue.adminToken)
            let statuses = try await [one, other]
            #expect(statuses.sorted() == [201, 401], "\(statuses)")
            #expect(try await claim("late", venue.adminToken) == 401)
            let winner = statuses[0] == 201 ? "chief" : "thief"
            let signIn: JSONValue = ["name": .string(winner), "password": "a password to claim with"]
            let answer = try await venue.ask("POST", "/v1/session", signIn)
            let cookie = String(try #require(answer.headers["set-cookie"]).split(separator: ";")[0])
            let users = try await venue.get("/v1/admin/users", by: .session(cookie: cookie, token: nil))
            #expect(users["users"]?.rows.filter { $0["role"]?.word == "riskAdmin" }.count == 1)
        }
    }

    @Test("NAT-003: what a key may do follows its role, its account and its owner's role at once")
    func roles() async throws {
        try await NativeVenue.serving { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            let alice = try await venue.person("alice")
            try await venue.deposit("1000", to: "alice", by: chief)
            try await venue.done("POST", "/v1/accounts", ["label": "hedge"], by: alice)
            let order = NativeVenue.order("buy", "0.01", "39000")

            let looking = try await venue.key(of: alice, role: "readOnly")
            try await venue.get("/v1/accounts/alice", by: looking)
            try await venue.refused(403, "forbidden", "POST", "/v1/accounts/alice/orders", order, by: looking)
            try await venue.refused(403, "forbidden", "DELETE", "/v1/accounts/alice/orders", by: looking)
            try await venue.refused(
                403, "forbidden", "POST", "/v1/keys", ["label": "x", "role": "readOnly"], by: looking)
            for role in ["provider", "riskAdmin"] {
                try await venue.refused(
                    403, "forbidden", "POST", "/v1/keys", ["label": "x", "role": .string(role)], by: alice)
            }
            let capacity: JSONValue = ["currency": "USDT", "capacity": "500"]
            try await venue.refused(403, "forbidden", "PUT", "/v1/accounts/alice/provider", capacity, by: alice)
            for path in ["/v1/admin/users", "/v1/admin/state", "/v1/admin/contracts/BTCUSDT/exposures"] {
                try await venue.refused(403, "forbidden", "GET", path, by: alice)
            }
            try await venue.refused(403, "forbidden", "POST", "/v1/admin/halt", by: alice)
            try await venue.refused(403, "forbidden", "POST", "/v1/admin/commands", ["do": "settle"], by: alice)

            // A key for one account speaks for nothing else: not for the other account, nor for keys.
            let bound = try await venue.key(of: alice, role: "trader", account: "alice.hedge")
            #expect(try await venue.get("/v1/accounts", by: bound)["accounts"]?.rows.count == 1)
            try await venue.refused(404, "not_found", "GET", "/v1/accounts/alice", by: bound)
            try await venue.refused(404, "not_found", "POST", "/v1/accounts/alice/orders", order, by: bound)
            let out: JSONValue = ["from": "alice", "to": "alice.hedge", "currency": "USDT", "amount": "1"]
            try await venue.refused(404, "not_found", "POST", "/v1/transfers", out, by: bound)
            try await venue.refused(403, "forbidden", "POST", "/v1/keys", ["label": "x", "role": "trader"], by: bound)
            try await venue.refused(403, "forbidden", "GET", "/v1/keys", by: bound)
            try await venue.refused(403, "forbidden", "POST", "/v1/accounts", ["label": "x"], by: bound)

            let session = try await venue.signIn("alice")
            try await venue.done("PUT", "/v1/admin/users/alice/role", ["role": "provider"], by: chief)
            try await venue.refused(401, "noSession", "GET", "/v1/session", by: session)
            let provider = try await venue.key(of: venue.signIn("alice"), role: "provider")
            try await venue.done("PUT", "/v1/accounts/alice/provider", capacity, by: provider)
            try await venue.done("PUT", "/v1/admin/users/alice/role", ["role": "readOnly"], by: chief)
            try await venue.refused(403, "forbidden", "POST", "/v1/accounts/alice/orders", order, by: alice)
            try await venue.refused(403, "forbidden", "PUT", "/v1/accounts/alice/provider", capacity, by: provider)
            let notes = try await venue.get("/v1/admin/actions", by: chief)["actions"]?.rows ?? []
            let note = notes.first { $0["text"]?.word == "alice becomes provider" }
            #expect(note?["actor"]?.word?.hasPrefix("admin key:") == true, "\(notes)")
        }
    }

    @Test(
        "NAT-004: a signature is for one request: wrong, stale, carried over to another request or sent again, it opens nothing"
    )
    func signatures() async throws {
        try await NativeVenue.serving { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            guard case .key(let key, let secret) = try await venue.person("alice") else { return }
            try await venue.deposit("1000", to: "alice", by: chief)
            let before = try await venue.state(by: chief)
            let path = "/v1/accounts/alice/orders"
            let body = NativeVenue.order("buy", "0.01", "39000").text(pretty: false)
            func send(_ method: String, _ path: String, _ body: String?, _ headers: [String: String]) async throws
                -> NativeVenue.Answer
            { try await venue.ask(method, path, raw: body, headers: headers) }
            func signed(_ offset: Int64 = 0, secret: String = secret) -> [String: String] {
                Caller.signed("POST", path, body, key: key, secret: secret, offset: offset)
            }
            let other = body.replacing("0.01", with: "0.02")
            #expect(try await send("POST", path, body, signed(secret: "wrong")).code == "badSignature")
            #expect(try await send("POST", path, other, signed()).code == "badSignature")
            #expect(try await send("POST", path + "?x=1", body, signed()).code == "badSignature")
            #expect(try await send("POST", "/v1/accounts/alice/close", body, signed()).status == 404)
            #expect(try await send("DELETE", path, nil, signed()).code == "badSignature")
            #expect(try await send("POST", path, body, signed(-7_000)).code == "staleTimestamp")
            #expect(try await send("POST", path, body, signed(7_000)).code == "staleTimestamp")
            for (name, value) in [
                ("x-breakwater-timestamp", "soon"), ("x-breakwater-timestamp", "-9223372036854775808"),
                ("x-breakwater-signature", "zz"), ("x-breakwater-signature", ""), ("x-breakwater-key", "unknown"),
            ] {
                var headers = signed()
                headers[name] = value
                let answer = try await send("POST", path, body, headers)
                #expect(answer.status == 401, "\(name) \(value): \(answer.text)")
            }
            var missing = signed()
            missing["x-breakwater-signature"] = nil
            #expect(try await send("POST", path, body, missing).code == "badSignature")
            #expect(try await venue.state(by: chief) == before)

            let headers = signed()
            #expect(try await send("POST", path, body, headers).status == 201)
            var shouted = headers
            shouted["x-breakwater-signature"] = headers["x-breakwater-signature"]?.uppercased()
            for again in [headers, shouted] {
                let answer = try await send("POST", path, body, again)
                #expect(answer.status == 401 && answer.code == "replayed", "\(answer.text)")
            }
            #expect(try await venue.get(path, by: .key(key, secret: secret))["orders"]?.rows.count == 1)
        }
    }

    @Test("NAT-005: guessing a password is stopped after a few attempts, and a removed key at once")
    func guessing() async throws {
        try await NativeVenue.serving { venue in
            let alice = try await venue.person("alice")
            var statuses: [Int] = []
            for attempt in 1...6 {
                let guess: JSONValue = ["name": "alice", "password": .string("wrong password \(attempt)")]
                statuses.append(try await venue.ask("POST", "/v1/session", guess).status)
            }
            #expect(statuses.prefix(4) == [401, 401, 401, 401] && statuses.last == 429, "\(statuses)")
            let keys = try await venue.get("/v1/keys", by: alice)["keys"]?.rows ?? []
            let id = try #require(keys.first?["id"]?.word)
            #expect(keys.allSatisfy { $0["secret"] == nil })
            try await venue.done("DELETE", "/v1/keys/\(id)", by: alice)
            try await venue.refused(401, "unknownKey", "GET", "/v1/accounts", by: alice)
        }
    }

    @Test("NAT-006: an account with money and no owner is nobody's to sign up for; others' accounts look like none")
    func strangers() async throws {
        try await NativeVenue.serving { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            try await venue.deposit("1000000", to: "maker-1", by: chief)
            try await venue.refused(
                409, "nameTaken", "POST", "/v1/users", ["name": "maker-1", "password": "0123456789"])
            let (alice, bob) = (try await venue.person("alice"), try await venue.person("bob"))
            try await venue.deposit("1000", to: "bob", by: chief)
            let placed = try await venue.place(NativeVenue.order("buy", "0.01", "39000"), for: "bob", by: bob)
            let order = try #require(placed["order"]?["id"]?.number)
            let before = try await venue.state(by: chief)
            for name in ["bob", "nobody"] {
                for path in [
                    "", "/orders", "/fills", "/wallet-history", "/position-history", "/margin-history", "/liquidations",
                    "/requests", "/positions/BTCUSDT", "/orders/\(order)",
                ] { try await venue.refused(404, "not_found", "GET", "/v1/accounts/\(name)\(path)", by: alice) }
                try await venue.refused(404, nil, "DELETE", "/v1/accounts/\(name)/orders", by: alice)
                try await venue.refused(
                    404, nil, "PATCH", "/v1/accounts/\(name)/orders/\(order)", ["size": "0.02"], by: alice)
                try await venue.refused(
                    404, nil, "POST", "/v1/accounts/\(name)/faucet", ["currency": "USDT"], by: alice)
                try await venue.refused(404, nil, "PUT", "/v1/accounts/\(name)/hedge", ["on": .bool(true)], by: alice)
                let steal: JSONValue = ["from": .string(name), "to": "alice", "currency": "USDT", "amount": "1"]
                try await venue.refused(404, nil, "POST", "/v1/transfers", steal, by: alice)
            }
            // The order exists, but not in her account.
            for method in ["GET", "DELETE"] {
                try await venue.refused(404, "not_found", method, "/v1/accounts/alice/orders/\(order)", by: alice)
            }
            #expect(try await venue.state(by: chief) == before)
        }
    }
}
