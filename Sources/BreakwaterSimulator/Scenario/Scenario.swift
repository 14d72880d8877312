import BreakwaterCore
public import BreakwaterTapes
import Foundation

/// A simulation as a file says it: contracts, rulebook, prices, population, liquidity, behaviour, fund, providers, fees
/// and seed. Every key is documented in docs/LAB.md.
public struct Scenario: Sendable {
    public var plan: SimulationPlan
    /// The files it depends on, the scenario first.
    public var inputs: [InputFile] { plan.sources.files }

    /// - Parameter changes: values that stand for those in the file. One that begins with `rules.` is a key of the rulebook.
    public static func read(_ path: String, changing changes: [DocumentChange] = []) throws(BadInput) -> Scenario {
        var files = InputFiles()
        return try read(path, changing: changes, from: &files)
    }

    /// The scenario that `text` says, as if it were read from `file`.
    public static func parse(_ text: String, file: String, changing changes: [DocumentChange] = []) throws(BadInput)
        -> Scenario
    {
        var files = InputFiles()
        files.hold(text, at: file)
        return try read(file, changing: changes, from: &files)
    }

    /// - Parameter files: those that are read already; afterwards it lists this scenario's.
    public static func read(
        _ file: String, changing changes: [DocumentChange], from files: inout InputFiles
    ) throws(BadInput) -> Scenario {
        files.restart()
        let text = try files.document(file, at: file)
        var reader = ScenarioReader(file: file, files: files)
        defer { files = reader.files }
        let own = changes.filter { !$0.path.hasPrefix("rules.") }
        let rules = changes.filter { $0.path.hasPrefix("rules.") }
            .map { DocumentChange(String($0.path.dropFirst(6)), $0.value) }
        var fields = try Document.object(in: text, file: file, changing: own)
        let name = try fields.text("name")
        var plan = try reader.plan(&fields, rules)
        plan.sources.name = name
        plan.sources.changes = changes
        plan.sources.files = reader.files.all
        try fields.finish("a scenario")
        return Scenario(plan: plan)
    }
}

/// Reads a scenario section by section.
struct ScenarioReader {
    let file: String
    let folder: String
    var files: InputFiles
    /// Where given positions are.
    var holdingsFile = ""

    init(file: String, files: InputFiles) {
        self.file = file
        self.files = files
        folder = URL(filePath: file).deletingLastPathComponent().relativePath
    }

    mutating func plan(_ fields: inout Fields, _ changes: [DocumentChange]) throws(BadInput) -> SimulationPlan {
        let (listed, currency, contractName) = try contract(&fields)
        let contract = try contract(listed, currency, withFees: &fields)
        let (rulebook, rulebookName) = try rulebook(&fields, changes)
        do { try rulebook.validate(contract) } catch {
            throw BadInput(file: contractName, key: error.key, value: error.value, expected: error.expected)
        }
        let seed = try fields.decimal("seed", expected: "a whole number from 0 up")
        let price = try price(&fields, contract)
        var plan = SimulationPlan(
            contract: contract, currency: currency, rulebook: rulebook, bars: price.bars,
            sources: .init(bars: price.name, contract: contractName, rulebook: rulebookName, scenario: file))
        plan.points = price.points
        plan.process = price.process
        if let seed {
            guard seed.places == 0, let number = UInt64(exactly: seed.digits) else {
                throw fields.refuse("seed", "\(seed)", "a whole number from 0 up")
            }
            plan.seed = number
        }
        try others(&fields, &plan)
        try population(&fields, &plan)
        try liquidity(&fields, &plan)
        try feedback(&fields, &plan)
        try behaviour(&fields, &plan)
        if fields.keys.contains("fund") { plan.fund = try fields.money("fund", in: currency, orZero: true) }
        try providers(&fields, &plan)
        plan.redraw(seed: plan.seed)
        try checkHoldings(in: plan)
        return plan
    }

    /// Refuses given positions that the exchange would not open, as each of them is meant to be there.
    private func checkHoldings(in plan: SimulationPlan) throws(BadInput) {
        guard !plan.holdings.isEmpty, let (number, reason) = Simulation.refusedHolding(of: plan) else { return }
        let holding = plan.holdings[number]
        throw BadInput(
            file: holdingsFile, line: holding.line, key: "account", value: holding.name,
            expected: "a position that can be there at the first price: \(reason)")
    }

