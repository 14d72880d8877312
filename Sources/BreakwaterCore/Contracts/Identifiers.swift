/// Dense numbers, given in order of arrival, that name things inside the core. Names live in the `Directory`.
public protocol Identifier: Hashable, Comparable, Sendable {
    var raw: Int32 { get }
    init(_ raw: Int32)
}

extension Identifier {
    public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
    public var index: Int { Int(raw) }
    public init(index: Int) { self.init(Int32(index)) }
}

public struct CurrencyID: Identifier {
    public let raw: Int32
    public init(_ raw: Int32) { self.raw = raw }
}

public struct ContractID: Identifier {
    public let raw: Int32
    public init(_ raw: Int32) { self.raw = raw }
}

public struct AccountID: Identifier {
    public let raw: Int32
    public init(_ raw: Int32) { self.raw = raw }
}

/// An order as its venue or tape numbered it: 0 or above, in no order the core relies on, free again once closed.
public struct OrderID: Hashable, Comparable, Sendable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
    public init(index: Int) { self.init(Int64(index)) }
    public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
    /// Orders nobody refers to later: closing commands and the venue's own.
    public static let none = OrderID(-1)
}

/// One liquidation, from the first stage to the last unit accounted for; numbered in order of start.
public struct LiquidationID: Identifier {
    public let raw: Int32
    public init(_ raw: Int32) { self.raw = raw }
}
