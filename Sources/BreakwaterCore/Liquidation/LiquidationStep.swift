/// What happened in one liquidation, in order. Records are folded from these.
public enum LiquidationStep: Sendable, Equatable {
    case started(Trigger)
    /// The risk limit was lowered, with or without open orders counted; rows of the tier table.
    case steppedDown(withOrders: Bool, from: Int, to: Int)
    /// The contract's orders, or a portfolio's, were cancelled.
    case ordersCancelled(Int)
    /// A FillOrKill was sent: size signed, price in ticks, and whether it filled.
    case fillOrKill(size: Size, limit: Price, filled: Bool)
    /// Another currency of the account was sold for the one it owes.
    case collateralConverted(CurrencyID, sold: Amount, received: Amount)
    /// Part or all of the position was closed in the book.
    case forcedClose(ForcedClose)
    /// What closing left of the margin went to the fund.
    case remainderKept(Amount)
    /// The position stays with its trader until the next command, or until a cooldown ends.
    case paused(remaining: Size, until: Timestamp?)
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
    /// A provider took part of the lot over; `paid` is by how much its value at mark is less than what it was taken at.
    case assigned(AccountID, PositionSide, size: Size, value: Amount, paid: Amount)
    /// A provider could not bear what it would have been assigned.
    case providerSkipped(AccountID)
    /// The fund took part of the lot onto its own book.
    case absorbed(size: Size)
    /// The fund paid this much of the lot's loss at mark; its settled value fell by as much.
    case fundPaid(Amount)
    /// An opposing position was closed against the lot. `forgone` is what it would have been worth more at mark, `gain`
    /// what the fund gained where the price was not the lot's own.
    case deleveraged(AccountID, PositionSide, size: Size, value: Amount, forgone: Amount, gain: Amount)
    /// An opposing position could not bear its loss at the bankruptcy price.
    case deleverageSkipped(AccountID, PositionSide)
    /// An opposing position was closed against the lot at mark; `deficit` is what the lot was short of there.
    case closedAtMark(AccountID, PositionSide, size: Size, value: Amount, deficit: Amount)
    /// A winner of the period paid its share of the deficit.
    case clawedBack(AccountID, Amount)
    /// What the clawback left to the fund (+, more was collected than was missing) or to the venue's debt (-).
    case clawbackEnded(surplus: Amount)
    /// Nobody could take this much now; it waits in the engine for the next mark.
    case waiting(remaining: Size)
    /// The engine's lot is closed.
    case closed

    /// The rulebook's stage that did it; `nil` for what belongs to none.
    public var stage: String? {
        switch self {
        case .started, .paused, .saved, .lotFunded, .waiting, .closed: nil
        case .lotTraded(_, _, _, _, let aggressing): aggressing ? "insuranceFund" : nil
        case .steppedDown(let withOrders, _, _): withOrders ? "stepDownWithOrders" : "stepDown"
        case .ordersCancelled: "cancelOrders"
        case .fillOrKill: "fillOrKill"
        case .collateralConverted: "convertCollateral"
        case .forcedClose(let close): close.stage.rawValue
        case .remainderKept: "marketClose"
        case .takenOver: "takeover"
        case .assigned, .providerSkipped: "liquiditySupport"
        case .absorbed, .fundPaid, .fundExhausted: "insuranceFund"
        case .deleveraged, .deleverageSkipped: "autoDeleverage"
        case .closedAtMark, .clawedBack, .clawbackEnded: "clawback"
        }
    }

    /// One forced order of the trader's own position.
    public struct ForcedClose: Sendable, Equatable {
        public let stage: Stage
        /// Signed like the order: negative where a long is sold.
        public let asked: Size
        public let filled: Size
        /// The worst price it would have taken; `nil` for any.
        public let limit: Price?
        /// What was traded, signed like the order, and what it lost against the settled value.
        public let value: Amount
        public let loss: Amount

        public init(stage: Stage, asked: Size, filled: Size, limit: Price?, value: Amount, loss: Amount) {
            self.stage = stage
            self.asked = asked
            self.filled = filled
            self.limit = limit
            self.value = value
            self.loss = loss
        }

        public enum Stage: String, Sendable, CaseIterable {
            case partial
            case marketClose
        }
    }

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

        public init(
            key: PositionKey, mode: MarginMode, mark: Price, size: Size, entry: Amount, settled: Amount, margin: Amount,
            leverage: Leverage, riskLimit: Int, stance: Stance
        ) {
            self.key = key
            self.mode = mode
            self.mark = mark
            self.size = size
            self.entry = entry
            self.settled = settled
            self.margin = margin
            self.leverage = leverage
            self.riskLimit = riskLimit
            self.stance = stance
        }
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
