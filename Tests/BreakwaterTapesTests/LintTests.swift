import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

@Suite("Lint")
struct LintTests {
    private func findings(
        _ texts: [String], gap: String = "20%", fund: String? = nil, depth: String? = nil
    ) throws -> [LintFinding] {
        try Repository.withFolder { folder in
            var files: [String] = []
            for (number, text) in texts.enumerated() {
                files.append(folder + "/\(number).yaml")
                try Data(text.utf8).write(to: URL(filePath: files[number]))
            }
            let stress = Linter.Stress(
                gap: Rate(text: gap)!, fund: fund.flatMap { ExactDecimal($0) },
                depth: depth.flatMap { ExactDecimal($0) })
            return Linter(stress).findings(in: files)
        }
    }

    /// A sound contract: lines 1 to 10.
    private static let contract = """
        symbol: X
        kind: linear
        settle: USDT
        tick: "0.01"
        maxLeverage: "50"
        takerFee: "0.05%"
        tiers: stepped
        riskLimits:
          - {upTo: "1000", im: "2%", mm: "1%"}
          - {upTo: "3000", im: "4%", mm: "2%"}
        """

    @Test("LINT-001: what ships has no errors")
    func shipped() throws {
        let result = try Repository.run(["lint"])
        #expect(result.status == 0, "\(result.output)")
        #expect(!result.output.contains("error  "))
    }

    @Test(
        "LINT-002: each planted fault is told with line, key, rule and figure",
        arguments: [
            ("im: \"4%\", mm: \"2%\"", "im: \"4%\", mm: \"4%\"", 10, "riskLimits[1].im", "im-above-mm", "0.04"),
            ("im: \"2%\", mm: \"1%\"", "im: \"5%\", mm: \"1%\"", 10, "riskLimits[1].im", "rates-grow", "0.04"),
            ("im: \"2%\", mm: \"1%\"", "im: \"4%\", mm: \"3%\"", 10, "riskLimits[1].mm", "rates-grow", "0.02"),
            ("takerFee: \"0.05%\"", "takerFee: \"1%\"", 9, "riskLimits[0].mm", "fee-below-mm", "0.01"),
            ("upTo: \"3000\"", "upTo: \"900\"", 10, "riskLimits[1].upTo", "limits-grow", "900"),
        ])
    func faults(old: String, new: String, line: Int, key: String, rule: String, figure: String) throws {
        let found = try findings([Self.contract.replacingOccurrences(of: old, with: new)])
        let errors = found.filter { $0.severity == .error }
        #expect(errors.map(\.rule) == [rule])
        #expect(errors.first?.line == line)
        #expect(errors.first?.key == key)
        #expect(errors.first?.figure == figure)
    }

    @Test("LINT-003: several faults are all told, not only the first")
    func all() throws {
        let text = Self.contract.replacingOccurrences(of: "mm: \"2%\"", with: "mm: \"9%\"").replacingOccurrences(
            of: "takerFee: \"0.05%\"", with: "takerFee: \"1%\"")
        let rules = try findings([text]).filter { $0.severity == .error }.map(\.rule)
        #expect(rules == ["fee-below-mm", "im-above-mm"])
    }

    @Test("LINT-004: a stepped table jumps at a limit, a progressive one does not")
    func continuity() throws {
        // 1 % of 1,000 is 10; 2 % of one unit more is 20.000001, rounded up.
        let stepped = try findings([Self.contract]).filter { $0.rule == "tier-jump" }
        #expect(stepped.map(\.figure) == ["10.000001"])
        #expect(stepped.first?.severity == .note)
        let smooth = try findings([Self.contract.replacingOccurrences(of: "stepped", with: "progressive")])
        #expect(smooth.contains { $0.rule == "tier-continuity" && $0.severity == .note })
        #expect(!smooth.contains { $0.severity == .error })
    }

