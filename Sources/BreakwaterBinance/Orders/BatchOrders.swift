internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Several orders in one request, each answered for itself.
extension OrderDesk {
    private static let most = 5

    var batchOperations: [Operation] {
        [
            Operation(.post, "/fapi/v1/batchOrders", .trade, weight: 5, orders: 5, pace: .brief) { request in
                try await each(of: try Self.batch(request.inputs)) { inputs in try await place(inputs, request) }
            },
            Operation(.put, "/fapi/v1/batchOrders", .trade, weight: 5, orders: 5, pace: .brief) { request in
                try await each(of: try Self.batch(request.inputs)) { inputs in try await amend(inputs, request) }
            },
            Operation(.delete, "/fapi/v1/batchOrders", .trade, pace: .brief, handler: cancelBatch),
        ]
    }

    /// The orders of a batch, each with parameters of its own.
    private static func batch(_ inputs: Inputs) throws(Fault) -> [Inputs] {
        let text = try inputs.required("batchOrders")
        guard case .list(let items)? = LooseJSON.read(text.utf8) else { throw .missing("batchOrders") }
        guard (1...most).contains(items.count) else { throw Fault(-4082, "Invalid number of batch orders.") }
        var batch: [Inputs] = []
        for item in items {
            guard let parameters = item.parameters else { throw .missing("batchOrders") }
            batch.append(Inputs(parameters))
        }
        return batch
    }

    /// One after the other, so that they take their turns in the order given.
    private func each(
        of batch: [Inputs], _ body: (Inputs) async throws -> (OrderView, Listing)
    ) async throws -> JSONText {
        var answers: [JSONText] = []
        for inputs in batch {
            do {
                let (order, listing) = try await body(inputs)
                answers.append(Self.json(order, listing))
            } catch {
                answers.append(Fault(error).json)
            }
        }
        return JSONText(capacity: 768 * batch.count, list: answers) { $0.add($1) }
    }

    /// Clients send the list's name in one of two spellings.
    @Sendable private func cancelBatch(_ request: Request) async throws -> JSONText {
        let inputs = request.inputs
        let listing = try listings.named(try inputs.required("symbol"))
        let numbers = try inputs.text("orderIdList") ?? inputs.text("orderidlist")
        let names = try inputs.text("origClientOrderIdList") ?? inputs.text("origclientorderidlist")
        guard let list = numbers ?? names, case .list(let items)? = LooseJSON.read(list.utf8) else {
            throw Fault.missing("orderIdList")
        }
        guard (1...10).contains(items.count) else { throw Fault(-4082, "Invalid number of batch orders.") }
        var batch: [Inputs] = []
        for item in items {
            guard let value = item.parameter else { throw Fault.missing("orderIdList") }
            batch.append(
                Inputs([("symbol", listing.symbol), (numbers == nil ? "origClientOrderId" : "orderId", value)]))
        }
        return try await each(of: batch) { inputs in try await cancel(inputs, request) }
    }
}
