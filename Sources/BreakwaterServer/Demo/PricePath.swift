internal import BreakwaterCore
internal import BreakwaterSimulator
internal import BreakwaterTapes

/// The prices of the demo market, step by step and without end: the real ones from just before their steepest fall, then
/// the same returns backwards, and so on.
struct PricePath: Sendable {
    /// Prices of the first contract, in ticks.
    private let prices: [Price]
    private var index = 0
    private var forward = true
    private let stride: Int

    /// - Parameter stride: how many steps of the bars are passed at a time; each bar has four.
    init(_ bars: [Bar], stride: Int) {
        let path = bars.flatMap(\.path)
        let start = Self.steepestFall(in: path, within: min(path.count - 1, 2_400))
        prices = Array(path[max(0, start - 40)...])
        self.stride = max(1, stride)
    }

    mutating func next() -> Price {
        let price = prices[index]
        let next = index + (forward ? stride : -stride)
        if prices.indices.contains(next) { index = next } else { forward.toggle() }
        return price
    }

    /// The step after which the price falls most within so many steps.
    private static func steepestFall(in path: [Price], within window: Int) -> Int {
        var best = (start: 0, share: Int128(0))
        for start in Swift.stride(from: 0, to: max(1, path.count - window), by: 20) {
            let low = path[start..<start + window].min()!
            let share = (path[start] - low).wide * 1_000_000 / path[start].wide
            if share > best.share { best = (start, share) }
        }
        return best.start
    }
}
