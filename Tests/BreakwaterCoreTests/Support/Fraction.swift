import BreakwaterCore

/// An exact number of any size, never reduced: the naive twin of every formula that multiplies, divides and rounds.
struct Fraction: Comparable, CustomStringConvertible {
    let isNegative: Bool
    let top: Natural
    let bottom: Natural

    init(_ top: Natural, over bottom: Natural = Natural("1"), negative: Bool = false) {
        precondition(!bottom.isZero, "\(top) / 0")
        self.isNegative = negative && !top.isZero
        self.top = top
        self.bottom = bottom
    }

    init(_ value: some BinaryInteger) { self.init(Natural(value.magnitude), negative: value.signum() < 0) }

    /// Reads decimal notation, such as `-12.50`.
    init(_ text: some StringProtocol) {
        let unsigned = text.drop { $0 == "-" }
        let parts = unsigned.split(separator: ".", maxSplits: 1)
        let places = parts.count == 2 ? parts[1].count : 0
        self.init(Natural(parts.joined()), over: .powerOfTen(places), negative: text.hasPrefix("-"))
    }

    init(_ decimal: ExactDecimal) { self.init("\(decimal)") }

    static func * (left: Self, right: Self) -> Fraction {
        Fraction(left.top * right.top, over: left.bottom * right.bottom, negative: left.isNegative != right.isNegative)
    }

    static func / (left: Self, right: Self) -> Fraction {
        Fraction(left.top * right.bottom, over: left.bottom * right.top, negative: left.isNegative != right.isNegative)
    }

    static func + (left: Self, right: Self) -> Fraction {
        let (a, b) = (left.top * right.bottom, right.top * left.bottom)
        let bottom = left.bottom * right.bottom
        if left.isNegative == right.isNegative { return Fraction(a + b, over: bottom, negative: left.isNegative) }
        return a >= b
            ? Fraction(a - b, over: bottom, negative: left.isNegative)
            : Fraction(b - a, over: bottom, negative: right.isNegative)
    }

    static func - (left: Self, right: Self) -> Fraction { left + -right }

    static prefix func - (value: Self) -> Fraction {
        Fraction(value.top, over: value.bottom, negative: !value.isNegative)
    }

    static func < (left: Self, right: Self) -> Bool { (left - right).isNegative }
    static func == (left: Self, right: Self) -> Bool { (left - right).top.isZero }

    var magnitude: Fraction { Fraction(top, over: bottom) }

    static func powerOfTen(_ exponent: Int) -> Fraction {
        exponent >= 0
            ? Fraction(.powerOfTen(exponent)) : Fraction(Natural("1"), over: .powerOfTen(-exponent))
    }

    /// The whole number that `rounding` means, by its definition: the floor, the ceiling, or the floor of the
    /// magnitude and a half with the sign put back.
    func rounded(_ rounding: Rounding) -> Fraction {
        let floor = Fraction(top / bottom, negative: isNegative)
        let isWhole = floor == self
        switch rounding {
        case .down: return isWhole || !isNegative ? floor : floor - Fraction(1)
        case .up: return isWhole || isNegative ? floor : floor + Fraction(1)
        case .nearest:
            let half = magnitude + Fraction(Natural("1"), over: Natural("2"))
            return Fraction(half.top / half.bottom, negative: isNegative)
        }
    }

    /// A whole number as text, others as a quotient.
    var description: String {
        let whole = top / bottom
        return (isNegative ? "-" : "") + (whole * bottom == top ? "\(whole)" : "\(top)/\(bottom)")
    }
}
