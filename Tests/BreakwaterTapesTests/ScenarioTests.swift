import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

@Suite("Scenarios")
struct ScenarioTests {
    static let files = Repository.files(in: "Scenarios", ending: ".yaml")

    @Test(
        "SCN-001: every founding example comes out to the digit, with a whole ledger after every command",
        arguments: files)
    func holds(file: String) throws {
        var runner = TapeRunner(try Tape.read(file))
        var broken: [String] = []
        runner.run { exchange, step in broken += exchange.brokenInvariants().map { "line \(step.line): \($0)" } }
        #expect(runner.failures.map(\.description) == [])
        #expect(broken == [])
        #expect(runner.unexpectedRefusals == [])
        #expect(runner.expectations > 0)
    }

    @Test(
        "SCN-003: the scenarios take every shipped rulebook through each of its stages",
        arguments: VenuePropertyTests.venues)
    func coverage(venue: String) throws {
        var missing = Set(try RulebookFile.read(Repository.path("Rulebooks/\(venue).yaml")).stageNames)
        for file in Self.files {
            let tape = try Tape.read(file)
            guard tape.rulebook.name == venue else { continue }
            var runner = TapeRunner(tape)
            runner.run { exchange, _ in
                for case .warned in exchange.events { missing.remove("warnings") }
            }
            for record in runner.records.all { missing.subtract(record.steps.compactMap(\.step.stage)) }
        }
        #expect(missing == [])
    }

    @Test("SCN-002: check says what failed and ends with 1")
    func failing() throws {
        let result = try Repository.withFolder { folder in
            let file = folder + "/wrong.yaml"
            try Data(
                "- {do: deposit, account: a, currency: USDT, amount: \"5\"}\n- {do: expect, account: a, currency: USDT, wallet: \"6\"}\n"
                    .utf8
            )
            .write(to: URL(filePath: file))
            return try Repository.run(["check", file])
        }
        #expect(result.status == 1)
        #expect(result.output.contains("wrong.yaml:2: wallet: expected 6, found 5"))
    }
}
