public import BreakwaterCore

/// What a policy did, in figures: how much, to how many, and how evenly. Counts and amounts are exact; shares and haircuts
/// are rounded to billionths, Gini's coefficient and the rank correlations to four decimals.
public struct DeleveragingFigures: Sendable {
    /// Accounts of which something was closed, and of those the ones without a profit.
    public let touched: Int
    public let losersTouched: Int
    public let skipped: Int
    /// The fewest accounts whose positions would have been enough.
    public let fewest: Int
    public let closed: Amount
    public let forgone: Amount
    /// What of the deficit nobody could bear.
    public let uncovered: Amount
    /// Given up beyond what the deficit needed.
    public let overshoot: Amount
    /// What profits in all would have lost if each had given the same share of itself, in billionths.
    public let evenHaircut: Int128
    /// The largest share of a profit that was given up, in billionths.
    public let largestHaircut: Int128
    /// What the ten who gave up most gave up, of all, in billionths.
    public let topTenShare: Int128
    /// How unevenly haircuts lie on those who had a profit: 0 where all gave the same share, near 1 where one gave all.
    public let gini: ExactDecimal?
    /// Spearman's rank correlation of haircut with leverage and with profit, over those who had one.
    public let withLeverage: ExactDecimal?
    public let withProfit: ExactDecimal?

    public static let billion: Int128 = 1_000_000_000

    public init(_ trial: DeleveragingTrial, of event: DeleveragingEvent) {
        let pairs = zip(event.accounts, trial.outcomes).map { (account: $0, outcome: $1) }
        let hit = pairs.filter { $0.outcome.closed > .zero }
        touched = hit.count
        losersTouched = hit.count { $0.account.profit <= .zero }
        skipped = pairs.count { $0.outcome.isSkipped }
        var left = event.notional.wide
        fewest =
            event.accounts.map(\.notional.wide).sorted(by: >).prefix { notional in
                defer { left -= notional }
                return left > 0
            }.count
        closed = hit.reduce(.zero) { $0 + $1.outcome.closed }
        forgone = hit.reduce(.zero) { $0 + $1.outcome.forgone }
        // What is not closed yet has its part of the deficit still.
        let open = event.notional - closed
        uncovered = open == .zero ? .zero : max(.zero, event.deficit - forgone)
        overshoot = forgone - (event.deficit - uncovered)
        let winners = pairs.filter { $0.account.profit > .zero }
        let profits = winners.reduce(Int128(0)) { $0 + $1.account.profit.wide }
        evenHaircut = profits > 0 ? divide(forgone.wide * Self.billion, by: profits, .nearest) : 0
        let haircuts = winners.map { Self.haircut($0.account, $0.outcome) ?? 0 }
        largestHaircut = haircuts.max() ?? 0
        let most = pairs.map(\.outcome.forgone.wide).sorted(by: >).prefix(10).reduce(0, +)
        topTenShare = forgone > .zero ? divide(most * Self.billion, by: forgone.wide, .nearest) : 0
        gini = Self.gini(haircuts)
        withLeverage = Self.rankCorrelation(haircuts, winners.map { $0.account.leverage.scaled(toPlaces: 9) ?? 0 })
        withProfit = Self.rankCorrelation(haircuts, winners.map { $0.account.profit.wide })
    }

    /// The share of its profit that an account gave up, in billionths; `nil` where it had none.
    public static func haircut(_ account: OpposingAccount, _ outcome: DeleveragingTrial.Outcome) -> Int128? {
        account.profit > .zero
            ? divide(outcome.forgone.wide * billion, by: account.profit.wide, .nearest) : nil
    }

    /// Gini's coefficient: (2 x the sum of rank x value) / (n x the sum) - (n + 1) / n, values rising from rank 1.
    static func gini(_ values: [Int128]) -> ExactDecimal? {
        let total = values.reduce(0, +)
        guard total > 0 else { return nil }
        let count = Int128(values.count)
        let weighted = zip(1..., values.sorted()).reduce(Int128(0)) { $0 + Int128($1.0) * $1.1 }
        return decimal(2 * weighted - (count + 1) * total, over: count * total, places: 4)
    }

    /// Pearson's correlation of ranks, equal values sharing the mean of theirs; `nil` where either has one value only.
    static func rankCorrelation(_ a: [Int128], _ b: [Int128]) -> ExactDecimal? {
        let (first, second) = (doubledRanks(a), doubledRanks(b))
        let count = Int128(a.count)
        func spread(_ x: [Int128], _ y: [Int128]) -> Int128 {
            let products = zip(x, y).reduce(Int128(0)) { $0 + $1.0 * $1.1 }
            return count * products - x.reduce(0, +) * y.reduce(0, +)
        }
        let (own, other) = (spread(first, first), spread(second, second))
        guard own > 0, other > 0 else { return nil }
        // Ranks of 10,000 accounts keep the product below 10^36; four more digits fit where they are wanted.
        let (fine, isTooLarge) = (own * other).multipliedReportingOverflow(by: 100_000_000)
        return isTooLarge
            ? decimal(spread(first, second), over: root(own * other), places: 4)
            : decimal(spread(first, second) * 10_000, over: root(fine), places: 4)
    }

    /// Twice the rank of each value, from 2, so that a mean of two ranks is whole.
    private static func doubledRanks(_ values: [Int128]) -> [Int128] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var ranks = Array(repeating: Int128(0), count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            for place in start...end { ranks[order[place]] = Int128(start + end + 2) }
            start = end + 1
        }
        return ranks
    }

    /// The largest whole number whose square is no more than `value`.
    private static func root(_ value: Int128) -> Int128 {
        var root = Int128(1) << Int128((128 - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (root + value / root) / 2
            if next >= root { return root }
            root = next
        }
    }
}
