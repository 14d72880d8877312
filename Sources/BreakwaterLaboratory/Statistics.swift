internal import BreakwaterCore

/// What many runs say about what one would: estimates with the interval that 95 of a hundred such intervals hold the truth
/// in.
///
/// Floating point here only adds, multiplies, divides and takes roots, each of which every machine rounds alike.
enum Statistics {
    struct Estimate: Sendable, Equatable {
        var mean: Double
        /// `nil` where there are too few runs to tell.
        var interval: Interval?
    }

    struct Interval: Sendable, Equatable {
        var low: Double
        var high: Double
    }

    /// The mean with Student's interval, which takes two values.
    static func mean(_ values: [Double]) -> Estimate {
        guard !values.isEmpty else { return Estimate(mean: 0) }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        guard values.count > 1 else { return Estimate(mean: mean) }
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let half = student(values.count - 1) * (variance / count).squareRoot()
        return Estimate(mean: mean, interval: Interval(low: mean - half, high: mean + half))
    }

    /// Wilson's interval of a share.
    static func interval(of part: Int, in whole: Int) -> Interval {
        guard whole > 0 else { return Interval(low: 0, high: 1) }
        let (count, share, z) = (Double(whole), Double(part) / Double(whole), normalQuantile)
        let middle = (share + z * z / (2 * count)) / (1 + z * z / count)
        let half = z / (1 + z * z / count) * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
        return Interval(low: max(0, middle - half), high: min(1, middle + half))
    }

    /// A quantile, and a value that is at least it in 95 of a hundred cases: an order statistic, whatever the
    /// distribution; `nil` where there are too few runs for one.
    static func quantile(_ level: Rate, of values: [Int64]) -> (estimate: Int64, enough: Int64?) {
        guard !values.isEmpty else { return (0, nil) }
        let sorted = values.sorted()
        let count = Int128(sorted.count)
        let rank = Int(divide(count * level.wide, by: Rate.one.wide, .up))
        let estimate = sorted[max(1, min(rank, sorted.count)) - 1]
        // The u-th smallest is at least the quantile unless u or more values lie below it: P(B >= u) <= 5 %.
        var beyond = 0.0
        let chances = binomial(sorted.count, Double(level.raw) / 1e9)
        var place = sorted.count
        while place >= 0, beyond + chances[place] <= 0.05 {
            beyond += chances[place]
            place -= 1
        }
        return (estimate, place < sorted.count ? sorted[place] : nil)
    }

    /// How many runs a bound on a quantile takes: the least n with level^n <= 5 %.
    static func runsNeeded(for level: Rate) -> Int {
        var (power, count) = (1.0, 0)
        while power > 0.05 {
            power *= Double(level.raw) / 1e9
            count += 1
        }
        return count
    }

    /// The chances of 0 to `count` successes, from the likeliest outward, so that none of them vanishes.
    private static func binomial(_ count: Int, _ chance: Double) -> [Double] {
        var weights = Array(repeating: 0.0, count: count + 1)
        let peak = min(count, Int(Double(count + 1) * chance))
        weights[peak] = 1
        let odds = chance / (1 - chance)
        var place = peak
        while place < count {
            weights[place + 1] = weights[place] * Double(count - place) / Double(place + 1) * odds
            place += 1
        }
        place = peak
        while place > 0 {
            weights[place - 1] = weights[place] * Double(place) / Double(count - place + 1) / odds
            place -= 1
        }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    private static let normalQuantile = 1.959964

    /// Two-sided 95 % points of Student's distribution.
    private static func student(_ freedom: Int) -> Double {
        let points = [
            12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
            2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
        ]
        // Above 30 the point falls towards the normal one by about 2.4 / freedom.
        return freedom <= 30 ? points[freedom - 1] : normalQuantile + 2.4 / Double(freedom)
    }
}
