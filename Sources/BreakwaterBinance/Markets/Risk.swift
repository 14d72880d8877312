internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Marks, funding, open interest, margin rates, and what stands behind the traders.
extension MarketDesk {
    var riskOperations: [Operation] {
        [
            Operation(.get, "/fapi/v1/premiumIndex", pace: .brief) { request in
                try await each(request) { listing, json in
                    json.putMark(try await mark(of: listing), listing, at: request.now)
                }
            },
            Operation(.get, "/fapi/v1/fundingRate", handler: funding),
            Operation(.get, "/fapi/v1/fundingInfo", pace: .brief, handler: fundingTerms),
            Operation(.get, "/fapi/v1/openInterest", pace: .brief) { request in
                let listing = try listings.named(try request.inputs.required("symbol"))
                let open = try await gateway.venue.read { $0.contractStatement(listing.id).openInterest }
                return JSONText { json in
                    json.put("openInterest", listing.decimal(open))
                    json.put("symbol", listing.symbol)
                    json.put("time", request.now)
                }
            },
            Operation(.get, "/fapi/v1/leverageBracket", .look, pace: .brief, handler: brackets),
            Operation(.get, "/fapi/v1/insuranceBalance", pace: .brief, handler: insurance),
            Operation(.get, "/fapi/v1/symbolAdlRisk", pace: .brief) { request in
                try await each(request) { listing, json in
                    json.put("symbol", listing.symbol)
                    json.put("adlRisk", word: try await deleverageRisk(of: listing))
                    json.put("updateTime", request.now)
                }
            },
        ]
    }

    func mark(of listing: Listing) async throws -> MarkView {
        try await gateway.venue.read { MarkView(listing.id, in: $0) }
    }

    @Sendable private func funding(_ request: Request) async throws -> JSONText {
        let scope =
            try request.inputs.text("symbol") == nil
            ? listings.all : [try listings.named(request.inputs.required("symbol"))]
        let page = try request.inputs.page(usual: 100, most: 1_000)
        try await gateway.history.caughtUp(to: gateway.venue.last)
        var rows: [(FundingRecord, Listing)] = []
        for listing in scope {
            rows += try await gateway.history.funding(in: listing.id, page: page).map { ($0, listing) }
        }
        rows.sort { ($0.0.id, $0.0.contract) < ($1.0.id, $1.0.contract) }
        return JSONText(capacity: 128 * rows.count, list: rows) { json, row in
            json.object { json in
                json.put("symbol", row.1.symbol)
                json.put("fundingRate", row.0.rate?.decimal)
                json.put("fundingTime", row.0.time)
                json.put("markPrice", row.1.decimal(row.0.mark))
            }
        }
    }

    @Sendable private func fundingTerms(_ request: Request) async throws -> JSONText {
        let rules = try await gateway.venue.read { $0.rulebook.prices.funding }
        return JSONText(list: listings.all) { json, listing in
            json.object { json in
                json.put("symbol", listing.symbol)
                json.put("adjustedFundingRateCap", rules?.cap?.decimal ?? Rate.one.decimal)
                json.put("adjustedFundingRateFloor", -(rules?.cap ?? .one))
                json.put("fundingIntervalHours", max(1, (rules?.interval ?? .seconds(28_800)).raw / 3_600_000_000))
                json.put("disclaimer", false)
            }
        }
    }

    @Sendable private func brackets(_ request: Request) async throws -> JSONText {
        let scope =
            try request.inputs.text("symbol") == nil
            ? listings.all : [try listings.named(request.inputs.required("symbol"))]
        let terms = try await gateway.venue.read { exchange in
            scope.map { (exchange.tiers(of: $0.id), exchange.contractStatement($0.id).mark) }
        }
        return JSONText(capacity: 2_048 * scope.count, list: zip(scope, terms)) { json, entry in
            let (listing, (tiers, mark)) = entry
            json.object { json in
                json.put("symbol", listing.symbol)
                json.put("notionalCoef", 1)
                json.list("brackets", Bracket.all(of: tiers, listing, mark: mark)) { json, bracket in
                    json.object { $0.putBracket(bracket, listing) }
                }
            }
        }
    }

    /// Each fund with the contracts it stands behind.
    @Sendable private func insurance(_ request: Request) async throws -> JSONText {
        let all = listings.all
        let (scope, balances) = try await gateway.venue.read { exchange in
            (exchange.rulebook.insurance, all.map { exchange.insurance(behind: $0.id) })
        }
        var funds: [(listings: [Listing], balance: Amount)] = []
        for (listing, balance) in zip(all, balances) {
            let shared = funds.firstIndex { $0.listings[0].contract.settle == listing.contract.settle }
            if scope == .perCurrency, let shared {
                funds[shared].listings.append(listing)
            } else {
                funds.append(([listing], balance))
            }
        }
        func put(_ fund: (listings: [Listing], balance: Amount), _ json: inout JSONText) {
            json.list("symbols", fund.listings.map(\.symbol))
            json.list("assets", [fund.listings[0].settle]) { json, currency in
                json.object { json in
                    json.put("asset", currency.name)
                    json.put("marginBalance", currency.decimal(fund.balance))
                    json.put("updateTime", request.now)
                }
            }
        }
        guard let symbol = try request.inputs.text("symbol") else {
            return JSONText(list: funds) { json, fund in json.object { put(fund, &$0) } }
        }
        let listing = try listings.named(symbol)
        guard let fund = funds.first(where: { $0.listings.contains { $0.id == listing.id } }) else {
            throw Fault.invalidSymbol
        }
        return JSONText { put(fund, &$0) }
    }

    /// The fund beside the open interest at mark: above a hundredth low, above a thousandth medium; low where the rules
    /// deleverage nobody.
    private func deleverageRisk(of listing: Listing) async throws -> StaticString {
        let (fund, open, mark, deleverages) = try await gateway.venue.read { exchange in
            let state = exchange.contractStatement(listing.id)
            return (
                exchange.insurance(behind: listing.id), state.openInterest, state.mark,
                exchange.rulebook.autoDeleverage != nil
            )
        }
        guard deleverages, let mark, open > .zero else { return "low" }
        let value = listing.contract.executionValue(of: open, at: mark).magnitude
        if fund.wide * 100 >= value.wide { return "low" }
        return fund.wide * 1_000 >= value.wide ? "medium" : "high"
    }
}

/// A contract's prices and funding at one moment.
struct MarkView: Sendable {
    let mark: Price?
    let index: Price?
    let rate: Rate?
    let interest: Rate?
    let next: Timestamp?

    init(_ contract: ContractID, in exchange: borrowing Exchange) {
        let state = exchange.contractStatement(contract)
        mark = state.mark
        index = state.index
        rate = state.fundingRate
        interest = exchange.rulebook.prices.funding?.interest
        next = exchange.nextFunding(in: contract)
    }
}

extension JSONText {
    fileprivate mutating func putMark(_ view: MarkView, _ listing: Listing, at time: Timestamp) {
        put("symbol", listing.symbol)
        put("markPrice", listing.decimal(view.mark))
        put("indexPrice", listing.decimal(view.index ?? view.mark))
        put("estimatedSettlePrice", listing.decimal(view.index ?? view.mark))
        put("lastFundingRate", view.rate?.decimal)
        put("interestRate", view.interest?.decimal)
        put("nextFundingTime", view.next?.milliseconds ?? 0)
        put("time", time)
    }

    fileprivate mutating func put(_ name: StaticString, _ rate: Rate) { put(name, rate.decimal) }
}
