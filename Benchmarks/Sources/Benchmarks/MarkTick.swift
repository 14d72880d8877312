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

        setting.progress.say("opening them again, for the full scan")
        var eager = PopulatedVenue(population, eager: true)
        var again = Walk(contracts: population.contracts, step: 4)
        _ = eager.timeMarks(&again, count: 50, every: Duration(1_000))
        let scan = eager.timeMarks(&again, count: setting.size(500, quick: 100), every: Duration(1_000))
        let scanned = population.positions / population.contracts
        outcome.add("full scan of the contract's positions", scan.median / 1_000, .microseconds)
        outcome.add("full scan / median mark", scan.median / ticks.median, .times, .atLeast(1_000))
        outcome.add("full scan, a position", scan.median / Double(scanned), .nanoseconds)
        let copy = MemoryCopy.nanoseconds(of: scanned * MemoryLayout<Position>.stride)
        outcome.add("copying the same bytes, a position", copy / Double(scanned), .nanoseconds)
        outcome.add("full scan / copying", scan.median / copy, .times, .atMost(3))
        outcome.add("reading the clock, in every sample", Samples.ofTheClock() / 1_000, .microseconds)
        return outcome
    }
}
