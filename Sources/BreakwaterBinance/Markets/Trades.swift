internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Past trades, and what they add up to in intervals.
extension MarketDesk {
    var tradeOperations: [Operation] {
        [
            Operation(.get, "/fapi/v1/trades", weight: 5) { try await trades($0, fromNumber: false) },
            Operation(.get, "/fapi/v1/historicalTrades", weight: 20) { try await trades($0, fromNumber: true) },
            Operation(.get, "/fapi/v1/aggTrades", weight: 20, handler: aggregates),
            Operation(.get, "/fapi/v1/klines", weight: 5) { try await candles($0, .trades) },
            Operation(.get, "/fapi/v1/continuousKlines", weight: 5) { try await candles($0, .trades, symbol: "pair") },
            Operation(.get, "/fapi/v1/markPriceKlines", weight: 5) { try await candles($0, .marks) },
        ]
    }

    private func trades(_ request: Request, fromNumber: Bool) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        let page = try request.inputs.page(number: fromNumber ? "fromId" : nil, usual: 500, most: 1_000)
        try await gateway.history.caughtUp(to: gateway.venue.last)
        let trades = try await gateway.history.trades(in: listing.id, page: page).sorted { $0.id < $1.id }
        return JSONText(capacity: 160 * trades.count, list: trades) { json, trade in
            json.object { json in
                json.put("id", trade.id.raw)
                json.put("price", listing.decimal(trade.price))
                json.put("qty", listing.decimal(trade.size))
                json.put("quoteQty", listing.money(trade.value))
                json.put("time", trade.time)
                json.put("isBuyerMaker", trade.takerSide == .sell)
            }
        }
    }

    /// Each trade stands for itself: nothing is added up.
    @Sendable private func aggregates(_ request: Request) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        let page = try request.inputs.page(number: "fromId", usual: 500, most: 1_000)
        try await gateway.history.caughtUp(to: gateway.venue.last)
        let trades = try await gateway.history.trades(in: listing.id, page: page).sorted { $0.id < $1.id }
        return JSONText(capacity: 160 * trades.count, list: trades) { json, trade in
            json.object { json in
                json.put("a", trade.id.raw)
                json.put("p", listing.decimal(trade.price))
                json.put("q", listing.decimal(trade.size))
                json.put("f", trade.id.raw)
                json.put("l", trade.id.raw)
                json.put("T", trade.time)
                json.put("m", trade.takerSide == .sell)
            }
        }
    }

    private func candles(_ request: Request, _ source: Candle.Source, symbol: String = "symbol") async throws
        -> JSONText
    {
        let listing = try listings.named(try request.inputs.required(symbol))
        guard let interval = CandleInterval(rawValue: try request.inputs.required("interval")) else {
            throw Fault.invalid("interval")
        }
        let limit = try request.inputs.limit(500, most: 1_500)
        let (from, until) = (try request.inputs.time("startTime"), try request.inputs.time("endTime"))
        try await gateway.history.caughtUp(to: gateway.venue.last)
        let candles = try await gateway.history.candles(
            of: listing.id, interval, source, from: from, until: until, limit: limit)
        return JSONText(capacity: 192 * candles.count, list: candles) { json, candle in
            json.list([candle]) { json, candle in json.addCandle(candle, interval, listing) }
        }
    }
}

extension JSONText {
    /// The twelve items of a candle.
    fileprivate mutating func addCandle(_ candle: Candle, _ interval: CandleInterval, _ listing: Listing) {
        add(candle.start.milliseconds)
        for price in [candle.open, candle.high, candle.low, candle.close] { add(listing.decimal(price)) }
        add(listing.decimal(candle.volume))
        add(candle.start.milliseconds + interval.length / 1_000 - 1)
        add(listing.money(candle.value))
        add(candle.count)
        add(listing.decimal(candle.takerBuyVolume))
        add(listing.money(candle.takerBuyValue))
        add("0")
    }
}
