import Foundation
import Testing

/// The clients people already have, from PyPI and unmodified, with nothing but their URLs and options overridden.
@Suite("BIN: clients of the dialect", .serialized)
struct BinanceClientTests {
    @Test(
        "BIN-001: clients place, amend, cancel and query, set, read and watch everything",
        arguments: [
            "ccxt_trading.py", "ccxt_account.py", "ccxt_async.py", "ccxt_streams.py", "ccxt_liquidation.py",
            "python_binance_client.py", "official_sdk.py", "freqtrade_exchange.py", "requests_signed.py",
            "sockets_raw.py",
        ])
    func client(script: String) async throws {
        let stand = try await BinanceStand.start()
        let (status, output) = try await stand.run(script)
        await stand.stop()
        #expect(status == 0, "\(script) ended with \(status):\n\(output)")
    }

    @Test(
        "BIN-002: under every rulebook ccxt trades",
        arguments: ["bitmex", "mexc", "coinbase", "hyperliquid", "textbook"])
    func everyRulebook(rulebook: String) async throws {
        let stand = try await BinanceStand.start(rulebook: rulebook)
        let (status, output) = try await stand.run("ccxt_trading.py")
        await stand.stop()
        #expect(status == 0, "under \(rulebook) ccxt_trading.py ended with \(status):\n\(output)")
    }

    @Test("BIN-006: who asks for too much is told to wait, and how long")
    func limits() async throws {
        let stand = try await BinanceStand.start(limits: (orders: 5, weight: 60))
        let (status, output) = try await stand.run("limits.py")
        await stand.stop()
        #expect(status == 0, "limits.py ended with \(status):\n\(output)")
    }

    /// For working on the scripts: serves until a file is removed.
    @Test("BIN: serves for a developer", .enabled(if: ProcessInfo.processInfo.environment["STAND_FILE"] != nil))
    func serve() async throws {
        let file = try #require(ProcessInfo.processInfo.environment["STAND_FILE"])
        let rulebook = ProcessInfo.processInfo.environment["STAND_RULEBOOK"] ?? "binance"
        let stand = try await BinanceStand.start(rulebook: rulebook)
        let lines = stand.environment.map { "export \($0.key)='\($0.value)'" }.sorted().joined(separator: "\n")
        try (lines + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        while FileManager.default.fileExists(atPath: file) { try await Task.sleep(for: .milliseconds(200)) }
        await stand.stop()
    }
}
