internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Orders: placing, changing, cancelling, and what became of them.
extension NativeAPI {
    private static let path = "/v1/accounts/{account}/orders"
    static let orderTerms = Schema.object(
        .required("symbol", Inputs.name), .required("side", .choice("buy", "sell")),
        .required("type", .choice(OrderType.allCases.map(\.rawValue))), .required("size", .decimalInput()),
        .optional("price", .decimalInput().about("The limit, of those types that have one.")),
        .optional("stop", .decimalInput().about("The trigger price; for a trailing stop, its distance.")),
        .optional("trigger", .choice("mark", "last", "index").defaulting(to: "mark")),
        .optional("tif", .choice("GTC", "IOC", "FOK").defaulting(to: "GTC")),
        .optional("postOnly", .flag), .optional("reduceOnly", .flag), .optional("closeOnTrigger", .flag),
        .optional("position", .choice("net", "long", "short").defaulting(to: "net")),
        .optional("clientOrderId", .text(1...64).about("No other order of the account may have it for a while."))
    ).named("OrderRequest")
    private static let answer = Schema.object(
        .required("sequence", .integer()), .required("time", .time), .required("order", OrderRecord.schema),
        .required("fills", .list(of: FillRecord.schema))
    ).named("OrderAnswer")
    private static let order = Parameter.path(
        "order", Schema.text(1...80).about("An order's number, or `client:` and the name its owner gave it."))

    /// The types an order may have.
    enum OrderType: String, CaseIterable {
        case limit, market, stop, stopLimit, takeProfit, takeProfitLimit, trailingStop

        var condition: Condition.Kind? {
            switch self {
            case .limit, .market: nil
            case .stop, .stopLimit: .stop
            case .takeProfit, .takeProfitLimit: .takeProfit
            case .trailingStop: .trailing
            }
        }

        var hasLimit: Bool {
            switch self {
            case .limit, .stopLimit, .takeProfitLimit: true
            case .market, .stop, .takeProfit, .trailingStop: false
            }
        }
    }

    var orderRoutes: [Route] {
        [
            route(
                .post, Self.path, "placeOrder", "Place an order.", tag: "Orders", parameters: [Inputs.account],
                body: Self.orderTerms,
                answers: [
                    Response(201, "Accepted; what filled at once.", Self.answer), .notFound, .conflict, .refused,
                ],
                needs: .trade
            ) { call in
                let account = try account(call, for: .trade)
                let done = try await perform(
                    .placeOrder(try orderRequest(call, account)), for: principal(call),
                    clientOrderID: call.textIfGiven("clientOrderId") ?? "")
                return Reply(status: 201, json: try await answer(OrderID(done.sequence), done))
            },
            route(
                .get, Self.path, "orders", "Orders, newest first: all, or those that may still fill.", tag: "Orders",
                parameters: [
                    Inputs.account, Inputs.symbolFilter, .query("open", .flag.about("Only those that may still fill.")),
                ] + Inputs.page,
                answers: [Response(200, "Orders.", .rows("orders", OrderRecord.schema)), .notFound], needs: .look
            ) { call in
                let account = try account(call, for: .look)
                let (contract, page) = (try contractIfGiven(call)?.id, try Page(call))
                try await gateway.history.caughtUp(to: venue.last)
                let rows =
                    call.flag("open")
                    ? try await gateway.history.openOrders(of: account, in: contract, page: page)
                    : try await gateway.history.orders(of: account, in: contract, page: page)
                return Reply(json: names { venue in .list("orders", rows.map { $0.json(in: venue) }) })
            },
            route(
                .delete, Self.path, "cancelOrders", "Cancel all of an account's orders, or those in one contract.",
                tag: "Orders", parameters: [Inputs.account, Inputs.symbolFilter],
                answers: [.done, .notFound, .refused], needs: .trade
            ) { call in
                let account = try account(call, for: .trade)
                let contract = try contractIfGiven(call)?.id
                return Reply(json: try await perform(.cancelAll(account, contract), for: principal(call)).json)
            },
            route(
                .get, Self.path + "/{order}", "order", "One order and its fills.", tag: "Orders",
                parameters: [Inputs.account, Self.order],
                answers: [
                    Response(
                        200, "The order.",
                        .object(
                            .required("order", OrderRecord.schema), .required("fills", .list(of: FillRecord.schema)))),
                    .notFound,
                ], needs: .look
            ) { call in
                let order = try await order(call, of: try account(call, for: .look))
                let fills = try await gateway.history.fills(ofOrder: order.id)
                return Reply(
                    json: names { venue in
                        ["order": order.json(in: venue), "fills": .array(fills.map { $0.json(in: venue) })]
                    })
            },
            route(
                .patch, Self.path + "/{order}", "amendOrder",
                "Change an open order's size, limit or trigger price. A smaller size keeps its turn.", tag: "Orders",
                parameters: [Inputs.account, Self.order],
                body: .object(
                    .optional("size", .decimalInput()), .optional("price", .decimalInput()),
                    .optional("stop", .decimalInput())),
                answers: [Response(200, "Changed.", Self.answer), .notFound, .conflict, .refused], needs: .trade
            ) { call in
                let account = try account(call, for: .trade)
                let order = try await order(call, of: account)
                let terms = names { $0[order.contract] }
                let done = try await perform(
                    .amendOrder(
                        account, order.id, order.contract,
                        size: try call.decimalIfGiven("size").map { try terms.size($0) },
                        price: try call.decimalIfGiven("price").map { try terms.price($0) },
                        stop: try call.decimalIfGiven("stop").map { try terms.price($0, "stop") }),
                    for: principal(call))
                return Reply(json: try await answer(order.id, done))
            },
            route(
                .delete, Self.path + "/{order}", "cancelOrder", "Cancel an open order.", tag: "Orders",
                parameters: [Inputs.account, Self.order],
                answers: [Response(200, "Cancelled.", Self.answer), .notFound, .refused], needs: .trade
            ) { call in
                let account = try account(call, for: .trade)
                let order = try await order(call, of: account)
                let done = try await perform(.cancelOrder(account, order.id), for: principal(call))
                return Reply(json: try await answer(order.id, done))
            },
        ]
    }

