import ArgumentParser
import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes

/// The options that say which population meets which market; shared by all commands that simulate.
struct SimulationOptions: ParsableArguments {
    @Option(help: "A contract's name in Contracts/, or a file.") var contract = "xbtusdt"
    @Option(help: "How many traders.") var accounts = 10_000
    @Option(help: "The seed of everything random.") var seed: UInt64 = 1
    @Option(help: "The insurance fund at the start, in the settlement currency. (default: 100000)") var fund: String?
    @Option(help: "What makers offer on each side of the book, in the settlement currency. (default: 500000)")
    var depth: String?
    @Option(help: "Long traders, in per cent.") var longs = 70
    @Option(help: "Traders on isolated margin, in per cent.") var isolated = 60
    @Option(help: "Over how many hours from the first bar traders enter.") var entryHours = 18

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
    }

    /// The plan these options make of a file of bars and a rulebook.
    ///
    /// - Parameter reference: how the rulebook was asked for.
    func plan(bars: String, _ rules: Rulebook, from reference: String) throws -> SimulationPlan {
        let (terms, currency) = try ContractFile.load(contract)
        do { try rules.validate(terms) } catch {
            throw BadInput(file: contract, key: error.key, value: error.value, expected: error.expected)
        }
        var plan = SimulationPlan(
            contract: terms, currency: currency, rulebook: rules, bars: try BarFile.read(bars, for: terms),
            sources: .init(bars: bars, contract: contract, rulebook: reference))
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
}
