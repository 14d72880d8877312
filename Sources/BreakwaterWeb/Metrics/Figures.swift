internal import Synchronization

/// A number that only grows.
public final class Counter: Sample {
    private let labels: [(String, String)]
    private let value = Atomic<Int>(0)

    init(labels: [(String, String)]) { self.labels = labels }

    public func add(_ amount: Int = 1) { value.add(amount, ordering: .relaxed) }
    public var total: Int { value.load(ordering: .relaxed) }

    func write(_ name: String, to text: inout MetricsText) { text.sample(name, labels, "\(total)") }
}

/// A number that goes up and down.
public final class Gauge: Sample {
    private let labels: [(String, String)]
    private let value = Atomic<Int>(0)

    init(labels: [(String, String)]) { self.labels = labels }

    public func add(_ amount: Int) { value.add(amount, ordering: .relaxed) }
    public func set(_ amount: Int) { value.store(amount, ordering: .relaxed) }
    public var current: Int { value.load(ordering: .relaxed) }

    func write(_ name: String, to text: inout MetricsText) { text.sample(name, labels, "\(current)") }
}

/// How often something took how long, in buckets from 100 microseconds to 10 seconds.
public final class Histogram: Sample {
    /// Upper bounds in nanoseconds: 1, 2.5 and 5 of each power of ten.
    static let bounds: [UInt64] = [
        100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
        250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
    ]

    private let labels: [(String, String)]
    private let counts: [Counter]
    private let sum = Atomic<UInt64>(0)

    init(labels: [(String, String)]) {
        self.labels = labels
        counts = (0...Self.bounds.count).map { _ in Counter(labels: []) }
    }

    /// Notes something that took `nanoseconds`.
    public func record(nanoseconds: UInt64) {
        counts[Self.bounds.firstIndex { nanoseconds <= $0 } ?? Self.bounds.count].add()
        sum.add(nanoseconds, ordering: .relaxed)
    }

    func write(_ name: String, to text: inout MetricsText) {
        var total = 0
        for (bound, count) in zip(Self.bounds.map(MetricsText.seconds) + ["+Inf"], counts) {
            total += count.total
            text.sample("\(name)_bucket", labels + [("le", bound)], "\(total)")
        }
        text.sample("\(name)_sum", labels, MetricsText.seconds(sum.load(ordering: .relaxed)))
        text.sample("\(name)_count", labels, "\(total)")
    }
}
