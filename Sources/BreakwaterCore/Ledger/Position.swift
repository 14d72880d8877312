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
    /// Row of the stepped tier table its owner chose.
    var riskLimit: Int16 = 0
    /// Whether its liquidation was worked on in the present command and has to wait for the next.
    var paused = false
    /// The liquidation it is in, which waits for the book or a cooldown; `-1` for none.
    var liquidation: Int32 = -1
    /// The size at which that was last told.
    var pausedSize = Size.zero
    /// When the cooldown after its last partial close ends.
    var coolsUntil = Timestamp.zero
    /// Until when it may only shrink, after liquidity support handed it a position.
    var reduceOnlyUntil = Timestamp.zero
    /// Its place among the `openOrders`; `-1` while it has none resting.
    var openOrders: Int32 = -1
    /// How many of its conditional orders are reduce-only.
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
