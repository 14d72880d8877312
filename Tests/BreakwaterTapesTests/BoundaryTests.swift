import BreakwaterCore
import BreakwaterTapes
import Testing

/// Last safe tick and first failing tick of every trigger: one contract worth 1,000 at a mark of 1,000, bought or sold at
/// 10x with an MM of 1 %, so that IM is 100 and MM 10. The inverse and the quanto one are worth 1 XBT, IM 0.1, MM 0.01.
@Suite("Boundaries")
struct BoundaryTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let kind: String
        let mode: String
        let side: String
        let rulebook: String
        let safe: String
        let fails: String
        var testDescription: String { "\(kind) \(mode) \(side) under \(rulebook)" }

        init(_ kind: String, _ mode: String, _ side: String, _ rulebook: String, safe: String, fails: String) {
            (self.kind, self.mode, self.side, self.rulebook) = (kind, mode, side, rulebook)
            (self.safe, self.fails) = (safe, fails)
        }
    }

    static let cases = [
        // Isolated: 100 behind it, so it lives while it has lost less than 90.
        Case("linear", "isolated", "long", "bitmex", safe: "910.01", fails: "910"),
        Case("linear", "isolated", "short", "bitmex", safe: "1089.99", fails: "1090"),
        Case("quanto", "isolated", "long", "bitmex", safe: "910.01", fails: "910"),
        Case("quanto", "isolated", "short", "bitmex", safe: "1089.99", fails: "1090"),
        // 1,000 / p = 1 +- 0.09: 917.431… and 1,098.901….
        Case("inverse", "isolated", "long", "bitmex", safe: "917.44", fails: "917.43"),
        Case("inverse", "isolated", "short", "bitmex", safe: "1098.9", fails: "1098.91"),
        // Drawn cross: the whole wallet of 300 behind it, 290 to lose.
        Case("linear", "cross", "long", "bitmex", safe: "710.01", fails: "710"),
        Case("linear", "cross", "short", "bitmex", safe: "1289.99", fails: "1290"),
        Case("quanto", "cross", "long", "bitmex", safe: "710.01", fails: "710"),
        Case("quanto", "cross", "short", "bitmex", safe: "1289.99", fails: "1290"),
        // 1,000 / p = 1 +- 0.29: 775.193… and 1,408.450….
        Case("inverse", "cross", "long", "bitmex", safe: "775.2", fails: "775.19"),
        Case("inverse", "cross", "short", "bitmex", safe: "1408.45", fails: "1408.46"),
        // Mark basis, and liquidated only below MM. 100 + p - 1,000 < 1 % p: p < 909.0909…; short p > 1,089.1089….
        Case("linear", "isolated", "long", "portfolio", safe: "909.1", fails: "909.09"),
        Case("linear", "isolated", "short", "portfolio", safe: "1089.1", fails: "1089.11"),
        // Portfolio: 300 + p - 1,000 < 1 % p: p < 707.0707…; short 1,300 < 1.01 p: p > 1,287.1287….
        Case("linear", "cross", "long", "portfolio", safe: "707.08", fails: "707.07"),
        Case("linear", "cross", "short", "portfolio", safe: "1287.12", fails: "1287.13"),
        Case("quanto", "cross", "long", "portfolio", safe: "707.08", fails: "707.07"),
        Case("quanto", "cross", "short", "portfolio", safe: "1287.12", fails: "1287.13"),
        // 1.3 < 1.01 x 1,000 / p: p < 776.923…; short 0.99 x 1,000 / p < 0.7: p > 1,414.285….
        Case("inverse", "cross", "long", "portfolio", safe: "776.93", fails: "776.92"),
        Case("inverse", "cross", "short", "portfolio", safe: "1414.28", fails: "1414.29"),
    ]

    /// A venue with one position as `test` says, before any mark moves.
    func venue(_ test: Case) throws -> TapeRunner {
        let currency = test.kind == "linear" ? "USDT" : "XBT"
        let (multiplier, size) =
            test.kind == "quanto" ? ("0.001", "1") : test.kind == "inverse" ? ("1", "1000") : ("1", "1")
        let wallet = test.kind == "linear" ? "300" : "0.3"
        let tiers = test.rulebook == "portfolio" ? "progressive" : "stepped"
        let (buyer, seller) = test.side == "long" ? ("ann", "bob") : ("bob", "ann")
        let text = """
            - do: list
              contract: {symbol: X, kind: \(test.kind), settle: \(currency), tick: "0.01", multiplier: "\(multiplier)", maxLeverage: "10",
                tiers: \(tiers), riskLimits: [{upTo: "1000000", im: "10%", mm: "1%"}]}
            - {do: deposit, account: ann, currency: \(currency), amount: "\(wallet)"}
            - {do: deposit, account: bob, currency: \(currency), amount: "100000"}
            - {do: leverage, account: ann, symbol: X, leverage: 10, mode: \(test.mode)}
            - {do: mark, symbol: X, price: 1000}
            - {do: trade, symbol: X, buyer: \(buyer), seller: \(seller), size: "\(size)", price: 1000}
            """
        let rulebook = try PropertyTests.rulebook(portfolio: test.rulebook == "portfolio")
        var runner = TapeRunner(try Tape.parse(text, file: "boundary.yaml", rulebook: rulebook))
        runner.run()
        #expect(runner.refusals.isEmpty)
        return runner
    }

    private func mark(_ runner: inout TapeRunner, _ price: String) -> [Event] {
        let ticks = ExactDecimal(price)!.steps(of: ExactDecimal("0.01")!)!
        return runner.execute(.mark([MarkPrice(ContractID(0), Price(ticks))]))
    }

    @Test("LIQ-001: liquidation begins on the first tick at the trigger, not on the one before", arguments: cases)
    func trigger(test: Case) throws {
        var safe = try venue(test)
        #expect(!mark(&safe, test.safe).beginsLiquidation)
        #expect(safe.exchange.brokenInvariants() == [])
        // The other tick after the first, and on its own.
        #expect(mark(&safe, test.fails).beginsLiquidation)
        var failing = try venue(test)
        #expect(mark(&failing, test.fails).beginsLiquidation)
        #expect(failing.exchange.brokenInvariants() == [])
    }

    @Test(
        "LIQ-002: the reported liquidation price lies between the last safe and the first failing tick",
        arguments: cases)
    func reportedPrice(test: Case) throws {
        let runner = try venue(test)
        let position = runner.exchange.positionStatement(PositionKey(AccountID(0), ContractID(0)))
        let price = try #require(position?.liquidationPrice)
        let edges = [ExactDecimal(test.safe)!, ExactDecimal(test.fails)!]
        #expect(price >= edges.min()! && price <= edges.max()!)
    }

    @Test("LIQ-003: warnings come below 80 % and 20 % of the buffer, once until armed again at 85 % and 25 %")
    func warnings() throws {
        // Buffer = (margin - 10) / 90: 80 % is a margin of 82 at 982; 85 % is 86.5; 20 % is 28 at 928; 25 % is 32.5 at 932.5.
        let steps: [(mark: String, levels: [WarningLevel])] = [
            ("982", []), ("981.99", [.warning]), ("975", []), ("986.49", []), ("981", []), ("986.5", []),
            ("981", [.warning]),
            ("928", []), ("927.99", [.danger]), ("932.49", []), ("927", []), ("932.5", []), ("927", [.danger]),
            ("1000", []), ("920", [.warning, .danger]),
        ]
        var runner = try venue(Case("linear", "isolated", "long", "bitmex", safe: "", fails: ""))
        for step in steps {
            let levels = mark(&runner, step.mark).compactMap {
                if case .warned(_, _, _, let level, _) = $0 { level } else { nil }
            }
            #expect(levels == step.levels, "at \(step.mark)")
        }
    }

    @Test("LIQ-004: settlement fires at UTC multiples of ten minutes, not a moment before")
    func settlement() throws {
        var runner = try venue(Case("linear", "cross", "long", "bitmex", safe: "", fails: ""))
        _ = mark(&runner, "1100")
        let ann = AccountID(0)
        let usdt = runner.exchange.directory.currency(named: "USDT")!
        runner.execute(.wait, at: Timestamp(599_999_999))
        #expect(runner.exchange.walletStatement(of: ann, in: usdt)?.balance == Amount(300_000_000))
        runner.execute(.wait, at: Timestamp(600_000_000))
        #expect(runner.exchange.walletStatement(of: ann, in: usdt)?.balance == Amount(400_000_000))
    }
}

extension [Event] {
    var beginsLiquidation: Bool {
        contains { if case .liquidation(_, _, .started) = $0 { true } else { false } }
    }
}
