import BreakwaterWorkloads
import Foundation

@testable import BreakwaterCore

/// What a position takes, with its share of accounts, wallets, names and whatever else grows with it.
enum Memory: Benchmark {
    static let name = "memory"

    static func run(_ setting: Setting) -> Outcome {
        let population = Population(positions: setting.size(1_000_000, quick: 100_000))
        var outcome = Outcome(
            name,
            "\(words(population.positions)) positions as in mark-tick, by what the process grows by while they are opened"
        )
        setting.progress.say("opening \(words(population.positions)) positions")
        let before = residentBytes()
        let venue = PopulatedVenue(population)
        let grown = residentBytes() - before
        outcome.add("a position, all in", Double(grown) / Double(population.positions), .bytes, .atMost(200))
        outcome.add("of it the position itself", Double(MemoryLayout<Position>.stride), .bytes)
        let share = MemoryLayout<Account>.stride + MemoryLayout<Wallet>.stride + MemoryLayout<String>.stride
        outcome.add("account, wallet and name, by the account", Double(share), .bytes)
        outcome.add("accounts", Double(venue.exchange.directory.accountNames.count), .count)
        return outcome
    }

    /// What the process has in memory.
    private static func residentBytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        return Int(text.split(separator: " ")[1])! * sysconf(Int32(_SC_PAGESIZE))
    }
}
