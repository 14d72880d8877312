internal import BreakwaterCore
internal import BreakwaterSimulator
internal import BreakwaterTapes
internal import BreakwaterWeb
internal import Foundation

/// What one run of the lab is: a path of prices, a population, and the rulebooks that both are put through.
struct LabOrder: Sendable {
    struct Job: Sendable {
        let name: String
        let plan: SimulationPlan
    }

    /// One simulation for each rulebook, in the order asked for.
    let jobs: [Job]

    /// How large a run may be: what two cores have done with in half a minute under the slowest of the rulebooks.
    static let accounts = 1...10_000
    static let bars = 5_000
    static let rulebooks = 1...4
    static let rulebook = "bitmex"
    static let contract = "xbtusdt"

    /// Reads what a call asks for; its schema has seen to types and ranges.
    init(_ call: Call) throws {
        var files = InputFiles()
        let (terms, currency) = try Self.contract(named: call.text("contract"), from: &files)
        let path = try LabPath(call["path"] ?? .null, for: terms)
        let fund = try call.textIfGiven("fund").map { try Self.amount($0, "fund", currency, least: .zero) }
        let depth = try call.textIfGiven("depth").map { try Self.amount($0, "depth", currency, least: Amount(1)) }
        var names: [String] = []
        jobs = try call.list("rulebooks").enumerated().map { place, name in
            let field = "rulebooks[\(place)]"
            guard !names.contains(name.plain) else {
                throw Refusal.invalid("\(name.plain) is named twice.", field: field, expected: "each rulebook once")
            }
            names.append(name.plain)
            var files = files
            let rules = try Self.rulebook(named: name.plain, for: terms, field, from: &files)
            var plan = SimulationPlan(
                contract: terms, currency: currency, rulebook: rules, bars: path.bars,
                sources: .init(bars: path.file.name, contract: call.text("contract"), rulebook: name.plain))
            plan.sources.files = files.all + [path.file]
            plan.traders = call.integer("accounts")
            plan.seed = UInt64(call.integer("seed"))
            plan.longPercent = Int64(call.integer("longs"))
            plan.isolatedPercent = Int64(call.integer("isolated"))
            plan.entries = .seconds(Int64(call.integerIfGiven("entryHours") ?? path.entryHours) * 3600)
            if let fund { plan.fund = fund }
            if let depth { plan.depth = depth }
            return Job(name: name.plain, plan: plan)
        }
    }

    /// A contract that came with the program: names alone, never a path of the machine's.
    private static func contract(named name: String, from files: inout InputFiles) throws -> (Contract, Currency) {
        guard ContractFile.names.contains(name) else {
            throw Refusal.invalid(
                "There is no contract \(name) to simulate.", field: "contract",
                expected: "one of " + ContractFile.names.joined(separator: ", "))
        }
        return try files.contract(name)
    }

    private static func rulebook(
        named name: String, for contract: Contract, _ field: String, from files: inout InputFiles
    ) throws -> Rulebook {
        guard RulebookLibrary.names.contains(name) else {
            throw Refusal.invalid(
                "There is no rulebook \(name).", field: field,
                expected: "one of " + RulebookLibrary.names.joined(separator: ", "))
        }
        let rules = try files.rulebook(name)
        do { try rules.validate(contract) } catch {
            throw Refusal.invalid(
                "\(name) does not fit \(contract.symbol): \(error.key) is \"\(error.value)\".", field: field,
                expected: error.expected)
        }
        return rules
    }

    private static func amount(_ text: String, _ field: String, _ currency: Currency, least: Amount) throws -> Amount {
        guard let amount = ExactDecimal(text).flatMap(currency.amount), amount >= least,
            amount.raw <= Limits.money / 10_000
        else {
            throw Refusal.invalid(
                "\(field) is \"\(text)\".", field: field,
                expected: "an amount of \(currency.name) from \(currency.decimal(least)) to "
                    + "\(currency.decimal(Amount(Limits.money / 10_000)))")
        }
        return amount
    }
}

/// The prices a run follows: the shipped crash, bars, or a line of prices that was drawn.
struct LabPath: Sendable {
    static let crash = "btc-perp-1m-2022-01-20-to-22.csv"

    let bars: [Bar]
    /// What a command line that repeats the run names, with what it has to hold.
    let file: InputFile
    /// Over how long traders enter where nobody says: as on the command line in the crash, else a quarter of the path.
    let entryHours: Int

