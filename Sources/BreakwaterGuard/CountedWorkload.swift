import BreakwaterCore
import BreakwaterWorkloads

/// A fixed piece of work. What sets it up is not counted; its `execute` calls all go through `counted`.
enum CountedWorkload: String, CaseIterable {
    /// 20,000 commands of the published order flow.
    case orders
    /// 1,000 marks over 2,000 positions, of which none comes near its trigger.
    case marks
    /// A fall by 30 % in 30 steps over 2,000 positions, with a deep book.
    case liquidations

    static var names: String { allCases.map(\.rawValue).joined(separator: " | ") }

    func run() {
        var exchange = Exchange(rulebook: WorkloadVenue.rulebook())
        var commands: [Command] = []
        switch self {
        case .orders:
            let flow = OrderFlow(count: 20_000)
            Self.execute(OrderFlow.opening() + flow.filling.map(OrderFlow.command), on: &exchange)
            commands = flow.steps.map(OrderFlow.command)
        case .marks:
            let population = Population(positions: 2_000, contracts: 5)
            population.open { Self.execute([$0], on: &exchange) }
            var walk = Walk(contracts: 5, step: 4)
            commands = (0..<1_000).map { _ in .mark([walk.next()]) }
        case .liquidations:
            let population = Population(positions: 2_000, contracts: 5)
            population.open { Self.execute([$0], on: &exchange) }
            for step in 0..<30 {
                let prices = Array(repeating: WorkloadVenue.price * Int64(99 - step) / 100, count: 5)
                population.bids(below: prices, step: step) { commands.append($0) }
                commands.append(.mark(population.marks(at: prices)))
            }
        }
        Self.counted(commands, on: &exchange)
    }

    private static func execute(_ commands: [Command], on exchange: inout Exchange) {
        for command in commands { exchange.execute(command, at: WorkloadVenue.start) }
    }

    /// The part that scripts/instructions counts, which it finds by this name.
    @inline(never)
    private static func counted(_ commands: [Command], on exchange: inout Exchange) {
        for command in commands { exchange.execute(command, at: WorkloadVenue.start) }
    }
}
