import BreakwaterWorkloads

@testable import BreakwaterCore

/// The longest that anybody waits for while profit is settled and funding is paid.
enum Epoch: Benchmark {
    static let name = "epoch"

    static func run(_ setting: Setting) -> Outcome {
        let population = Population(positions: setting.size(1_000_000, quick: 20_000))
        var outcome = Outcome(
            name,
            "\(words(population.positions)) positions as in mark-tick, marks a tenth of a percent up, one settlement of all"
                + " and one payment of funding in each contract")
        setting.progress.say("opening \(words(population.positions)) positions")
        var venue = PopulatedVenue(population)
        let up = WorkloadVenue.price + WorkloadVenue.price / 1_000
        venue.execute(.mark(population.marks(at: Array(repeating: up, count: population.contracts))))
        setting.progress.say("settlement and funding")
        let settlement = venue.time(.wait, after: .seconds(600))
        let funding = Samples(
            (0..<population.contracts).map { venue.time(.payFunding(ContractID(index: $0), Rate(100_000))) })
        outcome.add("longest pause", max(Double(settlement), funding.longest) / 1e6, .milliseconds, .atMost(1))
        outcome.add("settlement", Double(settlement) / 1e6, .milliseconds)
        outcome.add("funding, the longest of a contract", funding.longest / 1e6, .milliseconds)
        outcome.add("funding, all contracts", funding.mean * Double(population.contracts) / 1e6, .milliseconds)
        let copy = MemoryCopy.nanoseconds(of: population.positions * MemoryLayout<Position>.stride)
        outcome.add("copying all positions", copy / 1e6, .milliseconds)
        return outcome
    }
}
