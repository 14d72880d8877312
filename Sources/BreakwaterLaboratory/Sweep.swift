public import BreakwaterCore
public import BreakwaterSimulator
public import BreakwaterTapes
internal import Foundation

/// Many simulations of one scenario: every combination of the values of some keys, each with every seed.
///
/// Spelt as docs/LAB.md says; checked as a whole, every combination's scenario with it, before the first run.
public struct Sweep: Sendable {
    public let name: String
    /// The share of runs without deleveraging that a fund is sized for.
    public let level: Rate
    public let parameters: [Parameter]
    public let seeds: [UInt64]
    /// Every combination, the last parameter's values changing fastest.
    public let points: [Point]
    let file: String

    public struct Parameter: Sendable, Equatable {
        public let key: String
        public let values: [String]
    }

    public struct Point: Sendable {
        /// The value of each parameter.
        public let values: [String]
        public let scenario: Scenario
    }

    public static func read(_ path: String) throws(BadInput) -> Sweep {
        try Sweep(try Document.text(ofFile: path), file: path)
    }

    init(_ text: String, file: String) throws(BadInput) {
        var fields = try Document.object(in: text, file: file)
        self.file = file
        name = try fields.text("name") ?? URL(filePath: file).deletingPathExtension().lastPathComponent
        let reference = try fields.requiredText("scenario", expected: "a scenario's file")
        level = try fields.rate("level") ?? Rate(999_000_000)
        guard level > .zero, level < .one else {
            throw fields.refuse("level", "\(level.decimal)", "a share between 0% and 100%, such as 99.9%")
        }
        seeds = try Self.seeds(&fields)
        parameters = try Self.parameters(&fields)
        try fields.finish("a sweep")
        let count = parameters.reduce(1) { $0 * $1.values.count }
        guard count * seeds.count <= 1_000_000 else {
            throw fields.refuse("vary", "\(count) combinations with \(seeds.count) seeds", "at most a million runs")
        }
        let folder = URL(filePath: file).deletingLastPathComponent().relativePath
        let scenario = DataFolder.path(reference, beside: folder)
        var points: [Point] = []
        for number in 0..<count {
            let values = Self.values(of: number, parameters)
            let changes = zip(parameters, values).map { DocumentChange($0.key, $1) }
            points.append(Point(values: values, scenario: try Scenario.read(scenario, changing: changes)))
        }
        self.points = points
    }

    private static func seeds(_ fields: inout Fields) throws(BadInput) -> [UInt64] {
        guard var terms = try fields.object("seeds") else { throw fields.missing("seeds", "an object {from, count}") }
        let from = try terms.wholeNumber("from", upTo: 1_000_000_000) ?? 1
        guard let count = try terms.wholeNumber("count", upTo: 1_000_000), count > 0 else {
            throw terms.missing("count", "a whole number from 1 to 1000000")
        }
        try terms.finish("seeds")
        return (0..<count).map { UInt64(from + $0) }
    }

    private static func parameters(_ fields: inout Fields) throws(BadInput) -> [Parameter] {
        var parameters: [Parameter] = []
        for var item in try fields.objects("vary") ?? [] {
            let key = try item.requiredText("key", expected: "a key of the scenario, such as liquidity.depth")
            let values = try item.words("values")
            guard !values.isEmpty, Set(values).count == values.count else {
                throw item.refuse("values", values.joined(separator: " "), "a list of values, each once")
            }
            guard key != "seed", !parameters.contains(where: { $0.key == key }) else {
                throw item.refuse("key", key, "a key that is not varied already; seeds have a key of their own")
            }
            try item.finish("a parameter")
            parameters.append(Parameter(key: key, values: values))
        }
        return parameters
    }

    private static func values(of number: Int, _ parameters: [Parameter]) -> [String] {
        var rest = number
        var values: [String] = []
        for parameter in parameters.reversed() {
            values.append(parameter.values[rest % parameter.values.count])
            rest /= parameter.values.count
        }
        return values.reversed()
    }

    /// Every run, by point, then by seed.
    public var units: [WorkUnit] {
        points.indices.flatMap { point -> [WorkUnit] in
            let inputs = points[point].scenario.inputs.map { (name: $0.name, hash: WorkUnit.hash($0.contents)) }
            let changes = zip(parameters, points[point].values).map { DocumentChange($0.key, $1) }
            return seeds.map { WorkUnit(point: point, seed: $0, inputs: inputs, changes: changes) }
        }
    }
}
