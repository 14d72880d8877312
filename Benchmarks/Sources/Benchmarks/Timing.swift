/// How long things take, by the monotonic clock.
struct Stopwatch {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    init() { start = clock.now }

    /// Since it was made.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = (clock.now - start).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    var seconds: Double { Double(nanoseconds) / 1e9 }
}

/// Samples in nanoseconds.
struct Samples {
    private(set) var sorted: [Int64]

    init(_ samples: [Int64]) { sorted = samples.sorted() }

    var median: Double { percentile(50) }
    var mean: Double { Double(sorted.reduce(0, +)) / Double(sorted.count) }
    var longest: Double { Double(sorted.last!) }
    func percentile(_ share: Double) -> Double {
        Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share / 100))])
    }

    /// What one reading of the clock takes, which is in every sample.
    static func ofTheClock() -> Double {
        let watch = Stopwatch()
        var last = watch.nanoseconds
        return Samples(
            (0..<10_001).map { _ in
                let now = watch.nanoseconds
                defer { last = now }
                return now - last
            }
        ).median
    }
}

/// What copying takes: the reference for whatever has to look at memory once.
enum MemoryCopy {
    /// Nanoseconds to copy `bytes` bytes, the best of several times, over memory far larger than the caches.
    static func nanoseconds(of bytes: Int) -> Double {
        let size = max(bytes, 256 << 20)
        let source = [UInt8](repeating: 1, count: size)
        var copy: [UInt8] = []
        copy.reserveCapacity(size)
        let times = (0..<5).map { _ in
            copy.removeAll(keepingCapacity: true)
            let watch = Stopwatch()
            copy.append(contentsOf: source)
            return watch.nanoseconds
        }
        precondition(copy.last == 1)
        return Double(times.min()!) * Double(bytes) / Double(size)
    }
}