    func orderRequest(_ call: Call, _ account: AccountID) throws -> OrderRequest {
        let (contract, terms) = try contract(call)
        let type = OrderType(rawValue: call.text("type"))!
        let price = try call.decimalIfGiven("price").map { try terms.price($0) }
        guard price != nil || !type.hasLimit else {
            throw Refusal.invalid("A \(type.rawValue) order needs a price.", field: "price", expected: "a limit price")
        }
        guard price == nil || type != .market && type != .stop else {
            throw Refusal.invalid("A \(type.rawValue) order has no limit.", field: "price", expected: "no price")
        }
        let stop = try call.decimalIfGiven("stop").map { try terms.price($0, "stop") }
        guard (stop != nil) == (type.condition != nil) else {
            throw Refusal.invalid(
                type.condition == nil
                    ? "A \(type.rawValue) order waits for no price."
                    : "A \(type.rawValue) order needs a trigger price.",
                field: "stop", expected: type.condition == nil ? "no stop" : "a trigger price")
        }
        let condition = type.condition.map { kind in
            Condition(
                kind: kind, stop: stop!, trigger: Condition.Trigger(rawValue: call.text("trigger"))!,
                closeOnTrigger: call.flag("closeOnTrigger"))
        }
        return OrderRequest(
            key: PositionKey(account, contract, PositionSide(rawValue: call.text("position"))!), id: .none,
            side: OrderSide(rawValue: call.text("side"))!, size: try terms.size(try call.decimal("size")), price: price,
            timeInForce: TimeInForce(rawValue: call.text("tif"))!, postOnly: call.flag("postOnly"),
            reduceOnly: call.flag("reduceOnly"), condition: condition)
    }

    /// The order that a call names, which must be the account's.
    private func order(_ call: Call, of account: AccountID) async throws -> OrderRecord {
        let text = call.text("order")
        try await gateway.history.caughtUp(to: venue.last)
        let found: OrderRecord?
        if text.hasPrefix("client:") {
            found = try await gateway.history.order(named: String(text.dropFirst(7)), of: account)
        } else if let number = Int64(text) {
            found = try await gateway.history.order(OrderID(number))
        } else {
            found = nil
        }
        guard let found, found.account == account else {
            throw Refusal.notFound("The account has no order \(text).", field: "order")
        }
        return found
    }

    /// An order as it stands after a command, with what the command filled.
    private func answer(_ id: OrderID, _ done: Execution) async throws -> JSONValue {
        try await gateway.history.caughtUp(to: done.sequence)
        guard let order = try await gateway.history.order(id) else {
            preconditionFailure("order \(id.raw) is not in the history that holds command \(done.sequence)")
        }
        let fills = try await gateway.history.fills(ofOrder: id).filter { $0.id.sequence == done.sequence }
        return names { venue in
            .object(
                done.json.members + [
                    (key: "order", value: order.json(in: venue)),
                    (key: "fills", value: .array(fills.map { $0.json(in: venue) })),
                ])
        }
    }
}
