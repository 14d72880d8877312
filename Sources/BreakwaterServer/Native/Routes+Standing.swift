internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// How a venue's risk stands: who holds how much, what a gap would cost the fund, who is deleveraged first, who helps.
extension NativeAPI {
    private static let holders = Schema.object(
        .required("accounts", .integer()), .required("size", .decimal),
        .required("top1", .decimal.nullable.about("What the largest account holds of it, in per cent.")),
        .required("top10", .decimal.nullable), .required("top100", .decimal.nullable))
    private static let leverageRow = Schema.object(
        .required("from", .integer()), .required("to", .integer().nullable), .required("longs", .decimal),
        .required("shorts", .decimal), .required("accounts", .integer()))
    private static let gap = Schema.object(
        .required("move", .integer().about("How far the mark jumps, in per cent.")), .required("price", .decimal),
        .required("bankrupt", .integer().about("Positions worth less than nothing there.")),
        .required("deficit", .decimal.about("What they lack in all, closed at that price.")),
        .required("left", .decimal.about("What the fund would have left; below zero is what others would bear.")))
    private static let place = Schema.object(
        .required("place", .integer()), .required("account", .text()), .required("position", .text()),
        .required("size", .decimal), .required("lights", .integer()), .required("ahead", .decimal))
    private static let provider = Schema.object(
        .required("account", .text()), .required("currency", .text()), .required("capacity", .decimal),
        .required("used", .decimal))

    var standingRoutes: [Route] {
        [
            route(
                .get, "/v1/contracts/{symbol}/concentration", "concentration",
                "How open interest is spread: over accounts, and over the leverage that positions have by now.",
                tag: "Risk", parameters: [Inputs.symbol],
                answers: [
                    Response(
                        200, "Without names.",
                        .object(
                            .required("longs", Self.holders), .required("shorts", Self.holders),
                            .required("leverage", .list(of: Self.leverageRow)))), .notFound,
                ], weight: 20
            ) { call in
                let (id, terms) = try contract(call)
                let holdings = try await venue.read { $0.holdings(in: id) }
                return Reply(
                    json: [
                        "longs": Self.spread(holdings.filter { $0.size > .zero }, terms),
                        "shorts": Self.spread(holdings.filter { $0.size < .zero }, terms),
                        "leverage": .array(Self.leverageRows(holdings, terms)),
                    ])
            },
            route(
                .get, "/v1/admin/contracts/{symbol}/gaps", "gaps",
                "What a jump of the mark past every order would cost the insurance fund: each position closed there, whatever the book.",
                tag: "Risk", parameters: [Inputs.symbol],
                answers: [
                    Response(
                        200, "A row for each jump, lowest first; none without a mark.",
                        .object(.required("fund", .decimal), .required("gaps", .list(of: Self.gap)))), .notFound,
                ], needs: .administer, weight: 20
            ) { call in
                let (id, terms) = try contract(call)
                let (mark, fund, holdings) = try await venue.read { exchange in
                    (
                        exchange.contractStatement(id).mark, exchange.insurance(behind: id),
                        exchange.holdings(in: id)
                    )
                }
                let money = names { $0[terms.settle] }
                return Reply(
                    json: [
                        "fund": .decimal(money.decimal(fund)),
                        "gaps": .array(mark.map { Self.gaps(holdings, around: $0, fund, terms, money) } ?? []),
                    ])
            },
            route(
                .get, "/v1/admin/contracts/{symbol}/queue", "deleverageQueue",
                "Who would be deleveraged first, if the other side had to be.", tag: "Risk",
                parameters: [
                    Inputs.symbol, .query("side", .choice("long", "short").defaulting(to: "long")), Inputs.limit,
                ],
                answers: [
                    Response(200, "The queue; empty where nobody is deleveraged.", .rows("queue", Self.place)),
                    .notFound,
                ],
                needs: .administer, weight: 20
            ) { call in
                let (id, terms) = try contract(call)
                let (longs, limit) = (call.text("side") == "long", call.integer("limit"))
                let queue = try await venue.read { $0.deleverageQueue(in: id, longs: longs, first: limit) }
                return Reply(json: names { venue in .list("queue", queue.map { Self.json($0, terms, venue) }) })
            },
            route(
                .get, "/v1/admin/providers", "providers",
                "Who has agreed to take positions over, and how much of it is used.",
                tag: "Risk", answers: [Response(200, "Providers.", .rows("providers", Self.provider))],
                needs: .administer
            ) { _ in
                let providers = try await venue.read { $0.providerStatements() }
                return Reply(json: names { venue in .list("providers", providers.map { $0.report(in: venue) }) })
            },
            route(
                .get, "/v1/insurance/{currency}/course", "insuranceCourse",
                "What the insurance funds of a currency held after each of their latest movements, oldest first.",
                tag: "Liquidations", parameters: [.path("currency", Inputs.name), Inputs.limit],
                answers: [
                    Response(
                        200, "Points.",
                        .rows("points", .object(.required("time", .time), .required("balance", .decimal)))), .notFound,
                ], weight: 5
            ) { call in
                let (currency, money) = try currency(named: call.text("currency"))
                let (balance, sequence) = try await venue.readNumbered { ($0.insurance(of: currency), $1) }
                try await gateway.history.caughtUp(to: sequence)
                // What came after the balance was read is left for the next time.
                let lines = try await gateway.history.insurance(of: currency, page: Page(limit: call.integer("limit")))
                    .filter { $0.id.sequence <= sequence }
                return Reply(json: .list("points", Self.course(lines, endingAt: balance, money)))
            },
        ]
    }

