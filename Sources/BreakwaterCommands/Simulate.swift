import ArgumentParser
import BreakwaterSimulator
import BreakwaterTapes

/// `breakwater simulate`: a population, a book and a price path to a report.
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a leveraged population through a real price path, with liquidations, and report what happened.",
        discussion: """
            Each bar of the CSV is walked as open, low, high, close when it closes at or above its open, else as open, \
            high, low, close. Everything runs through the core: orders, marks, takeovers, fund, auto-deleveraging. The \
            same options give the same result, to the byte.

            EXAMPLES
              breakwater simulate --bars Examples/btc-perp-1m-2022-01-20-to-22.csv
              breakwater simulate --bars bars.csv --accounts 2000 --seed 7 --fund 0 --html report.html --json report.json
            """)

    @Option(help: "A CSV of bars: timestamp,open,high,low,close,volume.") var bars: String
    @Option(help: "A rulebook's name or file.") var rulebook = "bitmex"
    @OptionGroup var options: SimulationOptions
    @Option(help: "Write the report as one self-contained page.") var html: String?
    @Option(help: "Write the report with every liquidation's record as JSON.") var json: String?
    @Option(help: "What to print.") var report: ReportFormat = .text

    func validate() throws {
        guard report != .html || html == nil else {
            throw ValidationError("--html writes the page to a file; --report html prints it")
        }
    }

    func run() throws {
        var simulation = Simulation(
            try options.plan(bars: bars, RulebookLibrary.load(rulebook), from: rulebook))
        var progress = Progress("simulating", of: simulation.steps)
        simulation.run { progress.reach($0) }
        progress.finish()
        let contents = SimulationReport(simulation)
        if let html { try Console.write(contents.html, to: html) }
        if let json { try Console.write(contents.fullJSON.text(pretty: true) + "\n", to: json) }
        switch report {
        case .text: Console.print(contents.text)
        case .json: Console.print(contents.json.text(pretty: true))
        case .html: Console.print(contents.html)
        }
        for file in [html, json].compactMap(\.self) { Console.complain("wrote \(file)") }
    }
}
