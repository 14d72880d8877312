import ArgumentParser
import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes

/// `breakwater adl`: one deficit, and who pays for it under each policy of auto-deleveraging.
struct Adl: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Put accounts through one auto-deleveraging event under every policy, and set the results side by side.",
        discussion: """
            ACCOUNTS is a CSV with a heading of account, notional, pnl, and equity or leverage or both: the positions on \
            the side that would be deleveraged, at one mark. Each becomes a real account; a bankrupt position on the \
            other side is liquidated by the core with nothing but auto-deleveraging, once for each policy.

            Policies: \(AutoDeleveragePolicy.allCases.map(\.rawValue).joined(separator: ", ")).

            EXAMPLES
              breakwater adl Examples/Lab/adl-accounts.csv --deficit 20000
              breakwater adl --bars Examples/btc-perp-1m-2022-01-20-to-22.csv --fund 0 --deficit 20000
              breakwater adl accounts.csv --deficit 1000000 --notional 25000000 --html adl.html --csv adl.csv
            """)

    @Argument(help: "A CSV of accounts: account,notional,pnl,leverage,equity.") var accounts: String?
    @Option(help: "Instead of accounts, a CSV of bars to simulate: its traders as they stand at the worst close.")
    var bars: String?
    @Option(help: "What the bankrupt position lost beyond its margin, in USDT.") var deficit: String
    @Option(help: "What it is worth at the mark; ten times the deficit if not given.") var notional: String?
    @Option(help: "The side that was liquidated; the accounts are on the other.") var side: Side = .long
    @Option(help: "Policies, with commas between them; all if not given.") var policy: String?
    @OptionGroup(title: "OPTIONS OF A SIMULATION") var options: SimulationOptions
    @Option(help: "The rulebook of the simulation that the accounts come from. (default: bitmex)") var rulebook: String?
    @Option(help: "Write the accounts as CSV.") var save: String?
    @Option(help: "Write the comparison as one self-contained page.") var html: String?
    @Option(help: "Write one row an account, with what each policy took, as CSV.") var csv: String?
    @Flag(help: "Print JSON.") var json = false

    enum Side: String, CaseIterable, ExpressibleByArgument {
        case long
        case short
    }

    func validate() throws {
        guard (accounts == nil) != (bars == nil) else {
            throw ValidationError("expected either accounts or --bars, and not both")
        }
        if accounts != nil { try options.refuse(with: rulebook, "accounts of a file are as they are") }
        _ = try policies
    }

    func run() throws {
        try Console.expectWritable([html, csv, save])
        let venue = try DeleveragingEvent.Venue()
        let (found, source, files) = try read(in: venue.currency)
        let event = try DeleveragingEvent(
            found, from: source, liquidatesLongs: side == .long,
            deficit: amount(deficit, "--deficit", venue.currency),
            notional: try notional.map { try amount($0, "--notional", venue.currency) }, in: venue)
        let trials = try policies.map { try DeleveragingTrial($0, on: event) }
        let report = DeleveragingReport(event, trials, command: Console.typed, files: files)
        if let html { try Console.write(report.html, to: html) }
        if let csv { try Console.write(report.csv, to: csv) }
        Console.print(json ? report.json.text(pretty: true) : report.text)
        if let save { try Console.write(AccountsFile.text(of: found, in: venue.currency), to: save) }
        for file in [html, csv, save].compactMap(\.self) { Console.complain("wrote \(file)") }
    }

    /// The accounts of the file, or those of a simulation.
    private func read(in currency: Currency) throws -> (
        accounts: [OpposingAccount], source: String, files: [InputFile]
    ) {
        if let accounts {
            var files = InputFiles()
            let text = try files.table(accounts, at: accounts)
            return (try AccountsFile.parse(text, file: accounts, in: currency), accounts, files.all)
        }
        let plan = try options.plan(bars: bars!, rulebook: rulebook)
        guard plan.currency == currency else {
            throw ValidationError("--contract: expected one that settles in \(currency.name)")
        }
        var progress = Progress("simulating", of: Simulation(plan).steps)
        let found = AccountsFile.accounts(atWorstOf: plan, longs: side == .short) { progress.reach($0) }
        progress.finish()
        return (found, "a simulation on \(bars!)", plan.sources.files)
    }

    private var policies: [AutoDeleveragePolicy] {
        get throws {
            guard let policy else { return AutoDeleveragePolicy.allCases }
            let policies = try policy.split(separator: ",").map { word in
                guard let policy = AutoDeleveragePolicy(rawValue: word.filter { $0 != " " }) else {
                    let known = AutoDeleveragePolicy.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("--policy: expected some of \(known), not \(word)")
                }
                return policy
            }
            guard !policies.isEmpty, Set(policies).count == policies.count else {
                throw ValidationError("--policy: expected at least one, each once, not \(policy)")
            }
            return policies
        }
    }

    private func amount(_ text: String, _ option: String, _ currency: Currency) throws -> Amount {
        guard let amount = ExactDecimal(text).flatMap(currency.amount), amount > .zero, amount.raw <= Limits.value
        else {
            throw ValidationError("\(option): expected an amount of \(currency.name) above zero, not \(text)")
        }
        return amount
    }
}