    // MARK: Figures

    /// How few hold how much of one side.
    private static func spread(_ holdings: [Holding], _ terms: Contract) -> JSONValue {
        let sizes = Dictionary(grouping: holdings, by: \.key.account).values
            .map { $0.reduce(Size.zero) { $0 + $1.size.magnitude } }.sorted(by: >)
        let whole = sizes.reduce(Size.zero, +)
        func share(_ count: Int) -> JSONValue {
            guard whole > .zero else { return .null }
            let part = sizes.prefix(count).reduce(Size.zero, +)
            return .decimal(decimal(part.wide * 100, over: whole.wide, places: 2))
        }
        return [
            "accounts": .integer(sizes.count), "size": .decimal(terms.decimal(whole)), "top1": share(1),
            "top10": share(10), "top100": share(100),
        ]
    }

    /// Where each row of the leverage table begins; the last has no end.
    private static let leverages: [Int64] = [0, 1, 2, 3, 5, 10, 20, 30, 50, 75, 100]

    private static func leverageRows(_ holdings: [Holding], _ terms: Contract) -> [JSONValue] {
        let bounds = leverages
        return bounds.indices.compactMap { row in
            let (from, to) = (bounds[row], row + 1 < bounds.count ? bounds[row + 1] : nil)
            let those = holdings.filter { $0.hasLeverage(from: from, below: to) }
            guard !those.isEmpty else { return nil }
            func sum(_ part: [Holding]) -> JSONValue {
                .decimal(terms.decimal(part.reduce(Size.zero) { $0 + $1.size.magnitude }))
            }
            return [
                "from": .integer(Int(from)), "to": to.map { .integer(Int($0)) } ?? .null,
                "longs": sum(those.filter { $0.size > .zero }), "shorts": sum(those.filter { $0.size < .zero }),
                "accounts": .integer(Set(those.map(\.key.account)).count),
            ]
        }
    }

    /// The jumps that are looked at, in per cent.
    private static let moves: [Int64] = [-50, -30, -20, -10, -5, -2, 2, 5, 10, 20, 30, 50]

    private static func gaps(
        _ holdings: [Holding], around mark: Price, _ fund: Amount, _ terms: Contract, _ money: Currency
    ) -> [JSONValue] {
        moves.map { move in
            let price = Price(max(1, Int64(mark.wide * Int128(100 + move) / 100)))
            let deficits = holdings.map { $0.deficit(at: price, in: terms) }.filter { $0 > .zero }
            let sum = deficits.reduce(Amount.zero, +)
            return [
                "move": .integer(Int(move)), "price": .decimal(terms.decimal(price)),
                "bankrupt": .integer(deficits.count), "deficit": .decimal(money.decimal(sum)),
                "left": .decimal(money.decimal(fund - sum)),
            ]
        }
    }

    private static func json(_ place: QueuePlace, _ terms: Contract, _ venue: Directory) -> JSONValue {
        [
            "place": .integer(place.position.place), "account": .string(venue[place.key.account]),
            "position": .string(place.key.side.rawValue), "size": .decimal(terms.decimal(place.size)),
            "lights": .integer(place.position.lights), "ahead": .decimal(terms.decimal(place.position.ahead)),
        ]
    }

    /// Balances from the newest movement back, turned round.
    private static func course(_ lines: [InsuranceLine], endingAt balance: Amount, _ money: Currency) -> [JSONValue] {
        var balance = balance
        var points: [JSONValue] = []
        for line in lines {
            points.append(["time": .string(line.time.iso), "balance": .decimal(money.decimal(balance))])
            balance = balance - line.amount
        }
        return points.reversed()
    }
}
