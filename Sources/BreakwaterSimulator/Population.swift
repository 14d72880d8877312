import BreakwaterCore

/// One simulated trader: what it brings, and the one position it will open.
struct Trader {
    let deposit: Amount
    /// The share of its deposit it puts behind the position.
    let committedPercent: Int64
    let leverage: Leverage
    let side: OrderSide
    let mode: MarginMode
    /// The price step at which it enters.
    let entryStep: Int
    let contract: ContractID
    /// What it does later.
    let habits: Habits
}

/// What a trader does once it is in.
struct Habits: OptionSet {
    let rawValue: UInt8
    static let addsMargin = Habits(rawValue: 1)
    static let stopsLoss = Habits(rawValue: 2)
    static let panics = Habits(rawValue: 4)
}

/// Draws a population from a plan's seed, in order of account.
enum Population {
    static func drawn(from plan: SimulationPlan, steps: Int) -> [Trader] {
        if !plan.holdings.isEmpty { return given(in: plan) }
        var generator = SeededGenerator(seed: plan.seed)
        // What not every plan draws comes from a stream of its own, so that it leaves the rest as it was.
        var further = SeededGenerator(seed: plan.seed ^ 0x4861_6269_7473_2121)
        let contracts = plan.contracts
        let weights = plan.leverages.reduce(0) { $0 + $1.weight }
        let most = contracts.map(\.maxLeverage)
        return (0..<plan.traders).map { _ in
            let deposit = generator.heavyTailed(from: plan.deposits.least.raw, upTo: plan.deposits.most.raw)
            let committed = plan.committed.least + generator.below(plan.committed.most - plan.committed.least + 1)
            let leverage = drawLeverage(&generator, plan.leverages, weights)
            let side: OrderSide = generator.isTrue(percent: plan.longPercent) ? .buy : .sell
            let mode: MarginMode = generator.isTrue(percent: plan.isolatedPercent) ? .isolated : .cross
            let step = Int(generator.below(Int64(steps)))
            let contract = plan.others.isEmpty ? 0 : drawContract(&further, plan.others)
            return Trader(
                deposit: Amount(deposit), committedPercent: committed, leverage: min(most[contract], leverage),
                side: side, mode: mode, entryStep: step, contract: ContractID(index: contract),
                habits: habits(&further, plan.behaviour))
        }
    }

    private static func given(in plan: SimulationPlan) -> [Trader] {
        var further = SeededGenerator(seed: plan.seed ^ 0x4861_6269_7473_2121)
        return plan.holdings.map { holding in
            Trader(
                deposit: holding.deposit, committedPercent: 100,
                leverage: min(plan.contract.maxLeverage, holding.leverage),
                side: holding.size > .zero ? .buy : .sell, mode: holding.mode, entryStep: 0, contract: ContractID(0),
                habits: habits(&further, plan.behaviour))
        }
    }

    private static func drawLeverage(
        _ generator: inout SeededGenerator, _ leverages: [LeverageShare], _ weights: Int64
    ) -> Leverage {
        var draw = generator.below(weights)
        for share in leverages {
            if draw < share.weight { return share.leverage }
            draw -= share.weight
        }
        preconditionFailure("weights do not add up")
    }

    /// The first contract takes those whom no other one draws.
    private static func drawContract(_ generator: inout SeededGenerator, _ others: [Listing]) -> Int {
        var draw = generator.below(100)
        for (number, listing) in others.enumerated() {
            if draw < listing.sharePercent { return number + 1 }
            draw -= listing.sharePercent
        }
        return 0
    }

    private static func habits(_ generator: inout SeededGenerator, _ behaviour: Behaviour) -> Habits {
        var habits: Habits = []
        let shares = [behaviour.addMargin?.percent, behaviour.stopLoss?.percent, behaviour.panic?.percent]
        for (percent, habit) in zip(shares, [Habits.addsMargin, .stopsLoss, .panics]) {
            if let percent, generator.isTrue(percent: percent) { habits.insert(habit) }
        }
        return habits
    }
}
