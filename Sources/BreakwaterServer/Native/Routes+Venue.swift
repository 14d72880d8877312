internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// The venue and its contracts, for everyone.
extension NativeAPI {
    var venueRoutes: [Route] {
        [
            route(
                .get, "/v1/time", "time", "The venue's clock.", tag: "Venue",
                answers: [Response(200, "Now.", .object(.required("time", .time)))]
            ) { _ in Reply(json: ["time": .string(gateway.now.iso)]) },
            route(
                .get, "/v1/venue", "venue", "The venue: its rulebook, currencies and insurance funds.", tag: "Venue",
                answers: [
                    Response(
                        200, "The venue.",
                        .object(
                            .required("rulebook", .text()), .required("currencies", .map(of: .integer())),
                            .required("insurance", .map(of: .decimal)), .required("sequence", .integer()),
                            .required("signUp", .flag), .required("faucet", .map(of: .decimal))))
                ], handler(venueStatement)),
            route(
                .get, "/v1/rulebooks", "rulebooks", "The rulebooks that are shipped, and the one in force.",
                tag: "Venue",
                answers: [
                    Response(
                        200, "Their names.",
                        .object(.required("current", .text()), .required("shipped", .list(of: .text()))))
                ]
            ) { _ in
                let current = try await venue.read { $0.rulebook.name }
                return Reply(
                    json: [
                        "current": .string(current), "shipped": .array(RulebookLibrary.names.map(JSONValue.string)),
                    ])
            },
            route(
                .get, "/v1/rulebooks/{name}", "rulebook", "A shipped rulebook, as its file says it.", tag: "Venue",
                parameters: [.path("name", Inputs.name)],
                answers: [Response(200, "The file.", nil, mediaType: "text/yaml"), .notFound]
            ) { call in
                guard let text = RulebookLibrary.text(named: call.text("name")) else {
                    throw Refusal.notFound("No rulebook \(call.text("name")) is shipped.", field: "name")
                }
                return Reply(text: text, type: "text/yaml; charset=utf-8")
            },
            route(
                .get, "/v1/notices", "notices", "What everybody was told: listings, halts, auctions, rule changes.",
                tag: "Venue", parameters: [Inputs.symbolFilter] + Inputs.page,
                answers: [Response(200, "Notices.", .rows("notices", Notice.schema)), .notFound]
            ) { call in
                let rows = try await history().notices(in: try contractIfGiven(call)?.id, page: try Page(call))
                return Reply(json: names { venue in .list("notices", rows.map { $0.json(in: venue) }) })
            },
        ]
    }

    private func handler(_ statement: @escaping @Sendable () async throws -> JSONValue)
        -> @Sendable (Call) async throws -> Reply
    { { _ in Reply(json: try await statement()) } }

    private func venueStatement() async throws -> JSONValue {
        let (rulebook, funds) = try await venue.read { exchange in
            let currencies = exchange.directory.currencies.indices.map { CurrencyID(index: $0) }
            return (exchange.rulebook.name, currencies.map { exchange.insurance(of: $0) })
        }
        return names { directory in
            [
                "rulebook": .string(rulebook),
                "currencies": .object(directory.currencies.map { (key: $0.name, value: .integer($0.decimals)) }),
                "insurance": .object(
                    zip(directory.currencies, funds).filter { $0.1 != .zero }
                        .map { (key: $0.name, value: .decimal($0.decimal($1))) }),
                "sequence": .integer(Int(venue.last)), "signUp": .bool(options.allowsSignUp),
                "faucet": .object(
                    options.faucet.sorted { $0.key < $1.key }.map { (key: $0.key, value: .string($0.value)) }),
            ]
        }
    }
}
