internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue
internal import BreakwaterWeb

/// What happened to an account's money and positions: income, and what was forced on it.
extension AccountDesk {
    var statementOperations: [Operation] {
        [
            Operation(.get, "/fapi/v1/income", .look, weight: 30, handler: income),
            Operation(.get, "/fapi/v1/forceOrders", .look, weight: 20, handler: forcedOrders),
        ]
    }

    @Sendable private func income(_ request: Request) async throws -> JSONText {
        let listing = try request.inputs.text("symbol") == nil ? nil : try scope(request).first
        var causes = Set(WalletLine.Cause.allCases)
        if let type = try request.inputs.text("incomeType") {
            causes = causes.filter { $0.word == type }
            guard !causes.isEmpty else { return JSONText(list: [Int]()) { _, _ in } }
        }
        let page = try request.inputs.page(usual: 100, most: 1_000)
        try await orders.catchUp()
        let lines = try await gateway.history.walletLines(
            of: request.account, contract: listing?.id, causes: causes, page: page
        ).sorted { $0.id < $1.id }
        return JSONText(capacity: 256 * lines.count, list: lines) { json, line in
            let currency = gateway.venue.names.look { $0[line.currency] }
            json.object { json in
                json.put("symbol", line.contract.flatMap { listings[$0]?.symbol } ?? "")
                json.put("incomeType", line.cause.word)
                json.put("income", currency.decimal(line.amount))
                json.put("asset", currency.name)
                json.put("info", line.liquidation.map { "autoclose-\($0.raw)" } ?? line.cause.rawValue)
                json.put("time", line.time)
                json.put("tranId", line.id.raw)
                json.put("tradeId", line.contract == nil ? "" : "\(line.id.raw)")
            }
        }
    }

    private enum CloseType: String {
        case liquidation = "LIQUIDATION"
        case deleverage = "ADL"

        var kinds: Set<ForcedOrder.Kind> {
            switch self {
            case .liquidation: [.partial, .marketClose, .fillOrKill, .takeover]
            case .deleverage: [.autoDeleverage, .clawback]
            }
        }
    }

    @Sendable private func forcedOrders(_ request: Request) async throws -> JSONText {
        let listing = try request.inputs.text("symbol") == nil ? nil : try scope(request).first
        let type = try request.inputs.choice("autoCloseType", CloseType.self)
        let page = try request.inputs.page(usual: 50, most: 100)
        try await orders.catchUp()
        let forced = try await gateway.history.forcedOrders(
            of: request.account, in: listing?.id, kinds: type?.kinds ?? Set(ForcedOrder.Kind.allCases), page: page
        ).sorted { $0.id < $1.id }
        return JSONText(capacity: 512 * forced.count, list: forced) { json, order in
            guard let listing = listings[order.contract] else { return }
            json.object { $0.putForcedOrder(order, listing) }
        }
    }
}

extension JSONText {
    fileprivate mutating func putForcedOrder(_ order: ForcedOrder, _ listing: Listing) {
        let average = listing.averagePrice(of: order.filled, worth: order.value)
        let isFilled = order.filled == order.size
        put("orderId", order.id.raw)
        put("symbol", listing.symbol)
        put("status", word: isFilled ? "FILLED" : order.filled > .zero ? "PARTIALLY_FILLED" : "EXPIRED")
        put("clientOrderId", order.kind.clientOrderID(order.liquidation))
        put("price", listing.decimal(order.limit) ?? average)
        put("avgPrice", average)
        put("origQty", listing.decimal(order.size))
        put("executedQty", listing.decimal(order.filled))
        put("cumQuote", listing.money(order.value.magnitude))
        put("timeInForce", word: "IOC")
        put("type", word: "LIMIT")
        put("reduceOnly", true)
        put("closePosition", false)
        put("side", word: order.side.word)
        put("positionSide", word: order.positionSide.word)
        put("stopPrice", word: "0")
        put("workingType", word: "MARK_PRICE")
        put("origType", word: "LIMIT")
        put("time", order.time)
        put("updateTime", order.time)
    }
}

extension ForcedOrder.Kind {
    /// The name by which clients tell forced orders, and of which kind they are.
    func clientOrderID(_ liquidation: LiquidationID) -> String {
        switch self {
        case .partial, .marketClose, .fillOrKill, .takeover: "autoclose-\(liquidation.raw)"
        case .autoDeleverage, .clawback: "adl_autoclose-\(liquidation.raw)"
        }
    }
}

extension WalletLine.Cause {
    /// The dialect's word for why money came or went.
    var word: String {
        switch self {
        case .broughtForward, .deposit, .withdrawal, .transfer: "TRANSFER"
        case .realisedPnL, .settlement, .autoDeleverage: "REALIZED_PNL"
        case .fee: "COMMISSION"
        case .funding: "FUNDING_FEE"
        case .liquidation, .clawback: "INSURANCE_CLEAR"
        case .conversion: "AUTO_EXCHANGE"
        }
    }
}
