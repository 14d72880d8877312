import BreakwaterServer
import BreakwaterTapes
import BreakwaterWeb
import Crypto
import Foundation
import Testing

/// A venue served for one test in a folder of its own, asked over the wire like any other.
final class NativeVenue: Sendable {
    let port: Int
    let folder: String
    let adminToken: String?

    private init(port: Int, folder: String, adminToken: String?) {
        self.port = port
        self.folder = folder
        self.adminToken = adminToken
    }

    /// Serves a venue while `test` runs.
    ///
    /// - Parameter folder: of a venue that was served before; a new one otherwise, removed afterwards.
    @discardableResult
    static func serving<Result>(
        in folder: String? = nil, rulebook: String = "coinbase", _ change: (inout ServeOptions) -> Void = { _ in },
        _ test: (NativeVenue) async throws -> Result
    ) async throws -> Result {
        let path = folder ?? NSTemporaryDirectory() + "breakwater-native-\(UUID().uuidString)"
        var options = ServeOptions(folder: path, rulebook: try RulebookLibrary.load(rulebook))
        options.web.threads = 2
        options.faucet = ["USDT": "10000"]
        change(&options)
        let server = try await VenueServer.start(options)
        let port = Int(server.url.split(separator: ":").last!)!
        let venue = NativeVenue(port: port, folder: path, adminToken: server.adminToken)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await test(venue)) } catch { result = .failure(error) }
        await server.stop()
        if folder == nil { try? FileManager.default.removeItem(atPath: path) }
        return try result.get()
    }

    // MARK: Asking

    struct Answer: Sendable {
        let status: Int
        let json: JSONValue
        let headers: [String: String]
        let text: String

        subscript(name: String) -> JSONValue { json[name] ?? .null }
        /// The stable word of a refusal.
        var code: String { json["error"]?["code"]?.word ?? "" }
    }

    func ask(
        _ method: String, _ path: String, _ body: JSONValue? = nil, raw: String? = nil, by caller: Caller = .nobody,
        headers more: [String: String] = [:]
    ) async throws -> Answer {
        let text = raw ?? body?.text(pretty: false)
        var headers = caller.headers(method, path, text ?? "")
        headers.merge(more) { $1 }
        let client = try await WebClient(port)
        defer { client.close() }
        let answer = try await client.request(method, path, body: text, headers: headers)
        let json = try? JSONReader.read(Array(answer.body.utf8))
        return Answer(status: answer.status, json: json ?? .null, headers: answer.headers, text: answer.body)
    }

    /// Asks for what must succeed.
    @discardableResult
    func get(_ path: String, by caller: Caller = .nobody, _ place: SourceLocation = #_sourceLocation) async throws
        -> JSONValue
    {
        try await done("GET", path, nil, by: caller, place)
    }

    @discardableResult
    func done(
        _ method: String, _ path: String, _ body: JSONValue? = nil, by caller: Caller = .nobody,
        _ place: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let answer = try await ask(method, path, body, by: caller)
        #expect((200...204).contains(answer.status), "\(method) \(path): \(answer.text)", sourceLocation: place)
        return answer.json
    }

    /// Asks for what must be refused with a status and a code.
    @discardableResult
    func refused(
        _ status: Int, _ code: String? = nil, _ method: String, _ path: String, _ body: JSONValue? = nil,
        by caller: Caller = .nobody, _ place: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let answer = try await ask(method, path, body, by: caller)
        #expect(answer.status == status, "\(method) \(path): \(answer.status) \(answer.text)", sourceLocation: place)
        if let code { #expect(answer.code == code, "\(method) \(path): \(answer.text)", sourceLocation: place) }
        let sentence = answer.json["error"]?["message"]?.word ?? ""
        #expect(sentence.hasSuffix(".") && sentence.contains(" "), "no sentence: \(answer.text)", sourceLocation: place)
        return answer
    }

    // MARK: People

    static func password(of name: String) -> String { "the long password of \(name)" }

    /// Signs somebody up and gives them a key of a role.
    func person(_ name: String, role: String = "trader") async throws -> Caller {
        try await done("POST", "/v1/users", ["name": .string(name), "password": .string(Self.password(of: name))])
        return try await key(of: signIn(name), role: role)
    }

    func administrator(_ name: String = "chief") async throws -> Caller {
        let claim: JSONValue = [
            "token": .string(adminToken ?? ""), "name": .string(name), "password": .string(Self.password(of: name)),
        ]
        try await done("POST", "/v1/admin/claim", claim)
        return try await key(of: signIn(name), role: "riskAdmin")
    }

    func signIn(_ name: String) async throws -> Caller {
        let body: JSONValue = ["name": .string(name), "password": .string(Self.password(of: name))]
        let answer = try await ask("POST", "/v1/session", body)
        let cookie = try #require(
            answer.headers["set-cookie"]?.split(separator: ";").first.map(String.init), "\(answer.text)")
        let token: String = try #require(answer["csrfToken"].word)
        return .session(cookie: cookie, token: token)
    }

    func key(of caller: Caller, role: String, account: String? = nil) async throws -> Caller {
        var body: [(key: String, value: JSONValue)] = [("label", "test"), ("role", .string(role))]
        if let account { body.append(("account", .string(account))) }
        let made = try await done("POST", "/v1/keys", .object(body), by: caller)
        return .key(try #require(made["id"]?.word), secret: try #require(made["secret"]?.word))
    }

    // MARK: Markets

    @discardableResult
    func command(_ chief: Caller, _ command: JSONValue, _ place: SourceLocation = #_sourceLocation) async throws
        -> JSONValue
    {
        try await done("POST", "/v1/admin/commands", command, by: chief, place)
    }

    func mark(_ price: String, by chief: Caller) async throws {
        try await command(chief, ["do": "mark", "prices": ["BTCUSDT": .string(price)]])
    }

    func deposit(_ amount: String, to name: String, by chief: Caller) async throws {
        try await command(
            chief, ["do": "deposit", "account": .string(name), "currency": "USDT", "amount": .string(amount)])
    }

    /// Lists a contract at a mark of 40,000.
    func list(by chief: Caller) async throws {
        try await command(chief, ["do": "list", "contract": Self.contract])
        try await mark("40000", by: chief)
    }

    static let contract: JSONValue = [
        "symbol": "BTCUSDT", "kind": "linear", "settle": "USDT", "tick": "0.1", "lot": "0.001", "multiplier": "1",
        "maxLeverage": "20", "makerFee": "0.01%", "takerFee": "0.04%", "liquidationFee": "0.1%",
        "tiers": "progressive",
        "riskLimits": [
            ["upTo": "1000000", "im": "5%", "mm": "2.5%"], ["upTo": "1000000000", "im": "10%", "mm": "5%"],
        ],
    ]

    static func order(
        _ side: String, _ size: String, _ price: String? = nil, _ more: (key: String, value: JSONValue)...
    ) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("symbol", "BTCUSDT"), ("side", .string(side)), ("type", price == nil ? "market" : "limit"),
            ("size", .string(size)),
        ]
        if let price { members.append(("price", .string(price))) }
        for extra in more {
            members.removeAll { $0.key == extra.key }
            members.append(extra)
        }
        return .object(members)
    }

    @discardableResult
    func place(_ order: JSONValue, for name: String, by caller: Caller, _ place: SourceLocation = #_sourceLocation)
        async throws -> JSONValue
    { try await done("POST", "/v1/accounts/\(name)/orders", order, by: caller, place) }

    func state(by chief: Caller) async throws -> String {
        try #require(try await get("/v1/admin/state", by: chief)["stateHash"]?.word)
    }
}

/// By what somebody proves who they are.
enum Caller: Sendable {
    case nobody
    case key(String, secret: String)
    case session(cookie: String, token: String?)

    func headers(_ method: String, _ path: String, _ body: String) -> [String: String] {
        switch self {
        case .nobody: [:]
        case .session(let cookie, let token):
            token.map { ["cookie": cookie, "x-csrf-token": $0] } ?? ["cookie": cookie]
        case .key(let id, let secret): Self.signed(method, path, body, key: id, secret: secret)
        }
    }

    /// - Parameter offset: how far the timestamp is from now, in milliseconds.
    static func signed(
        _ method: String, _ path: String, _ body: String, key: String, secret: String, offset: Int64 = 0
    ) -> [String: String] {
        // Never the same twice: two requests of one millisecond are two requests.
        let stamp = "\(Int64(Date().timeIntervalSince1970 * 1_000) + offset - Int64.random(in: 0...900))"
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(stamp)\n\(method)\n\(path)\n\(body)".utf8), using: SymmetricKey(data: Data(secret.utf8)))
        let digits = code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return ["x-breakwater-key": key, "x-breakwater-timestamp": stamp, "x-breakwater-signature": digits]
    }
}

extension JSONValue {
    var word: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var number: Int? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    var rows: [JSONValue] {
        guard case .array(let rows) = self else { return [] }
        return rows
    }

    /// A decimal in millionths, exactly; money of six decimals in its smallest units.
    var units: Int {
        let parts = (word ?? "").split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : ""
        precondition((1...2).contains(parts.count) && fraction.count <= 6, "\(self) is no decimal of six places")
        return Int(parts[0] + fraction + String(repeating: "0", count: 6 - fraction.count))!
    }
}
