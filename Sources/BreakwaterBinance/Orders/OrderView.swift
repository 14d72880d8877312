internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue

/// An order as this dialect shows it, wherever it was looked up.
struct OrderView: Sendable {
    let id: OrderID
    let clientOrderID: String
    let key: PositionKey
    let side: OrderSide
    let timeInForce: TimeInForce
    let postOnly: Bool
    let reduceOnly: Bool
    var price: Price?
    var size: Size
    var filled = Size.zero
    /// What the filled part changed hands for, unsigned.
    var value = Amount.zero
    var condition: Condition?
    var status: Status
    let created: Timestamp
    var updated: Timestamp
    /// When its trigger price came, for one that waited for it.
    var triggered: Timestamp?

    enum Status: Sendable {
        case waiting, open, filled
        case cancelled(CancelReason)
    }

    var hasBeenConditional: Bool { condition != nil }
    var isWaiting: Bool {
        switch status {
        case .waiting: true
        case .open, .filled, .cancelled: false
        }
    }
    var isOpen: Bool {
        switch status {
        case .open: true
        case .waiting, .filled, .cancelled: false
        }
    }

    /// The name of an order whose owner gave it none.
    static func name(_ clientOrderID: String, of id: OrderID) -> String {
        clientOrderID.isEmpty ? "venue-\(id.raw)" : clientOrderID
    }

    var statusWord: StaticString {
        switch status {
        case .waiting: "NEW"
        case .open: filled > .zero ? "PARTIALLY_FILLED" : "NEW"
        case .filled: "FILLED"
        case .cancelled(let reason): reason.word
        }
    }

    var timeInForceWord: StaticString {
        switch timeInForce {
        case .goodTillCancelled: postOnly ? "GTX" : "GTC"
        case .immediateOrCancel: "IOC"
        case .fillOrKill: "FOK"
        }
    }

    /// What it was placed as.
    var originalType: StaticString {
        switch condition?.kind {
        case nil: price == nil ? "MARKET" : "LIMIT"
        case .stop: price == nil ? "STOP_MARKET" : "STOP"
        case .takeProfit: price == nil ? "TAKE_PROFIT_MARKET" : "TAKE_PROFIT"
        case .trailing: "TRAILING_STOP_MARKET"
        }
    }

    /// What it is now: a conditional order whose price has come is like any other.
    var type: StaticString {
        if isWaiting { return originalType }
        return price == nil ? "MARKET" : "LIMIT"
    }
}

extension OrderView {
    init(_ order: LiveOrder) {
        self.init(
            id: order.id, clientOrderID: Self.name(order.clientOrderID, of: order.id), key: order.request.key,
            side: order.request.side, timeInForce: order.request.timeInForce, postOnly: order.request.postOnly,
            reduceOnly: order.request.reduceOnly, price: order.price, size: order.size, filled: order.executed,
            value: order.value, condition: order.request.condition, status: Self.status(order.status),
            created: order.created, updated: order.updated, triggered: order.triggered)
        if let stop = order.stop { condition?.stop = stop }
    }

    private static func status(_ status: LiveOrder.Status) -> Status {
        switch status {
        case .waiting: .waiting
        case .open: .open
        case .filled: .filled
        case .cancelled(let reason): .cancelled(reason)
        }
    }

    init(_ record: OrderRecord) {
        self.init(
            id: record.id, clientOrderID: Self.name(record.clientOrderID, of: record.id),
            key: PositionKey(record.account, record.contract, record.positionSide), side: record.side,
            timeInForce: record.timeInForce, postOnly: record.postOnly, reduceOnly: record.reduceOnly,
            price: record.price, size: record.size, filled: record.filled, value: record.value,
            condition: record.condition, status: Self.status(record), created: record.created, updated: record.updated,
            triggered: record.triggeredAt)
    }

    private static func status(_ record: OrderRecord) -> Status {
        switch record.state {
        case .waiting: .waiting
        case .triggered, .new, .partiallyFilled: .open
        case .filled: .filled
        case .cancelled: .cancelled(record.reason ?? .requested)
        }
    }

