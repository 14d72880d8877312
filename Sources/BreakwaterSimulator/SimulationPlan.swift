public import BreakwaterCore
public import BreakwaterTapes

/// Everything a simulation depends on. The same plan gives the same result, to the byte.
public struct SimulationPlan: Sendable {
    public var contract: Contract
    public var currency: Currency
    public var rulebook: Rulebook
    /// The prices of the contract, or their summary where `points` holds them one by one.
    public var bars: [Bar]
    /// Prices that become marks, one by one; the walk through the bars where there are none.
    public var points: [PricePoint]?
    /// What draws `points`, where they are drawn by chance.
    var process: PriceProcess?
    /// Further contracts, settled in the same currency.
    public var others: [Listing] = []
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
    /// The share of their deposit that traders put behind their position, in per cent, both included.
    public var committed: (least: Int64, most: Int64) = (20, 95)
    /// Leverages traders choose, and how often: many keep to moderate ones, some take all there is.
    public var leverages: [LeverageShare] = [
        (2, 8), (3, 10), (5, 18), (10, 24), (20, 16), (25, 10), (50, 8), (100, 6),
    ].map { LeverageShare(Leverage($0.0 * 100), weight: $0.1) }
    /// Positions that are given instead of drawn; they are there from the first price on.
    public var holdings: [Holding] = []
    /// What traders do once they are in.
    public var behaviour = Behaviour()
    /// Paid into the insurance fund before trading begins.
    public var fund: Amount
    /// What market makers offer on each side of the book, as notional, within `spread` of the mark.
    public var depth: Amount
    /// How far from the mark the makers' last price level is.
    public var spread = Rate(10_000_000)
    /// How the makers' book is made, refills and withdraws.
    public var liquidity = Liquidity()
    /// How trades move the price they are made at; `nil` for prices that nobody moves.
    public var feedback: Feedback?
    /// Accounts that stand ready for liquidity support.
    public var providers: [Support] = []

    public struct Sources: Sendable {
        public let bars: String
        public let contract: String
        public let rulebook: String
        /// What a scenario calls itself.
        public var name: String?
        /// The scenario file that holds all of it, where there is one.
        public let scenario: String?
        /// What stands in place of the scenario's values.
        public var changes: [DocumentChange] = []
        /// The files themselves.
        public var files: [InputFile] = []

        public init(bars: String, contract: String, rulebook: String, scenario: String? = nil) {
            self.bars = bars
            self.contract = contract
            self.rulebook = rulebook
            self.scenario = scenario
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

    /// Every contract, the first one first.
    var contracts: [Contract] { [contract] + others.map(\.contract) }

    /// The prices that become marks.
    var course: [PricePoint] { points ?? Bar.walk(bars) }
}

/// How often a leverage is chosen, beside the others.
public struct LeverageShare: Sendable, Equatable {
    public let leverage: Leverage
    public let weight: Int64

    public init(_ leverage: Leverage, weight: Int64) {
        self.leverage = leverage
        self.weight = weight
    }
}

/// A position that exists when the simulation begins.
public struct Holding: Sendable, Equatable {
    public var name: String
    /// Signed.
    public var size: Size
    /// The first price where there is none.
    public var entry: Price?
    public var leverage: Leverage
    public var mode: MarginMode
    public var deposit: Amount
    /// Where it stands in its file.
    public var line: Int
}

/// What market makers do besides quoting so much within so far.
public struct Liquidity: Sendable, Equatable {
    public var makers = 20
    /// Price levels on each side.
    public var levels = 20
    public var profile = Profile.flat
    /// After so long half of what was taken is offered again; at once where there is none.
    public var resilience: Duration?
    public var withdrawal: Withdrawal?

    /// How many levels there are on each side.
    var levelCount: Int { if case .given(let levels) = profile { levels.count } else { levels } }

    /// How far from the mark the last of them is, where they are spread over `spread` unless given one by one.
    func reach(_ spread: Rate) -> Rate {
        if case .given(let levels) = profile, let last = levels.last { last.away } else { spread }
    }

    /// How depth is spread over the levels.
    public enum Profile: Sendable, Equatable {
        /// The same at each.
        case flat
        /// Twice as much at the second as at the first, three times at the third.
        case rising
        /// Distances from the reference price, nearest first, and how much stands at each beside the others.
        case given([Level])
    }

    public struct Level: Sendable, Equatable {
        public let away: Rate
        public let weight: Int64
    }

    /// Makers under stress.
    public struct Withdrawal: Sendable, Equatable {
        /// A move as large as this, up or down, within so long …
        public var move: Rate
        public var within: Duration
        /// … has makers show only this share of their sizes, and this many of a hundred nothing at all, …
        public var keep: Rate
        public var pullingPercent: Int64
        /// … until there has been none for so long.
        public var calm: Duration
    }
}

/// How trades move prices: what takers take from the makers pushes the price that makers quote around, and marks follow.
public struct Feedback: Sendable, Equatable {
    /// How much of the way through the book that a taker went the makers' reference price follows.
    public var impact = Rate(500_000_000)
    /// After so long half of that is gone again.
    public var halfLife = Duration.seconds(600)
    /// How much of the way from the path to the makers' reference price the mark is.
    public var mark = Rate.one
    /// How long after forced orders traded the next mark comes.
    public var delay = Duration.seconds(1)
    /// Whether forced orders push as well; `false` gives the twin that a cascade is measured against.
    public var isForcedFelt = true

    public init() {}
}

/// What traders do once they are in.
public struct Behaviour: Sendable, Equatable {
    public var addMargin: AddMargin?
    public var stopLoss: StopLoss?
    public var panic: Panic?

    /// Some pay in more once they are warned.
    public struct AddMargin: Sendable, Equatable {
        public var percent: Int64
        /// The share of their first deposit they pay in, and how often at most.
        public var amount: Rate
        public var times: Int64
        /// Whether they wait for the second warning.
        public var inDanger: Bool
    }

    /// Some place a stop with their entry, as far from it as drawn between two distances.
    public struct StopLoss: Sendable, Equatable {
        public var percent: Int64
        public var least: Rate
        public var most: Rate
    }

    /// Some on the losing side close at market when the price makes a large move, within so long of it.
    public struct Panic: Sendable, Equatable {
        public var percent: Int64
        public var move: Rate
        public var within: Duration
        public var over: Duration
    }
}

/// Accounts that provide liquidity support.
public struct Support: Sendable, Equatable {
    public var count: Int
    public var deposit: Amount
    public var capacity: Amount
}
