import BreakwaterCore
import BreakwaterWorkloads

/// How the cost of a mark grows with the positions there are.
enum MarkGrowth: Benchmark {
    static let name = "mark-growth"

    static func run(_ setting: Setting) -> Outcome {
        let sizes = setting.quick ? [1_000, 10_000, 50_000] : [10_000, 100_000, 1_000_000, 10_000_000]
        var outcome = Outcome(
            name, "as mark-tick, with \(words(sizes.first!)) to \(words(sizes.last!)) positions in 50 contracts")
        for size in sizes {
            outcome.add(label(size), median(size, eager: false, setting), .microseconds)
        }
        // A full scan of more says nothing new, and takes the memory of two venues.
        for size in sizes where size <= 1_000_000 {
            outcome.add(scanLabel(size), median(size, eager: true, setting), .microseconds)
        }
        let growth = outcome[label(sizes.last!)] / outcome[label(sizes.first!)]
        outcome.add("last / first", growth, .times, .atMost(2))
        return outcome
    }

    private static func median(_ size: Int, eager: Bool, _ setting: Setting) -> Double {
        setting.progress.say("opening \(words(size)) positions")
        var venue = PopulatedVenue(Population(positions: size), eager: eager)
        setting.progress.say("marks over \(words(size)) positions")
        var walk = Walk(contracts: venue.population.contracts, step: 4)
        _ = venue.timeMarks(&walk, count: 100, every: Duration(1_000))
        return venue.timeMarks(&walk, count: eager ? 200 : 2_000, every: Duration(1_000)).median / 1_000
    }

    static func label(_ size: Int) -> String { "median mark, \(words(size)) positions" }
    static func scanLabel(_ size: Int) -> String { "full scan, \(words(size)) positions" }
}
