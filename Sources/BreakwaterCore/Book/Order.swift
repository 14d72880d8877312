public enum OrderSide: String, Sendable, CaseIterable {
    case buy
    case sell

    var opposite: OrderSide { self == .buy ? .sell : .buy }
    /// +1 for buys, -1 for sells.
    var sign: Int64 { self == .buy ? 1 : -1 }
    static func of(_ size: Size) -> OrderSide { size < .zero ? .sell : .buy }
}

public enum TimeInForce: String, Sendable, CaseIterable {
    /// Rests until filled or cancelled.
    case goodTillCancelled = "GTC"
    /// Fills what it can at once; the rest is cancelled.
    case immediateOrCancel = "IOC"
    /// Fills completely at once, or not at all.
    case fillOrKill = "FOK"
}

/// Who an order trades for: a position, or a lot of the liquidation engine.
struct Holder: Equatable, Sendable {
    private let raw: Int32

    static func position(_ index: Int) -> Holder { Holder(raw: Int32(index)) }
    static func lot(_ index: Int) -> Holder { Holder(raw: ~Int32(index)) }

    var position: Int? { raw >= 0 ? Int(raw) : nil }
    var lot: Int? { raw < 0 ? Int(~raw) : nil }
}

/// An order resting in a book.
struct Order: Sendable {
    var id: OrderID
    var holder: Holder
    var contract: ContractID
    var side: OrderSide
    /// Never opens or flips: what exceeds the position is cut when it would fill.
    var reduceOnly: Bool
    /// Never trades on entry.
    var postOnly = false
    var price: Price
    /// What was asked for, filled part included; and what is still open. Both unsigned.
    var size: Size
    var remaining: Size
    /// Of what remains: value at the worse of limit and mark when it was placed, and what filling it would lose at once.
    var marginValue = Amount.zero
    var marginCost = Amount.zero
    /// Neighbours in the price level's queue; `-1` ends it.
    var previous: Int32 = -1
    var next: Int32 = -1
    /// The price level it stands at.
    var level: Int32 = -1
    /// Neighbours in its owner's chain; `-1` ends it.
    var ownPrevious: Int32 = -1
    var ownNext: Int32 = -1
    /// Its place in the order of coming to rest, over all books.
    var turn: Int64 = 0

    /// Puts it at the end of a price level's queue.
    @inline(__always)
    mutating func queue(at level: Int32, behind last: Int32) {
        self.level = level
        previous = last
        next = -1
    }

    /// Puts it between two orders of its owner.
    @inline(__always)
    mutating func chain(between previous: Int32, _ next: Int32) {
        ownPrevious = previous
        ownNext = next
    }

    /// Takes over what an amendment changes.
    @inline(__always)
    mutating func change(to other: Order) {
        price = other.price
        size = other.size
        remaining = other.remaining
        marginValue = other.marginValue
        marginCost = other.marginCost
        turn = other.turn
    }

    /// Whether `other` would fill before this order, price alone considered.
    func isBehind(_ other: Order) -> Bool {
        side == .buy ? other.price >= price : other.price <= price
    }
}
