internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue

/// Places, amends, cancels and finds orders.
struct OrderDesk: Sendable {
    let gateway: Gateway
    let listings: Listings

    /// Carries out a command; a refusal of the core's becomes one of this dialect.
    func perform(_ command: Command, from origin: Origin) async throws -> Execution {
        let execution = try await gateway.venue.perform(command, from: origin)
        if let rejection = execution.rejection {
            throw gateway.venue.names.look { Fault(rejection, in: $0) }
        }
        return execution
    }

    func place(_ inputs: Inputs, _ request: Request, naming: Placement.Naming = .order) async throws -> (
        OrderView, Listing
    ) {
        var placement = try Placement(inputs, listings, account: request.account, naming: naming)
        if placement.trailing != nil || placement.closesPosition { try await complete(&placement, inputs) }
        let execution = try await perform(
            .placeOrder(placement.request), from: request.origin(clientOrderID: placement.clientOrderID))
        return (OrderView(placement.request, placedBy: execution), placement.listing)
    }

    /// Looks up what an order leaves to the venue: the size of what it closes, the price that its distance is a share of.
    private func complete(_ placement: inout Placement, _ inputs: Inputs) async throws {
        let order = placement.request
        let start =
            try inputs.text("activationPrice") == nil ? nil : try placement.listing.price(inputs, "activationPrice")
        let (held, price) = try await gateway.venue.read { exchange in
            let statement = exchange.contractStatement(order.key.contract)
            let watched: Price? =
                switch order.condition?.trigger {
                case .last: statement.last ?? statement.mark
                case .index: statement.index
                case .mark, nil: statement.mark
                }
            return (exchange.positionStatement(order.key, ranked: false)?.size ?? .zero, watched)
        }
        var size = order.size
        if placement.closesPosition {
            guard held != .zero, (held > .zero) == (order.side == .sell) else {
                throw Fault(-4509, "Time in Force (TIF) GTE can only be used with open positions.")
            }
            size = held.magnitude
        }
        var condition = order.condition
        if let rate = placement.trailing {
            guard let from = start ?? price else {
                throw Fault(-4192, "There is no price that the stop could follow yet.")
            }
            condition?.stop = max(Price(1), Price(rate.of(Amount(from.raw), .nearest).raw))
        }
        placement.request = OrderRequest(
            key: order.key, id: order.id, side: order.side, size: size, price: order.price,
            timeInForce: order.timeInForce, postOnly: order.postOnly, reduceOnly: order.reduceOnly, condition: condition
        )
    }

    /// Changes an open order. What is not given stays.
    func amend(_ inputs: Inputs, _ request: Request) async throws -> (OrderView, Listing) {
        let listing = try listings.named(try inputs.required("symbol"))
        let id = try await orderID(inputs, request, missing: .unknownOrder)
        guard var view = openOrder(id, of: request.account, in: listing) else { throw Fault.unknownOrder }
        let size = try inputs.text("quantity") == nil ? nil : try listing.size(inputs)
        let price = try inputs.text("price") == nil ? nil : try listing.price(inputs, "price")
        if size ?? view.size == view.size, price ?? view.price == view.price {
            throw Fault(-5027, "No need to modify the order.")
        }
        let execution = try await perform(
            .amendOrder(request.account, id, listing.id, size: size, price: price), from: request.origin())
        view.follow(execution)
        return (view, listing)
    }

    func cancel(_ inputs: Inputs, _ request: Request) async throws -> (OrderView, Listing) {
        let listing = try listings.named(try inputs.required("symbol"))
        let id = try await orderID(inputs, request, missing: .unknownOrder)
        return (try await cancel(id, request, listing), listing)
    }

    func cancel(_ id: OrderID, _ request: Request, _ listing: Listing?) async throws -> OrderView {
        guard var view = openOrder(id, of: request.account, in: listing) else { throw Fault.unknownOrder }
        let execution = try await perform(.cancelOrder(request.account, id), from: request.origin())
        view.follow(execution)
        return view
    }

    /// An order of the account that may still fill, as its owner was last told of it.
    private func openOrder(_ id: OrderID, of account: AccountID, in listing: Listing?) -> OrderView? {
        guard let order = gateway.feeds.openOrder(id), order.account == account,
            listing == nil || order.contract == listing?.id
        else { return nil }
        return OrderView(order)
    }

    /// The number of the order that a request names, by number or by its owner's name.
    func orderID(
        _ inputs: Inputs, _ request: Request, number: String = "orderId", name: String = "origClientOrderId",
        missing: Fault
    ) async throws -> OrderID {
        if let id = try inputs.integer(number) { return OrderID(id) }
        guard let text = try inputs.text(name) else {
            throw Fault(-1102, "Param '\(name)' or '\(number)' must be sent, but both were empty/null!")
        }
        if let id = try await gateway.venue.order(named: text, of: request.account) { return id }
        if text.hasPrefix("venue-"), let id = Int64(text.dropFirst(6)) { return OrderID(id) }
        try await catchUp()
        guard let record = try await gateway.history.order(named: text, of: request.account) else { throw missing }
        return record.id
    }

    /// Waits until the history holds everything that has been answered.
    func catchUp() async throws { try await gateway.history.caughtUp(to: gateway.venue.last) }

    /// An order of the account, open or not.
    func order(_ id: OrderID, of account: AccountID) async throws -> (OrderView, Listing)? {
        try await catchUp()
        guard let record = try await gateway.history.order(id), record.account == account,
            let listing = listings[record.contract]
        else { return nil }
        return (OrderView(record), listing)
    }

    /// The account's orders that may still fill: those that wait for their price, or those that do not.
    func openOrders(_ request: Request, waiting: Bool) async throws -> [(OrderView, Listing)] {
        let listing =
            try request.inputs.text("symbol") == nil ? nil : try listings.named(request.inputs.required("symbol"))
        try await catchUp()
        return try await gateway.history.openOrders(of: request.account, in: listing?.id)
            .compactMap { record in listings[record.contract].map { (OrderView(record), $0) } }
            .filter { $0.0.isWaiting == waiting }
    }
}
