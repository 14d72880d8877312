/// SplitMix64: the same seed gives the same numbers on every machine and in every build.
///
/// - Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// A whole number in `range`; the bias of taking a remainder is far below what a test could see.
    mutating func whole(in range: ClosedRange<Int64>) -> Int64 {
        let span = range.upperBound.subtractingReportingOverflow(range.lowerBound).partialValue
        let word = next()
        if span == -1 { return Int64(bitPattern: word) }
        return range.lowerBound &+ Int64(bitPattern: word % (UInt64(bitPattern: span) + 1))
    }

    mutating func whole(in range: ClosedRange<Int>) -> Int {
        Int(whole(in: Int64(range.lowerBound)...Int64(range.upperBound)))
    }

    /// A number from 1 to `limit` whose count of digits is as likely to be small as large.
    mutating func positive(upTo limit: Int64) -> Int64 {
        var top = limit
        for _ in 0..<whole(in: 0...String(limit).utf8.count - 1) { top /= 10 }
        return whole(in: 1...max(1, top))
    }

    /// All 128 bits at random, or fewer, so that small numbers come up as well.
    mutating func wide() -> Int128 {
        let word = Int128(Int64(bitPattern: next())) << 64 | Int128(next())
        return word >> Int128(whole(in: 0...127))
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[whole(in: 0...choices.count - 1)] }

    mutating func chance(percent: Int) -> Bool { whole(in: 1...100) <= percent }
}
