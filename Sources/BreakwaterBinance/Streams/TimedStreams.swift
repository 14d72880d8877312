internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue

/// Tells what is told at intervals: candles four times a second, marks and summaries of the day every second.
final class TimedStreams: Sendable {
    private let gateway: Gateway
    private let listings: Listings
    private let hubs: StreamHubs
    private let markets: MarketStreams

    init(_ gateway: Gateway, _ listings: Listings, _ hubs: StreamHubs, _ markets: MarketStreams) {
        self.gateway = gateway
        self.listings = listings
        self.hubs = hubs
        self.markets = markets
    }

    /// What was told of a candle stream last.
    struct Told {
        var start: Timestamp
        var isClosed: Bool
    }

    /// - Parameters:
    ///   - turn: counts quarters of a second.
    ///   - told: where each candle stream stands.
    func tell(_ turn: Int, _ told: inout [String: Told]) async {
        let moved = markets.takeMoved()
        for (name, stream) in hubs.timedNow {
            switch stream {
            case .candles(let listing, let interval):
                await tell(candles: interval, of: listing, name, hasMoved: moved.contains(listing.id), &told)
            case .mark(let listing, let everySecond):
                if turn % (everySecond ? 4 : 12) == 0 { await tell(marksOf: listing, name) }
            case .day(let listing): if turn % 4 == 0 { tell(daysOf: listing, name, isShort: false) }
            case .shortDay(let listing): if turn % 4 == 0 { tell(daysOf: listing, name, isShort: true) }
            case .trades, .aggregates, .bestPrices, .depth, .partialDepth, .forcedOrders: break
            }
        }
    }

    private func tell(
        candles interval: CandleInterval, of listing: Listing, _ name: String, hasMoved: Bool,
        _ told: inout [String: Told]
    ) async {
        let now = gateway.now
        let isDue = told[name].map { !$0.isClosed && $0.start.raw + interval.length <= now.raw } ?? true
        guard hasMoved || isDue else { return }
        try? await gateway.history.caughtUp(to: gateway.venue.last)
        let candles = try? await gateway.history.candles(of: listing.id, interval, .trades, limit: 2)
        for candle in candles ?? [] {
            if let last = told[name], candle.start < last.start || candle.start == last.start && last.isClosed {
                continue
            }
            let isClosed = candle.start.raw + interval.length <= now.raw
            told[name] = Told(start: candle.start, isClosed: isClosed)
            hubs.publish(name) {
                JSONText { json in
                    json.putEvent("kline", listing, at: now)
                    json.object("k") { $0.putCandle(candle, interval, listing, isClosed: isClosed) }
                }
            }
        }
    }

    private func tell(marksOf listing: Listing?, _ name: String) async {
        let scope = listing.map { [$0] } ?? listings.all
        let views = try? await gateway.venue.read { exchange in scope.map { MarkView($0.id, in: exchange) } }
        guard let views else { return }
        let now = gateway.now
        let marked = zip(scope, views).filter { $0.1.mark != nil }
        if listing != nil {
            guard let (listing, view) = marked.first else { return }
            hubs.publish(name) { JSONText { $0.putMarkEvent(view, listing, at: now) } }
        } else {
            hubs.publish(name) {
                JSONText(list: marked) { json, entry in json.object { $0.putMarkEvent(entry.1, entry.0, at: now) } }
            }
        }
    }

    private func tell(daysOf listing: Listing?, _ name: String, isShort: Bool) {
        let now = gateway.now
        let days = (listing.map { [$0] } ?? listings.all).compactMap { listing in
            gateway.feeds.day(of: listing.id, at: now).map { (listing, $0) }
        }
        guard let first = days.first else { return }
        hubs.publish(name) {
            listing != nil
                ? JSONText { $0.putDayEvent(first.1, first.0, isShort: isShort, at: now) }
                : JSONText(list: days) { json, day in
                    json.object { $0.putDayEvent(day.1, day.0, isShort: isShort, at: now) }
                }
        }
    }
}

extension JSONText {
    fileprivate mutating func putCandle(
        _ candle: Candle, _ interval: CandleInterval, _ listing: Listing, isClosed: Bool
    ) {
        put("t", candle.start)
        put("T", candle.start.milliseconds + interval.length / 1_000 - 1)
        put("s", listing.symbol)
        put("i", interval.rawValue)
        // The numbers of the first and last trade are not kept.
        put("f", -1)
        put("L", -1)
        put("o", listing.decimal(candle.open))
        put("c", listing.decimal(candle.close))
        put("h", listing.decimal(candle.high))
        put("l", listing.decimal(candle.low))
        put("v", listing.decimal(candle.volume))
        put("n", candle.count)
        put("x", isClosed)
        put("q", listing.money(candle.value))
        put("V", listing.decimal(candle.takerBuyVolume))
        put("Q", listing.money(candle.takerBuyValue))
        put("B", word: "0")
    }

    fileprivate mutating func putMarkEvent(_ view: MarkView, _ listing: Listing, at time: Timestamp) {
        putEvent("markPriceUpdate", listing, at: time)
        put("p", listing.decimal(view.mark))
        put("ap", listing.decimal(view.mark))
        put("P", listing.decimal(view.index ?? view.mark))
        put("i", listing.decimal(view.index ?? view.mark))
        put("r", view.rate?.decimal)
        put("T", view.next?.milliseconds ?? 0)
    }

    /// - Parameter isShort: without what changed, averages and numbers of trades.
    fileprivate mutating func putDayEvent(_ day: DaySummary, _ listing: Listing, isShort: Bool, at time: Timestamp) {
        putEvent(isShort ? "24hrMiniTicker" : "24hrTicker", listing, at: time)
        put("c", listing.decimal(day.last))
        put("o", listing.decimal(day.open))
        put("h", listing.decimal(day.high))
        put("l", listing.decimal(day.low))
        put("v", listing.decimal(day.volume))
        put("q", listing.money(day.value))
        guard !isShort else { return }
        put("p", listing.contract.decimal(day.last - day.open))
        put("P", day.changePercent)
        put("w", listing.averagePrice(of: day.volume, worth: day.value))
        put("Q", listing.decimal(day.lastSize))
        put("O", day.from)
        put("C", time)
        put("F", day.firstTrade)
        put("L", day.lastTrade)
        put("n", day.trades)
    }
}
