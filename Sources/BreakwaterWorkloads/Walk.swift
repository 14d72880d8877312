public import BreakwaterCore

/// Marks that go from contract to contract, each a random step from the last one there.
public struct Walk: Sendable {
    private var prices: [Int64]
    private var turn = 0
    private let step: Int64
    private var draws = Draws(seed: 11)

    /// - Parameter step: the most ticks that a mark moves by. Uniform from -step to step; never none.
    public init(contracts: Int, step: Int64) {
        prices = Array(repeating: WorkloadVenue.price, count: contracts)
        self.step = step
    }

    public mutating func next() -> MarkPrice {
        defer { turn = (turn + 1) % prices.count }
        let distance = 1 + draws.below(step)
        prices[turn] += draws.below(2) == 0 ? distance : -distance
        return MarkPrice(ContractID(index: turn), Price(prices[turn]))
    }
}
