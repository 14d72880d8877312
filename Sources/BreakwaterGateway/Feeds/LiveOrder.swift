public import BreakwaterCore
public import BreakwaterHistory
internal import BreakwaterVenue

/// An open order as its owner sees it, kept up to date by every event that concerns it.
public struct LiveOrder: Sendable {
    public let id: OrderID
    public let request: OrderRequest
    /// The owner's own name for it; one given by the venue where the owner gave none.
    public let clientOrderID: String
    public let created: Timestamp
    public internal(set) var updated: Timestamp
    public internal(set) var status: Status
    public internal(set) var price: Price?
    public internal(set) var size: Size
    public internal(set) var stop: Price?
    /// How much of it has traded, for how much in all (unsigned), and the fees of that (negative: rebates).
    public internal(set) var executed = Size.zero
    public internal(set) var value = Amount.zero
    public internal(set) var fees = Amount.zero
    /// When its trigger price came, for one that waited for it.
    public internal(set) var triggered: Timestamp?

    public enum Status: Sendable, Equatable {
        /// A conditional order whose price has not come.
        case waiting
        case open
        case filled
        case cancelled(CancelReason)
    }

    public var account: AccountID { request.key.account }
    public var contract: ContractID { request.key.contract }
    public var isOpen: Bool { status == .waiting || status == .open }
}

extension LiveOrder {
    /// An open order as the history has it. The fees it has paid so far are not told there.
    public init(_ record: OrderRecord) {
        let request = OrderRequest(
            key: PositionKey(record.account, record.contract, record.positionSide), id: record.id, side: record.side,
            size: record.size, price: record.price, timeInForce: record.timeInForce, postOnly: record.postOnly,
            reduceOnly: record.reduceOnly, condition: record.condition)
        self.init(
            id: record.id, request: request,
            clientOrderID: record.clientOrderID.isEmpty ? "venue-\(record.id.raw)" : record.clientOrderID,
            created: record.created, updated: record.updated, status: record.state == .waiting ? .waiting : .open,
            price: record.price, size: record.size, stop: record.condition?.stop, executed: record.filled,
            value: record.value, triggered: record.triggeredAt)
    }
}

/// What happened to one order: how it stands now, and the trade that changed it, if one did.
public struct OrderUpdate: Sendable {
    public let order: LiveOrder
    public let cause: Cause

    public enum Cause: Sendable {
        case accepted, amended, triggered
        case traded(TradeTick, isMaker: Bool, Trade.Booking)
        case cancelled(CancelReason)
    }
}

/// Folds executions into open orders.
struct LiveOrders: Sendable {
    private var orders: [OrderID: LiveOrder] = [:]

    func order(_ id: OrderID) -> LiveOrder? { orders[id] }

    mutating func restore(_ order: LiveOrder) { orders[order.id] = order }

    /// Takes the order that a command placed.
    mutating func accept(_ change: OrderChange, of execution: Execution) -> OrderUpdate? {
        guard case .placeOrder(let request) = execution.command, request.id == change.id else { return nil }
        let client = execution.origin.clientOrderID
        let order = LiveOrder(
            id: change.id, request: request, clientOrderID: client.isEmpty ? "venue-\(change.id.raw)" : client,
            created: execution.time, updated: execution.time, status: change.condition == nil ? .open : .waiting,
            price: request.price, size: request.size, stop: request.condition?.stop)
        orders[change.id] = order
        return OrderUpdate(order: order, cause: .accepted)
    }

    mutating func amend(_ change: OrderChange, at time: Timestamp) -> OrderUpdate? {
        update(change.id, at: time, .amended) { order in
            order.price = change.price
            order.size = change.size
            if let condition = change.condition { order.stop = condition.stop }
        }
    }

    mutating func trigger(_ change: OrderChange, at time: Timestamp) -> OrderUpdate? {
        update(change.id, at: time, .triggered) { order in
            order.status = .open
            order.triggered = time
        }
    }

    mutating func trade(
        _ id: OrderID, _ tick: TradeTick, isMaker: Bool, _ booking: Trade.Booking, at time: Timestamp
    ) -> OrderUpdate? {
        update(id, at: time, .traded(tick, isMaker: isMaker, booking)) { order in
            order.executed = order.executed + tick.size
            order.value = order.value + tick.value
            order.fees = order.fees + booking.fee
            if order.executed >= order.size { order.status = .filled }
        }
    }

    mutating func cancel(_ change: OrderChange, _ reason: CancelReason, at time: Timestamp) -> OrderUpdate? {
        update(change.id, at: time, .cancelled(reason)) { $0.status = .cancelled(reason) }
    }

    private mutating func update(
        _ id: OrderID, at time: Timestamp, _ cause: OrderUpdate.Cause, _ change: (inout LiveOrder) -> Void
    ) -> OrderUpdate? {
        guard var order = orders[id] else { return nil }
        change(&order)
        order.updated = time
        orders[id] = order.isOpen ? order : nil
        return OrderUpdate(order: order, cause: cause)
    }
}
