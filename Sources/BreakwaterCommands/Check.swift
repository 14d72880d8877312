import ArgumentParser
import BreakwaterCore
import BreakwaterTapes
import Foundation

/// `breakwater check`: scenarios that hold or do not.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Run scenarios and say which expectations fail. A refused command fails too, unless the next line expects it.",
        discussion: """
            EXAMPLES
              breakwater check Scenarios/*.yaml
            """)

    @Argument(help: "Tapes that hold expect lines.") var files: [String]

    func run() throws {
        var (checked, failed) = (0, 0)
        for file in files where !Self.isFolder(file) {
            var runner = TapeRunner(try Tape.read(file))
            var broken: [String] = []
            runner.run { exchange, step in
                broken += exchange.brokenInvariants().map { "\(file):\(step.line): \($0)" }
            }
            broken += runner.unexpectedRefusals
            checked += runner.expectations
            failed += runner.failures.count + broken.count
            let good = runner.failures.isEmpty && broken.isEmpty
            Console.print("\(good ? "ok  " : "FAIL") \(file): \(runner.expectations) expectations")
            for line in runner.failures.map(\.description) + broken { Console.print("     \(line)") }
        }
        Console.print("\(checked - failed) passed, \(failed) failed")
        if failed > 0 { throw ExitCode(1) }
    }

    /// Folders, which `Scenarios/*` names too, hold rulebooks and no tapes.
    private static func isFolder(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType) == .typeDirectory
    }
}
