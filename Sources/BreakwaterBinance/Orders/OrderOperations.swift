internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Orders that are placed at once: placing, amending, cancelling, and finding them again.
extension OrderDesk {
    var orderOperations: [Operation] {
        [
            Operation(.post, "/fapi/v1/order", .trade, orders: 1, pace: .brief) { request in
                let (order, listing) = try await place(request.inputs, request)
                return Self.json(order, listing)
            },
            Operation(.post, "/fapi/v1/order/test", .trade, pace: .brief) { request in
                let placement = try Placement(request.inputs, listings, account: request.account)
                return Self.json(OrderView(untried: placement, at: request.now), placement.listing)
            },
            Operation(.put, "/fapi/v1/order", .trade, orders: 1, pace: .brief) { request in
                let (order, listing) = try await amend(request.inputs, request)
                return Self.json(order, listing)
            },
            Operation(.delete, "/fapi/v1/order", .trade, pace: .brief) { request in
                let (order, listing) = try await cancel(request.inputs, request)
                return Self.json(order, listing)
            },
            Operation(.delete, "/fapi/v1/allOpenOrders", .trade, pace: .brief, handler: cancelAll),
            Operation(.get, "/fapi/v1/order", .look) { try await find($0, openOnly: false) },
            Operation(.get, "/fapi/v1/openOrder", .look) { try await find($0, openOnly: true) },
            Operation(.get, "/fapi/v1/openOrders", .look) { request in
                JSONText(list: try await openOrders(request, waiting: false)) { json, found in
                    json.object { $0.putOrder(found.0, found.1) }
                }
            },
            Operation(.get, "/fapi/v1/allOrders", .look, weight: 5, handler: allOrders),
            Operation(.get, "/fapi/v1/userTrades", .look, weight: 5, handler: userTrades),
        ]
    }

    static func json(_ order: OrderView, _ listing: Listing) -> JSONText {
        JSONText(capacity: 768) { $0.putOrder(order, listing) }
    }

    /// Cancels what stands in the book; what waits for its price is cancelled by a call of its own.
    @Sendable private func cancelAll(_ request: Request) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        for (order, _) in try await openOrders(request, waiting: false) where order.key.contract == listing.id {
            _ = try await gateway.venue.perform(.cancelOrder(request.account, order.id), from: request.origin())
        }
        return .done("The operation of cancel all open order is done.")
    }

    private func find(_ request: Request, openOnly: Bool) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        let id = try await orderID(request.inputs, request, missing: .noSuchOrder)
        guard let (order, found) = try await order(id, of: request.account), found.id == listing.id,
            !order.isWaiting, order.isOpen || !openOnly
        else { throw Fault.noSuchOrder }
        return Self.json(order, listing)
    }

    @Sendable private func allOrders(_ request: Request) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        let page = try request.inputs.page(number: "orderId", usual: 500, most: 1_000) { $0 }
        try await catchUp()
        let records = try await gateway.history.orders(of: request.account, in: listing.id, page: page)
        let orders = records.map(OrderView.init).filter { !$0.isWaiting }.sorted { $0.id < $1.id }
        return JSONText(capacity: 512 * orders.count, list: orders) { json, order in
            json.object { $0.putOrder(order, listing) }
        }
    }

    @Sendable private func userTrades(_ request: Request) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        let page = try request.inputs.page(number: "fromId", usual: 500, most: 1_000) { $0 }
        try await catchUp()
        let history = gateway.history
        var fills: [FillRecord]
        if let order = try request.inputs.integer("orderId") {
            fills = try await history.fills(ofOrder: OrderID(order), page: page).filter {
                $0.account == request.account
            }
        } else {
            fills = try await history.fills(of: request.account, in: listing.id, page: page)
        }
        fills.sort { $0.id < $1.id }
        return JSONText(capacity: 320 * fills.count, list: fills) { json, fill in
            json.object { $0.putFill(fill, listing) }
        }
    }
}

extension JSONText {
    /// What a command without anything to show is answered with.
    static func done(_ message: String = "success") -> JSONText {
        JSONText(capacity: 64) { json in
            json.put("code", 200)
            json.put("msg", message)
        }
    }

    fileprivate mutating func putFill(_ fill: FillRecord, _ listing: Listing) {
        put("symbol", listing.symbol)
        put("id", fill.id.raw)
        put("orderId", fill.order?.raw ?? 0)
        put("side", word: fill.side.word)
        put("price", listing.decimal(fill.price) ?? listing.averagePrice(of: fill.size, worth: fill.value))
        put("qty", listing.decimal(fill.size))
        put("realizedPnl", listing.money(fill.realised))
        put("quoteQty", listing.money(fill.value.magnitude))
        put("commission", listing.money(fill.fee))
        put("commissionAsset", listing.settle.name)
        put("time", fill.time)
        put("positionSide", word: fill.positionSide.word)
        put("buyer", fill.side == .buy)
        put("maker", fill.isMaker)
    }
}

extension Inputs {
    /// The part of a list that is asked for: from a number or a moment on, else the newest.
    ///
    /// - Parameter number: the parameter that names the first row; `event` makes a row's number of it.
    func page(
        number: String? = nil, usual: Int, most: Int, _ event: (Int64) -> Int64 = { $0 }
    ) throws(Fault) -> Page {
        let first = number == nil ? nil : try integer(number!)
        let (from, until) = (try time("startTime"), try time("endTime"))
        if let from, let until, until < from { throw Fault(-1128, "Combination of optional parameters invalid.") }
        // An end is the last microsecond of its millisecond.
        return Page(
            from: first == nil ? from : nil, until: until.map { Timestamp($0.raw + 999) },
            after: first.map { event($0) - 1 }, limit: try limit(usual, most: most),
            isDescending: first == nil && from == nil)
    }
}

extension OrderView {
    /// An order that was only looked at: it has no number, and nothing happened to it.
    init(untried placement: Placement, at time: Timestamp) {
        let request = placement.request
        self.init(
            id: OrderID(0), clientOrderID: placement.clientOrderID, key: request.key, side: request.side,
            timeInForce: request.timeInForce, postOnly: request.postOnly, reduceOnly: request.reduceOnly,
            price: request.price, size: request.size, condition: request.condition, status: .open, created: time,
            updated: time)
    }
}