    // MARK: Venue

    /// A contract's name, a file, or its terms.
    private mutating func contract(_ fields: inout Fields, _ key: String = "contract") throws(BadInput) -> (
        Contract, Currency, String
    ) {
        guard fields.isObject(key) else {
            let reference = try fields.text(key) ?? "xbtusdt"
            do throws(BadInput) {
                let (contract, currency) = try files.contract(reference, beside: folder)
                return (contract, currency, reference)
            } catch {
                throw error.file == reference ? fields.refuse(key, reference, error.expected) : error
            }
        }
        let (contract, currency) = try ContractFile.read(try fields.object(key)!)
        return (contract, currency, contract.symbol)
    }

    private func contract(_ terms: Contract, _ currency: Currency, withFees fields: inout Fields) throws(BadInput)
        -> Contract
    {
        guard var given = try fields.object("fees") else { return terms }
        let fees = Contract.Fees(
            maker: try given.rate("maker") ?? terms.fees.maker, taker: try given.rate("taker") ?? terms.fees.taker,
            liquidation: try given.rate("liquidation") ?? terms.fees.liquidation)
        try given.finish("fees")
        do {
            var contract = try Contract(
                symbol: terms.symbol, kind: terms.kind, settle: terms.settle, currency: currency, tick: terms.tick,
                lot: terms.lot, multiplier: terms.multiplier, display: terms.display, maxLeverage: terms.maxLeverage,
                tiers: terms.tiers, fees: fees)
            contract.openInterestMargin = terms.openInterestMargin
            contract.index = terms.index
            contract.maxAge = terms.maxAge
            return contract
        } catch { throw given.refuse(error.key, error.value, error.expected) }
    }

    /// The rulebook, with the values of `rules` and of the changes in it.
    private mutating func rulebook(_ fields: inout Fields, _ changes: [DocumentChange]) throws(BadInput) -> (
        Rulebook, String
    ) {
        let reference = try fields.text("rulebook", expected: "a rulebook's name or file") ?? "bitmex"
        var own: [DocumentChange] = []
        if var rules = try fields.object("rules") {
            own = try rules.rest().map { DocumentChange($0.key, $0.value) }
        }
        do throws(BadInput) {
            return (try files.rulebook(reference, beside: folder, changing: own + changes), reference)
        } catch {
            throw error.file == reference ? fields.refuse("rulebook", reference, error.expected) : error
        }
    }

    private mutating func others(_ fields: inout Fields, _ plan: inout SimulationPlan) throws(BadInput) {
        var shares: Int64 = 0
        for var item in try fields.objects("others") ?? [] {
            let (contract, _, name) = try contract(&item)
            guard contract.settle == plan.contract.settle, contract.symbol != plan.contract.symbol else {
                throw item.refuse(
                    "contract", contract.symbol, "another contract, settled in \(plan.currency.name) like the first")
            }
            do { try plan.rulebook.validate(contract) } catch {
                throw BadInput(file: name, key: error.key, value: error.value, expected: error.expected)
            }
            let start = try item.price("start", of: contract)
            let beta = try item.decimal("beta") ?? ExactDecimal(digits: 1)
            guard let billionths = beta.scaled(toPlaces: 9), billionths.magnitude <= 10_000_000_000 else {
                throw item.refuse("beta", "\(beta)", "a number between -10 and 10")
            }
            let share = try item.percent("share") ?? 0
            shares += share
            guard shares <= 100, plan.others.count < 15 else {
                throw item.refuse("share", "\(share)%", "shares of at most 100 % together, of at most 15 contracts")
            }
            plan.others.append(
                Listing(
                    contract: contract, start: start, beta: Rate(Int64(billionths)),
                    noise: try item.share("noise") ?? .zero, sharePercent: share))
            try item.finish("one of the other contracts")
        }
    }

    private mutating func providers(_ fields: inout Fields, _ plan: inout SimulationPlan) throws(BadInput) {
        for var item in try fields.objects("providers") ?? [] {
            let count = try item.count("count", 1...1_000) ?? 1
            plan.providers.append(
                Support(
                    count: count, deposit: try item.money("deposit", in: plan.currency),
                    capacity: try item.money("capacity", in: plan.currency)))
            try item.finish("a provider")
        }
    }
}
