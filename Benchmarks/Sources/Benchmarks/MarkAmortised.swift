import BreakwaterWorkloads

@testable import BreakwaterCore

/// What a mark costs on average over a time in which prices move, profit is settled, and whatever is kept ready for the
/// next mark has to be made anew.
enum MarkAmortised: Benchmark {
    static let name = "mark-amortised"

    static func run(_ setting: Setting) -> Outcome {
        let population = Population(positions: setting.size(1_000_000, quick: 20_000))
        let count = setting.size(100_000, quick: 2_000)
        // 1 % a day is 1 % / sqrt(86,400) = 2.7 ticks a second, the standard deviation of a step of up to 4.
        var outcome = Outcome(
            name,
            "\(words(population.positions)) positions as in mark-tick, \(words(count)) marks, one a second in each contract,"
                + " at a daily volatility of 1 %, settled every ten minutes")
        setting.progress.say("opening \(words(population.positions)) positions")
        var venue = PopulatedVenue(population)
        // What was just opened is looked at once.
        venue.execute(
            .mark(population.marks(at: Array(repeating: WorkloadVenue.price, count: population.contracts))))
        setting.progress.say("\(words(count)) marks")
        var walk = Walk(contracts: population.contracts, step: 4)
        let before = venue.exchange.liquidationCount
        let watch = Stopwatch()
        for _ in 0..<count { venue.execute(.mark([walk.next()]), after: Duration(20_000)) }
        outcome.add("mean mark", watch.seconds * 1e6 / Double(count), .microseconds, .atMost(10))
        outcome.add("liquidations begun", Double(venue.exchange.liquidationCount - before), .count)
        return outcome
    }
}
