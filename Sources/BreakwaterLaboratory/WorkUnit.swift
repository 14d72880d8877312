public import BreakwaterSimulator
internal import BreakwaterTapes

/// One run, described so fully that anybody anywhere can do it and come to the same result, and addressed by that
/// description: whoever has done it under an address has done it for everybody.
public struct WorkUnit: Sendable {
    public let point: Int
    public let seed: UInt64
    /// What the run depends on: the program, every file by its contents in the order they are read, every changed value, the
    /// seed; and nothing of where they were.
    public let description: String
    /// The SHA-256 of the description.
    public let address: String

    init(point: Int, seed: UInt64, inputs: [String], changes: [DocumentChange]) {
        self.point = point
        self.seed = seed
        let text: JSONValue = [
            "breakwater": .string(ProgramVersion.text), "results": .integer(RunResult.version),
            "inputs": .array(inputs.map { .string($0) }),
            "changes": .array(changes.map { ["key": .string($0.path), "value": .string($0.value)] }),
            "seed": .string("\(seed)"),
        ]
        description = text.text(pretty: false)
        address = description.sha256
    }

    /// Does the run.
    public func run(_ scenario: Scenario) -> RunResult {
        var plan = scenario.plan
        plan.redraw(seed: seed)
        var simulation = Simulation(plan)
        simulation.run()
        return RunResult(simulation)
    }
}