    init(_ asked: JSONValue, for contract: Contract) throws {
        let given = ["crash", "bars", "prices"].filter { asked[$0] != nil && asked[$0] != .bool(false) }
        guard given.count == 1 else {
            throw Refusal.invalid(
                "The path is given \(given.isEmpty ? "in no way" : "in \(given.count) ways").", field: "path",
                expected: "one of 'crash' as true, 'bars' and 'prices'")
        }
        switch given[0] {
        case "crash":
            (bars, file) = try Self.crash(for: contract)
            entryHours = 18
            return
        case "bars": (bars, file) = try Self.bars(asked["bars"]!.items, for: contract)
        default: (bars, file) = try Self.bars(throughPrices: asked["prices"]!.items, asked["interval"]!, for: contract)
        }
        let span = bars[bars.count - 1].time.raw - bars[0].time.raw
        guard span <= Self.longest else {
            throw Refusal.invalid(
                "The path goes from \(bars[0].time.iso) to \(bars[bars.count - 1].time.iso).", field: "path",
                expected: "a path of a year at most")
        }
        // Beyond it a lot of sizes would be worth more than a simulation's book can hold.
        guard let highest = bars.map(\.high).max(), highest.raw <= Self.highest else {
            throw Refusal.invalid(
                "The path goes up to \(contract.decimal(bars.map(\.high).max() ?? .zero)).", field: "path",
                expected: "prices up to \(contract.decimal(Price(Self.highest)))")
        }
        entryHours = max(1, Int(span / 4 / 3_600_000_000))
    }

    private static let longest: Int64 = 366 * 86_400_000_000
    private static let highest: Int64 = 1_000_000_000

    static func crash(for contract: Contract) throws -> (bars: [Bar], file: InputFile) {
        guard let path = DataFolder.file(crash, in: "Examples") else {
            throw Refusal.unavailable("The shipped crash is not installed beside the program.", retryAfter: 3600)
        }
        var files = InputFiles()
        do {
            let text = try files.table("Examples/" + crash, at: path)
            return (try BarFile.parse(text, file: path, for: contract), files.all[0])
        } catch {
            throw Refusal.invalid(
                "The shipped crash does not fit \(contract.symbol).", field: "contract", expected: error.expected)
        }
    }

    /// Bars as they came, read as a file of bars is, so that both obey the same rules.
    private static func bars(_ rows: [JSONValue], for contract: Contract) throws -> (bars: [Bar], file: InputFile) {
        let keys = ["time", "open", "high", "low", "close"]
        let lines = rows.map { row in keys.map { row[$0]!.plain }.joined(separator: ",") }
        return try read(lines, for: contract) { line, key in
            "path.bars[\(line - 2)]" + (key.map { "." + ($0 == "timestamp" ? "time" : $0) } ?? "")
        }
    }

    /// A line through prices: each bar goes from one to the next.
    private static func bars(
        throughPrices prices: [JSONValue], _ interval: JSONValue, for contract: Contract
    ) throws -> (bars: [Bar], file: InputFile) {
        let prices = prices.map(\.plain)
        let decimals = prices.map { ExactDecimal($0) ?? ExactDecimal(digits: 0) }
        guard case .integer(let seconds) = interval else { preconditionFailure("the schema lets no other interval in") }
        let start = Timestamp(iso: "2022-01-20T00:00:00Z")!
        let lines = (1..<prices.count).map { place in
            let (low, high) = decimals[place - 1] < decimals[place] ? (place - 1, place) : (place, place - 1)
            let time = Timestamp(start.raw + Int64(place - 1) * Int64(seconds) * 1_000_000)
            return [time.iso, prices[place - 1], prices[high], prices[low], prices[place]].joined(separator: ",")
        }
        return try read(lines, for: contract) { line, key in
            "path.prices[\(line - 2 + (key == "open" ? 0 : 1))]"
        }
    }

    private static func read(
        _ lines: [String], for contract: Contract, _ field: (_ line: Int, _ key: String?) -> String
    ) throws -> (bars: [Bar], file: InputFile) {
        let text = (["timestamp,open,high,low,close"] + lines).joined(separator: "\n") + "\n"
        do {
            // Whoever reads the report has it from there alone.
            let file = InputFile(name: "path.csv", contents: text, kind: .document)
            return (try BarFile.parse(text, file: "path", for: contract), file)
        } catch {
            let field = field(error.line ?? 2, error.key)
            throw Refusal.invalid("\(field) is \"\(error.value ?? "")\".", field: field, expected: error.expected)
        }
    }
}
