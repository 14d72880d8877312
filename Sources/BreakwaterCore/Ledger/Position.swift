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
///
/// There may be millions, so what only few of them have lies elsewhere: `OpenOrders`, `Constraints`.
struct Position: Sendable {
    let account: AccountID
    /// Index of the wallet that backs it.
    let wallet: Int32
    /// The account's next position; `-1` ends the chain.
    let next: Int32
    /// Its place among the `openOrders`; `-1` while it has none resting.
    var openOrders: Int32 = -1
    /// Its place among the `constraints`; `-1` if it never had any.
    var constraints: Int32 = -1
    private var hundredthsOfLeverage: Int32
    private let contractNumber: Int16
    /// Row of the stepped tier table its owner chose.
    var riskLimit: Int16 = 0
    let side: PositionSide
    var mode = MarginMode.cross
    /// Which warnings of its buffer have been given and not yet armed again.
    var warned = WarningLevel.none
    var pendingRecheck = false

    var size = Size.zero
    /// What the open size changed hands for, at average cost. Signed by side, like every value.
    var entry = Amount.zero
    /// The value up to which PnL has been realised into the wallet.
    var settled = Amount.zero
    /// What is assigned to it or what it has drawn: its mode says which.
    private var assignedOrDrawn = Amount.zero
    /// Realised by trades, settlements, funding, fees and liquidation since the account first traded the contract.
    var realised = Amount.zero

    /// Requirements at the present basis, kept in step by `refresh`.
    var initialMargin = Amount.zero
    var maintenanceMargin = Amount.zero
    /// What the wallet holds back for it: assigned, or IM + drawn, or a portfolio's IM.
    var held = Amount.zero
    /// What its open orders reserve beyond its own IM.
    var orderMargin = Amount.zero

    /// A flat position, cross.
    init(key: PositionKey, wallet: Int32, next: Int32, leverage: Leverage) {
        account = key.account
        contractNumber = Int16(key.contract.raw)
        side = key.side
        self.wallet = wallet
        self.next = next
        hundredthsOfLeverage = Int32(leverage.raw)
    }

    var contract: ContractID { ContractID(Int32(contractNumber)) }

    var leverage: Leverage {
        get { Leverage(Int64(hundredthsOfLeverage)) }
        set { hundredthsOfLeverage = Int32(newValue.raw) }
    }

    /// Margin assigned to it; isolated only.
    var assigned: Amount {
        get { mode == .isolated ? assignedOrDrawn : .zero }
        set { set(newValue, in: .isolated) }
    }

    /// Losses drawn from the wallet; drawn cross only.
    var drawn: Amount {
        get { mode == .cross ? assignedOrDrawn : .zero }
        set { set(newValue, in: .cross) }
    }

    private mutating func set(_ amount: Amount, in mode: MarginMode) {
        precondition(self.mode == mode || amount == .zero, "\(amount.raw) in \(mode) of a position in \(self.mode)")
        if self.mode == mode { assignedOrDrawn = amount }
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
