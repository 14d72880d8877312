internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// What everybody may know about contracts.
extension NativeAPI {
    var marketRoutes: [Route] {
        [
            route(
                .get, "/v1/contracts", "contracts", "Every listed contract with its prices.", tag: "Markets",
                answers: [Response(200, "Contracts.", .rows("contracts", Statements.contract))]
            ) { _ in
                let rows = try await venue.read { exchange in
                    exchange.directory.contracts.indices.map { Self.contract(ContractID(index: $0), in: exchange) }
                }
                return Reply(json: .list("contracts", rows))
            },
            market("", "contract", "One contract with its prices.", Statements.contract) { _, id, _ in
                try await venue.read { Self.contract(id, in: $0) }
            },
            market(
                "/tiers", "tiers", "The tiers that hold for a contract.",
                .object(
                    .required("kind", .text()),
                    .required(
                        "tiers",
                        .list(
                            of: .object(
                                .required("upTo", .decimal), .required("im", .decimal), .required("mm", .decimal)))))
            ) { _, id, terms in
                let tiers = try await venue.read { $0.tiers(of: id) }
                return Self.tiers(tiers, names { $0[terms.settle] })
            },
            market(
                "/book", "book", "The order book.", Statements.book,
                parameters: [.query("levels", .integer(1...1_000).defaulting(to: 50))], weight: 2
            ) { call, id, terms in
                let book = try await gateway.books.look(at: id, on: venue)
                let levels = call.integer("levels")
                return [
                    "symbol": .string(terms.symbol), "number": .integer(Int(book.number)),
                    "bids": Self.levels(book.bids.prefix(levels), terms),
                    "asks": Self.levels(book.asks.prefix(levels), terms), "time": .string(book.time.iso),
                ]
            },
            market(
                "/trades", "trades", "Trades of everybody.", .rows("trades", TradeRecord.schema),
                parameters: Inputs.page
            ) { call, id, terms in
                let rows = try await history().trades(in: id, page: try Page(call))
                let money = names { $0[terms.settle] }
                return .list("trades", rows.map { $0.json(terms, money) })
            },
            market(
                "/candles", "candles", "Prices over time, of trades or marks.", .rows("candles", Candle.schema),
                parameters: [
                    .query("interval", .choice(CandleInterval.allCases.map(\.rawValue)), required: true),
                    .query("source", .choice("trades", "marks").defaulting(to: "trades")), Inputs.limit, Inputs.from,
                    Inputs.until,
                ]
            ) { call, id, terms in
                let page = try Page(call)
                let rows = try await history().candles(
                    of: id, CandleInterval(rawValue: call.text("interval"))!,
                    Candle.Source(rawValue: call.text("source"))!, from: page.from, until: page.until,
                    limit: page.limit)
                let money = names { $0[terms.settle] }
                return .list("candles", rows.map { $0.json(terms, money) })
            },
            market(
                "/funding", "funding", "Funding payments.",
                .rows(
                    "funding",
                    .object(
                        .required("id", .integer()), .required("perLot", .decimal.about("Paid by longs (+).")),
                        .required("rate", .decimal.nullable), .required("mark", .decimal.nullable),
                        .required("time", .time))), parameters: Inputs.page
            ) { call, id, terms in
                let rows = try await history().funding(in: id, page: try Page(call))
                let money = names { $0[terms.settle] }
                return .list(
                    "funding",
                    rows.map {
                        [
                            "id": .integer(Int($0.id.raw)), "perLot": .decimal(money.decimal($0.perLot)),
                            "rate": .decimal($0.rate?.decimal), "mark": .decimal($0.mark.map(terms.decimal)),
                            "time": .string($0.time.iso),
                        ]
                    })
            },
            market(
                "/day", "day", "The last 24 hours of trading.",
                .object(
                    .required("open", .decimal.nullable), .required("high", .decimal.nullable),
                    .required("low", .decimal.nullable), .required("last", .decimal.nullable),
                    .required("volume", .decimal), .required("value", .decimal), .required("trades", .integer()))
            ) { _, id, terms in
                let day = gateway.feeds.day(of: id, at: gateway.now)
                let money = names { $0[terms.settle] }
                return [
                    "open": .decimal((day?.open).map(terms.decimal)), "high": .decimal((day?.high).map(terms.decimal)),
                    "low": .decimal((day?.low).map(terms.decimal)), "last": .decimal((day?.last).map(terms.decimal)),
                    "volume": .decimal(terms.decimal(day?.volume ?? .zero)),
                    "value": .decimal(money.decimal(day?.value ?? .zero)), "trades": .integer(day?.trades ?? 0),
                ]
            },
        ]
    }

    /// A route about one contract.
    private func market(
        _ path: String, _ operation: String, _ summary: String, _ schema: Schema, parameters: [Parameter] = [],
        weight: Int = 1, _ answer: @escaping @Sendable (Call, ContractID, Contract) async throws -> JSONValue
    ) -> Route {
        route(
            .get, "/v1/contracts/{symbol}" + path, operation, summary, tag: "Markets",
            parameters: [Inputs.symbol] + parameters, answers: [Response(200, summary, schema), .notFound],
            weight: weight
        ) { call in
            let (id, terms) = try contract(call)
            return Reply(json: try await answer(call, id, terms))
        }
    }

    static func contract(_ id: ContractID, in exchange: borrowing Exchange) -> JSONValue {
        let terms = exchange.directory[id]
        let statement = exchange.contractStatement(id)
        return .object(
            [
                (key: "symbol", value: .string(terms.symbol)), (key: "kind", value: .string(terms.kind.rawValue)),
                (key: "settle", value: .string(exchange.directory[terms.settle].name)),
                (key: "tick", value: .decimal(terms.tick)), (key: "lot", value: .decimal(terms.lot)),
                (key: "multiplier", value: .decimal(terms.multiplier)),
                (key: "maxLeverage", value: .decimal(terms.maxLeverage.decimal)),
                (key: "makerFee", value: .decimal(terms.fees.maker.decimal)),
                (key: "takerFee", value: .decimal(terms.fees.taker.decimal)),
                (key: "liquidationFee", value: .decimal(terms.fees.liquidation.decimal)),
            ] + statement.report(terms).members + [
                (key: "nextFunding", value: exchange.nextFunding(in: id).map { .string($0.iso) } ?? .null),
                (key: "trading", value: .string(statement.trading)),
            ])
    }

    static func levels(_ levels: some Sequence<DepthLevel>, _ terms: Contract) -> JSONValue {
        .array(levels.map { [.decimal(terms.decimal($0.price)), .decimal(terms.decimal($0.size))] })
    }

    private static func tiers(_ tiers: Tiers, _ money: Currency) -> JSONValue {
        [
            "kind": .string(tiers.name),
            "tiers": .array(
                tiers.limits.map {
                    [
                        "upTo": .decimal(money.decimal($0.upTo)), "im": .decimal($0.initial.decimal),
                        "mm": .decimal($0.maintenance.decimal),
                    ]
                }),
        ]
    }
}
