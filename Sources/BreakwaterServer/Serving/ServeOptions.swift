public import BreakwaterCore
public import BreakwaterNotices
public import BreakwaterWeb

/// How a venue is served.
public struct ServeOptions: Sendable {
    /// The folder of the venue's data.
    public var folder: String
    public var web = WebOptions()
    /// The rulebook a new venue begins under.
    public var rulebook: Rulebook
    /// The demo market; `nil` for a venue that waits for others to list, quote and trade.
    public var demo: DemoOptions?
    /// What the faucet gives at a time, by currency, in decimals.
    public var faucet: [String: String] = [:]
    public var allowsSignUp = true
    /// Requests a second that one key, session or address may make, and how many at once.
    public var callerRate = TokenBuckets.Rate(perSecond: 1_000, burst: 5_000)
    public var addressRate = TokenBuckets.Rate(perSecond: 200, burst: 1_000)
    /// What the dialect lets one account place, and one address ask for, in a minute.
    public var ordersPerMinute = 1_200
    public var weightPerMinute = 2_400
    public var snapshotEvery: Int64 = 1_000_000
    /// How warnings are sent.
    public var notices = NoticeOptions()
    /// Where Swagger UI's files lie; `nil` where they are not installed.
    public var swaggerUI: String?
    /// Where the dashboard's files lie, and those of its charts; `nil` for a venue without a page.
    public var page: (files: String, charts: String)?

    public init(folder: String, rulebook: Rulebook) {
        self.folder = folder
        self.rulebook = rulebook
    }
}

/// The demo market: the real crash at a speed, with bots trading around it.
public struct DemoOptions: Sendable {
    /// How many times faster than it happened.
    public var speed = 600
    /// How many leveraged traders there are.
    public var traders = 200
    /// The file of the price path: minute bars.
    public var bars: String
    public var seed: UInt64 = 1

    public init(bars: String) { self.bars = bars }
}
