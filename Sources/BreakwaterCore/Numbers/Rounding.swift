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

/// `first x second / denominator`, rounded as named. The denominator is positive.
///
/// Products that fit a machine word, which are nearly all, never become wider.
@inline(__always)
func multiply(_ first: Int64, by second: Int64, over denominator: Int64, _ rounding: Rounding) -> Int64 {
    let (product, overflow) = first.multipliedReportingOverflow(by: second)
    if overflow { return multiplyWide(first, by: second, over: denominator, rounding) }
    if denominator == 1 { return product }
    let (quotient, remainder) = product.quotientAndRemainder(dividingBy: denominator)
    switch rounding {
    case .down: return remainder < 0 ? quotient - 1 : quotient
    case .up: return remainder > 0 ? quotient + 1 : quotient
    case .nearest:
        let distance = remainder.magnitude
        return distance >= denominator.magnitude - distance ? quotient + (product < 0 ? -1 : 1) : quotient
    }
}

@inline(never)
private func multiplyWide(_ first: Int64, by second: Int64, over denominator: Int64, _ rounding: Rounding) -> Int64 {
    Int64(divide(Int128(first) * Int128(second), by: Int128(denominator), rounding))
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
        return Self(multiply(raw, by: part, over: whole, rounding))
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