    /// An order as the command that placed it left it.
    init(_ request: OrderRequest, placedBy execution: Execution) {
        self.init(
            id: OrderID(execution.sequence),
            clientOrderID: Self.name(execution.origin.clientOrderID, of: OrderID(execution.sequence)), key: request.key,
            side: request.side, timeInForce: request.timeInForce, postOnly: request.postOnly,
            reduceOnly: request.reduceOnly, price: request.price, size: request.size, condition: request.condition,
            status: request.condition == nil ? .open : .waiting, created: execution.time, updated: execution.time)
        follow(execution)
    }

    /// Takes in what a command did to the order.
    mutating func follow(_ execution: Execution) {
        updated = execution.time
        for event in execution.events {
            switch event {
            case .orderAmended(let change) where change.id == id:
                price = change.price
                size = change.size
                if let changed = change.condition { condition = changed }
            case .orderTriggered(let change, _) where change.id == id:
                status = .open
                triggered = execution.time
            case .orderCancelled(let change, let reason) where change.id == id: status = .cancelled(reason)
            case .traded(let trade): follow(trade)
            default: break  // The other events tell nothing of an order.
            }
        }
    }

    private mutating func follow(_ trade: Trade) {
        for case .account(_, id, _) in [trade.taker, trade.maker] {
            filled = filled + trade.size
            value = value + trade.value
        }
        if filled >= size { status = .filled }
    }
}

/// An order in JSON.
extension JSONText {
    /// The members that every order has, in answers of any kind.
    mutating func putOrder(_ order: OrderView, _ listing: Listing) {
        put("orderId", order.id.raw)
        put("symbol", listing.symbol)
        put("status", word: order.statusWord)
        put("clientOrderId", order.clientOrderID)
        put("price", listing.decimal(order.price))
        put("avgPrice", listing.averagePrice(of: order.filled, worth: order.value))
        put("origQty", listing.decimal(order.size))
        put("executedQty", listing.decimal(order.filled))
        put("cumQty", listing.decimal(order.filled))
        put("cumQuote", listing.money(order.value))
        put("timeInForce", word: order.timeInForceWord)
        put("type", word: order.type)
        put("reduceOnly", order.reduceOnly)
        put("closePosition", order.condition?.closeOnTrigger ?? false)
        put("side", word: order.side.word)
        put("positionSide", word: order.key.side.word)
        put("stopPrice", listing.decimal(order.condition?.stop))
        put("workingType", word: order.condition?.trigger.word ?? "CONTRACT_PRICE")
        put("priceProtect", false)
        put("origType", word: order.originalType)
        put("priceMatch", word: "NONE")
        put("goodTillDate", 0)
        put("time", order.created)
        put("updateTime", order.updated)
    }

    /// A conditional order, which the dialect numbers by itself; here it keeps its number when its price comes.
    mutating func putAlgoOrder(_ order: OrderView, _ listing: Listing) {
        put("algoId", order.id.raw)
        put("clientAlgoId", order.clientOrderID)
        put("algoType", word: "CONDITIONAL")
        put("orderType", word: order.originalType)
        put("symbol", listing.symbol)
        put("side", word: order.side.word)
        put("positionSide", word: order.key.side.word)
        put("timeInForce", word: order.timeInForceWord)
        put("quantity", listing.decimal(order.size))
        put("algoStatus", word: order.algoStatusWord)
        if order.isWaiting { put("actualOrderId", "") } else { put("actualOrderId", "\(order.id.raw)") }
        put("actualPrice", listing.averagePrice(of: order.filled, worth: order.value))
        put("triggerPrice", listing.decimal(order.condition?.stop))
        put("price", listing.decimal(order.price))
        putNull("icebergQuantity")
        put("selfTradePreventionMode", word: "EXPIRE_TAKER")
        put("workingType", word: order.condition?.trigger.word ?? "CONTRACT_PRICE")
        put("priceMatch", word: "NONE")
        put("closePosition", order.condition?.closeOnTrigger ?? false)
        put("priceProtect", false)
        put("reduceOnly", order.reduceOnly)
        put("createTime", order.created)
        put("updateTime", order.updated)
        put("triggerTime", order.triggered?.milliseconds ?? 0)
        put("goodTillDate", 0)
    }
}

extension OrderView {
    /// Where a conditional order stands, in the words that only those have.
    var algoStatusWord: StaticString {
        switch status {
        case .waiting: "NEW"
        case .open: "TRIGGERED"
        case .filled: "FINISHED"
        case .cancelled(let reason):
            triggered != nil ? "FINISHED" : reason.isWanted ? "CANCELED" : "EXPIRED"
        }
    }
}
