import BreakwaterWorkloads

@testable import BreakwaterCore

/// What a mark costs that liquidates nobody, beside looking at every position of its contract.
enum MarkTick: Benchmark {
    static let name = "mark-tick"

    static func run(_ setting: Setting) -> Outcome {
        let population = Population(positions: setting.size(1_000_000, quick: 20_000))
        var outcome = Outcome(
            name,
            "\(words(population.positions)) positions, \(words(population.accounts)) accounts, \(population.contracts)"
                + " contracts, half cross and half isolated, marks a random step of up to 4 ticks of 0.00125 % apart")
        setting.progress.say("opening \(words(population.positions)) positions")
        var venue = PopulatedVenue(population)
        setting.progress.say("marks")
        var walk = Walk(contracts: population.contracts, step: 4)
        _ = venue.timeMarks(&walk, count: 200, every: Duration(1_000))
        let ticks = venue.timeMarks(&walk, count: setting.size(5_000, quick: 500), every: Duration(1_000))
        outcome.add("median mark", ticks.median / 1_000, .microseconds, .atMost(1))
        outcome.add("99th percentile", ticks.percentile(99) / 1_000, .microseconds)

        setting.progress.say("the check of every position")
        let checked = population.positions / population.contracts
        let check = Samples((0..<population.contracts).map { timeCheck(of: $0, in: venue) })
        outcome.add("margin check of the contract's positions", check.median / 1_000, .microseconds)
        outcome.add("margin check / median mark", check.median / ticks.median, .times, .atLeast(1_000))
        outcome.add("margin check, a position", check.median / Double(checked), .nanoseconds)
        let copy = Samples((0..<population.contracts).map { timeCopy(of: $0, in: venue) })
        outcome.add("copying the same positions, each", copy.median / Double(checked), .nanoseconds)
        outcome.add("margin check / copying", check.median / copy.median, .times, .atMost(3))
        let block = MemoryCopy.nanoseconds(of: checked * MemoryLayout<Position>.stride)
        outcome.add("copying as many bytes in one piece, each", block / Double(checked), .nanoseconds)

        setting.progress.say("opening them again, for the twin that visits every position")
        var eager = PopulatedVenue(population, eager: true)
        var again = Walk(contracts: population.contracts, step: 4)
        _ = eager.timeMarks(&again, count: 50, every: Duration(1_000))
        let visit = eager.timeMarks(&again, count: setting.size(200, quick: 100), every: Duration(1_000))
        outcome.add("median mark that visits every position", visit.median / 1_000, .microseconds)
        outcome.add("such a mark / median mark", visit.median / ticks.median, .times)
        outcome.add("reading the clock, in every sample", Samples.ofTheClock() / 1_000, .microseconds)
        return outcome
    }

    /// Nanoseconds to copy every position of a contract from where it lies.
    private static func timeCopy(of contract: Int, in venue: borrowing PopulatedVenue) -> Int64 {
        let indices = venue.exchange.markets[contract].positions
        var copies: [Position] = []
        copies.reserveCapacity(indices.count)
        let watch = Stopwatch()
        for index in indices { copies.append(venue.exchange.positions[Int(index)]) }
        let time = watch.nanoseconds
        precondition(copies.count == indices.count)
        return time
    }

    /// Nanoseconds to ask of every position of a contract whether it must be liquidated.
    private static func timeCheck(of contract: Int, in venue: borrowing PopulatedVenue) -> Int64 {
        let indices = venue.exchange.markets[contract].positions
        var liquidatable = 0
        let watch = Stopwatch()
        for index in indices where venue.exchange.isLiquidatable(Int(index)) {
            liquidatable += 1
        }
        let time = watch.nanoseconds
        precondition(liquidatable == 0, "\(liquidatable) positions are at their trigger")
        return time
    }
}
