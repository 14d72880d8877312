/// A whole number that carries its unit in its type, so that a price is never added to an amount of money.
///
/// Arithmetic traps on overflow: limits on what may enter (see `Limits`) make that a bug, never bad input.
public protocol UnitInteger: Comparable, Hashable, Sendable, AdditiveArithmetic {
    var raw: Int64 { get }
    init(_ raw: Int64)
}

extension UnitInteger {
    public static var zero: Self { Self(0) }
    public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
    public static func + (left: Self, right: Self) -> Self { Self(left.raw + right.raw) }
    public static func - (left: Self, right: Self) -> Self { Self(left.raw - right.raw) }
    public static prefix func - (value: Self) -> Self { Self(-value.raw) }

    /// The distance from zero, in the same unit.
    public var magnitude: Self { Self(abs(raw)) }

    /// The value as an intermediate wide enough for any product of two quantities and a factor.
    public var wide: Int128 { Int128(raw) }

    /// The sign as -1, 0 or +1.
    public var sign: Int64 { raw.signum() }
}

/// Money in the smallest unit of its currency (XBT 1e-8, USDT 1e-6); credits are positive.
public struct Amount: UnitInteger {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
}

/// A price in ticks of its contract.
public struct Price: UnitInteger {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
}

/// A position or order size in lots of its contract; long and buy are positive, short and sell negative.
public struct Size: UnitInteger {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
}

/// The largest quantities accepted from outside. Any product of two of them and a contract's factor fits `Int128`,
/// and any sum the ledger keeps fits `Int64`.
public enum Limits {
    /// Ticks of a price and lots of an order or position.
    public static let ticksOrLots: Int64 = 1_000_000_000_000
    /// Smallest units of one currency that may be inside the venue.
    public static let money: Int64 = 500_000_000_000_000_000
    /// Smallest units that one contract's open interest may be worth: 10 billion USDT.
    public static let value: Int64 = 10_000_000_000_000_000
    /// Contracts, currencies and similar listings. With the two above, no sum over all of them leaves `Int64`.
    public static let listings = 256
}
