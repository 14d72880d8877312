public import BreakwaterCore
internal import GRDB

/// One side of a trade: what it did to an account's position.
public struct FillRecord: Sendable, Equatable {
    public let id: EventID
    public let account: AccountID
    public let contract: ContractID
    /// `nil` for what no order of the account's was behind.
    public let order: OrderID?
    public let side: OrderSide
    public let positionSide: PositionSide
    /// `nil` where the position changed hands by value, at a price between two ticks.
    public let price: Price?
    /// Unsigned.
    public let size: Size
    /// What it changed hands for, signed like the value of a position that it opens.
    public let value: Amount
    /// Paid (+), or received as a rebate (-).
    public let fee: Amount
    /// Profit (+) or loss (-) of the part that closed.
    public let realised: Amount
    public let isMaker: Bool
    public internal(set) var cause: Cause
    /// The liquidation of the account's own position that it was part of.
    public internal(set) var liquidation: LiquidationID?
    /// The liquidation whose lot was on the other side: the liquidation engine's.
    public let engine: LiquidationID?
    public let time: Timestamp

    public enum Cause: String, Sendable, CaseIterable {
        /// An order traded in the book.
        case order
        /// Two accounts agreed off the book.
        case agreed
        /// The position was closed by a command that leaves no order.
        case close
        /// Part of the position was closed in the book by force.
        case liquidation
        /// The engine took the position over.
        case takeover
        /// A liquidity provider was assigned a position.
        case liquiditySupport
        /// Closed against a lot of the engine, at its price.
        case autoDeleverage
        /// Closed against a lot of the engine, at mark.
        case clawback
    }
}

extension FillRecord: Stored {
    static let shape = Shape(
        "fills", "id", "account", "contract", "order_id", "side", "position_side", "price", "size", "value", "fee",
        "realised", "is_maker", "cause", "liquidation", "engine", "time")

    func add(to row: Binding) {
        row.add(id.raw).add(account.raw).add(contract.raw).add(order?.raw).add(side.rawValue)
            .add(positionSide.rawValue).add(price?.raw).add(size.raw).add(value.raw).add(fee.raw).add(realised.raw)
            .add(isMaker).add(cause.rawValue).add(liquidation?.raw).add(engine?.raw).add(time.raw)
    }

    init(_ columns: inout Columns) {
        id = columns.event()
        account = columns.id()
        contract = columns.id()
        order = columns.optionalOrder()
        side = columns.choice()
        positionSide = columns.choice()
        price = columns.optionalUnit()
        size = columns.unit()
        value = columns.unit()
        fee = columns.unit()
        realised = columns.unit()
        isMaker = columns.flag()
        cause = columns.choice()
        liquidation = columns.optionalID()
        engine = columns.optionalID()
        time = columns.unit()
    }
}
