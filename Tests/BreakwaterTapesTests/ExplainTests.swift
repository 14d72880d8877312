import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

@Suite("Explain")
struct ExplainTests {
    /// A tape and rulebook in which one position of Ann's is liquidated.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let portfolio: Bool
        let mode: String
        /// Lines between the trade and the last mark.
        let course: [String]
        let extra: String
        var testDescription: String { name }
    }

    static let cases = [
        // 100 behind 1,000, MM 10, at or below: 900 needs 10 more, then 905 and at last 890: 100 + X - 110 > 10.
        Case(
            name: "isolated", portfolio: false, mode: "isolated",
            course: [mark("905"), mark("900"), mark("890"), mark("950")], extra: "20.000001"),
        // A new leverage at 950 assigns 200 + 50 and hands the extra margin back; it is put behind the position again.
        Case(
            name: "isolated, with a new leverage on the way", portfolio: false, mode: "isolated",
            course: [
                mark("950"), "{do: leverage, account: ann, symbol: X, leverage: 5}", mark("1000"), mark("765"),
                mark("760"),
                mark("755"),
            ], extra: "5.000001"),
        // The wallet of 300 behind it: 700 needs 10 more, 680 needs 30; beyond MM by a unit.
        Case(
            name: "drawn cross", portfolio: false, mode: "cross",
            course: [mark("711"), mark("705"), mark("680"), mark("1000")], extra: "30.000001"),
        // 300 + X + 650 - 1,000 >= 1 % of 650, and liquidated only below it.
        Case(
            name: "portfolio", portfolio: true, mode: "cross",
            course: [mark("710"), mark("700"), mark("650"), mark("990")], extra: "56.5"),
        // 100 + X + 850 - 1,000 >= 8.5.
        Case(
            name: "isolated on mark value", portfolio: true, mode: "isolated",
            course: [mark("910"), mark("900"), mark("850")], extra: "58.5"),
    ]

    private static func mark(_ price: String) -> String { "{do: mark, symbol: X, price: \(price)}" }

    private func lines(_ test: Case) -> [String] {
        let tiers = test.portfolio ? "progressive" : "stepped"
        return [
            #"{do: list, contract: {symbol: X, kind: linear, settle: USDT, tick: "0.01", maxLeverage: "10", tiers: \#(tiers), riskLimits: [{upTo: "1000000", im: "10%", mm: "1%"}]}}"#,
            #"{do: deposit, account: ann, currency: USDT, amount: "300"}"#,
            #"{do: deposit, account: bob, currency: USDT, amount: "100000"}"#,
            "{do: leverage, account: ann, symbol: X, leverage: 10, mode: \(test.mode)}", Self.mark("1000"),
            #"{do: trade, symbol: X, buyer: ann, seller: bob, size: "1", price: 1000}"#,
        ] + test.course
    }

    private func tape(_ lines: [String], portfolio: Bool) throws -> Tape {
        let text = lines.map { "- \($0)\n" }.joined()
        return try Tape.parse(text, file: "t.yaml", rulebook: try PropertyTests.rulebook(portfolio: portfolio))
    }

    private func explained(_ tape: Tape, _ choice: Explanation.Choice = .init()) throws -> [JSONValue] {
        var explanation = try Explanation(of: tape, choice)
        explanation.findCounterfactuals()
        guard case .array(let told)? = explanation.json["liquidations"] else { return [] }
        return told
    }

    /// Runs the tape with money written into it after `line`, and says whether any liquidation of Ann's begins.
    private func isLiquidated(_ test: Case, with extra: ExactDecimal, after line: Int) throws -> Bool {
        var lines = lines(test)
        var inserted = [#"{do: deposit, account: ann, currency: USDT, amount: "\#(extra)"}"#]
        let move = #"{do: margin, account: ann, symbol: X, amount: "\#(extra)"}"#
        if test.mode == "isolated" {
            inserted.append(move)
            if let place = lines.lastIndex(where: { $0.contains("leverage: 5}") }), place >= line {
                lines.insert(move, at: place + 1)
            }
        }
        lines.insert(contentsOf: inserted, at: line)
        var runner = TapeRunner(try tape(lines, portfolio: test.portfolio))
        runner.run()
        #expect(runner.refusals.isEmpty || runner.records.all.count > 0)
        return runner.records.all.contains { runner.exchange.directory[$0.trigger.key.account] == "ann" }
    }

    @Test(
        "EXP-001: the least extra margin survives, one unit less does not, when written into the tape", arguments: cases
    )
    func counterfactual(test: Case) throws {
        let told = try explained(try tape(lines(test), portfolio: test.portfolio))
        let found = try #require(told.first?["counterfactual"])
        #expect(found["extra"]?.plain == test.extra)
        #expect(found["after"]?["line"] == .integer(6))
        let extra = try #require(ExactDecimal(test.extra)?.scaled(toPlaces: 6))
        #expect(try !isLiquidated(test, with: ExactDecimal(digits: extra, places: 6), after: 6))
        #expect(try isLiquidated(test, with: ExactDecimal(digits: extra - 1, places: 6), after: 6))
        #expect(found["oneUnitLess"]?.plain == "\(ExactDecimal(digits: extra - 1, places: 6))")
        guard case .integer(let last)? = found["lastMoment"]?["line"], case .integer(let fatal)? = told[0]["line"]
        else {
            Issue.record("no last moment")
            return
        }
        #expect(last == fatal - 1)
        #expect(try !isLiquidated(test, with: ExactDecimal(digits: extra, places: 6), after: last))
        #expect(try isLiquidated(test, with: ExactDecimal(digits: extra, places: 6), after: fatal))
    }

    @Test("EXP-002: margin, requirement and loss of Bryan's liquidations, to the unit")
    func bryan() throws {
        let told = try explained(try Tape.read(Repository.path("Scenarios/bryan.yaml")))
        #expect(told.count == 2)
        let first = told[0]
        #expect(first["backing"]?["initialMargin"] == "400")
        #expect(first["backing"]?["drawn"] == "200")
        #expect(first["backing"]?["unrealisedPnl"] == "-400")
        #expect(first["backing"]?["margin"] == "200")
        #expect(first["requirement"]?["maintenanceMargin"] == "200")
        #expect(first["tier"]?["mm"] == "0.01")
        #expect(first["prices"]?["mark"] == "21600")
        #expect(first["prices"]?["index"] == .null)
        #expect(first["loss"]?["total"] == "600")
        // At or below MM: one unit more would have been enough on the very last line.
        #expect(first["counterfactual"]?["extra"] == "0.000001")
        #expect(first["counterfactual"]?["laterMoments"] == .integer(0))
        #expect(told[1]["counterfactual"]?["extra"] == "200.000001")
    }

    @Test("EXP-003: index and sources are those of the moment of the trigger")
    func prices() throws {
        let test = Self.cases[3]
        var lines = lines(test)
        lines.insert("{do: index, symbol: X, source: one, price: 1000}", at: 5)
        lines.insert("{do: index, symbol: X, source: two, price: 1001}", at: 6)
        lines.append("{do: index, symbol: X, source: two, price: 5}")
        let told = try explained(try tape(lines, portfolio: true))
        #expect(told[0]["prices"]?["index"] == "1000.5")
        #expect(told[0]["prices"]?["sources"]?["two"] == "1001")
    }

    @Test("EXP-004: without a liquidation explain says so and ends with 0; what does not exist ends with 2")
    func program() throws {
        let karen = try Repository.run(["explain", "Scenarios/karen.yaml"])
        #expect(karen.status == 0)
        #expect(karen.output.contains("nothing was liquidated"))
        #expect(try Repository.run(["explain", "Scenarios/bryan.yaml", "--liquidation", "2"]).status == 2)
        #expect(try Repository.run(["explain", "Scenarios/bryan.yaml", "--account", "nobody"]).status == 2)
        #expect(try Repository.run(["explain", "nosuch.yaml"]).status == 2)
        let bryan = try Repository.run(["explain", "Scenarios/bryan.yaml", "--account", "bryan"])
        for part in [
            "600 behind it (IM 400 and 200 drawn)", "200 USDT = 1 % of 20000 of entry value", "trader 600 = 600 USDT",
            "0.000001 USDT more, deposited right after line 16", "is liquidated at line 40",
        ] { #expect(bryan.output.contains(part), "\(part)") }
    }

    @Test(
        "EXP-005: the JSON has the record of the report with what explains it; one liquidation alone can be asked for")
    func json() throws {
        let result = try Repository.run(["explain", "Scenarios/bryan.yaml", "--liquidation", "1", "--json"])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let told = try #require(json["liquidations"] as? [[String: Any]])
        #expect(told.count == 1)
        #expect(json["begun"] as? Int == 2)
        #expect(told[0]["id"] as? Int == 1)
        for key in [
            "account", "mark", "stages", "loss", "line", "opened", "prices", "tier", "requirement", "backing",
            "counterfactual",
        ] { #expect(told[0][key] != nil, "\(key)") }
        let quick = try Repository.run(["explain", "Scenarios/bryan.yaml", "--no-counterfactual", "--json"])
        #expect(!quick.output.contains("counterfactual"))
    }

    @Test("EXP-006: the cap is told, and replaying changes nothing of what is told")
    func cap() throws {
        let tape = try Tape.read(Repository.path("Scenarios/auto-deleverage.yaml"))
        let one = try Explanation(of: tape, limit: 1)
        #expect(one.count == 1)
        #expect(one.json["notShown"] == .integer(one.begun - 1))
        var runner = TapeRunner(tape)
        runner.run()
        #expect(one.json["stateHash"]?.plain == runner.exchange.stateHashText)
    }

    @Test(
        "EXP-007: on random tapes what is claimed of a cross position holds when its deposit is made by hand",
        arguments: [UInt64(1), 2, 3, 4], [false, true])
    func random(seed: UInt64, portfolio: Bool) throws {
        let tape = try PropertyTests.tape(seed: seed, portfolio: portfolio)
        var explanation = try Explanation(of: tape, limit: 4)
        explanation.findCounterfactuals()
        guard case .array(let told)? = explanation.json["liquidations"] else { return }
        for told in told where told["counterfactual"]?["by"] == "deposit" {
            guard let extra = told["counterfactual"]?["extra"].flatMap({ ExactDecimal($0.plain) }) else { continue }
            let less = try #require(told["counterfactual"]?["oneUnitLess"].flatMap { ExactDecimal($0.plain) })
            #expect(try !begins(told, on: tape, with: extra), "liquidation \(told["id"]!.plain)")
            #expect(try begins(told, on: tape, with: less), "liquidation \(told["id"]!.plain)")
        }
    }

    /// Whether the account's position is liquidated from that liquidation's line on, with `extra` deposited at its opening.
    private func begins(_ told: JSONValue, on tape: Tape, with extra: ExactDecimal) throws -> Bool {
        let (after, from) = (told["counterfactual"]!["after"]!["line"]!.plain, told["line"]!.plain)
        var runner = TapeRunner(tape)
        var begun = 0
        for step in tape.steps {
            if "\(step.line)" == from { begun = runner.records.all.count }
            runner.run(step)
            guard "\(step.line)" == after, extra.isPositive else { continue }
            let venue = runner.exchange.directory
            let currency = try #require(venue.currency(named: told["currency"]!.plain))
            let account = try #require(venue.account(named: told["account"]!.plain))
            runner.execute(.deposit(account, currency, try #require(venue[currency].amount(extra))))
        }
        let venue = runner.exchange.directory
        return runner.records.all.dropFirst(begun).contains { record in
            let key = record.trigger.key
            let side = key.side == .net ? "" : ":\(key.side.rawValue)"
            return venue[key.account] == told["account"]!.plain
                && venue[key.contract].symbol + side == told["position"]!.plain
        }
    }
}
