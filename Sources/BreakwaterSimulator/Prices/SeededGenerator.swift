/// SplitMix64: a small generator whose stream is the same on every machine, for the same seed.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// A whole number from 0 to `bound` - 1, each as likely as any other.
    public mutating func below(_ bound: Int64) -> Int64 {
        precondition(bound > 0, "a number below \(bound)")
        return Int64((next().multipliedFullWidth(by: UInt64(bound))).high)
    }

    /// True in `percent` of 100 draws.
    public mutating func isTrue(percent: Int64) -> Bool { below(100) < percent }

    /// A Pareto-distributed amount with tail index 1, at least `least` and at most `most`: each tenfold of size is ten
    /// times rarer. Whole-number arithmetic, so that it is the same everywhere.
    public mutating func heavyTailed(from least: Int64, upTo most: Int64) -> Int64 {
        let share = Int128(below(1 << 32)) + 1
        return Int64(min(Int128(most), Int128(least) << 32 / share))
    }
}
