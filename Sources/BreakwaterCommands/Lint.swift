import ArgumentParser
import BreakwaterCore
import BreakwaterTapes

/// `breakwater lint`: what rulebooks and contracts would lose by themselves.
struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check rulebooks and contracts: tiers, rates, fees, and the largest position against fund and book.",
        discussion: """
            Without files everything in Rulebooks/ and Contracts/ is checked. Files that cannot be loaded are findings \
            too. Ends with 1 where there is an error; warnings and notes end with 0.

            EXAMPLES
              breakwater lint
              breakwater lint Contracts/xbtusdt.yaml --fund 100000 --gap 20% --depth 500000
              breakwater lint mine.yaml --json
            """)

    @Argument(help: "Rulebooks and contracts.") var files: [String] = []
    @Option(help: "The insurance fund, in each contract's settlement currency.") var fund: String?
    @Option(help: "How far the price gaps through a position at its trigger.") var gap = "20%"
    @Option(help: "What one side of the book holds, in each contract's settlement currency.") var depth: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws { _ = try stress }

    func run() throws {
        let files = files.isEmpty ? Linter.shippedFiles : files
        let findings = Linter(try stress).findings(in: files)
        let errors = findings.count { $0.severity == .error }
        if json {
            let counts = LintFinding.Severity.allCases.map { severity in
                (key: severity.rawValue + "s", value: JSONValue.integer(findings.count { $0.severity == severity }))
            }
            let members = [(key: "files", value: JSONValue.integer(files.count))] + counts
            Console.print(
                JSONValue.object(members + [(key: "findings", value: .array(findings.map(\.json)))]).text(pretty: true))
        } else {
            for finding in findings { Console.print(finding.text) }
            let counts = LintFinding.Severity.allCases.map { severity in
                counted(findings.count { $0.severity == severity }, severity.rawValue)
            }
            Console.print("\(counted(files.count, "file")): \(counts.joined(separator: ", "))")
        }
        if errors > 0 { throw ExitCode(1) }
    }

    private var stress: Linter.Stress {
        get throws {
            guard let rate = Rate(text: gap), rate > .zero, rate < .one else {
                throw ValidationError("--gap: expected a rate between 0 and 100%, such as 20%, not \(gap)")
            }
            return Linter.Stress(
                gap: rate, fund: try amount(fund, "--fund"), depth: try amount(depth, "--depth"))
        }
    }

    private func amount(_ text: String?, _ option: String) throws -> ExactDecimal? {
        try text.map { text in
            guard let amount = ExactDecimal(text), !amount.isNegative, amount.places <= 6,
                amount.digits <= Int128(Limits.value)
            else { throw ValidationError("\(option): expected an amount of at most six decimals, not \(text)") }
            return amount
        }
    }
}
