import Testing

/// The dashboard, in the browser that people would open it in.
@Suite("PAGE: the dashboard", .serialized)
struct PageTests {
    @Test("PAGE-001: a first visit, a position, margin, warnings, its liquidation, and the risk desk")
    func visit() async throws {
        let stand = try await BinanceStand.start()
        let (status, output) = try await stand.run("page.py", of: "Page")
        await stand.stop()
        #expect(status == 0, "page.py ended with \(status):\n\(output)")
    }
}
