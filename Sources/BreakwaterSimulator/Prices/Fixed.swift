import BreakwaterCore

/// A number with 40 binary places, for drawing prices: the same on every machine, as the functions of its mathematics
/// library need not be. Up to eight million either way, in steps of 10^-12.
///
/// Products and quotients round down; functions are right to within 10^-10.
struct Fixed: Comparable, Hashable, Sendable {
    let raw: Int64

    static let places = 40
    static let zero = Fixed(raw: 0)
    static let one = Fixed(raw: 1 << 40)
    /// The natural logarithm of two.
    private static let logOfTwo = Fixed(raw: 762_123_384_786)

    init(raw: Int64) { self.raw = raw }
    init(_ whole: Int64) { raw = whole << 40 }
    /// `part` of `whole`, rounded down.
    init(_ part: Int64, over whole: Int64) { raw = Int64(divide(Int128(part) << 40, by: Int128(whole), .down)) }
    init(billionths: Int64) { self.init(billionths, over: 1_000_000_000) }
    init(_ rate: Rate) { self.init(billionths: rate.raw) }

    static func < (left: Fixed, right: Fixed) -> Bool { left.raw < right.raw }
    static func + (left: Fixed, right: Fixed) -> Fixed { Fixed(raw: left.raw + right.raw) }
    static func - (left: Fixed, right: Fixed) -> Fixed { Fixed(raw: left.raw - right.raw) }
    static prefix func - (value: Fixed) -> Fixed { Fixed(raw: -value.raw) }
    static func * (left: Fixed, right: Fixed) -> Fixed {
        Fixed(raw: Int64((Int128(left.raw) * Int128(right.raw)) >> 40))
    }
    static func / (left: Fixed, right: Fixed) -> Fixed {
        Fixed(raw: Int64((Int128(left.raw) << 40) / Int128(right.raw)))
    }

    /// `count` times this number, to the nearest whole.
    func of(_ count: Int64) -> Int64 { Int64((Int128(count) * Int128(raw) + (1 << 39)) >> 40) }

    /// e to the power of this number, for numbers below 15; zero where that is too small to be told.
    var exponential: Fixed {
        precondition(self < Fixed(15), "e to the power of \(raw >> 40)")
        // x = k ln 2 + rest, so that e^x = 2^k e^rest, and a short series does for the rest.
        let steps = Int64((Int128(raw) / Int128(Self.logOfTwo.raw)))
        guard steps > -40 else { return .zero }
        let rest = Fixed(raw: raw - steps * Self.logOfTwo.raw)
        var (sum, term) = (Fixed.one, Fixed.one)
        for number in 1...16 {
            term = Fixed(raw: (term * rest).raw / Int64(number))
            sum = sum + term
        }
        return Fixed(raw: steps >= 0 ? sum.raw << steps : sum.raw >> -steps)
    }

    /// The natural logarithm of a number above zero.
    var logarithm: Fixed {
        precondition(raw > 0, "logarithm of \(raw)")
        // x = 2^k m with m from 1 up to 2; ln m = 2 (z + z^3/3 + z^5/5 + …) with z = (m - 1) / (m + 1), at most 1/3.
        let exponent = 23 - raw.leadingZeroBitCount
        let part = Fixed(raw: exponent >= 0 ? raw >> Int64(exponent) : raw << Int64(-exponent))
        let ratio = (part - .one) / (part + .one)
        let square = ratio * ratio
        var (sum, power) = (Fixed.zero, ratio)
        for odd in stride(from: Int64(1), through: 25, by: 2) {
            sum = sum + Fixed(raw: power.raw / odd)
            power = power * square
        }
        return Fixed(raw: sum.raw * 2 + Int64(exponent) * Self.logOfTwo.raw)
    }

    /// The square root of a number that is not negative.
    var squareRoot: Fixed {
        precondition(raw >= 0, "square root of \(raw)")
        let value = Int128(raw) << 40
        guard value > 0 else { return .zero }
        var root = Int128(1) << Int128((129 - value.leadingZeroBitCount) / 2)
        while true {
            let next = (root + value / root) / 2
            if next >= root { return Fixed(raw: Int64(root)) }
            root = next
        }
    }
}

extension SeededGenerator {
    /// A number drawn from 0 up to 1, both left out.
    mutating func share() -> Fixed { Fixed(raw: max(1, Int64(next() >> 24))) }

    /// True with the chance given.
    mutating func happens(_ chance: Fixed) -> Bool { share() < chance }

    /// A number drawn from the normal distribution with mean 0 and deviation 1, as far out as 7 deviations.
    ///
    /// Source: P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function" (2003);
    /// right to within 10^-8, in fixed point.
    mutating func normal() -> Fixed { Self.normal(at: share()) }

    /// The number below which the normal distribution has this share.
    static func normal(at share: Fixed) -> Fixed {
        if share < tail { return outside(share) }
        if share > .one - tail { return -outside(.one - share) }
        let offset = share - Fixed(1, over: 2)
        let square = offset * offset
        return series(insideTop, square) * offset / (series(insideBottom, square) * square + .one)
    }

    private static func outside(_ share: Fixed) -> Fixed {
        let distance = Fixed(raw: -2 * share.logarithm.raw).squareRoot
        return series(outsideTop, distance) / (series(outsideBottom, distance) * distance + .one)
    }

    private static func series(_ factors: [Fixed], _ value: Fixed) -> Fixed {
        factors.reduce(.zero) { $0 * value + $1 }
    }

    private static let tail = Fixed(billionths: 24_250_000)
    private static let insideTop = fixed([
        -39_696_830_287, 220_946_098_425, -275_928_510_447, 138_357_751_867, -30_664_798_066, 2_506_628_277,
    ])
    private static let insideBottom = fixed([
        -54_476_098_798, 161_585_836_858, -155_698_979_860, 66_801_311_888, -13_280_681_553,
    ])
    private static let outsideTop = fixed([
        -7_784_894, -322_396_458, -2_400_758_277, -2_549_732_539, 4_374_664_141, 2_938_163_983,
    ])
    private static let outsideBottom = fixed([7_784_696, 322_467_129, 2_445_134_137, 3_754_408_662])

    private static func fixed(_ billionths: [Int64]) -> [Fixed] { billionths.map(Fixed.init(billionths:)) }
}
