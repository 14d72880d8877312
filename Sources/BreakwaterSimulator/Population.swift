import BreakwaterCore

/// One simulated trader: what it brings, and the one position it will open.
struct Trader {
    let account: AccountID
    let deposit: Amount
    /// The share of its deposit it puts behind the position.
    let committedPercent: Int64
    let leverage: Leverage
    let side: OrderSide
    let mode: MarginMode
    /// The price step at which it enters.
    let entryStep: Int
}

/// Draws a population from a plan's seed, in order of entry.
enum Population {
    static func drawn(from plan: SimulationPlan, steps: Int, firstAccount: Int) -> [Trader] {
        var generator = SeededGenerator(seed: plan.seed)
        let most = plan.contract.maxLeverage
        let traders = (0..<plan.traders).map { number in
            Trader(
                account: AccountID(index: firstAccount + number),
                deposit: Amount(generator.heavyTailed(from: plan.deposits.least.raw, upTo: plan.deposits.most.raw)),
                committedPercent: 20 + generator.below(76),
                leverage: min(most, Leverage(drawLeverage(&generator) * 100)),
                side: generator.isTrue(percent: plan.longPercent) ? .buy : .sell,
                mode: generator.isTrue(percent: plan.isolatedPercent) ? .isolated : .cross,
                entryStep: Int(generator.below(Int64(steps))))
        }
        return traders.sorted { ($0.entryStep, $0.account) < ($1.entryStep, $1.account) }
    }

    private static func drawLeverage(_ generator: inout SeededGenerator) -> Int64 {
        var draw = generator.below(SimulationPlan.leverages.reduce(0) { $0 + $1.weight })
        for (leverage, weight) in SimulationPlan.leverages {
            if draw < weight { return leverage }
            draw -= weight
        }
        preconditionFailure("weights do not add up")
    }
}
