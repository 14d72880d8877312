import Foundation
import Testing

@testable import BreakwaterCore
@testable import BreakwaterTapes

@Suite("Compare")
struct CompareTests {
    /// The portfolio rulebook of the tests, with a progressive table of its own for the contracts compared.
    private func portfolio(in folder: String) throws -> String {
        let file = folder + "/portfolio.yaml"
        let text = try String(
            contentsOfFile: Repository.path("Tests/BreakwaterTapesTests/Rulebooks/portfolio.yaml"), encoding: .utf8)
        let table = "{currency: USDT, tiers: progressive, riskLimits: [{upTo: \"100000000\", im: \"2%\", mm: \"1%\"}]}"
        try Data((text + "tiers: {XBTUSDT: \(table), ETHUSDT: \(table)}\n").utf8).write(to: URL(filePath: file))
        return file
    }

    private func compare(_ arguments: [String]) throws -> [String: Any] {
        let result = try Repository.run(["compare", "--json"] + arguments)
        #expect(result.status == 0, "\(result.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    private func figures(_ json: [String: Any], _ run: Int) -> [String: Any] {
        let runs = json["runs"] as? [[String: Any]] ?? []
        return (runs[run]["currencies"] as? [String: [String: Any]])?["USDT"] ?? [:]
    }

    @Test("CMP-001: Bryan under two rulebooks: who was liquidated where, and who bore the loss")
    func tape() throws {
        let json = try Repository.withFolder { folder in
            try compare(["Scenarios/bryan.yaml", "--rulebooks", "bitmex,\(try portfolio(in: folder))"])
        }
        let drawn = figures(json, 0)
        #expect(drawn["positionsLost"] as? Int == 2)
        #expect(drawn["firstMark"] as? String == "21600")
        #expect(drawn["notional"] as? String == "47800")
        #expect((drawn["loss"] as? [String: String])?["trader"] == "9000")
        // One margin for both: 5,000 + 1,600 - 6,199.8 = 400.2 against an MM of 477.998.
        let shared = figures(json, 1)
        #expect(shared["firstMark"] as? String == "1309.99")
        let rows = try #require(json["liquidated"] as? [[String: Any]])
        let marks = rows.map { row in
            (row["byRun"] as? [[[String: Any]]] ?? []).map { $0.first?["mark"] as? String }
        }
        #expect(rows.map { $0["position"] as? String } == ["XBTUSDT", "ETHUSDT"])
        #expect(marks.last == ["1310", "1309.99"])
        #expect(marks.first?.first == "21600")
        for run in [drawn, shared] {
            let loss = try #require(run["loss"] as? [String: String])
            let parts = loss.filter { $0.key != "total" }.compactMap { Decimal(string: $0.value) }.reduce(0, +)
            #expect(parts == Decimal(string: loss["total"]!))
        }
    }

    @Test("CMP-002: tiers that do not fit a rulebook are bad input, with the file and the reason")
    func unfit() throws {
        let other = "Tests/BreakwaterTapesTests/Rulebooks/portfolio.yaml"
        let tape = try Repository.run(["compare", "Scenarios/bryan.yaml", "--rulebooks", "bitmex,\(other)"])
        #expect(tape.status == 2)
        #expect(tape.errors.contains("bryan.yaml:4: tiers: \"stepped\""))
        #expect(tape.errors.contains("because rulebook portfolio margins mark value"))
        let bars = try Repository.run([
            "compare", "--bars", "Examples/btc-perp-1m-2022-01-20-to-22.csv", "--rulebooks", other,
        ])
        #expect(bars.status == 2)
        #expect(bars.errors.contains("xbtusdt: tiers: \"stepped\""))
    }

