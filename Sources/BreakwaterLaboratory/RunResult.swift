internal import BreakwaterCore
public import BreakwaterSimulator
internal import BreakwaterTapes

/// What is kept of one run: whole numbers, money in the smallest unit of the settlement currency.
public struct RunResult: Sendable, Equatable {
    /// Counted up when what is kept changes, or what a run comes to, so that results of different kinds never meet.
    static let version = 2

    public enum Metric: String, Sendable, CaseIterable {
        /// Positions lost, and what they were worth.
        case liquidations, notional
        /// What closing them lost, and that part of it that their traders did not bear.
        case loss, beyondTraders
        /// What the fund spent and gained, and the smallest one with which everything would have gone as it did.
        case fundSpent, fundGained, fundNeeded
        /// Deleveraged positions, their accounts, and what these gave up.
        case deleverages, deleveragedAccounts, forgone
        case clawedBack, venueDebt
        /// Traded value, and the forced part of it.
        case volume, forcedVolume
        /// Rounds with forced orders, and the lowest mark in ticks.
        case rounds, lowestMark

        /// Whether it is money.
        public var isMoney: Bool {
            switch self {
            case .notional, .loss, .beyondTraders, .fundSpent, .fundGained, .fundNeeded, .forgone, .clawedBack,
                .venueDebt, .volume, .forcedVolume:
                true
            case .liquidations, .deleverages, .deleveragedAccounts, .rounds, .lowestMark: false
            }
        }
    }

    /// In the order of the metrics.
    let values: [Int64]
    public let stateHash: String

    public subscript(metric: Metric) -> Int64 { values[Metric.allCases.firstIndex(of: metric)!] }

    init(values: [Int64], stateHash: String) {
        self.values = values
        self.stateHash = stateHash
    }

    public init(_ simulation: borrowing Simulation) {
        let outcome = simulation.outcome
        stateHash = outcome.stateHash
        var sums: [Metric: Int128] = [:]
        for record in outcome.records.all {
            if record.isLost {
                sums[.liquidations, default: 0] += 1
                sums[.notional, default: 0] += outcome.notional(record).wide
            }
            let loss = record.loss
            sums[.loss, default: 0] += loss.total.wide
            sums[.beyondTraders, default: 0] += (loss.total - loss.trader).wide
            sums[.fundSpent, default: 0] += max(0, loss.fund.wide)
            sums[.fundGained, default: 0] -= min(0, loss.fund.wide)
            sums[.forgone, default: 0] += loss.deleveraged.wide
            sums[.clawedBack, default: 0] += loss.clawedBack.wide
            sums[.venueDebt, default: 0] += loss.venue.wide
        }
        sums[.fundNeeded] = outcome.fundNeeded.wide
        sums[.deleverages] = Int128(outcome.deleverages.count)
        sums[.deleveragedAccounts] = Int128(Set(outcome.deleverages.map(\.account)).count)
        sums[.volume] = outcome.volume
        sums[.forcedVolume] = outcome.forcedVolume
        sums[.rounds] = Int128(outcome.cascades.rounds)
        sums[.lowestMark] = outcome.bars.map(\.low).min()?.wide ?? 0
        values = Metric.allCases.map { Int64(clamping: sums[$0] ?? 0) }
    }
}
