/// One contract's side of the venue: its prices, its book, and who is exposed to it.
struct Market: Sendable {
    let contract: Contract
    /// The contract's own valuation, at hand where speed counts.
    let valuation: Valuation
    /// The contract's tier table, or the rulebook's where that names one.
    var tiers: Tiers { didSet { table = TierTable(tiers) } }
    /// The same, laid out for speed.
    private(set) var table: TierTable
    /// Tiers given to the contract while it was listed; they stay with it under other rulebooks that they fit.
    var ownTiers: Tiers?
    var mark: Price?
    var last: Price?
    /// The last moment at which the mark may be relied on; before all time while there is none, or since a restart.
    var freshUntil = Timestamp.never
    /// The latest price of each index source, in order of first appearance.
    var sources: [IndexReport] = []
    /// What slower prices are made of.
    var averages = PriceAverages()
    /// The sum of long sizes, liquidation engine included; equal to that of short sizes.
    var openInterest = Size.zero
    /// The sum of short sizes, unsigned: equal to the former but while a trade is half booked.
    var shortInterest = Size.zero
    var halted = false
    /// The mark before the last one.
    var previousMark: Price?
    var forced = ForcedUse()
    /// The sums of the lots that the insurance fund has absorbed here.
    var absorbed = Absorbed()
    /// Charges that have gone into settled values because nobody could pay them, all together.
    var carried = Int128(0)
    /// Announced times of volatility that are not over yet.
    var announced: [AnnouncedEvent] = []
    var book = OrderBook()
    /// Every position ever opened here, flat ones too, in order of opening.
    var positions: [Int32] = []
    /// The liquidation engine's unfinished lots here, oldest first.
    var lots: [Int32] = []
    /// How many of them are more than one for each liquidation: a fund that absorbs a piece of a lot makes two of one.
    var splits = 0
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

    /// Where a lot stands among the unfinished ones; `nil` where it is finished.
    func place(ofLot index: Int) -> Int? {
        var (low, high) = (0, lots.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(lots[middle]) < index { low = middle + 1 } else { high = middle }
        }
        return low < lots.count && Int(lots[low]) == index ? low : nil
    }

    init(_ contract: Contract, tiers: Tiers) {
        self.contract = contract
        valuation = contract.valuation
        self.tiers = tiers
        table = TierTable(tiers)
    }

    /// The index by the contract's terms; without terms the mean of the sources' prices, to the nearest tick.
    ///
    /// - Returns: `nil` where no source has reported, or too few that count: the index is stale.
    func index(at now: Timestamp) -> Price? {
        if let terms = contract.index { return terms.composite(of: sources, at: now) }
        guard !sources.isEmpty else { return nil }
        let sum = sources.reduce(Int128(0)) { $0 + $1.price.wide }
        return Price(Int64(divide(sum, by: Int128(sources.count), .nearest)))
    }

    /// Whether any source's price still counts at `time`; once none does, none will until one reports.
    func hasFreshSource(at time: Timestamp) -> Bool {
        guard let terms = contract.index else { return false }
        return sources.contains { terms.isFresh($0, at: time) }
    }
}

/// What a market remembers of past prices.
struct PriceAverages: Sendable {
    /// When the mark was observed; an older price never replaces it.
    var observed = Timestamp.zero
    /// The last restart; prices observed before it are too old.
    var restarted = Timestamp.zero
    var stable: StablePrice?
    var basis: BasisAverage?
    var premium = PremiumAverage()
}
