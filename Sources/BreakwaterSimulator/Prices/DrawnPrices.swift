import BreakwaterCore

/// A price drawn by chance: Brownian in its logarithm, with jumps and self-exciting shocks where there are any.
///
/// All rates are those of a day. The same terms and seed give the same prices on every machine: `Fixed` holds all of it.
struct PriceProcess: Sendable, Equatable {
    var start: Price
    var from: Timestamp
    var length: Duration
    /// The time between two prices.
    var step: Duration
    var drift = Rate.zero
    var volatility = Rate.zero
    var jumps: Shocks?
    /// Shocks that bring further ones.
    var hawkes: Excitement?

    /// Sudden moves of the price's logarithm.
    struct Shocks: Sendable, Equatable {
        /// How many a day, in thousandths.
        var perDay: Int64
        var mean: Rate
        var deviation: Rate
    }

    /// Shocks of which each raises the chance of the next: `branching` more are expected for each, most of them within
    /// `decay`.
    struct Excitement: Sendable, Equatable {
        var shocks: Shocks
        var branching: Rate
        var decay: Duration
    }

    static let day = Duration.seconds(86_400)

    /// Its prices from the first moment on.
    func points(seed: UInt64) -> [PricePoint] {
        // What prices draw and what the population draws are two streams.
        var generator = SeededGenerator(seed: seed ^ 0x5072_6963_6573_2121)
        let share = Fixed(step.raw, over: Self.day.raw)
        let (trend, spread) = (Fixed(drift) * share, Fixed(volatility) * share.squareRoot)
        var calm = hawkes.map { Fixed($0.shocks.perDay, over: 1_000) }
        let base = calm
        let decay = hawkes.map { (-Fixed(step.raw, over: $0.decay.raw)).exponential }
        // Each shock raises the rate by branching / decay time, which over the decay brings `branching` shocks.
        let rise = hawkes.map { Fixed($0.branching) * Fixed(Self.day.raw, over: $0.decay.raw) }
        var (level, points) = (Fixed.zero, [PricePoint(from, start)])
        let count = Int(length.raw / step.raw)
        points.reserveCapacity(count)
        for number in 1..<max(2, count) {
            level = level + trend + spread * generator.normal()
            if let jumps, generator.happens(Fixed(jumps.perDay, over: 1_000) * share) {
                level = level + generator.size(of: jumps)
            }
            if let hawkes, let rate = calm, let base, let decay, let rise {
                var next = base + (rate - base) * decay
                if generator.happens(rate * share) {
                    level = level + generator.size(of: hawkes.shocks)
                    next = next + rise
                }
                calm = next
            }
            let time = Timestamp(from.raw + step.raw * Int64(number))
            points.append(PricePoint(time, start.moved(by: level)))
        }
        return points
    }
}

extension SeededGenerator {
    fileprivate mutating func size(of shocks: PriceProcess.Shocks) -> Fixed {
        Fixed(shocks.mean) + Fixed(shocks.deviation) * normal()
    }
}

extension Price {
    /// This price times e to the power of `level`, to the nearest tick, at least one; held within what a price may be.
    func moved(by level: Fixed) -> Price {
        let factor = max(Fixed(-20), min(level, Fixed(14))).exponential
        return Price(max(1, min(factor.of(raw), Limits.ticksOrLots)))
    }
}

/// A price drawn by hand: straight lines between points.
enum DrawnPath {
    /// A price each `step` from the first corner to the last.
    static func points(_ corners: [PricePoint], step: Duration) -> [PricePoint] {
        var points: [PricePoint] = []
        for (left, right) in zip(corners, corners.dropFirst()) {
            let length = right.time.raw - left.time.raw
            for passed in stride(from: Int64(0), to: length, by: Int(step.raw)) {
                let risen = divide((right.price.wide - left.price.wide) * Int128(passed), by: Int128(length), .nearest)
                points.append(PricePoint(Timestamp(left.time.raw + passed), Price(left.price.raw + Int64(risen))))
            }
        }
        if let last = corners.last { points.append(last) }
        return points
    }
}
