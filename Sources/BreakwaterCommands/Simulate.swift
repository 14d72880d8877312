import ArgumentParser
import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes

/// `breakwater simulate`: a population, a book and a price path to a report.
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Run a leveraged population through a real or drawn price path, with liquidations, and report what happened.",
        discussion: """
            Either a scenario file, which docs/LAB.md describes, or --bars with options. Each bar of a CSV is walked as \
            open, low, high, close when it closes at or above its open, else as open, high, low, close. Everything runs \
            through the core: orders, marks, takeovers, fund, auto-deleveraging. The same inputs give the same result, to \
            the byte.

            Where a scenario has feedback it is run twice, the second time with forced orders that nobody feels, and the \
            report sets the two side by side.

            EXAMPLES
              breakwater simulate Examples/Lab/cascade.yaml --html cascade.html
              breakwater simulate Examples/Lab/cascade.yaml --set liquidity.depth=2000000 --seed 7
              breakwater simulate --bars Examples/btc-perp-1m-2022-01-20-to-22.csv
              breakwater simulate --bars bars.csv --accounts 2000 --seed 7 --fund 0 --html report.html --json report.json
            """)

    @Argument(help: "A scenario: a .yaml file.") var scenario: String?
    @Option(help: "A value in place of the scenario's, as key=value; a key of the rulebook after `rules.`.")
    var set: [String] = []
    @Option(help: "Instead of a scenario, a CSV of bars: timestamp,open,high,low,close,volume; or packed, as .csv.gz.")
    var bars: String?
    @Option(help: "A rulebook's name or file. (default: bitmex)") var rulebook: String?
    @OptionGroup var options: SimulationOptions
    @Option(help: "Write the report as one self-contained page.") var html: String?
    @Option(help: "Write the report with every liquidation's record as JSON.") var json: String?
    @Option(help: "Write a row for each liquidation as CSV.") var csv: String?
    @Option(help: "Write a row for each position as it was opened as CSV.") var entries: String?
    @Option(help: "What to print.") var report: ReportFormat = .text
    @Flag(help: "Where there is feedback, do not run it again without forced orders being felt.") var noTwin = false

    func validate() throws {
        guard report != .html || html == nil else {
            throw ValidationError("--html writes the page to a file; --report html prints it")
        }
        guard (scenario == nil) != (bars == nil) else {
            throw ValidationError("expected either a scenario or --bars, and not both")
        }
        guard scenario != nil || set.isEmpty else {
            throw ValidationError("--set changes a scenario, and there is none")
        }
        if scenario != nil {
            try options.refuse(with: rulebook, "for a scenario there is --set", allowing: "seed")
        }
        _ = try changes
    }

    func run() throws {
        try Console.expectWritable([html, json, csv, entries])
        let plan = try plan
        var simulation = Simulation(plan)
        let unforced = noTwin ? nil : plan.unforced
        var progress = Progress("simulating", of: simulation.steps * (unforced == nil ? 1 : 2))
        simulation.run { progress.reach($0) }
        let steps = simulation.steps
        var other: SimulationOutcome?
        if let unforced {
            var simulation = Simulation(unforced)
            simulation.run { progress.reach(steps + $0) }
            other = simulation.outcome
        }
        progress.finish()
        let contents = SimulationReport(simulation, twin: other)
        if let html { try Console.write(contents.html, to: html) }
        if let json { try Console.write(contents.fullJSON.text(pretty: true) + "\n", to: json) }
        if let csv { try Console.write(contents.liquidationsCSV, to: csv) }
        if let entries { try Console.write(contents.entriesCSV, to: entries) }
        switch report {
        case .text: Console.print(contents.text)
        case .json: Console.print(contents.json.text(pretty: true))
        case .html: Console.print(contents.html)
        }
        for file in [html, json, csv, entries].compactMap(\.self) { Console.complain("wrote \(file)") }
    }

    private var plan: SimulationPlan {
        get throws {
            guard let scenario else {
                return try options.plan(bars: bars!, rulebook: rulebook)
            }
            var plan = try Scenario.read(scenario, changing: try changes).plan
            if let seed = options.seed { plan.redraw(seed: seed) }
            return plan
        }
    }

    private var changes: [DocumentChange] {
        get throws {
            try set.map { text in
                guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                    throw ValidationError("--set: expected key=value, not \(text)")
                }
                return DocumentChange(String(text[..<equals]), String(text[text.index(after: equals)...]))
            }
        }
    }
}
