internal import BreakwaterCore
internal import BreakwaterGateway

/// What happened to an order, as its owner's stream tells it.
extension JSONText {
    mutating func putOrderEvent(_ order: OrderView, _ cause: OrderUpdate.Cause, _ listing: Listing) {
        var trade: (tick: TradeTick, isMaker: Bool, booking: Trade.Booking)?
        if case .traded(let tick, let isMaker, let booking) = cause { trade = (tick, isMaker, booking) }
        put("s", listing.symbol)
        put("c", order.clientOrderID)
        put("S", word: order.side.word)
        put("o", word: order.type)
        put("f", word: order.timeInForceWord)
        put("q", listing.decimal(order.size))
        put("p", listing.decimal(order.price))
        put("ap", listing.averagePrice(of: order.filled, worth: order.value))
        put("sp", listing.decimal(order.condition?.stop))
        put("x", word: cause.word)
        put("X", word: order.statusWord)
        put("i", order.id.raw)
        put("l", trade.map { listing.decimal($0.tick.size) })
        put("z", listing.decimal(order.filled))
        put("L", trade.flatMap { listing.decimal($0.tick.price) })
        if let trade {
            put("n", listing.money(trade.booking.fee))
            put("N", listing.settle.name)
        }
        put("T", order.updated)
        put("t", trade?.tick.id ?? 0)
        put("b", word: "0")
        put("a", word: "0")
        put("m", trade?.isMaker ?? false)
        put("R", order.reduceOnly)
        put("wt", word: order.condition?.trigger.word ?? "CONTRACT_PRICE")
        put("ot", word: order.originalType)
        put("ps", word: order.key.side.word)
        put("cp", order.condition?.closeOnTrigger ?? false)
        put("rp", trade.map { listing.money($0.booking.realised) })
        put("pP", false)
        put("si", 0)
        put("ss", 0)
        put("V", word: "EXPIRE_TAKER")
        put("pm", word: "NONE")
        put("gtd", 0)
    }

    /// What was done to a position by force, as the order that it is to its owner.
    ///
    /// - Parameter sequence: the number of the command that it happened in.
    mutating func putForcedEvent(_ print: ForcedPrint, _ listing: Listing, sequence: Int64) {
        let average = listing.averagePrice(of: print.size, worth: print.value)
        put("s", listing.symbol)
        put("c", print.kind.clientOrderID(print.liquidation))
        put("S", word: print.side.word)
        put("o", word: "LIQUIDATION")
        put("f", word: "IOC")
        put("q", listing.decimal(print.size))
        put("p", average)
        put("ap", average)
        put("sp", word: "0")
        put("x", word: "TRADE")
        put("X", word: "FILLED")
        put("i", sequence)
        put("l", listing.decimal(print.size))
        put("z", listing.decimal(print.size))
        put("L", average)
        put("T", print.time)
        put("t", sequence)
        put("b", word: "0")
        put("a", word: "0")
        put("m", false)
        put("R", true)
        put("wt", word: "MARK_PRICE")
        put("ot", word: "LIQUIDATION")
        put("ps", word: print.position.word)
        put("cp", false)
        put("rp", word: "0")
    }

    mutating func putAlgoEvent(_ order: OrderView, _ listing: Listing) {
        put("caid", order.clientOrderID)
        put("aid", order.id.raw)
        put("at", word: "CONDITIONAL")
        put("o", word: order.originalType)
        put("s", listing.symbol)
        put("S", word: order.side.word)
        put("ps", word: order.key.side.word)
        put("f", word: order.timeInForceWord)
        put("q", listing.decimal(order.size))
        put("X", word: order.algoStatusWord)
        if order.isWaiting { put("ai", "") } else { put("ai", "\(order.id.raw)") }
        put("tp", listing.decimal(order.condition?.stop))
        put("p", listing.decimal(order.price))
        put("V", word: "EXPIRE_TAKER")
        put("wt", word: order.condition?.trigger.word ?? "CONTRACT_PRICE")
        put("pm", word: "NONE")
        put("cp", order.condition?.closeOnTrigger ?? false)
        put("pP", false)
        put("R", order.reduceOnly)
        put("tt", order.triggered?.milliseconds ?? 0)
        put("gtd", 0)
    }
}

extension OrderUpdate.Cause {
    /// What kind of event it is.
    fileprivate var word: StaticString {
        switch self {
        case .accepted, .triggered: "NEW"
        case .amended: "AMENDMENT"
        case .traded: "TRADE"
        case .cancelled(let reason): reason.isWanted ? "CANCELED" : "EXPIRED"
        }
    }
}

extension ForcedPrint.Kind {
    func clientOrderID(_ liquidation: LiquidationID) -> String {
        switch self {
        case .liquidation: "autoclose-\(liquidation.raw)"
        case .autoDeleverage: "adl_autoclose-\(liquidation.raw)"
        }
    }
}
