internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Where liquidations wait: for everybody in buckets, for risk admins one by one; and what a shock would do.
extension NativeAPI {
    private static let bucket = Schema.object(
        .required("from", .decimal), .required("to", .decimal), .required("longs", .decimal),
        .required("shorts", .decimal))
    private static let exposure = Schema.object(
        .required("account", .text()), .required("position", .text()), .required("size", .decimal),
        .required("liquidationPrice", .decimal.nullable), .required("buffer", .decimal.nullable)
    ).named("Exposure")

    var riskRoutes: [Route] {
        [
            route(
                .get, "/v1/contracts/{symbol}/heatmap", "heatmap",
                "How much would be liquidated where, in buckets of one per cent of the mark.", tag: "Risk",
                parameters: [Inputs.symbol],
                answers: [
                    Response(
                        200, "Buckets with anything in them, lowest first.",
                        .object(.required("mark", .decimal.nullable), .required("buckets", .list(of: Self.bucket)))),
                    .notFound,
                ], weight: 20
            ) { call in
                let (id, terms) = try contract(call)
                let (mark, exposures) = try await venue.read { ($0.contractStatement(id).mark, $0.exposures(in: id)) }
                return Reply(
                    json: [
                        "mark": .decimal(mark.map(terms.decimal)),
                        "buckets": .array(mark.map { Self.buckets(exposures, around: $0, terms) } ?? []),
                    ])
            },
            route(
                .get, "/v1/admin/contracts/{symbol}/exposures", "exposures",
                "Every position of a contract with its liquidation price, nearest to liquidation first.",
                tag: "Risk", parameters: [Inputs.symbol, Inputs.limit],
                answers: [Response(200, "Exposures.", .rows("exposures", Self.exposure)), .notFound],
                needs: .administer, weight: 20
            ) { call in
                let (id, terms) = try contract(call)
                let nearest = try await venue.read { exchange in
                    exchange.exposures(in: id).sorted {
                        ($0.buffer?.percent ?? .zero, $0.key.account.raw) < (
                            $1.buffer?.percent ?? .zero, $1.key.account.raw
                        )
                    }
                }
                return Reply(
                    json: names { venue in
                        .list("exposures", nearest.prefix(call.integer("limit")).map { Self.json($0, terms, venue) })
                    })
            },
            route(
                .get, "/v1/admin/contracts/{symbol}/cascade", "cascade",
                "What a falling or rising mark would liquidate, against what the book could take: the sums up to each price.",
                tag: "Risk", parameters: [Inputs.symbol, .query("side", .choice("down", "up").defaulting(to: "down"))],
                answers: [
                    Response(
                        200, "One step for each liquidation price.",
                        .object(
                            .required("mark", .decimal.nullable),
                            .required(
                                "steps",
                                .list(
                                    of: .object(
                                        .required("price", .decimal), .required("forced", .decimal),
                                        .required("depth", .decimal.about("What rests in the book up to that price."))))
                            )
                        )), .notFound,
                ], needs: .administer, weight: 20
            ) { call in
                let (id, terms) = try contract(call)
                let down = call.text("side") == "down"
                let (mark, exposures, depth) = try await venue.read { exchange in
                    (
                        exchange.contractStatement(id).mark, exchange.exposures(in: id),
                        exchange.depth(of: id, down ? .buy : .sell)
                    )
                }
                return Reply(
                    json: [
                        "mark": .decimal(mark.map(terms.decimal)),
                        "steps": .array(Self.cascade(exposures, depth, down: down, terms)),
                    ])
            },
            route(
                .post, "/v1/admin/what-if", "whatIf",
                "What would happen if marks moved: tried on a copy of the state, never on the venue itself.",
                tag: "Risk", body: .object(.required("prices", .map(of: .decimalInput()))),
                answers: [
                    Response(
                        200, "What it would do.",
                        .object(
                            .required(
                                "liquidations",
                                .list(
                                    of: .object(
                                        .required("account", .text()), .required("position", .text()),
                                        .required("size", .decimal), .required("mark", .decimal)))),
                            .required("insurance", .map(of: .decimal)), .required("venueDebt", .map(of: .decimal)))),
                    .notFound, .refused,
                ], needs: .administer, weight: 100, shock),
        ]
    }

