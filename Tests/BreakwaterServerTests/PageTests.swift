import Testing

/// The dashboard, in the browser that people would open it in.
@Suite("PAGE: the dashboard", .serialized)
struct PageTests {
    @Test("PAGE-001: a first visit, a position, margin, warnings, its liquidation, and the risk desk")
    func visit() async throws { try await run("page.py") }

    @Test("PAGE-002: risk limits where traders choose them: what one would change is shown, and comes about")
    func limits() async throws { try await run("limits.py", rulebook: "bitmex") }

    @Test("PAGE-003: the page goes on by itself when its venue has been restarted")
    func restart() async throws { try await run("restart.py") }

    private func run(_ script: String, rulebook: String = "binance") async throws {
        let stand = try await BinanceStand.start(rulebook: rulebook)
        let (status, output) = try await stand.run(script, of: "Page")
        await stand.stop()
        #expect(status == 0, "\(script) ended with \(status):\n\(output)")
    }
}
