internal import Synchronization

/// Figures about the running server, written in the Prometheus text format.
///
/// Counters and gauges are whole numbers; histograms take durations. A figure is registered once, when the server is put
/// together, and then changed from any thread without waiting.
public final class Metrics: Sendable {
    private struct Family {
        let kind: String
        let help: String
        var samples: [any Sample]
    }

    private struct State {
        var families: [String: Family] = [:]
        var collectors: [@Sendable (inout MetricsText) -> Void] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// A number that only grows, its name ending in `_total`.
    public func counter(_ name: String, _ help: String, labels: [(String, String)] = []) -> Counter {
        register(Counter(labels: labels), as: name, kind: "counter", help)
    }

    /// A number that goes up and down.
    public func gauge(_ name: String, _ help: String, labels: [(String, String)] = []) -> Gauge {
        register(Gauge(labels: labels), as: name, kind: "gauge", help)
    }

    /// How long something took, its name ending in `_seconds`.
    public func histogram(_ name: String, _ help: String, labels: [(String, String)] = []) -> Histogram {
        register(Histogram(labels: labels), as: name, kind: "histogram", help)
    }

    /// Figures that are asked for when somebody looks, such as the length of a queue elsewhere.
    public func collect(_ collector: @escaping @Sendable (inout MetricsText) -> Void) {
        state.withLock { $0.collectors.append(collector) }
    }

    /// Every figure in the Prometheus text format, version 0.0.4, families sorted by name.
    public func text() -> String {
        let (families, collectors) = state.withLock { ($0.families, $0.collectors) }
        var text = MetricsText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.family(name, kind: family.kind, family.help)
            for sample in family.samples { sample.write(name, to: &text) }
        }
        for collector in collectors { collector(&text) }
        return text.lines
    }

    private func register<Figure: Sample>(_ figure: Figure, as name: String, kind: String, _ help: String) -> Figure {
        state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind, help: help, samples: [])
            precondition(family.kind == kind, "\(name) is a \(family.kind) already and cannot become a \(kind)")
            family.samples.append(figure)
            state.families[name] = family
        }
        return figure
    }
}

protocol Sample: Sendable {
    func write(_ name: String, to text: inout MetricsText)
}

/// Lines of the Prometheus text format.
public struct MetricsText {
    var lines = ""

    /// Begins a family: what its lines mean. `kind` is `counter`, `gauge` or `histogram`.
    public mutating func family(_ name: String, kind: String, _ help: String) {
        lines += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    /// One line; `value` is a number in text, so that fractions need no floating point.
    public mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: String) {
        lines += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }
            lines += "{" + pairs.joined(separator: ",") + "}"
        }
        lines += " \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }

    /// `nanoseconds` in seconds, as a decimal.
    public static func seconds(_ nanoseconds: UInt64) -> String {
        let fraction = String(nanoseconds % 1_000_000_000)
        return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 9 - fraction.count) + fraction
    }
}
