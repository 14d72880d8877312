import ArgumentParser
import BreakwaterCore
import BreakwaterTapes
import Foundation

/// The program. Exit codes: 0 done, 1 a failed expectation or check, 2 bad input.
@main
struct Breakwater: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "breakwater",
        abstract: "Margin and liquidation of a perpetual-futures venue, exact to the last unit of money.",
        discussion: """
            EXAMPLES
              breakwater serve --data out/venue --demo
              breakwater run Scenarios/karen.yaml
              breakwater check Scenarios/*.yaml
              breakwater calc --side long --size 0.1 --entry 50000 --leverage 25 --mm 0.4%
              breakwater simulate --bars Examples/btc-perp-1m-2022-01-20-to-22.csv --html report.html
            """,
        version: ProgramVersion.text,
        subcommands: [
            Run.self, Check.self, Calc.self, Simulate.self, SweepCommand.self, Explain.self, Compare.self, Adl.self,
            Heatmap.self, Lint.self, Verify.self, Backup.self, Restore.self, Prune.self, Serve.self,
        ])

    /// Parses and runs, with bad input of every kind on exit code 2.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var long = command as? any AsyncParsableCommand {
                try await long.run()
            } else {
                try command.run()
            }
        } catch let error as BadInput {
            Console.complain("\(error)")
            Foundation.exit(2)
        } catch {
            let code = exitCode(for: error)
            if code == .success || error is ExitCode { exit(withError: error) }
            Console.complain(fullMessage(for: error))
            Foundation.exit(2)
        }
    }
}
