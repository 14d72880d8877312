internal import BreakwaterCore
internal import BreakwaterHistory

/// What a stream of market data tells, by its name: `btcusdt@depth@100ms`, `!markPrice@arr`.
enum StreamName: Sendable {
    case trades(Listing)
    /// Each trade stands for itself.
    case aggregates(Listing)
    case bestPrices(Listing?)
    case depth(Listing)
    /// The best levels of both sides.
    case partialDepth(Listing, Int)
    case candles(Listing, CandleInterval)
    case forcedOrders(Listing?)
    /// `everySecond`, or every three.
    case mark(Listing?, everySecond: Bool)
    case day(Listing?)
    case shortDay(Listing?)

    /// - Returns: `nil` where there is no such stream.
    init?(_ name: String, _ listings: Listings) {
        let parts = name.split(separator: "@").map(String.init)
        guard parts.count >= 1, parts.count <= 3 else { return nil }
        if name.hasPrefix("!") {
            self.init(all: parts)
        } else {
            guard parts.count >= 2, let listing = listings[parts[0].uppercased()] else { return nil }
            self.init(listing, parts[1], pace: parts.count == 3 ? parts[2] : nil)
        }
    }

    private init?(all parts: [String]) {
        switch parts {
        case ["!bookTicker"]: self = .bestPrices(nil)
        case ["!forceOrder", "arr"]: self = .forcedOrders(nil)
        case ["!markPrice", "arr"]: self = .mark(nil, everySecond: false)
        case ["!markPrice", "arr", "1s"]: self = .mark(nil, everySecond: true)
        case ["!ticker", "arr"]: self = .day(nil)
        case ["!miniTicker", "arr"]: self = .shortDay(nil)
        default: return nil
        }
    }

    private init?(_ listing: Listing, _ kind: String, pace: String?) {
        let isPaced = pace == nil || ["100ms", "250ms", "500ms"].contains(pace)
        switch kind {
        case "trade" where pace == nil: self = .trades(listing)
        case "aggTrade" where pace == nil: self = .aggregates(listing)
        case "bookTicker" where pace == nil: self = .bestPrices(listing)
        case "forceOrder" where pace == nil: self = .forcedOrders(listing)
        case "ticker" where pace == nil: self = .day(listing)
        case "miniTicker" where pace == nil: self = .shortDay(listing)
        case "markPrice" where pace == nil || pace == "1s": self = .mark(listing, everySecond: pace != nil)
        case "depth" where isPaced, "rpiDepth" where isPaced: self = .depth(listing)
        case "depth5" where isPaced: self = .partialDepth(listing, 5)
        case "depth10" where isPaced: self = .partialDepth(listing, 10)
        case "depth20" where isPaced: self = .partialDepth(listing, 20)
        default:
            guard pace == nil, kind.hasPrefix("kline_"),
                let interval = CandleInterval(rawValue: String(kind.dropFirst(6)))
            else { return nil }
            self = .candles(listing, interval)
        }
    }

    /// The spellings of a depth stream's pace; all of them are told every change the books are seen to have.
    static let paces = ["", "@100ms", "@250ms", "@500ms"]
}
