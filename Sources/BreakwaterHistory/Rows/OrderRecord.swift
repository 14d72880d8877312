public import BreakwaterCore
internal import GRDB

/// An order of an account, from its placing to its end.
public struct OrderRecord: Sendable, Equatable {
    public let id: OrderID
    public let account: AccountID
    public let contract: ContractID
    /// The account's own name for it; empty where it gave none.
    public let clientOrderID: String
    public let side: OrderSide
    public let positionSide: PositionSide
    public let timeInForce: TimeInForce
    public let postOnly: Bool
    public let reduceOnly: Bool
    /// The limit; `nil` for a market order.
    public internal(set) var price: Price?
    /// What was asked for, filled part included; and how much of it filled. Both unsigned.
    public internal(set) var size: Size
    public internal(set) var filled = Size.zero
    /// What the filled part changed hands for, unsigned: with `filled` the average price.
    public internal(set) var value = Amount.zero
    /// What it waits, or waited, for; `nil` for an order that was placed at once.
    public internal(set) var condition: Condition?
    /// When its price came, and what that was.
    public internal(set) var triggeredAt: Timestamp?
    public internal(set) var triggerPrice: Price?
    public internal(set) var state: State
    /// Why it was cancelled.
    public internal(set) var reason: CancelReason?
    public let created: Timestamp
    public internal(set) var updated: Timestamp
    /// The event that changed it last.
    public internal(set) var lastEvent: EventID

    public enum State: String, Sendable, CaseIterable {
        /// A conditional order whose price has not come.
        case waiting
        /// Its price has come; what it holds is being placed.
        case triggered
        /// Stands, and nothing of it has filled.
        case new
        case partiallyFilled
        case filled
        case cancelled

        /// Whether it may still fill.
        public var isOpen: Bool {
            switch self {
            case .waiting, .triggered, .new, .partiallyFilled: true
            case .filled, .cancelled: false
            }
        }
    }

    public enum Kind: String, Sendable, CaseIterable {
        case limit, market, stop, stopLimit, takeProfit, takeProfitLimit, trailingStop
    }

    /// The order's type, as it was placed.
    public var kind: Kind {
        switch condition?.kind {
        case nil: price == nil ? .market : .limit
        case .stop: price == nil ? .stop : .stopLimit
        case .takeProfit: price == nil ? .takeProfit : .takeProfitLimit
        case .trailing: .trailingStop
        }
    }

    public var remaining: Size { size - filled }
}

extension OrderRecord: Stored {
    static let shape = Shape(
        "orders", "id", "account", "contract", "client_order_id", "side", "position_side", "time_in_force",
        "post_only", "reduce_only", "price", "size", "filled", "value", "condition", "stop", "watched",
        "close_on_trigger", "triggered_at", "trigger_price", "state", "reason", "created", "updated", "last_event",
        "is_open")

    func add(to row: Binding) {
        row.add(id.raw).add(account.raw).add(contract.raw).add(clientOrderID).add(side.rawValue)
            .add(positionSide.rawValue).add(timeInForce.rawValue).add(postOnly).add(reduceOnly).add(price?.raw)
            .add(size.raw).add(filled.raw).add(value.raw).add(condition?.kind.rawValue).add(condition?.stop.raw)
            .add(condition?.trigger.rawValue).add(condition?.closeOnTrigger).add(triggeredAt?.raw)
            .add(triggerPrice?.raw).add(state.rawValue).add(reason?.rawValue).add(created.raw).add(updated.raw)
            .add(lastEvent.raw).add(state.isOpen)
    }

    init(_ columns: inout Columns) {
        id = columns.order()
        account = columns.id()
        contract = columns.id()
        clientOrderID = columns.text()
        side = columns.choice()
        positionSide = columns.choice()
        timeInForce = columns.choice()
        postOnly = columns.flag()
        reduceOnly = columns.flag()
        price = columns.optionalUnit()
        size = columns.unit()
        filled = columns.unit()
        value = columns.unit()
        condition = Self.condition(&columns)
        triggeredAt = columns.optionalUnit()
        triggerPrice = columns.optionalUnit()
        state = columns.choice()
        reason = columns.optionalChoice()
        created = columns.unit()
        updated = columns.unit()
        lastEvent = columns.event()
    }

    private static func condition(_ columns: inout Columns) -> Condition? {
        let kind: Condition.Kind? = columns.optionalChoice()
        let stop: Price? = columns.optionalUnit()
        let trigger: Condition.Trigger? = columns.optionalChoice()
        let closes = columns.optionalFlag()
        guard let kind, let stop, let trigger else { return nil }
        return Condition(kind: kind, stop: stop, trigger: trigger, closeOnTrigger: closes ?? false)
    }
}
