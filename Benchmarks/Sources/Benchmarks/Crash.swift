import BreakwaterCore
import BreakwaterWorkloads

/// A crash through a deep book, and whether anybody was missed.
enum Crash: Benchmark {
    static let name = "crash"

    static func run(_ setting: Setting) -> Outcome {
        let population = Population(positions: setting.size(1_000_000, quick: 20_000))
        let steps = 300
        var outcome = Outcome(
            name,
            "\(words(population.positions)) positions as in mark-tick, all \(population.contracts) marks fall by 30 % in"
                + " \(steps) steps a second apart, one deep bid in each contract follows")
        setting.progress.say("opening \(words(population.positions)) positions")
        let fast = run(PopulatedVenue(population), steps: steps, setting)
        setting.progress.say("opening them again, for the oracle")
        let eager = run(PopulatedVenue(population, eager: true), steps: steps, setting)

        outcome.add("liquidations", Double(fast.liquidated.count), .count, .atLeast(setting.quick ? 4_000 : 200_000))
        outcome.add("all marks", fast.seconds, .seconds, .atMost(2))
        outcome.add("a liquidation", fast.seconds * 1e6 / Double(fast.liquidated.count), .microseconds)
        outcome.add("longest step, of 50 marks", fast.longest * 1_000, .milliseconds)
        outcome.add("moving the bids", fast.bidding, .seconds)
        outcome.add("all marks with a full scan", eager.seconds, .seconds)
        outcome.add("full scan / all marks", eager.seconds / fast.seconds, .times)
        let difference = Set(fast.liquidated).symmetricDifference(eager.liquidated).count
        outcome.add("liquidated by one of them only", Double(difference), .count, .atMost(0))
        outcome.add("states that differ at the end", fast.hash == eager.hash ? 0 : 1, .count, .atMost(0))
        return outcome
    }

    private struct Course {
        var liquidated: [PositionKey] = []
        var seconds = 0.0
        var longest = 0.0
        var bidding = 0.0
        var hash: UInt64 = 0
    }

    private static func run(_ venue: consuming PopulatedVenue, steps: Int, _ setting: Setting) -> Course {
        let population = venue.population
        var course = Course()
        // What was just opened is looked at once.
        venue.execute(
            .mark(population.marks(at: Array(repeating: WorkloadVenue.price, count: population.contracts))))
        for step in 0..<steps {
            if step.isMultiple(of: 10) { setting.progress.say("step \(step) of \(steps)") }
            let price = WorkloadVenue.price - WorkloadVenue.price * 3 * Int64(step + 1) / Int64(10 * steps)
            let prices = Array(repeating: price, count: population.contracts)
            var commands: [Command] = []
            population.bids(below: prices, step: step) { commands.append($0) }
            var watch = Stopwatch()
            for command in commands { venue.execute(command) }
            course.bidding += watch.seconds
            let mark = Command.mark(population.marks(at: prices))
            watch = Stopwatch()
            venue.execute(mark, after: .seconds(1))
            let seconds = watch.seconds
            course.seconds += seconds
            course.longest = max(course.longest, seconds)
            for case .liquidation(_, _, .started(let trigger)) in venue.exchange.events {
                course.liquidated.append(trigger.key)
            }
        }
        course.hash = venue.exchange.stateHash
        return course
    }
}