    private static func json(_ exposure: Exposure, _ terms: Contract, _ venue: Directory) -> JSONValue {
        [
            "account": .string(venue[exposure.key.account]), "position": .string(exposure.key.side.rawValue),
            "size": .decimal(terms.decimal(exposure.size)), "liquidationPrice": .decimal(exposure.liquidationPrice),
            "buffer": .decimal(exposure.buffer?.percent),
        ]
    }

    /// Sizes by liquidation price, in steps of a hundredth of the mark, so that no single account can be told.
    private static func buckets(_ exposures: [Exposure], around mark: Price, _ terms: Contract) -> [JSONValue] {
        let width = Price(max(1, mark.raw / 100))
        var sums: [Int64: (longs: Size, shorts: Size)] = [:]
        for exposure in exposures {
            guard let price = exposure.liquidationPrice?.ticks(of: terms) else { continue }
            let bucket = price / width.raw
            if exposure.size > .zero {
                sums[bucket, default: (.zero, .zero)].longs =
                    sums[bucket, default: (.zero, .zero)].longs + exposure.size
            } else {
                sums[bucket, default: (.zero, .zero)].shorts =
                    sums[bucket, default: (.zero, .zero)].shorts - exposure.size
            }
        }
        return sums.sorted { $0.key < $1.key }.map { bucket, sum in
            [
                "from": .decimal(terms.decimal(Price(bucket * width.raw))),
                "to": .decimal(terms.decimal(Price((bucket + 1) * width.raw))),
                "longs": .decimal(terms.decimal(sum.longs)), "shorts": .decimal(terms.decimal(sum.shorts)),
            ]
        }
    }

    private static func cascade(
        _ exposures: [Exposure], _ depth: [DepthLevel], down: Bool, _ terms: Contract
    ) -> [JSONValue] {
        let concerned = exposures.filter { ($0.size > .zero) == down && $0.liquidationPrice != nil }
            .sorted { down ? $0.liquidationPrice! > $1.liquidationPrice! : $0.liquidationPrice! < $1.liquidationPrice! }
        var (forced, taken, level) = (Size.zero, Size.zero, 0)
        return concerned.map { exposure in
            forced = forced + exposure.size.magnitude
            let price = exposure.liquidationPrice!
            while level < depth.count,
                down ? terms.decimal(depth[level].price) >= price : terms.decimal(depth[level].price) <= price
            {
                taken = taken + depth[level].size
                level += 1
            }
            return [
                "price": .decimal(price), "forced": .decimal(terms.decimal(forced)),
                "depth": .decimal(terms.decimal(taken)),
            ]
        }
    }

    private func shock(_ call: Call) async throws -> Reply {
        let marks = try shockMarks(call)
        let outcome = try await venue.read { Shock(marks, on: $0) }
        if let rejection = outcome.rejection { throw names { Refusal(rejection, in: $0) } }
        return Reply(json: outcome.report)
    }

    private func shockMarks(_ call: Call) throws -> [MarkPrice] {
        try (call["prices"]?.members ?? []).map { symbol, value in
            let (id, terms) = try contract(named: symbol)
            return MarkPrice(id, try terms.price(value.plain, "prices.\(symbol)"))
        }
    }
}

/// What marks would do, tried on a copy.
private struct Shock: Sendable {
    var rejection: Rejection?
    var report = JSONValue.null

    init(_ marks: [MarkPrice], on exchange: borrowing Exchange) {
        var twin = exchange.fork()
        twin.execute(.mark(marks), at: exchange.now)
        if case .rejected(let refused)? = twin.events.last { rejection = refused } else { report = twin.shockReport }
    }
}

extension ExactDecimal {
    fileprivate static let zero = ExactDecimal(digits: 0)

    /// The price in whole ticks, rounded down.
    fileprivate func ticks(of terms: Contract) -> Int64? {
        let common = max(places, terms.tick.places)
        guard let whole = scaled(toPlaces: common), let tick = terms.tick.scaled(toPlaces: common) else { return nil }
        return Int64(exactly: whole / tick)
    }
}
