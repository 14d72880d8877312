/// A decimal number kept exactly as written: `digits` divided by ten to the power `places`.
///
/// The only door from text to numbers and back. Nothing is rounded on the way in: what does not fit is refused.
public struct ExactDecimal: Hashable, Sendable {
    /// The digits as one whole number, without trailing zeros after the point.
    public let digits: Int128
    /// How many of the digits stand after the decimal point.
    public let places: Int

    /// `digits / 10^places`, reduced so that equal numbers have equal parts.
    public init(digits: Int128, places: Int = 0) {
        var (digits, places) = (digits, places)
        while places > 0, digits % 10 == 0 {
            digits /= 10
            places -= 1
        }
        self.digits = digits
        self.places = places
    }

    /// Reads plain decimal notation: an optional minus sign, digits, and optionally a point with digits behind it.
    ///
    /// - Returns: `nil` for anything else (exponents, `NaN`, blanks, separators, a bare point, more than 30 digits).
    public init?(_ text: some StringProtocol) { self.init(Substring(text)) }
    public init?(_ text: String) { self.init(text[...]) }

    public init?(_ text: Substring) {
        var digits: Int128 = 0
        var count = 0
        var places = 0
        var pointSeen = false
        var bytes = text.utf8
        let negative = bytes.first == UInt8(ascii: "-")
        if negative { bytes = bytes.dropFirst() }
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                guard !pointSeen, count > 0 else { return nil }
                pointSeen = true
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), count < 30 else { return nil }
            digits = digits * 10 + Int128(byte - UInt8(ascii: "0"))
            count += 1
            if pointSeen { places += 1 }
        }
        guard count > 0, !(pointSeen && places == 0) else { return nil }
        self.init(digits: negative ? -digits : digits, places: places)
    }

    /// The whole number this is once multiplied by `10^places`, or `nil` where digits would be lost or overflow.
    public func scaled(toPlaces target: Int) -> Int128? {
        guard target >= places, target <= 36 else { return nil }
        let (result, overflow) = digits.multipliedReportingOverflow(by: powerOfTen(target - places))
        return overflow ? nil : result
    }

    /// How many whole steps this number is, or `nil` where it lies between two steps or the count overflows.
    ///
    /// `ExactDecimal("100.5")!.steps(of: ExactDecimal("0.5")!) == 201`
    public func steps(of step: ExactDecimal) -> Int64? {
        let common = max(places, step.places)
        guard let whole = scaled(toPlaces: common), let unit = step.scaled(toPlaces: common), unit > 0 else {
            return nil
        }
        let (count, rest) = quotientAndRemainder(whole, unit)
        return rest == 0 ? Int64(exactly: count) : nil
    }

    public var isPositive: Bool { digits > 0 }
    public var isNegative: Bool { digits < 0 }
}

extension ExactDecimal: Comparable, CustomStringConvertible {
    public static func < (left: Self, right: Self) -> Bool {
        let (a, b) = (left.parts, right.parts)
        if a.whole != b.whole { return a.whole < b.whole }
        // Fractions are below one, so that either fits at the other's places.
        let places = max(left.places, right.places)
        return a.rest * powerOfTen(places - left.places) < b.rest * powerOfTen(places - right.places)
    }

    /// The whole number at or below this one, and what is left of its digits.
    private var parts: (whole: Int128, rest: Int128) {
        let whole = divide(digits, by: powerOfTen(places), .down)
        return (whole, digits - whole * powerOfTen(places))
    }

    /// Plain decimal notation without trailing zeros: `-0.5`, `1000`, `966.67`.
    public var description: String {
        var text = String(digits.magnitude)
        if places > 0 {
            if text.utf8.count <= places { text = String(repeating: "0", count: places + 1 - text.utf8.count) + text }
            text.insert(".", at: text.index(text.endIndex, offsetBy: -places))
        }
        return digits < 0 ? "-" + text : text
    }
}

/// Ten to the power `exponent`, for exponents from 0 to 37.
func powerOfTen(_ exponent: Int) -> Int128 {
    precondition(exponent >= 0 && exponent <= 37, "10^\(exponent)")
    var power: Int128 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
}

/// `numerator / denominator` as a decimal with at most `places` digits after the point, ties away from zero.
public func decimal(_ numerator: Int128, over denominator: Int128, places: Int) -> ExactDecimal {
    let (scaled, overflow) = numerator.multipliedReportingOverflow(by: powerOfTen(places))
    if !overflow { return ExactDecimal(digits: divide(scaled, by: denominator, .nearest), places: places) }
    // Too large to scale first: give digits up one at a time, which only such giants ever reach.
    precondition(places > 0, "\(numerator) / \(denominator)")
    return decimal(numerator, over: denominator, places: places - 1)
}
