/// Which of an account's positions in a contract is meant: the one it nets into, or a side of a hedged pair.
public enum PositionSide: String, Sendable, CaseIterable {
    case net
    case long
    case short
}

public enum MarginMode: String, Sendable, CaseIterable {
    case cross
    case isolated
}

/// One account's exposure to one contract, with its margin settings; it stays, flat, when it is closed.
struct Position: Sendable {
    let account: AccountID
    let contract: ContractID
    /// Index of the wallet that backs it.
    let wallet: Int32
    /// The account's next position; `-1` ends the chain.
    let next: Int32
    let side: PositionSide
    var mode = MarginMode.cross
    /// Which warnings of its buffer have been given and not yet armed again.
    var warned = WarningLevel.none
    var pendingRecheck = false
    /// The liquidation it is in, which waits for the book or a cooldown; `-1` for none.
    var liquidation: Int32 = -1
    /// Whether that was worked on in the present command and has to wait for the next.
    var paused = false
    /// The size at which that was last told.
    var pausedSize = Size.zero
    /// When the cooldown after its last partial close ends.
    var coolsUntil = Timestamp.zero
    /// Until when it may only shrink, after liquidity support handed it a position.
    var reduceOnlyUntil = Timestamp.zero
    /// Row of the stepped tier table its owner chose.
    var riskLimit: Int16 = 0
    /// How many of its open orders are reduce-only.
    var reduceOnlyOrders: Int32 = 0
    /// How many of its conditional orders are.
    var pendingReducers: Int32 = 0
    var leverage: Leverage
    var size = Size.zero

    /// What the open size changed hands for, at average cost. Signed by side, like every value.
    var entry = Amount.zero
    /// The value up to which PnL has been realised into the wallet.
    var settled = Amount.zero
    /// Margin assigned to it; isolated only.
    var assigned = Amount.zero
    /// Losses drawn from the wallet; drawn cross only.
    var drawn = Amount.zero
    /// Realised by trades, settlements, funding, fees and liquidation since the account first traded the contract.
    var realised = Amount.zero

    /// Requirements at the present basis, kept in step by `refresh`.
    var initialMargin = Amount.zero
    var maintenanceMargin = Amount.zero
    /// What the wallet holds back for it: assigned, or IM + drawn, or a portfolio's IM.
    var held = Amount.zero
    /// What its open orders reserve beyond its own IM.
    var orderMargin = Amount.zero

    var buys = OpenOrders()
    var sells = OpenOrders()

    /// The opening orders on one side of a position, best-priced first.
    struct OpenOrders: Sendable {
        /// The ends of the chain; `-1` when it is empty. Reduce-only orders are in the chain but in no sum.
        var first: Int32 = -1
        var last: Int32 = -1
        var size = Size.zero
        /// Sum of the orders' values at the worse of limit and mark, unsigned.
        var value = Amount.zero
        /// Sum of what filling them would lose at once: loss against the mark and the taker fee.
        var cost = Amount.zero
    }
}

/// The last warning given to a position's owner.
public enum WarningLevel: Int8, Sendable, Comparable {
    case none, warning, danger
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The levels a buffer fell through between two, mildest first; none where it rose.
    static func crossed(from before: WarningLevel, to after: WarningLevel) -> [WarningLevel] {
        [.warning, .danger].filter { $0 > before && $0 <= after }
    }
}
