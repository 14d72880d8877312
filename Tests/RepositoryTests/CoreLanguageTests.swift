import Testing

/// The core gives the same events and the same state hash for the same commands, on every machine and in every build.
/// These are the parts of the language that could break that without a test of behaviour noticing.
@Suite("Repository: language of the core")
struct CoreLanguageTests {
    static let forbidden: [String: String] = [
        "Double": "floating point", "Float": "floating point", "Float16": "floating point",
        "Float32": "floating point", "Float64": "floating point", "Float80": "floating point",
        "Date": "time from outside", "Clock": "time from outside", "ContinuousClock": "time from outside",
        "SuspendingClock": "time from outside",
        "random": "chance", "randomElement": "chance", "shuffle": "chance", "shuffled": "chance",
        "SystemRandomNumberGenerator": "chance", "hashValue": "seeded anew in every process",
        "Set": "no order of its own",
        "async": "concurrency", "await": "concurrency",
    ]

    @Test("REP-004: the core has no floating point, clock, chance, unordered set or concurrency")
    func coreIsDeterministic() throws {
        var found: [String] = []
        for file in try Repository.swiftFiles(in: "Sources/BreakwaterCore") {
            let code = code(in: try Repository.text(of: file) ?? "")
            for (index, line) in code.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                found += offences(in: line).map { "\(file):\(index + 1): \($0)" }
            }
        }
        #expect(found == [])
    }

    @Test(
        "REP-005: code is told from text, and a fraction from a range",
        arguments: [
            ("let rate: Double", "Double: floating point"),
            ("let seen: Set<Int> = []", "Set: no order of its own"),
            ("let half = 0.5", "a floating-point literal"),
            ("let tiny = 1e-8", "a floating-point literal"),
            ("rows.shuffled() // fair", "shuffled: chance"),
            ("// a Double would round", nil),
            ("let reason = \"a \\\"random\\\" walk // of 0.5\"", nil),
            ("for step in 0..<10 where pair.0.1 > 1_000 {}", nil),
            ("orders.first { $0.0.1 == 0xE5 }", nil),
        ])
    func offenceIsSeen(source: String, offence: String?) {
        let found = code(in: source).split(separator: "\n").flatMap(offences)
        #expect(found == (offence.map { [$0] } ?? []))
    }

    @Test("REP-012: a string of several lines is no code, and the lines after it keep their numbers")
    func stringsKeepTheirLines() {
        let source = "let text = \"\"\"\n    0.5 async\n    \"\"\"\nlet half = 0.5"
        #expect(code(in: source) == "let text = \n\n\nlet half = 0.5")
    }

    private func offences(in line: Substring) -> [String] {
        let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
        var found = words.compactMap { word in Self.forbidden[String(word)].map { "\(word): \($0)" } }
        if line.contains(/(?:^|[^\w.$])\d[\d_]*(?:\.\d|[eE][+\-]?\d)/) { found.append("a floating-point literal") }
        return found
    }

    /// `source` without its strings and comments, every line where it was.
    private func code(in source: String) -> String {
        let text = /"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*"|\/\/[^\n]*/
        return source.replacing(text) { String(repeating: "\n", count: $0.output.count { $0 == "\n" }) }
    }
}
