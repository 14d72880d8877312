/// What one benchmark measured, and under which conditions.
struct Outcome: Encodable {
    let name: String
    let conditions: String
    var figures: [Figure] = []

    init(_ name: String, _ conditions: String) {
        self.name = name
        self.conditions = conditions
    }

    mutating func add(_ label: String, _ value: Double, _ unit: Unit, _ target: Target? = nil) {
        figures.append(Figure(label: label, value: value, unit: unit, target: target))
    }

    /// The value of a figure added before.
    subscript(label: String) -> Double { figures.first { $0.label == label }!.value }
}

/// One measured value; a reference or a ratio is one like any other.
struct Figure: Encodable {
    let label: String
    let value: Double
    let unit: Unit
    let target: Target?

    var isReached: Bool? { target?.isReached(by: value) }

    private enum Key: CodingKey { case label, value, unit, target, reached }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(label, forKey: .label)
        try container.encode(value, forKey: .value)
        try container.encode(unit, forKey: .unit)
        try container.encodeIfPresent(target?.text, forKey: .target)
        try container.encodeIfPresent(isReached, forKey: .reached)
    }
}

enum Unit: String, Encodable {
    case nanoseconds = "ns"
    case microseconds = "us"
    case milliseconds = "ms"
    case seconds = "s"
    case times = "x"
    case count = ""
    case bytes
    case millionsPerSecond = "million/s"
    case bytesPerNanosecond = "GB/s"
}

/// What a figure must reach.
enum Target {
    case atMost(Double)
    case atLeast(Double)

    func isReached(by value: Double) -> Bool {
        switch self {
        case .atMost(let most): value <= most
        case .atLeast(let least): value >= least
        }
    }

    /// Whether a value reaches it, or by what factor it falls short.
    func verdict(on value: Double) -> String {
        if isReached(by: value) { return "reached" }
        switch self {
        case .atMost(let most): return most > 0 ? "SHORT by \(Outcome.decimal(value / most))x" : "MISSED"
        case .atLeast(let least): return value > 0 ? "SHORT by \(Outcome.decimal(least / value))x" : "MISSED"
        }
    }

    var text: String {
        switch self {
        case .atMost(let most): "at most \(Outcome.decimal(most))"
        case .atLeast(let least): "at least \(Outcome.decimal(least))"
        }
    }
}

extension Outcome {
    /// The conditions, and a line for every figure.
    var text: String {
        let lines = figures.map { figure in
            var line = "  \(padded(figure.label, to: 44))\(padded(Self.decimal(figure.value), to: -12)) "
            line += padded(figure.unit.rawValue, to: 10)
            if let target = figure.target { line += "\(target.text): \(target.verdict(on: figure.value))" }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
        return ([name, "  \(conditions)"] + lines).joined(separator: "\n") + "\n"
    }

    /// With three digits or all before the point, and a comma after every three of those.
    static func decimal(_ value: Double) -> String {
        let places = value == value.rounded() || value.magnitude >= 100 ? 0 : value.magnitude >= 10 ? 1 : 2
        let scale = [1.0, 10.0, 100.0][places]
        let digits = String(Int((value.magnitude * scale).rounded()))
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        var whole = ""
        for (place, digit) in padded.dropLast(places).reversed().enumerated() {
            if place > 0, place.isMultiple(of: 3) { whole = "," + whole }
            whole = String(digit) + whole
        }
        return (value < 0 ? "-" : "") + whole + (places > 0 ? "." + padded.suffix(places) : "")
    }

    /// Filled with blanks: behind to `width`, or in front where it is negative.
    private func padded(_ text: String, to width: Int) -> String {
        let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? blanks + text : text + blanks
    }
}

/// A whole number as people write it: 1,000,000.
func words(_ count: Int) -> String { Outcome.decimal(Double(count)) }
