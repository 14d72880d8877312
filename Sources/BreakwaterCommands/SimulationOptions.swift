import ArgumentParser
import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes

/// The options that say which population meets which market; shared by all commands that simulate.
struct SimulationOptions: ParsableArguments {
    @Option(help: "A contract's name in Contracts/, or a file. (default: xbtusdt)") var contract: String?
    @Option(help: "How many traders. (default: 10000)") var accounts: Int?
    @Option(help: "The seed of everything random. (default: 1)") var seed: UInt64?
    @Option(help: "The insurance fund at the start, in the settlement currency. (default: 100000)") var fund: String?
    @Option(help: "What makers offer on each side of the book, in the settlement currency. (default: 500000)")
    var depth: String?
    @Option(help: "Long traders, in per cent. (default: 70)") var longs: Int?
    @Option(help: "Traders on isolated margin, in per cent. (default: 60)") var isolated: Int?
    @Option(help: "Over how many hours from the first bar traders enter. (default: 18)") var entryHours: Int?

    /// Refuses each of them, and a rulebook, where nothing that they describe is run.
    ///
    /// - Parameters:
    ///   - instead: what is run, and how it may be changed.
    ///   - allowed: the one option that goes with it all the same.
    func refuse(with rulebook: String?, _ instead: String, allowing allowed: String? = nil) throws {
        let options = [given, rulebook == nil ? nil : "rulebook", seed == nil ? nil : "seed"].compactMap(\.self)
        if let option = options.first(where: { $0 != allowed }) {
            throw ValidationError("--\(option) goes with --bars; \(instead)")
        }
    }

    /// The first of them that was given, the seed left out.
    private var given: String? {
        let given: [(String, Bool)] = [
            ("contract", contract != nil), ("accounts", accounts != nil), ("fund", fund != nil),
            ("depth", depth != nil),
            ("longs", longs != nil), ("isolated", isolated != nil), ("entry-hours", entryHours != nil),
        ]
        return given.first { $0.1 }?.0
    }

    func validate() throws {
        if let accounts, !(1...1_000_000).contains(accounts) {
            throw ValidationError("--accounts: expected 1 to 1000000, not \(accounts)")
        }
        if let longs, !(0...100).contains(longs) {
            throw ValidationError("--longs: expected 0 to 100, not \(longs)")
        }
        if let isolated, !(0...100).contains(isolated) {
            throw ValidationError("--isolated: expected 0 to 100, not \(isolated)")
        }
        if let entryHours, !(1...100_000).contains(entryHours) {
            throw ValidationError("--entry-hours: expected 1 to 100000, not \(entryHours)")
        }
    }

    /// The plan these options make of a file of bars and a rulebook, named or in a file; `bitmex` where none is.
    func plan(bars: String, rulebook: String?) throws -> SimulationPlan {
        let (contract, rulebook) = (contract ?? "xbtusdt", rulebook ?? "bitmex")
        var files = InputFiles()
        let (terms, currency) = try files.contract(contract)
        let rules = try files.rulebook(rulebook)
        do { try rules.validate(terms) } catch {
            throw BadInput(file: contract, key: error.key, value: error.value, expected: error.expected)
        }
        var plan = SimulationPlan(
            contract: terms, currency: currency, rulebook: rules,
            bars: try BarFile.parse(files.table(bars, at: bars), file: bars, for: terms),
            sources: .init(bars: bars, contract: contract, rulebook: rulebook))
        plan.sources.files = files.all
        if let accounts { plan.traders = accounts }
        if let seed { plan.seed = seed }
        if let longs { plan.longPercent = Int64(longs) }
        if let isolated { plan.isolatedPercent = Int64(isolated) }
        if let entryHours { plan.entries = .seconds(Int64(entryHours) * 3600) }
        if let fund { plan.fund = try amount(fund, "--fund", currency, least: .zero) }
        if let depth { plan.depth = try amount(depth, "--depth", currency, least: Amount(1)) }
        return plan
    }

    private func amount(_ text: String, _ option: String, _ currency: Currency, least: Amount) throws -> Amount {
        guard let amount = ExactDecimal(text).flatMap(currency.amount), amount >= least,
            amount <= SimulationPlan.mostMoney
        else {
            throw ValidationError(
                "\(option): expected an amount of \(currency.name) from \(currency.decimal(least)) up, not \(text)")
        }
        return amount
    }
}
