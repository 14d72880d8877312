import BreakwaterCore
public import BreakwaterTapes
import Foundation

/// A simulation as a file says it: contracts, rulebook, prices, population, liquidity, behaviour, fund, providers, fees
/// and seed. Every key is documented in docs/LAB.md.
public struct Scenario: Sendable {
    public var plan: SimulationPlan
    public let name: String
    /// The files it depends on, the scenario first, each with the bytes that were read.
    public let inputs: [Input]

    public struct Input: Sendable, Equatable {
        public let name: String
        public let contents: String
    }

    /// - Parameter changes: values that stand for those in the file. One that begins with `rules.` is a key of the rulebook.
    public static func read(_ path: String, changing changes: [DocumentChange] = []) throws(BadInput) -> Scenario {
        try parse(try Document.text(ofFile: path), file: path, changing: changes)
    }

    public static func parse(_ text: String, file: String, changing changes: [DocumentChange] = []) throws(BadInput)
        -> Scenario
    {
        var reader = ScenarioReader(file: file, text: text)
        let own = changes.filter { !$0.path.hasPrefix("rules.") }
        let rules = changes.filter { $0.path.hasPrefix("rules.") }
            .map { DocumentChange(String($0.path.dropFirst(6)), $0.value) }
        var fields = try Document.object(in: text, file: file, changing: own)
        let name = try fields.text("name") ?? URL(filePath: file).deletingPathExtension().lastPathComponent
        var plan = try reader.plan(&fields, rules)
        plan.sources.changes = changes
        try fields.finish("a scenario")
        return Scenario(plan: plan, name: name, inputs: reader.inputs)
    }
}

/// Reads a scenario section by section.
struct ScenarioReader {
    let file: String
    let folder: String
    private(set) var inputs: [Scenario.Input]

    init(file: String, text: String) {
        self.file = file
        folder = URL(filePath: file).deletingLastPathComponent().relativePath
        inputs = [Scenario.Input(name: file, contents: text)]
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
        return plan
    }

    /// Reads a file named in the scenario, beside it or where it says.
    mutating func text(of reference: String) throws(BadInput) -> (text: String, path: String) {
        let path = DataFolder.path(reference, beside: folder)
        let text = try PriceTable.text(of: path)
        inputs.append(Scenario.Input(name: reference, contents: text))
        return (text, path)
    }

    // MARK: Venue

    /// A contract's name, a file, or its terms.
    private mutating func contract(_ fields: inout Fields, _ key: String = "contract") throws(BadInput) -> (
        Contract, Currency, String
    ) {
        guard fields.isObject(key) else {
            let reference = try fields.text(key) ?? "xbtusdt"
            let path = try ContractFile.path(of: reference, beside: folder)
            let text = try Document.text(ofFile: path)
            inputs.append(Scenario.Input(name: reference, contents: text))
            let (contract, currency) = try ContractFile.read(try Document.object(in: text, file: path))
            return (contract, currency, reference)
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
        let path = try RulebookLibrary.path(of: reference, beside: folder)
        let text = try Document.text(ofFile: path)
        inputs.append(Scenario.Input(name: reference, contents: text))
        var own: [DocumentChange] = []
        if var rules = try fields.object("rules") {
            own = try rules.rest().map { DocumentChange($0.key, $0.value) }
        }
        return (try RulebookFile.parse(text, file: path, changing: own + changes), reference)
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
