import BreakwaterWorkloads

@testable import BreakwaterCore

/// An exchange with a population's positions open.
struct PopulatedVenue: ~Copyable {
    private(set) var exchange: Exchange
    let population: Population
    private(set) var now = WorkloadVenue.start

    /// - Parameter eager: whether it looks at every position of a contract at every mark, as its twin does not.
    init(_ population: Population, eager: Bool = false) {
        self.population = population
        exchange = Self.exchange(eager: eager)
        population.open { exchange.execute($0, at: WorkloadVenue.start) }
        precondition(exchange.openPositions == population.positions, "\(exchange.openPositions) positions are open")
    }

    private static func exchange(eager: Bool) -> Exchange {
        Exchange(rulebook: WorkloadVenue.rulebook(), watching: eager ? .everyone : .bands)
    }

    mutating func execute(_ command: Command, after wait: Duration = .zero) {
        now = now + wait
        exchange.execute(command, at: now)
    }

    /// Nanoseconds that one command takes.
    mutating func time(_ command: Command, after wait: Duration = .zero) -> Int64 {
        let watch = Stopwatch()
        execute(command, after: wait)
        return watch.nanoseconds
    }

    /// Marks of a random walk, each timed; nobody may be liquidated by them.
    mutating func timeMarks(_ walk: inout Walk, count: Int, every wait: Duration) -> Samples {
        let before = exchange.liquidationCount
        let samples = Samples((0..<count).map { _ in time(.mark([walk.next()]), after: wait) })
        precondition(exchange.liquidationCount == before, "somebody was liquidated")
        return samples
    }
}

extension Exchange {
    var openPositions: Int { positions.count { $0.size != .zero } }
}
