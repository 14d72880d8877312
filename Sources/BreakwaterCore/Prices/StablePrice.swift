/// A slow price that follows the raw mark, a little each second.
struct StablePrice: Sendable {
    /// In millionths of a tick, so that small steps add up.
    var price: Int64
    /// The raw mark it is on its way to.
    var raw: Price
    /// Up to when it has moved.
    var time: Timestamp

    static let unit: Int64 = 1_000_000

    init(_ raw: Price, at time: Timestamp) {
        price = raw.raw * Self.unit
        self.raw = raw
        self.time = time
    }

    /// Moves toward the raw mark that stood until `now`, then takes note of the new one, so that one price, however
    /// long the silence before it, moves nothing.
    mutating func follow(_ next: Price, until now: Timestamp, by cap: MarkCap) {
        move(until: now, by: cap)
        raw = next
    }

    /// By at most `perSecond` of itself for each second, rounded down; time too short for a millionth of a tick is kept.
    private mutating func move(until now: Timestamp, by cap: MarkCap) {
        let distance = raw.raw * Self.unit - price
        let elapsed = (now - time).raw
        let (product, overflow) = (Int128(price) * cap.perSecond.wide).multipliedReportingOverflow(by: Int128(elapsed))
        // Rates are in billionths, time in millionths of a second.
        let most = overflow ? Int128.max : divide(product, by: 1_000_000_000_000_000, .down)
        guard most > 0 || distance == 0 else { return }
        let step = Int64(min(most, Int128(distance.magnitude)))
        price += distance < 0 ? -step : step
        time = now
    }

    /// `raw` held within `cap.within` of the slow price, the band's ends rounded outward to whole ticks.
    func held(_ raw: Price, by cap: MarkCap) -> Price {
        let billion = Rate.one.wide
        let scale = billion * Int128(Self.unit)
        let low = divide(Int128(price) * (billion - cap.within.wide), by: scale, .down)
        let high = divide(Int128(price) * (billion + cap.within.wide), by: scale, .up)
        return Price(Int64(max(1, min(max(raw.wide, low), high))))
    }
}

/// The slow average of the book's distance from the index.
struct BasisAverage: Sendable {
    /// In millionths of a tick.
    var value: Int64
    var time: Timestamp

    /// Takes in a new distance, weighted by elapsed / (average + elapsed), rounded to nearest.
    ///
    /// For steps much shorter than the average that is the exponential weight 1 - e^(-elapsed / average), in whole numbers.
    mutating func take(_ basis: Int64, at now: Timestamp, over average: Duration) {
        let elapsed = (now - time).wide
        value += Int64(divide(Int128(basis - value) * elapsed, by: average.wide + elapsed, .nearest))
        time = now
    }
}

/// What funding is computed from: premium samples since the last payment, and the rate fixed by the interval before.
struct PremiumAverage: Sendable {
    /// The sum of the samples, in billionths.
    var sum: Int64 = 0
    var count: Int64 = 0
    /// The rate of the last finished interval, where it is paid one interval later.
    var fixed: Rate?
    /// When funding is next paid; `nil` while nothing has been sampled.
    var due: Timestamp?

    /// The mean of the samples, to nearest; `nil` without one.
    var mean: Rate? {
        count > 0 ? Rate(Int64(divide(Int128(sum), by: Int128(count), .nearest))) : nil
    }
}

extension PriceAverages {
    func fold(into hash: inout StateHash) {
        hash.fold(observed)
        hash.fold(restarted)
        hash.fold(stable?.price ?? .min)
        hash.fold(stable?.raw)
        hash.fold(stable?.time)
        hash.fold(basis?.value ?? .min)
        hash.fold(basis?.time)
        hash.fold(premium.sum)
        hash.fold(premium.count)
        hash.fold(premium.fixed)
        hash.fold(premium.due)
    }
}
