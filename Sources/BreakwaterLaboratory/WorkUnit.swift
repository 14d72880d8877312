public import BreakwaterSimulator
internal import BreakwaterTapes
internal import Crypto
internal import Foundation

/// One run, described so fully that anybody anywhere can do it and come to the same result, and addressed by that
/// description: whoever has done it under an address has done it for everybody.
public struct WorkUnit: Sendable {
    public let point: Int
    public let seed: UInt64
    /// What the run depends on: the program, every file by its contents, every changed value, the seed.
    public let description: String
    /// The SHA-256 of the description.
    public let address: String

    init(point: Int, seed: UInt64, inputs: [(name: String, hash: String)], changes: [DocumentChange]) {
        self.point = point
        self.seed = seed
        let text: JSONValue = [
            "breakwater": .string(ProgramVersion.text), "results": .integer(RunResult.version),
            "inputs": .array(inputs.map { ["name": .string($0.name), "sha256": .string($0.hash)] }),
            "changes": .array(changes.map { ["key": .string($0.path), "value": .string($0.value)] }),
            "seed": .string("\(seed)"),
        ]
        description = text.text(pretty: false)
        address = Self.hash(description)
    }

    static func hash(_ text: String) -> String {
        let digits = Array("0123456789abcdef")
        return String(SHA256.hash(data: Data(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
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
