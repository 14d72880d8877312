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
    /// The files it depends on, the sweep itself first.
    public let inputs: [InputFile]
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
        guard level > .zero, level <= Self.highest else {
            throw fields.refuse("level", "\(level.decimal)", "a share above 0% and up to 99.999%, such as 99.9%")
        }
        seeds = try Self.seeds(&fields)
        parameters = try Self.parameters(&fields)
        try fields.finish("a sweep")
        // However many there are, no more than that is multiplied on.
        let count = parameters.reduce(1) { min($0 * $1.values.count, Self.most + 1) }
        guard count * seeds.count <= Self.most else {
            let sizes = parameters.map { "\($0.values.count)" }.joined(separator: " x ")
            throw fields.refuse("vary", "\(sizes) values with \(seeds.count) seeds", "at most a million runs")
        }
        let folder = URL(filePath: file).deletingLastPathComponent().relativePath
        let scenario = DataFolder.path(reference, beside: folder)
        var points: [Point] = []
        var files = InputFiles()
        var inputs = [InputFile(name: file, contents: text, kind: .document)]
        for number in 0..<count {
            let values = Self.values(of: number, parameters)
            let changes = zip(parameters, values).map { DocumentChange($0.key, $1) }
            let point = try Scenario.read(scenario, changing: changes, from: &files)
            let currency = points.first?.scenario.plan.currency ?? point.plan.currency
            guard point.plan.currency == currency else {
                throw fields.refuse(
                    "vary", values.joined(separator: ", "),
                    "contracts that all settle in \(currency.name): other money cannot be compared with it")
            }
            points.append(Point(values: values, scenario: point))
            inputs += point.inputs.filter { !inputs.contains($0) }
        }
        self.points = points
        self.inputs = inputs
    }

    /// The most runs of a sweep; and the highest level, a bound on which takes a third of them.
    private static let most = 1_000_000
    private static let highest = Rate(999_990_000)

    private static func seeds(_ fields: inout Fields) throws(BadInput) -> [UInt64] {
        guard var terms = try fields.object("seeds") else { throw fields.missing("seeds", "an object {from, count}") }
        let from = try terms.wholeNumber("from", upTo: 1_000_000_000) ?? 1
        let expected = "a whole number from 1 to \(most)"
        guard let count = try terms.wholeNumber("count", upTo: most) else { throw terms.missing("count", expected) }
        guard count > 0 else { throw terms.refuse("count", "\(count)", expected) }
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
            let inputs = points[point].scenario.inputs.map(\.contents.sha256)
            let changes = zip(parameters, points[point].values).map { DocumentChange($0.key, $1) }
            return seeds.map { WorkUnit(point: point, seed: $0, inputs: inputs, changes: changes) }
        }
    }
}
