internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Liquidations: what everybody may see of them, and their whole story for who was liquidated.
extension NativeAPI {
    private static let print = Schema.object(
        .required("id", .integer()), .required("symbol", .text()), .required("side", .choice("buy", "sell")),
        .required("kind", .choice(ForcedOrder.Kind.allCases.map(\.rawValue))), .required("size", .decimal),
        .required("averagePrice", .decimal.nullable), .required("value", .decimal),
        .required("liquidation", .integer()), .required("time", .time)
    ).named("ForcedOrder")
    private static let fundLine = Schema.object(
        .required("id", .integer()), .required("cause", .choice(InsuranceLine.Cause.allCases.map(\.rawValue))),
        .required("symbol", .text().nullable), .required("amount", .decimal.about("Gained (+) or spent (-).")),
        .required("liquidation", .integer().nullable), .required("time", .time))

    var liquidationRoutes: [Route] {
        [
            route(
                .get, "/v1/contracts/{symbol}/liquidations", "forcedOrders",
                "What was closed by force in a contract, without names.", tag: "Liquidations",
                parameters: [Inputs.symbol] + Inputs.page,
                answers: [Response(200, "Forced orders.", .rows("orders", Self.print)), .notFound]
            ) { call in
                let (id, terms) = try contract(call)
                let rows = try await history().forcedOrders(in: id, page: try Page(call))
                return Reply(json: names { venue in .list("orders", rows.map { Self.json($0, terms, venue) }) })
            },
            route(
                .get, "/v1/accounts/{account}/liquidations", "liquidations",
                "The liquidations of an account, each with every stage and where the loss went.", tag: "Liquidations",
                parameters: [Inputs.account, Inputs.symbolFilter] + Inputs.page,
                answers: [Response(200, "Records.", .rows("liquidations", Statements.liquidation)), .notFound],
                needs: .look, weight: 5
            ) { call in
                let account = try account(call, for: .look)
                let (contract, page) = (try contractIfGiven(call)?.id, try Page(call))
                try await gateway.history.caughtUp(to: venue.last)
                let records = try await gateway.history.liquidations(of: account, in: contract, page: page)
                let rulebook = try await venue.read { $0.rulebook }
                return Reply(
                    json: names { venue in
                        let writer = LiquidationWriter(venue: venue, rulebook: rulebook)
                        return .list("liquidations", records.map(writer.json))
                    })
            },
            route(
                .get, "/v1/liquidations/{liquidation}", "explainLiquidation",
                "One liquidation explained: the tier and requirement it was judged by, what stood behind the position, every stage, and where every unit of the loss went. Once the rules have changed, `rulesChanged` stands in for tier, requirement and backing.",
                tag: "Liquidations", parameters: [.path("liquidation", .integer(0...Int(Int32.max)))],
                answers: [Response(200, "The explanation.", Statements.liquidation), .notFound], needs: .look, weight: 5
            ) { call in
                Reply(json: try await explanation(of: try await ownLiquidation(call)))
            },
            route(
                .get, "/v1/insurance/{currency}", "insuranceHistory", "Movements of the insurance funds of a currency.",
                tag: "Liquidations", parameters: [.path("currency", Inputs.name), Inputs.symbolFilter] + Inputs.page,
                answers: [
                    Response(
                        200, "Movements.",
                        .object(.required("balance", .decimal), .required("rows", .list(of: Self.fundLine)))),
                    .notFound,
                ]
            ) { call in
                let (currency, money) = try currency(named: call.text("currency"))
                let rows = try await history().insurance(
                    of: currency, in: try contractIfGiven(call)?.id, page: try Page(call))
                let balance = try await venue.read { $0.insurance(of: currency) }
                return Reply(
                    json: names { venue in
                        [
                            "balance": .decimal(money.decimal(balance)),
                            "rows": .array(rows.map { Self.json($0, money, venue) }),
                        ]
                    })
            },
        ]
    }

    private static func json(_ order: ForcedOrder, _ terms: Contract, _ venue: Directory) -> JSONValue {
        [
            "id": .integer(Int(order.id.raw)), "symbol": .string(terms.symbol), "side": .string(order.side.rawValue),
            "kind": .string(order.kind.rawValue), "size": .decimal(terms.decimal(order.filled)),
            "averagePrice": .decimal(
                order.filled == .zero
                    ? nil
                    : terms.displayPrice(
                        of: order.value < .zero ? -order.filled : order.filled, worth: order.value.wide)),
            "value": .decimal(venue[terms.settle].decimal(order.value.magnitude)),
            "liquidation": .integer(Int(order.liquidation.raw)), "time": .string(order.time.iso),
        ]
    }

    private static func json(_ line: InsuranceLine, _ money: Currency, _ venue: Directory) -> JSONValue {
        [
            "id": .integer(Int(line.id.raw)), "cause": .string(line.cause.rawValue),
            "symbol": line.contract.map { .string(venue[$0].symbol) } ?? .null,
            "amount": .decimal(money.decimal(line.amount)),
            "liquidation": line.liquidation.map { .integer(Int($0.raw)) } ?? .null, "time": .string(line.time.iso),
        ]
    }
}
