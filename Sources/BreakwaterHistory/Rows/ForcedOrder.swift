public import BreakwaterCore
internal import GRDB

/// What was done to an account's position by force, as an order: closed, taken over, or deleveraged.
public struct ForcedOrder: Sendable, Equatable {
    public let id: EventID
    public let account: AccountID
    public let contract: ContractID
    public let positionSide: PositionSide
    public let liquidation: LiquidationID
    public let kind: Kind
    public let side: OrderSide
    /// The worst price it would have traded at; `nil` for any, or where it went by value.
    public let limit: Price?
    /// Unsigned, both.
    public let size: Size
    public let filled: Size
    /// What the filled part changed hands for, signed by side: with `filled` the average price.
    public let value: Amount
    public let time: Timestamp

    public enum Kind: String, Sendable, CaseIterable {
        case partial
        case marketClose
        case fillOrKill
        /// The liquidation engine took the position over at its bankruptcy price.
        case takeover
        /// An opposing position, closed against a lot of the engine at its price.
        case autoDeleverage
        /// An opposing position, closed against a lot of the engine at mark.
        case clawback
    }
}

extension ForcedOrder: Stored {
    static let shape = Shape(
        "forced_orders", "id", "account", "contract", "position_side", "liquidation", "kind", "side", "limit_price",
        "size", "filled", "value", "time")

    func add(to row: Binding) {
        row.add(id.raw).add(account.raw).add(contract.raw).add(positionSide.rawValue).add(liquidation.raw)
            .add(kind.rawValue).add(side.rawValue).add(limit?.raw).add(size.raw).add(filled.raw).add(value.raw)
            .add(time.raw)
    }

    init(_ columns: inout Columns) {
        id = columns.event()
        account = columns.id()
        contract = columns.id()
        positionSide = columns.choice()
        liquidation = columns.id()
        kind = columns.choice()
        side = columns.choice()
        limit = columns.optionalUnit()
        size = columns.unit()
        filled = columns.unit()
        value = columns.unit()
        time = columns.unit()
    }
}