    @Test(
        "LINT-005: a gap through the largest position against MM and fund: 20 % of 3,000 less 60 is 540",
        arguments: [
            (String?.none, "20%", LintFinding.Severity.note, "540"), ("540", "20%", .note, "540"),
            ("539.999999", "20%", .warning, "540"), ("1", "2%", .note, "0"),
        ])
    func gap(fund: String?, gap: String, severity: LintFinding.Severity, deficit: String) throws {
        let found = try findings([Self.contract], gap: gap, fund: fund).filter { $0.rule == "gap-fund" }
        #expect(found.map(\.severity) == [severity])
        #expect(found.first?.figure == deficit)
    }

    @Test("LINT-006: an inverse long loses more: 3,000 x 20 % / 80 % = 750, less 60")
    func inverseGap() throws {
        let found = try findings([Self.contract.replacingOccurrences(of: "linear", with: "inverse")])
        #expect(found.first { $0.rule == "gap-fund" }?.figure == "690")
    }

    @Test(
        "LINT-007: the largest position against the depth of the book",
        arguments: [("3000", LintFinding.Severity.note, "1"), ("2999", .warning, "1"), ("1500", .warning, "2")])
    func depth(depth: String, severity: LintFinding.Severity, times: String) throws {
        let found = try findings([Self.contract], depth: depth).filter { $0.rule == "clip-depth" }
        #expect(found.map(\.severity) == [severity])
        #expect(found.first?.figure == times)
    }

    @Test("LINT-008: a rulebook's own table is judged with the fees of its contract, and its clips by their positions")
    func rulebook() throws {
        let path = Repository.path("Tests/BreakwaterTapesTests/Rulebooks/portfolio.yaml")
        let text =
            try String(contentsOfFile: path, encoding: .utf8)
            + "tiers: {X: {currency: USDT, tiers: progressive, riskLimits: [{upTo: \"1000\", im: \"2%\", mm: \"1%\"}]}}\n"
        let contract = Self.contract.replacingOccurrences(of: "0.05%", with: "0.9%")
        #expect(try !findings([text, contract]).contains { $0.severity == .error })
        let dear = Self.contract.replacingOccurrences(of: "0.05%", with: "1%")
        let found = try findings([text, dear]).first { $0.rule == "fee-below-mm" }
        #expect(found?.key == "tiers.X.riskLimits[0].mm")
    }

    @Test(
        "LINT-009: what cannot be read is a finding, whatever it is",
        arguments: [
            "", "[1, 2]", "x: 1", "symbol: [1", "symbol: X", "symbol: {a: b}", "name: x\nwaterfall: 7",
            "name: x\nwaterfall: [1]\ntiers: 5", "symbol: X\nsettle: USDT\ntiers: stepped\nriskLimits: []",
            "symbol: X\nsettle: USDT\ntiers: progressive\nriskLimits: [{upTo: \"-5\", im: \"-100%\", mm: \"100%\"}]",
            "symbol: X\nsettle: USDT\ntiers: concentration\nconcentration: {im: \"0\", slope: \"0\", scale: \"1\", mm: 2/3}",
        ])
    func unreadable(text: String) throws {
        #expect(try findings([text], fund: "1", depth: "1").contains { $0.severity == .error })
    }

    @Test("LINT-010: 1 with an error, 2 for options that cannot be used, JSON with all of it")
    func program() throws {
        #expect(try Repository.run(["lint", "nosuch.yaml"]).status == 1)
        #expect(try Repository.run(["lint", "--gap", "300%"]).status == 2)
        #expect(try Repository.run(["lint", "--fund", "much"]).status == 2)
        let result = try Repository.run(["lint", "Contracts/xbtusdt.yaml", "--fund", "1", "--json"])
        #expect(result.status == 0)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let found = try #require(json["findings"] as? [[String: Any]])
        #expect(Set(found[0].keys) == ["severity", "file", "line", "key", "rule", "figure", "message"])
        #expect(json["warnings"] as? Int == 1)
    }
}
