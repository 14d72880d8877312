import BreakwaterCore

/// The liquidations of a tape, each told with what set it off, what was done, who bore the loss, and what would have
/// prevented it.
public struct Explanation: Sendable {
    /// Which liquidations are told; without either all are.
    public struct Choice: Sendable {
        public let liquidation: Int?
        public let account: String?

        public init(liquidation: Int? = nil, account: String? = nil) {
            self.liquidation = liquidation
            self.account = account
        }
    }

    let tape: Tape
    let venue: Directory
    let stateHash: String
    /// How many liquidations the whole run began.
    public let begun: Int
    /// How many fit the choice.
    public let chosen: Int
    /// Those told, in order of time: the first ones, up to the limit.
    let cases: [LiquidationCase]
    private(set) var counterfactuals: [Int32: Counterfactual] = [:]

    /// Runs the tape once and picks what is to be told.
    ///
    /// - Parameter limit: how many liquidations are told at most.
    public init(of tape: Tape, _ choice: Choice = Choice(), limit: Int = 20) throws(BadInput) {
        let tape = tape.commandsOnly
        var runner = TapeRunner(tape)
        var witness = LiquidationWitness()
        for (index, step) in tape.steps.enumerated() {
            runner.run(step) { exchange, _ in witness.observe(exchange, step: index) }
        }
        self.tape = tape
        venue = runner.exchange.directory
        stateHash = runner.exchange.stateHashText
        begun = runner.records.all.count
        let fitting = try Self.fitting(choice, in: runner.records.all, venue, tape.file)
        chosen = fitting.count
        cases = fitting.prefix(limit).map { record in
            let sighting = witness.sightings[record.id.index]
            return LiquidationCase(
                record: record, step: sighting.step, opened: sighting.opened, index: sighting.index,
                sources: sighting.sources)
        }
    }

    private static func fitting(
        _ choice: Choice, in records: [LiquidationRecord], _ venue: Directory, _ file: String
    ) throws(BadInput) -> [LiquidationRecord] {
        if let number = choice.liquidation, !records.indices.contains(number) {
            throw BadInput(
                file: file, key: "--liquidation", value: "\(number)",
                expected: records.isEmpty
                    ? "no number, because nothing was liquidated"
                    : "0 to \(records.count - 1), the liquidations of the run")
        }
        if let name = choice.account, venue.account(named: name) == nil {
            throw BadInput(file: file, key: "--account", value: name, expected: "an account of the tape")
        }
        return records.filter { record in
            (choice.liquidation ?? record.id.index) == record.id.index
                && (choice.account ?? venue[record.trigger.key.account]) == venue[record.trigger.key.account]
        }
    }

    /// How many liquidations are told.
    public var count: Int { cases.count }

    /// Finds for each liquidation told the least extra margin that would have prevented it.
    ///
    /// - Parameter progress: told after each how many are done.
    public mutating func findCounterfactuals(progress: (Int) -> Void = { _ in }) {
        // In order of opening, so that one run reaches the start of each search in turn.
        let order = cases.indices.sorted { (cases[$0].opened ?? 0, $0) < (cases[$1].opened ?? 0, $1) }
        var runner = TapeRunner(tape)
        var next = 0
        for (done, index) in order.enumerated() {
            while next <= cases[index].opened ?? -1 {
                runner.run(tape.steps[next])
                next += 1
            }
            var search = CounterfactualSearch(tape, cases[index])
            counterfactuals[cases[index].record.id.raw] = search.search(from: runner)
            progress(done + 1)
        }
    }
}
