import ArgumentParser
import BreakwaterCore
import BreakwaterTapes
import Foundation

enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, html
}

/// `breakwater run`: one tape to a report.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a tape and report how every account stands.",
        discussion: """
            A tape is a list of commands, as YAML or JSON Lines (docs/TAPES.md). Ends with 1 where an expectation of \
            the tape fails, with 2 where the tape cannot be used; then nothing of it has run.

            EXAMPLES
              breakwater run Scenarios/karen.yaml
              breakwater run tape.jsonl --rulebook bitmex --report json --events events.jsonl
              breakwater run tape.yaml --report html > report.html
            """)

    @Argument(help: "The tape: a .yaml or .jsonl file.") var tape: String
    @Option(help: "A rulebook's name or file; replaces the tape's own choice.") var rulebook: String?
    @Option(help: "How to report.") var report: ReportFormat = .text
    @Option(help: "Write every event to this file, one JSON object a line.") var events: String?

    func run() throws {
        var runner = TapeRunner(try Tape.read(tape, rulebook: try rulebook.map { try RulebookLibrary.load($0) }))
        var log = try events.map(EventLog.init)
        var progress = Progress("running \(tape)", of: runner.tape.steps.count)
        var done = 0
        for step in runner.tape.steps {
            runner.run(step) { exchange, _ in log?.write(exchange) }
            done += 1
            progress.reach(done)
        }
        progress.finish()
        try log?.close()
        switch report {
        case .text: Console.print(TextReport(runner.report, refusals: runner.refusalSentences, file: tape).text)
        case .json: Console.print(runner.report.text(pretty: true))
        case .html: Console.print(HTMLReport(runner.report, title: tape).text)
        }
        for failure in runner.failures { Console.complain("\(failure)") }
        if !runner.failures.isEmpty { throw ExitCode(1) }
    }
}
