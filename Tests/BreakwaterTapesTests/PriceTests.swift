import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

/// What a portfolio, a waiting lot and a random venue make of stale and computed prices; the plain cases are scenarios.
@Suite("Prices")
struct PriceTests {
    private func run(_ text: String, portfolio: Bool) throws -> TapeRunner {
        let rulebook = try PropertyTests.rulebook(portfolio: portfolio)
        var runner = TapeRunner(try Tape.parse(text, file: "prices.yaml", rulebook: rulebook))
        runner.run { exchange, step in #expect(exchange.brokenInvariants() == [], "line \(step.line)") }
        #expect(runner.failures.map(\.description) == [])
        #expect(runner.unexpectedRefusals == [])
        return runner
    }

    private func list(_ symbol: String, _ tiers: String, _ more: String = "") -> String {
        """
        - do: list
          contract: {symbol: \(symbol), kind: linear, settle: USDT, tick: "0.01", maxLeverage: "10", tiers: \(tiers),
            riskLimits: [{upTo: "1000000", im: "10%", mm: "1%"}]\(more)}

        """
    }

    @Test("PRC-010: a portfolio is held while any mark behind it is stale, and looked at when it is fresh again")
    func portfolio() throws {
        _ = try run(
            list("A", "progressive", ", maxAge: 60s") + list("B", "progressive") + """
                - {do: deposit, account: ann, currency: USDT, amount: "300"}
                - {do: deposit, account: bob, currency: USDT, amount: "100000"}
                - {do: mark, prices: {A: 1000, B: 1000}}
                - {do: trade, symbol: A, buyer: ann, seller: bob, size: 1, price: 1000}
                - {do: trade, symbol: B, buyer: ann, seller: bob, size: 2, price: 1000}
                - {do: wait, for: 61s}
                # B, the larger position, costs 400 of 300, but A's mark is stale: it may have risen by as much.
                - {do: mark, symbol: B, price: 800}
                - {do: expect, account: ann, symbol: B, size: 2, liquidated: false}
                - {do: order, account: bob, symbol: B, id: b1, side: sell, type: limit, size: 1, price: 800}
                - {do: expect, rejected: staleMark}
                - {do: withdraw, account: bob, currency: USDT, amount: 1}
                - {do: expect, rejected: staleMark}
                - {do: mark, symbol: A, price: 1400}
                - {do: expect, account: ann, symbol: B, size: 2, liquidated: false}
                - {do: wait, for: 61s}
                - {do: mark, symbol: B, price: 750}
                - {do: expect, account: ann, symbol: B, size: 2, liquidated: false}
                - {do: mark, symbol: A, price: 1190}
                - {do: expect, account: ann, symbol: B, size: 0, liquidated: true}
                - {do: expect, account: ann, symbol: A, size: 0, liquidated: true}
                """, portfolio: true)
    }

    @Test(
        "PRC-011: a lot's patience ends without effect on a stale mark; the fund and the ranking wait for a fresh one")
    func patience() throws {
        var runner = try run(
            list("A", "progressive", ", maxAge: 60s") + """
                - {do: deposit, account: ann, currency: USDT, amount: "100"}
                - {do: deposit, account: bob, currency: USDT, amount: "100000"}
                - {do: mark, symbol: A, price: 1000}
                - {do: trade, symbol: A, buyer: ann, seller: bob, size: 1, price: 1000}
                # 905 leaves 5 of an MM of 9.05; the engine holds it at 900 and is patient for 90 s.
                - {do: mark, symbol: A, price: 905}
                - {do: expect, account: ann, symbol: A, size: 0, liquidated: true}
                - {do: wait, for: 91s}
                - {do: expect, account: bob, symbol: A, size: -1}
                - {do: restart}
                """, portfolio: true)
        let mark = MarkPrice(ContractID(0), Price(90_500))
        runner.execute(.mark([mark]))
        #expect(runner.exchange.positionStatement(PositionKey(AccountID(1), ContractID(0))) == nil)
    }

    @Test("PRC-012: settlement leaves a stale mark's profit where it is")
    func settlement() throws {
        _ = try run(
            list("A", "stepped", ", maxAge: 60s") + """
                - {do: deposit, account: ann, currency: USDT, amount: "300"}
                - {do: deposit, account: bob, currency: USDT, amount: "1000"}
                - {do: mark, symbol: A, price: 1000}
                - {do: trade, symbol: A, buyer: ann, seller: bob, size: 1, price: 1000}
                - {do: mark, symbol: A, price: 1100}
                - {do: settle, at: +60001ms}
                - {do: expect, account: ann, currency: USDT, wallet: 300}
                - {do: mark, symbol: A, price: 1100}
                - {do: settle}
                - {do: expect, account: ann, currency: USDT, wallet: 400}
                """, portfolio: false)
    }

    @Test("PRC-013: an isolated position gives no margin back on a stale mark, and takes more")
    func isolated() throws {
        _ = try run(
            list("A", "stepped", ", maxAge: 60s") + """
                - {do: deposit, account: ann, currency: USDT, amount: "300"}
                - {do: deposit, account: bob, currency: USDT, amount: "1000"}
                - {do: leverage, account: ann, symbol: A, leverage: 5, mode: isolated}
                - {do: mark, symbol: A, price: 1000}
                - {do: trade, symbol: A, buyer: ann, seller: bob, size: 1, price: 1000}
                - {do: wait, for: 61s}
                - {do: margin, account: ann, symbol: A, amount: "10"}
                - {do: margin, account: ann, symbol: A, amount: "-10"}
                - {do: expect, rejected: staleMark}
                - {do: leverage, account: ann, symbol: A, leverage: 10}
                - {do: expect, rejected: staleMark}
                - {do: leverage, account: ann, symbol: A, leverage: 4}
                - {do: withdraw, account: ann, currency: USDT, amount: "10"}
                - {do: expect, account: ann, symbol: A, currency: USDT, wallet: "290", margin: "250"}
                """, portfolio: false)
    }

    @Test(
        "PRC-014: terms and rules that do not fit are refused by key",
        arguments: [
            (#", index: {sources: []}"#, "index.sources"),
            (#", index: {sources: [{name: A, outside: true}]}"#, "index.sources"),
            (#", index: {sources: [{name: A}, {name: A}]}"#, "index.sources"),
            (#", index: {sources: [{name: A, weight: "0"}]}"#, "index.sources.weight"),
            (#", index: {sources: [{name: A, weight: "0.0000001"}]}"#, "weight"),
            (#", index: {sources: [{name: A}], maxAge: 0s}"#, "index.maxAge"),
            (#", index: {sources: [{name: A}], outlier: 0%}"#, "index.outlier"),
            (#", index: {sources: [{name: A}, {name: B, outside: true}], required: 2}"#, "index.required"),
            (#", index: {sources: [{name: A}], colour: red}"#, "colour"),
            (#", maxAge: 0s"#, "maxAge"),
        ])
    func refusedTerms(terms: String, key: String) throws {
        #expect { _ = try run(list("A", "stepped", terms), portfolio: false) } throws: {
            "\($0)".contains(": \(key): ")
        }
    }

    @Test(
        "PRC-015: price rules that cannot work are refused by key",
        arguments: [
            ("mark: {method: guess, interval: 5s}", "method"), ("mark: {method: fairPrice}", "interval"),
            ("mark: {method: fairPrice, interval: 500ms}", "mark.interval"),
            ("mark: {method: external, interval: 5s}", "interval"),
            ("mark: {method: medianOfThree, of: [book, last], interval: 5s}", "mark.of"),
            ("mark: {method: medianOfThree, of: [book, last, last], interval: 5s}", "mark.of"),
            ("mark: {method: medianOfThree, of: [book, last, moon], interval: 5s}", "of"),
            ("mark: {method: medianOfThree, of: [book, last, averageBasis], interval: 5s}", "mark.average"),
            ("mark: {method: impactMid, interval: 5s}", "mark.impact"),
            ("mark: {method: impactMid, interval: 5s, impact: {DOGE: 5}}", "DOGE"),
            ("markCap: {perSecond: 0%, within: 5%}", "markCap.perSecond"),
            ("markCap: {perSecond: 1%}", "within"),
            ("funding: {interval: 90s, sample: 1m, interest: 0%, clamp: 0%, impact: {USDT: 5}}", "funding.interval"),
            ("funding: {interval: 8h, sample: 1m, interest: 0%, clamp: -1%, impact: {USDT: 5}}", "funding.clamp"),
            ("funding: {interval: 8h, sample: 1m, interest: 0%, clamp: 0%}", "funding.impact"),
        ])
    func refusedRules(rules: String, key: String) throws {
        let text = try String(contentsOfFile: Repository.path("Rulebooks/bitmex.yaml"), encoding: .utf8)
        #expect { try RulebookFile.parse(text + "\n" + rules + "\n", file: "r.yaml") } throws: {
            "\($0)".contains(": \(key): ")
        }
    }

    @Test("PRC-016: a contract without what its computed prices need is refused when it is listed")
    func unfit() throws {
        let text = try String(contentsOfFile: Repository.path("Rulebooks/bitmex.yaml"), encoding: .utf8)
        let mark = "mark: {method: impactMid, impact: {XBT: 1}, interval: 5s}\n"
        let rulebook = try RulebookFile.parse(text + "\n" + mark, file: "r.yaml")
        for (terms, key) in [
            ("", "index.maxAge"), (", index: {sources: [{name: A}]}", "index.maxAge"),
            (", index: {sources: [{name: A}], maxAge: 2d}", "index.maxAge"),
            (", index: {sources: [{name: A}], maxAge: 1d}", "settle"),
        ] {
            #expect {
                try Tape.parse(list("A", "stepped", terms), file: "t.yaml", rulebook: rulebook)
            } throws: { "\($0)".contains(": \(key): ") }
        }
    }
}
