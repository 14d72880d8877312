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

    private static let end = Schema.object(.required("price", .decimal), .required("forced", .decimal)).named(
        "CascadeEnd"
    )
    .nullable

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
                let (id, _) = try contract(call)
                return Reply(json: try await venue.read { LiquidationMap(of: id, in: $0) }.heatmap)
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
                            ), .required("end", Self.end)
                        )), .notFound,
                ], needs: .administer, weight: 20
            ) { call in
                let (id, terms) = try contract(call)
                let map = try await venue.read { LiquidationMap(of: id, in: $0) }
                let cascade = call.text("side") == "down" ? map.falling : map.rising
                return Reply(
                    json: .object(
                        [(key: "mark", value: .decimal(map.mark.map(terms.decimal)))] + cascade.json(terms).members))
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
}
