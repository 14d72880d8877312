public import BreakwaterCore

/// Everything a simulation depends on. The same plan gives the same result, to the byte.
public struct SimulationPlan: Sendable {
    public var contract: Contract
    public var currency: Currency
    public var rulebook: Rulebook
    public var bars: [Bar]
    /// The names of bars, contract and rulebook as they were asked for, so that a report can say how to repeat it.
    public var sources: Sources
    public var seed: UInt64 = 1
    public var traders = 10_000
    /// Traders who are long, in per cent: crashes find most of them on that side.
    public var longPercent: Int64 = 70
    /// Traders who assign margin to their position instead of backing it with the wallet, in per cent.
    public var isolatedPercent: Int64 = 60
    /// Over how long from the first bar on traders open their positions.
    public var entries = Duration.seconds(18 * 3600)
    /// The smallest and largest deposit; sizes between them are heavy-tailed.
    public var deposits: (least: Amount, most: Amount)
    /// Paid into the insurance fund before trading begins.
    public var fund: Amount
    /// What market makers offer on each side of the book, as notional, within `spread` of the mark.
    public var depth: Amount
    /// How far from the mark the makers' last price level is.
    public var spread = Rate(10_000_000)

    public struct Sources: Sendable {
        public let bars: String
        public let contract: String
        public let rulebook: String

        public init(bars: String, contract: String, rulebook: String) {
            self.bars = bars
            self.contract = contract
            self.rulebook = rulebook
        }
    }

    public init(contract: Contract, currency: Currency, rulebook: Rulebook, bars: [Bar], sources: Sources) {
        self.sources = sources
        self.contract = contract
        self.currency = currency
        self.rulebook = rulebook
        self.bars = bars
        let unit = ExactDecimal(digits: 1)
        let one = currency.amount(unit) ?? Amount(1)
        deposits = (Amount(one.raw * 100), Amount(one.raw * 2_000_000))
        fund = Amount(one.raw * 100_000)
        depth = Amount(one.raw * 500_000)
    }

    /// Leverages traders choose, with how often out of 100: many keep to moderate ones, some take all there is.
    static let leverages: [(leverage: Int64, weight: Int64)] = [
        (2, 8), (3, 10), (5, 18), (10, 24), (20, 16), (25, 10), (50, 8), (100, 6),
    ]
    /// Price levels on each side of the makers' book, and how many makers share them.
    static let bookLevels = 20
    static let makers = 20
}
