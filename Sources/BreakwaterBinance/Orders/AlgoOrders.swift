internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Orders that wait for their price, which the dialect keeps apart from the others.
extension OrderDesk {
    var algoOperations: [Operation] {
        [
            Operation(.post, "/fapi/v1/algoOrder", .trade, orders: 1, pace: .brief) { request in
                try await placeAlgo(request)
            },
            Operation(.delete, "/fapi/v1/algoOrder", .trade, pace: .brief) { request in
                try await cancelAlgo(request)
            },
            Operation(.delete, "/fapi/v1/algoOpenOrders", .trade, pace: .brief, handler: cancelAllAlgo),
            Operation(.get, "/fapi/v1/algoOrder", .look) { request in
                let id = try await algoID(request, missing: .noSuchOrder)
                guard let (order, listing) = try await order(id, of: request.account), order.hasBeenConditional else {
                    throw Fault.noSuchOrder
                }
                return Self.algoJSON(order, listing)
            },
            Operation(.get, "/fapi/v1/openAlgoOrders", .look) { request in
                JSONText(list: try await openOrders(request, waiting: true)) { json, found in
                    json.object { $0.putAlgoOrder(found.0, found.1) }
                }
            },
            Operation(.get, "/fapi/v1/allAlgoOrders", .look, weight: 5, handler: allAlgoOrders),
        ]
    }

    static func algoJSON(_ order: OrderView, _ listing: Listing) -> JSONText {
        JSONText(capacity: 768) { $0.putAlgoOrder(order, listing) }
    }

    func placeAlgo(_ request: Request) async throws -> JSONText {
        let inputs = request.inputs
        guard try inputs.required("algoType") == "CONDITIONAL" else { throw Fault.invalid("algoType") }
        guard let type = try inputs.choice("type", OrderType.self), type.condition != nil else {
            throw Fault.invalid("type")
        }
        let (order, listing) = try await place(inputs, request, naming: .algoOrder)
        return Self.algoJSON(order, listing)
    }

    func cancelAlgo(_ request: Request) async throws -> JSONText {
        let id = try await algoID(request, missing: .unknownOrder)
        let order = try await cancel(id, request, nil)
        return JSONText(capacity: 128) { json in
            json.put("algoId", id.raw)
            json.put("clientAlgoId", order.clientOrderID)
            json.put("code", "200")
            json.put("msg", "success")
        }
    }

    private func algoID(_ request: Request, missing: Fault) async throws -> OrderID {
        try await orderID(request.inputs, request, number: "algoId", name: "clientAlgoId", missing: missing)
    }

    @Sendable private func cancelAllAlgo(_ request: Request) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        for (order, _) in try await openOrders(request, waiting: true) where order.key.contract == listing.id {
            _ = try await gateway.venue.perform(.cancelOrder(request.account, order.id), from: request.origin())
        }
        return .done("The operation of cancel all open order is done.")
    }

    @Sendable private func allAlgoOrders(_ request: Request) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        let page = try request.inputs.page(number: "algoId", usual: 500, most: 1_000) { $0 }
        try await catchUp()
        let records = try await gateway.history.orders(of: request.account, in: listing.id, page: page)
        let orders = records.map(OrderView.init).filter(\.hasBeenConditional).sorted { $0.id < $1.id }
        return JSONText(capacity: 512 * orders.count, list: orders) { json, order in
            json.object { $0.putAlgoOrder(order, listing) }
        }
    }
}
