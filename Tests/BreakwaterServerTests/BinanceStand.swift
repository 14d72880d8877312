import BreakwaterCore
import BreakwaterGateway
import BreakwaterTapes
import BreakwaterVenue
import BreakwaterWeb
import Foundation

@testable import BreakwaterServer

/// A venue with two perpetuals and a few traders, served to clients over real sockets, with an operator who signs for what
/// only risk admins may do.
struct BinanceStand: Sendable {
    /// A trader's name and the key it signs with.
    struct Trader: Sendable {
        let name: String
        let account: AccountID
        let key: String
        let secret: String
    }

    let server: VenueServer
    let traders: [Trader]
    private let folder: String

    static let names = ["alice", "bob", "carol", "dave", "reader", "operator"]

    /// - Parameters:
    ///   - rulebook: by its name; every contract has the tiers that fit it.
    ///   - limits: orders and weight that everybody may use up in a minute.
    static func start(
        rulebook: String = "binance", threads: Int = 1, limits: (orders: Int, weight: Int) = (1_000_000, 1_000_000)
    ) async throws -> BinanceStand {
        let folder = NSTemporaryDirectory() + "binance-stand-" + UUID().uuidString
        var options = ServeOptions(folder: folder, rulebook: try RulebookLibrary.load(rulebook))
        options.web.threads = threads
        (options.ordersPerMinute, options.weightPerMinute) = limits
        options.faucet = ["USDT": "10000"]
        options.page = (root + "/Page", root + "/.build/lightweight-charts")
        let server = try await VenueServer.start(options)
        return BinanceStand(server: server, traders: try await furnish(server.gateway), folder: folder)
    }

    func stop() async {
        await server.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Lists the contracts, opens the accounts, and gives each trader a key.
    private static func furnish(_ gateway: Gateway) async throws -> [Trader] {
        func perform(_ command: Command) async throws -> [Event] {
            let done = try await gateway.venue.perform(command, from: Origin("stand"))
            precondition(done.rejection == nil, "\(command): \(done.events)")
            return Array(done.events)
        }
        let usdt = gateway.venue.names.look { $0.currency(named: "USDT")! }
        let currency = gateway.venue.names.look { $0[usdt] }
        let isEntry = try await gateway.venue.read { $0.rulebook.basis == .entry }
        for (symbol, tick, lot, price) in [("BTCUSDT", "0.1", "0.001", 50_000), ("ETHUSDT", "0.01", "0.01", 2_500)] {
            let rows = [
                RiskLimit(upTo: Amount(1_000_000_000_000), initial: Rate(8_000_000), maintenance: Rate(4_000_000)),
                RiskLimit(upTo: Amount(500_000_000_000_000), initial: Rate(50_000_000), maintenance: Rate(25_000_000)),
            ]
            let contract = try Contract(
                symbol: symbol, kind: .linear, settle: usdt, currency: currency, tick: ExactDecimal(tick)!,
                lot: ExactDecimal(lot)!, multiplier: ExactDecimal("1")!, maxLeverage: Leverage(12_500),
                tiers: isEntry ? .stepped(rows) : .progressive(rows: rows),
                fees: Contract.Fees(maker: Rate(200_000), taker: Rate(500_000), liquidation: Rate(1_000_000)))
            guard case .listed(let id)? = try await perform(.list(contract)).last else {
                preconditionFailure("\(symbol)")
            }
            let mark = try contract.price("\(price)")
            _ = try await perform(.mark([MarkPrice(id, mark)]))
        }
        _ = try await perform(.payIntoFund(usdt, Amount(1_000_000_000_000), nil))
        var traders: [Trader] = []
        for name in names {
            guard case .accountOpened(let account)? = try await perform(.openAccount(name: name)).last else {
                preconditionFailure(name)
            }
            _ = try await perform(.deposit(account, usdt, Amount(1_000_000_000_000)))
            let identities = gateway.identities
            let role: Role = name == "operator" ? .riskAdmin : .trader
            try identities.addUser(name, password: nil, role: role, account: account, at: gateway.now)
            let (key, secret) = try identities.makeKey(
                for: identities.user(named: name)!, role: name == "reader" ? .readOnly : role, account: nil,
                label: "", at: gateway.now)
            traders.append(Trader(name: name, account: account, key: key.id, secret: secret))
        }
        return traders
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Runs a script of `Tests/Dialect`, or of another folder, with what its requirements name, and says what it printed.
    func run(_ script: String, of folder: String = "Dialect") async throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [
            "-c", "exec \"$(scripts/peers \(folder.lowercased()))\" Tests/\(folder)/\(script) 2>&1",
        ]
        process.currentDirectoryURL = URL(filePath: Self.root)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try await Task.detached { try pipe.fileHandleForReading.readToEnd() ?? Data() }.value
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    /// What a client has to know, as environment variables.
    var environment: [String: String] {
        var variables = [
            "VENUE_URL": server.url, "ADMIN_TOKEN": server.adminToken ?? "", "PYTHONPATH": Self.root + "/Tests/Dialect",
        ]
        for trader in traders {
            variables["KEY_" + trader.name.uppercased()] = trader.key
            variables["SECRET_" + trader.name.uppercased()] = trader.secret
        }
        return variables
    }
}
