internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue
internal import BreakwaterWeb

/// What everybody may ask about the markets.
struct MarketDesk: Sendable {
    let gateway: Gateway
    let listings: Listings
    let limits: BinanceLimits

    var generalOperations: [Operation] {
        [
            Operation(.get, "/fapi/v1/ping", pace: .brief) { _ in JSONText { _ in } },
            Operation(.get, "/fapi/v1/time", pace: .brief) { request in
                JSONText { $0.put("serverTime", request.now) }
            },
            Operation(.get, "/fapi/v1/exchangeInfo", handler: information),
            // Spot calls that clients make on start, whatever they trade: there is no spot here.
            Operation(.get, "/sapi/v1/capital/config/getall", pace: .brief) { _ in JSONText(list: [Int]()) { _, _ in }
            },
            Operation(.get, "/sapi/v1/margin/allPairs", pace: .brief) { _ in JSONText(list: [Int]()) { _, _ in } },
            Operation(.get, "/api/v3/ping", pace: .brief) { _ in JSONText { _ in } },
        ]
    }

    /// Answers for the contract that a request names with an object, for all of them with a list.
    func each(
        _ request: Request, _ body: (Listing, inout JSONText) async throws -> Void
    ) async throws -> JSONText {
        if let symbol = try request.inputs.text("symbol") {
            var json = JSONText()
            let listing = try listings.named(symbol)
            try await json.object(waiting: { json in try await body(listing, &json) })
            return json
        }
        var rows: [JSONText] = []
        for listing in listings.all {
            var json = JSONText()
            try await json.object(waiting: { json in try await body(listing, &json) })
            rows.append(json)
        }
        return JSONText(capacity: rows.reduce(2) { $0 + $1.bytes.count + 1 }, list: rows) { $0.add($1) }
    }

    @Sendable private func information(_ request: Request) async throws -> JSONText {
        let (listings, assets) = (listings.all, gateway.venue.names.look { $0.currencies })
        let states = try await gateway.venue.read { exchange in
            listings.map { exchange.contractStatement($0.id) }
        }
        return JSONText(capacity: 1_024 * (listings.count + 1)) { json in
            json.put("timezone", word: "UTC")
            json.put("serverTime", request.now)
            json.put("futuresType", word: "U_MARGINED")
            json.list("rateLimits", [("REQUEST_WEIGHT", limits.weightPerMinute), ("ORDERS", limits.ordersPerMinute)]) {
                json, limit in
                json.object { json in
                    json.put("rateLimitType", limit.0)
                    json.put("interval", word: "MINUTE")
                    json.put("intervalNum", 1)
                    json.put("limit", limit.1)
                }
            }
            json.list("exchangeFilters", [Int]()) { _, _ in }
            json.list("assets", assets) { json, asset in
                json.object { json in
                    json.put("asset", asset.name)
                    json.put("marginAvailable", true)
                    json.put("autoAssetExchange", word: "0")
                }
            }
            json.list("symbols", zip(listings, states)) { json, entry in
                json.object { $0.putListing(entry.0, isTrading: !entry.1.halted && !entry.1.inAuction) }
            }
        }
    }
}

extension JSONText {
    /// A contract with the steps its orders are checked against.
    fileprivate mutating func putListing(_ listing: Listing, isTrading: Bool) {
        let contract = listing.contract
        let most = ExactDecimal(digits: Int128(Limits.ticksOrLots) * contract.lot.digits, places: contract.lot.places)
        let highest = ExactDecimal(
            digits: Int128(Limits.ticksOrLots) * contract.tick.digits, places: contract.tick.places)
        put("symbol", listing.symbol)
        put("pair", listing.symbol)
        put("contractType", word: "PERPETUAL")
        put("deliveryDate", 4_133_404_800_000)
        put("onboardDate", 0)
        put("status", word: isTrading ? "TRADING" : "PENDING_TRADING")
        put("maintMarginPercent", word: "0")
        put("requiredMarginPercent", word: "0")
        put("baseAsset", listing.base)
        put("quoteAsset", listing.settle.name)
        put("marginAsset", listing.settle.name)
        put("contractSize", contract.multiplier)
        put("pricePrecision", contract.tick.places)
        put("quantityPrecision", contract.lot.places)
        put("baseAssetPrecision", 8)
        put("quotePrecision", 8)
        put("underlyingType", word: "COIN")
        list("underlyingSubType", [String]())
        put("triggerProtect", word: "0")
        put("liquidationFee", contract.fees.liquidation.decimal)
        put("marketTakeBound", word: "1")
        list("filters", ["PRICE_FILTER", "LOT_SIZE", "MARKET_LOT_SIZE", "MIN_NOTIONAL"]) { json, filter in
            json.object { json in
                json.put("filterType", filter)
                switch filter {
                case "PRICE_FILTER":
                    json.put("minPrice", contract.tick)
                    json.put("maxPrice", highest)
                    json.put("tickSize", contract.tick)
                case "MIN_NOTIONAL": json.put("notional", word: "0")
                default:
                    json.put("minQty", contract.lot)
                    json.put("maxQty", most)
                    json.put("stepSize", contract.lot)
                }
            }
        }
        list(
            "orderTypes",
            ["LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"])
        list("timeInForce", ["GTC", "IOC", "FOK", "GTX"])
    }
}
