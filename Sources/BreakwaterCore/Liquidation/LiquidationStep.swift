/// What happened in one liquidation, in order. Records are folded from these.
public enum LiquidationStep: Sendable, Equatable {
    case started(Trigger)
    /// The risk limit was lowered, with or without open orders counted; rows of the tier table.
    case steppedDown(withOrders: Bool, from: Int, to: Int)
    /// The contract's orders, or a portfolio's, were cancelled.
    case ordersCancelled(Int)
    /// A FillOrKill was sent: size signed, price in ticks, and whether it filled.
    case fillOrKill(size: Size, limit: Price, filled: Bool)
    /// Margin is above MM again and the position stays.
    case saved(Stance)
    /// The engine took the position over; `margin` left the trader's wallet.
    case takenOver(size: Size, margin: Amount, settled: Amount, limit: Price)
    /// The engine's lot traded; the difference to its settled value went to the fund (+) or was spent by it (-).
    case lotTraded(size: Size, price: Price, value: Amount, gain: Amount, aggressing: Bool)
    /// The engine's lot paid funding (+) or received it (-); its settled value moved by as much.
    case lotFunded(Amount)
    /// The fund's budget or the book ended before the lot was closed.
    case fundExhausted(remaining: Size, fund: Amount)
    /// An opposing position was closed against the lot. `forgone` is what it would have been worth more at mark.
    case deleveraged(AccountID, PositionSide, size: Size, value: Amount, forgone: Amount)
    /// An opposing position could not bear its loss at the bankruptcy price.
    case deleverageSkipped(AccountID, PositionSide)
    /// Nobody could take this much now; it waits in the engine for the next mark.
    case waiting(remaining: Size)
    /// The engine's lot is closed.
    case closed

    /// The state that set a liquidation off.
    public struct Trigger: Sendable, Equatable {
        public let key: PositionKey
        public let mode: MarginMode
        public let mark: Price
        public let size: Size
        public let entry: Amount
        public let settled: Amount
        /// Assigned, or IM + drawn, or a portfolio's equity less unrealised PnL.
        public let margin: Amount
        public let leverage: Leverage
        public let riskLimit: Int
        public let stance: Stance
    }

    /// Margin against what it must stay above.
    public struct Stance: Sendable, Equatable {
        public let margin: Amount
        public let maintenance: Amount

        public init(margin: Amount, maintenance: Amount) {
            self.margin = margin
            self.maintenance = maintenance
        }
    }
}