    @Test("CMP-003: simulations run beside each other give what each gives alone, in the order asked for")
    func simulation() throws {
        try Repository.withFolder { folder in
            let bars = try String(
                contentsOfFile: Repository.path("Examples/btc-perp-1m-2022-01-20-to-22.csv"), encoding: .utf8)
            let short = folder + "/bars.csv"
            try Data(bars.split(separator: "\n").prefix(400).joined(separator: "\n").utf8).write(
                to: URL(filePath: short))
            let options = ["--bars", short, "--accounts", "60", "--fund", "0", "--depth", "5000"]
            let other = try portfolio(in: folder)
            let page = folder + "/page.html"
            let both = try compare(options + ["--rulebooks", "bitmex,\(other)", "--html", page])
            let runs = try #require(both["runs"] as? [[String: Any]])
            #expect(runs.map { $0["name"] as? String } == ["bitmex", "portfolio"])
            for (number, rulebook) in ["bitmex", other].enumerated() {
                let alone = try Repository.run(["simulate"] + options + ["--rulebook", rulebook, "--report", "json"])
                let report = try #require(
                    try JSONSerialization.jsonObject(with: Data(alone.output.utf8)) as? [String: Any])
                #expect(report["stateHash"] as? String == runs[number]["stateHash"] as? String)
            }
            let html = try String(contentsOfFile: page, encoding: .utf8)
            for outside in ["src=", "href=\"http", "@import", "url("] { #expect(!html.contains(outside)) }
            for part in ["portfolio", "Who bore the loss", "Notional lost", "overshoot"] {
                #expect(html.contains(part), "\(part)")
            }
        }
    }

    @Test("CMP-004: policies on one rulebook; at the bankruptcy price nothing more is given up than was missing")
    func policies() throws {
        let policies = AutoDeleveragePolicy.allCases.map(\.rawValue)
        let json = try compare(["Scenarios/auto-deleverage.yaml", "--policies", policies.joined(separator: ",")])
        let runs = try #require(json["runs"] as? [[String: Any]])
        #expect(runs.map { $0["policy"] as? String } == policies)
        for number in runs.indices {
            let run = figures(json, number)
            #expect(run["givenUp"] as? String == run["deficit"] as? String)
            #expect(run["overshoot"] as? String == "0")
        }
        #expect(figures(json, 0)["givenUp"] as? String == "900.1")
        #expect(try Repository.run(["compare", "Scenarios/bryan.yaml", "--policies", "alphabet"]).status == 2)
    }

    @Test("CMP-005: overshoot is what is given up beyond the lot's loss at mark, after its parts and its funding")
    func overshoot() {
        let trigger = LiquidationStep.Trigger(
            key: PositionKey(AccountID(0), ContractID(0)), mode: .isolated, mark: Price(96), size: Size(10),
            entry: Amount(1_000), settled: Amount(1_000), margin: Amount(20), leverage: Leverage(5_000), riskLimit: 0,
            stance: .init(margin: Amount(-20), maintenance: Amount(10)))
        let steps: [LiquidationStep] = [
            .started(trigger), .takenOver(size: Size(10), margin: Amount(20), settled: Amount(980), limit: Price(98)),
            .lotTraded(size: Size(-5), price: Price(97), value: Amount(-485), gain: Amount(-5), aggressing: true),
            .lotFunded(Amount(10)),
            // 5 are left, settled at 490 + 10; 2 of them at 201 with a mark value of 190: 11 given up, 10 missing.
            .deleveraged(AccountID(1), .net, size: Size(2), value: Amount(201), forgone: Amount(11), gain: Amount(1)),
            // The last 3, settled at 300, at 300 with a mark value of 290.
            .deleveraged(AccountID(2), .net, size: Size(3), value: Amount(300), forgone: Amount(10), gain: .zero),
        ]
        var records = LiquidationRecords()
        records.fold(steps.map { .liquidation(LiquidationID(0), ContractID(0), $0) }, at: .zero)
        let parts = records.all[0].deleveragings
        #expect(parts.map(\.givenUp) == [Amount(11), Amount(10)])
        #expect(parts.map(\.missing) == [Amount(10), Amount(10)])
    }

    @Test("CMP-006: neither or both of a tape and bars, and unknown rulebooks, end with 2")
    func options() throws {
        for arguments in [
            ["compare"], ["compare", "Scenarios/bryan.yaml", "--bars", "x.csv"],
            ["compare", "Scenarios/bryan.yaml", "--rulebooks", "nosuch"],
        ] { #expect(try Repository.run(arguments).status == 2) }
    }
}
