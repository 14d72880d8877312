/// One contract's side of the venue: its prices, its book, and who is exposed to it.
struct Market: Sendable {
    let contract: Contract
    /// The contract's own valuation, at hand where speed counts.
    let valuation: Valuation
    /// The contract's tier table, or the rulebook's where that names one.
    var tiers: Tiers
    var mark: Price?
    var last: Price?
    /// The latest price of each index source, in order of first appearance.
    var sources: [(name: String, price: Price)] = []
    /// The sum of long sizes, liquidation engine included; equal to that of short sizes.
    var openInterest = Size.zero
    var halted = false
    /// The mark before the last one.
    var previousMark: Price?
    var forced = ForcedUse()
    /// The sums of the lots that the insurance fund has absorbed here.
    var absorbed = Absorbed()
    /// Announced times of volatility that are not over yet.
    var announced: [AnnouncedEvent] = []
    var book = OrderBook()
    /// Every position ever opened here, flat ones too, in order of opening.
    var positions: [Int32] = []
    /// The liquidation engine's unfinished lots here, oldest first.
    var lots: [Int32] = []
    /// When the breaker's pause of forced orders ends.
    var pausedUntil: Timestamp?
    /// The call auction that is on.
    var auction: Auction?
    /// The marks of late, kept only where the rulebook has a breaker.
    var recentMarks = MarkWindow()
    /// Where the mark is going while conditional orders fire on its way; `nil` between commands.
    var markAhead: Price?
    /// The last price that conditional orders have seen; in step with `last` between commands while any watches it.
    var lastSeen: Price?

    init(_ contract: Contract, tiers: Tiers) {
        self.contract = contract
        valuation = contract.valuation
        self.tiers = tiers
    }

    /// The mean of the sources' prices, to the nearest tick.
    var index: Price? {
        guard !sources.isEmpty else { return nil }
        let sum = sources.reduce(Int128(0)) { $0 + $1.price.wide }
        return Price(Int64(divide(sum, by: Int128(sources.count), .nearest)))
    }
}
