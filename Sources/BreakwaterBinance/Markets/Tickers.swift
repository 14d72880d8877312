internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Summaries of trading, and the books.
extension MarketDesk {
    var tickerOperations: [Operation] {
        [
            Operation(.get, "/fapi/v1/ticker/24hr", pace: .brief) { request in
                try await each(request) { listing, json in
                    json.putDay(gateway.feeds.day(of: listing.id, at: request.now), listing, at: request.now)
                }
            },
            Operation(.get, "/fapi/v1/ticker/price", pace: .brief, handler: prices),
            Operation(.get, "/fapi/v2/ticker/price", pace: .brief, handler: prices),
            Operation(.get, "/fapi/v1/ticker/bookTicker", weight: 2, pace: .brief) { request in
                try await each(request) { listing, json in
                    let best = try await gateway.venue.read { exchange in
                        OrderSide.allCases.map { exchange.depth(of: listing.id, $0, levels: 1).first }
                    }
                    json.put("symbol", listing.symbol)
                    json.put("bidPrice", listing.decimal(best[0]?.price))
                    json.put("bidQty", best[0].map { listing.decimal($0.size) })
                    json.put("askPrice", listing.decimal(best[1]?.price))
                    json.put("askQty", best[1].map { listing.decimal($0.size) })
                    json.put("time", request.now)
                }
            },
            Operation(.get, "/fapi/v1/depth", weight: 10, pace: .brief, handler: depth),
        ]
    }

    @Sendable private func prices(_ request: Request) async throws -> JSONText {
        try await each(request) { listing, json in
            let last = try await gateway.venue.read { $0.contractStatement(listing.id).last }
            json.put("symbol", listing.symbol)
            json.put("price", listing.decimal(last))
            json.put("time", request.now)
        }
    }

    @Sendable private func depth(_ request: Request) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        let limit = try request.inputs.limit(500, most: 1_000)
        let book = try await gateway.books.look(at: listing.id, on: gateway.venue)
        return JSONText(capacity: 48 * limit) { json in
            json.put("lastUpdateId", book.number)
            json.put("E", request.now)
            json.put("T", book.time)
            json.putLevels("bids", book.bids.prefix(limit), listing)
            json.putLevels("asks", book.asks.prefix(limit), listing)
        }
    }
}

extension JSONText {
    /// One side of a book, each level as price and size.
    mutating func putLevels(_ name: StaticString, _ levels: some Sequence<DepthLevel>, _ listing: Listing) {
        list(name, levels) { json, level in
            json.list([listing.contract.decimal(level.price), listing.decimal(level.size)]) { $0.add($1) }
        }
    }

    /// A day's trading as it is asked for.
    fileprivate mutating func putDay(_ day: DaySummary?, _ listing: Listing, at time: Timestamp) {
        put("symbol", listing.symbol)
        put("priceChange", day.map { listing.contract.decimal($0.last - $0.open) })
        put("priceChangePercent", day?.changePercent)
        put("weightedAvgPrice", day.flatMap { listing.averagePrice(of: $0.volume, worth: $0.value) })
        put("lastPrice", listing.decimal(day?.last))
        put("lastQty", day.map { listing.decimal($0.lastSize) })
        put("openPrice", listing.decimal(day?.open))
        put("highPrice", listing.decimal(day?.high))
        put("lowPrice", listing.decimal(day?.low))
        put("volume", day.map { listing.decimal($0.volume) })
        put("quoteVolume", day.map { listing.money($0.value) })
        put("openTime", day?.from.milliseconds ?? time.milliseconds - 86_400_000)
        put("closeTime", time)
        put("firstId", day?.firstTrade ?? -1)
        put("lastId", day?.lastTrade ?? -1)
        put("count", day?.trades ?? 0)
    }
}

extension DaySummary {
    /// How far the price went, in per cent of where it began, to three places.
    var changePercent: ExactDecimal { decimal((last - open).wide * 100, over: open.wide, places: 3) }
}
