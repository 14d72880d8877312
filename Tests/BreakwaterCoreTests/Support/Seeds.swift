import Foundation
import Testing

/// Which seeds the random tests run, and how a failing one is run again.
///
/// `BREAKWATER_SOAK=1` runs a hundred times as many; `BREAKWATER_SEED=17` runs that one alone.
enum Seeds {
    /// Several seeds that one test case works through; cases run side by side.
    struct Batch: Sendable, CustomTestStringConvertible {
        let seeds: ClosedRange<UInt64>
        var testDescription: String { "seeds \(seeds.lowerBound) to \(seeds.upperBound)" }
    }

    static func batches(of count: UInt64) -> [Batch] {
        let environment = ProcessInfo.processInfo.environment
        if let text = environment["BREAKWATER_SEED"], let seed = UInt64(text) { return [Batch(seeds: seed...seed)] }
        let count = environment["BREAKWATER_SOAK"] == "1" ? count * 100 : count
        let size = max(1, count / 8)
        return stride(from: 1, through: count, by: Int(size)).map { Batch(seeds: $0...min(count, $0 + size - 1)) }
    }

    /// The command that runs `seed` again, for the message of a failed expectation.
    static func replay(_ seed: UInt64, _ suite: String) -> Comment {
        "replay: BREAKWATER_SEED=\(seed) scripts/test --filter \(suite)"
    }
}
