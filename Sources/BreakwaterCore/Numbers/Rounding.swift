/// Where a quotient that is not whole goes. Every division in the core names one.
public enum Rounding: Sendable {
    /// Toward negative infinity.
    case down
    /// Toward positive infinity.
    case up
    /// To the nearest whole; ties go away from zero.
    case nearest
}

/// `numerator / denominator`, rounded as named. The denominator is positive.
public func divide(_ numerator: Int128, by denominator: Int128, _ rounding: Rounding) -> Int128 {
    precondition(denominator > 0, "divide \(numerator) by \(denominator)")
    if denominator == 1 { return numerator }
    let (quotient, remainder) = quotientAndRemainder(numerator, denominator)
    switch rounding {
    case .down:
        return remainder < 0 ? quotient - 1 : quotient
    case .up:
        return remainder > 0 ? quotient + 1 : quotient
    case .nearest:
        // Compare with the complement instead of doubling the remainder, which could overflow.
        let distance = remainder.magnitude
        if distance >= denominator.magnitude - distance { return quotient + (numerator < 0 ? -1 : 1) }
        return quotient
    }
}

/// Truncating division that stays in one machine word when both sides fit it: several times faster there.
func quotientAndRemainder(_ numerator: Int128, _ denominator: Int128) -> (Int128, Int128) {
    if let small = Int64(exactly: numerator), let divisor = Int64(exactly: denominator) {
        let (quotient, remainder) = small.quotientAndRemainder(dividingBy: divisor)
        return (Int128(quotient), Int128(remainder))
    }
    return numerator.quotientAndRemainder(dividingBy: denominator)
}

extension UnitInteger {
    /// This quantity's pro-rata share `part / whole`, both of one sign or `part` zero.
    public func share(_ part: Int64, of whole: Int64, _ rounding: Rounding) -> Self {
        precondition(whole > 0 && part >= 0 && part <= whole, "share \(part) of \(whole)")
        if part == whole { return self }
        return Self(Int64(divide(wide * Int128(part), by: Int128(whole), rounding)))
    }
}

/// The least whole number whose square is at least `value`.
func squareRootRoundedUp(_ value: Int128) -> Int128 {
    precondition(value >= 0, "square root of \(value)")
    if value < 2 { return value }
    // Newton from above: starts at a power of two no smaller than the root and falls to floor(root).
    var root = Int128(1) << Int128((128 - value.leadingZeroBitCount + 1) / 2)
    while true {
        let next = (root + value / root) / 2
        if next >= root { break }
        root = next
    }
    return root * root == value ? root : root + 1
}
