import ArgumentParser
import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes
import Foundation

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
    @Option(help: "A contract's name in Contracts/, or a file.") var contract = "xbtusdt"
    @Option(help: "A rulebook's name or file.") var rulebook = "bitmex"
    @Option(help: "How many traders.") var accounts = 10_000
    @Option(help: "The seed of everything random.") var seed: UInt64 = 1
    @Option(help: "The insurance fund at the start, in the settlement currency. (default: 100000)") var fund: String?
    @Option(help: "What makers offer on each side of the book, in the settlement currency. (default: 500000)")
    var depth: String?
    @Option(help: "Long traders, in per cent.") var longs = 70
    @Option(help: "Traders on isolated margin, in per cent.") var isolated = 60
    @Option(help: "Over how many hours from the first bar traders enter.") var entryHours = 18
    @Option(help: "Write the report as one self-contained page.") var html: String?
    @Option(help: "Write the report with every liquidation's record as JSON.") var json: String?
    @Option(help: "What to print.") var report: ReportFormat = .text

    func validate() throws {
        guard (1...1_000_000).contains(accounts) else {
            throw ValidationError("--accounts: expected 1 to 1000000, not \(accounts)")
        }
        guard (0...100).contains(longs) else { throw ValidationError("--longs: expected 0 to 100, not \(longs)") }
        guard (0...100).contains(isolated) else {
            throw ValidationError("--isolated: expected 0 to 100, not \(isolated)")
        }
        guard (1...100_000).contains(entryHours) else {
            throw ValidationError("--entry-hours: expected 1 to 100000, not \(entryHours)")
        }
        guard report != .html || html == nil else {
            throw ValidationError("--html writes the page to a file; --report html prints it")
        }
    }

    func run() throws {
        var simulation = Simulation(try plan())
        var progress = Progress("simulating", of: simulation.steps)
        simulation.run { progress.reach($0) }
        progress.finish()
        let contents = SimulationReport(simulation)
        if let html { try write(contents.html, to: html) }
        if let json { try write(contents.fullJSON.text(pretty: true) + "\n", to: json) }
        switch report {
        case .text: Console.print(contents.text)
        case .json: Console.print(contents.json.text(pretty: true))
        case .html: Console.print(contents.html)
        }
        for file in [html, json].compactMap(\.self) { Console.complain("wrote \(file)") }
    }

    private func plan() throws -> SimulationPlan {
        let (terms, currency) = try ContractFile.load(contract)
        let rules = try RulebookLibrary.load(rulebook)
        do { try rules.validate(rules.tiers(for: terms)) } catch {
            throw BadInput(file: contract, key: error.key, value: error.value, expected: error.expected)
        }
        var plan = SimulationPlan(
            contract: terms, currency: currency, rulebook: rules, bars: try BarFile.read(bars, for: terms),
            sources: .init(bars: bars, contract: contract, rulebook: rulebook))
        plan.traders = accounts
        plan.seed = seed
        plan.longPercent = Int64(longs)
        plan.isolatedPercent = Int64(isolated)
        plan.entries = .seconds(Int64(entryHours) * 3600)
        if let fund { plan.fund = try amount(fund, "--fund", currency, least: .zero) }
        if let depth { plan.depth = try amount(depth, "--depth", currency, least: Amount(1)) }
        return plan
    }

    private func amount(_ text: String, _ option: String, _ currency: Currency, least: Amount) throws -> Amount {
        guard let amount = ExactDecimal(text).flatMap(currency.amount), amount >= least,
            amount.raw <= Limits.money / 10_000
        else {
            throw ValidationError(
                "\(option): expected an amount of \(currency.name) from \(currency.decimal(least)) up, not \(text)")
        }
        return amount
    }

    private func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw BadInput(file: path, expected: "a file that can be written")
        }
    }
}
