import ArgumentParser
import BreakwaterLaboratory
import BreakwaterTapes
import Foundation
import Synchronization

/// `breakwater sweep`: thousands of simulations, and what they say together.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract:
            "Run a scenario over many parameters and seeds, and say what that means: fund size, least loss, sensitivity.",
        discussion: """
            Every run is a unit of work with an address that says all it depends on. Results go into a SQLite file as they \
            come; a sweep that was interrupted, or killed, goes on where it was, and comes to the same results. \
            docs/LAB.md describes the file and walks from question to answer.

            EXAMPLES
              breakwater sweep Examples/Lab/fund-size.yaml --results out/fund.sqlite --html out/fund.html
              breakwater sweep Examples/Lab/clip-size.yaml --results out/clip.sqlite --csv out/clip.csv --lanes 1
            """)

    @Argument(help: "The sweep: a .yaml file.") var sweep: String
    @Option(help: "Where results are kept; taken up where they are. (default: the sweep's name, .sqlite)")
    var results: String?
    @Option(help: "How many runs go on at a time, at most one on each core, which is the default.") var lanes: Int?
    @Option(help: "Write the report as one self-contained page.") var html: String?
    @Option(help: "Write the report as JSON.") var json: String?
    @Option(help: "Write a row for each run as CSV.") var csv: String?

    func validate() throws {
        if let lanes, !(1...1_000).contains(lanes) {
            throw ValidationError("--lanes: expected 1 to 1000, not \(lanes)")
        }
    }

    func run() throws {
        try Console.expectWritable([html, json, csv])
        let plan = try Sweep.read(sweep)
        let file = results ?? URL(filePath: sweep).deletingPathExtension().lastPathComponent + ".sqlite"
        let runner = SweepRunner(plan, try ResultStore(file))
        let board = Mutex((progress: Progress("sweeping", of: runner.count), start: Date()))
        let results = try runner.run(lanes: lanes ?? ProcessInfo.processInfo.activeProcessorCount) { done, new in
            board.withLock { board in
                let left = Self.timeLeft(since: board.start, new, of: runner.count - done + new)
                board.progress.reach(done, note: "\(done) of \(runner.count), \(left)")
            }
        }
        board.withLock { $0.progress.finish() }
        let report = SweepReport(plan, results, command: "breakwater sweep \(sweep.shellWord)")
        if let html { try Console.write(report.html, to: html) }
        if let json { try Console.write(report.json.text(pretty: true) + "\n", to: json) }
        if let csv { try Console.write(report.csv, to: csv) }
        Console.print(report.text)
        for written in [html, json, csv].compactMap(\.self) { Console.complain("wrote \(written)") }
        Console.complain("results are in \(file)")
    }

    private static func timeLeft(since start: Date, _ done: Int, of total: Int) -> String {
        guard done > 0 else { return "no run done yet" }
        let seconds = Int(Date().timeIntervalSince(start) / Double(done) * Double(total - done))
        return seconds >= 3600
            ? "\(seconds / 3600) h \(seconds / 60 % 60) min left"
            : seconds >= 60 ? "\(seconds / 60) min \(seconds % 60) s left" : "\(seconds) s left"
    }
}
