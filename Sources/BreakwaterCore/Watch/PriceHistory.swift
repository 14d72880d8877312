/// What happened to a contract's mark since positions in it were last looked at, as far as it can still matter to them:
/// the worst marks that losses are drawn at, the best settlements that profits are realised at, and funding.
///
/// Moments are counted by a clock of the contract's own, which every mark, settlement and funding payment moves on.
struct PriceHistory: Sendable {
    private(set) var clock: Int64 = 0
    /// The last mark taken. On the way to a new one, while conditional orders fire, the contract's own mark is another.
    private(set) var lastMark: Price?
    /// The marks since the last settlement.
    private var marks = Extremes()
    /// The marks that settlements took.
    private var settlements = Extremes()
    private var lastSettlement: Int64 = -1
    /// The lowest and highest mark since then, its own included.
    private var settledRange = (low: Price.zero, high: Price.zero)
    /// Funding that one lot has paid in all, if it was long.
    private(set) var funded = Amount.zero
    private var lastFunding: Int64 = -1
    /// The clawback period of the last payment, when its first one came, and what had been paid before.
    private(set) var fundingPeriod = Timestamp.zero
    private var periodBegan: Int64 = -1
    private var fundedBefore = Amount.zero

    /// - Parameter lastMark: the mark of now, where nobody has been left alone yet.
    init(lastMark: Price? = nil) { self.lastMark = lastMark }

    mutating func mark(_ price: Price) {
        clock += 1
        lastMark = price
        marks.add(price, at: clock)
        settledRange = (min(settledRange.low, price), max(settledRange.high, price))
    }

    mutating func settle(at mark: Price) {
        clock += 1
        lastSettlement = clock
        settlements.add(mark, at: clock)
        settledRange = (mark, mark)
        // Whoever asks for more than this settlement's mark from now on asks for a time before it.
        marks.clear()
    }

    /// Notes a payment in a clawback period; without one the period is always the same.
    mutating func fund(_ perLot: Amount, in period: Timestamp) {
        clock += 1
        lastFunding = clock
        if period != fundingPeriod || periodBegan < 0 {
            (fundingPeriod, periodBegan, fundedBefore) = (period, clock, funded)
        }
        funded = funded + perLot
    }

    func isSettled(since moment: Int64) -> Bool { lastSettlement > moment }
    func isFunded(since moment: Int64) -> Bool { lastFunding > moment }

    /// The settlement best for longs, or shorts, after a moment.
    func bestSettlement(since moment: Int64, longs: Bool) -> Price? {
        longs ? settlements.highest(after: moment) : settlements.lowest(after: moment)
    }

    /// The worst mark for longs, or shorts, after a moment, or since the last settlement if that was later.
    func worstMark(since moment: Int64, longs: Bool) -> Price? {
        if isSettled(since: moment) { return longs ? settledRange.low : settledRange.high }
        return longs ? marks.lowest(after: moment) : marks.highest(after: moment)
    }

    /// What of the funding after a moment, at which `known` had been paid, fell into the last clawback period.
    func fundedInPeriod(since moment: Int64, known: Amount) -> Amount {
        funded - (moment < periodBegan ? fundedBefore : known)
    }
}

/// The lowest and highest of the prices after any moment, without keeping those that no question can ask for.
private struct Extremes: Sendable {
    /// Each below, or above, all that came after it.
    private var lows: [(moment: Int64, price: Price)] = []
    private var highs: [(moment: Int64, price: Price)] = []

    mutating func add(_ price: Price, at moment: Int64) {
        while let last = lows.last, last.price >= price { lows.removeLast() }
        while let last = highs.last, last.price <= price { highs.removeLast() }
        lows.append((moment, price))
        highs.append((moment, price))
    }

    mutating func clear() {
        lows.removeAll(keepingCapacity: true)
        highs.removeAll(keepingCapacity: true)
    }

    func lowest(after moment: Int64) -> Price? { first(of: lows, after: moment) }
    func highest(after moment: Int64) -> Price? { first(of: highs, after: moment) }

    private func first(of entries: [(moment: Int64, price: Price)], after moment: Int64) -> Price? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].moment <= moment { low = middle + 1 } else { high = middle }
        }
        return low < entries.count ? entries[low].price : nil
    }
}
