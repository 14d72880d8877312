import Testing

@testable import BreakwaterCore

@Suite("Numbers: division and roots")
struct RoundingTests {
    @Test(
        "NUM-001: each rounding goes its own way, for either sign, and ties of nearest away from zero",
        arguments: [
            // numerator, denominator, down, up, nearest
            (7, 2, 3, 4, 4), (-7, 2, -4, -3, -4),
            (5, 10, 0, 1, 1), (-5, 10, -1, 0, -1),
            (4, 10, 0, 1, 0), (-4, 10, -1, 0, 0),
            (6, 10, 0, 1, 1), (-6, 10, -1, 0, -1),
            (1, 3, 0, 1, 0), (-1, 3, -1, 0, 0),
            (2, 3, 0, 1, 1), (-2, 3, -1, 0, -1),
            (9, 3, 3, 3, 3), (-9, 3, -3, -3, -3),
            (0, 7, 0, 0, 0), (12, 1, 12, 12, 12), (-12, 1, -12, -12, -12),
        ] as [(Int128, Int128, Int128, Int128, Int128)])
    func roundings(numerator: Int128, denominator: Int128, down: Int128, up: Int128, nearest: Int128) {
        #expect(divide(numerator, by: denominator, .down) == down)
        #expect(divide(numerator, by: denominator, .up) == up)
        #expect(divide(numerator, by: denominator, .nearest) == nearest)
    }

    @Test("NUM-002: every small quotient is the one long division gives")
    func smallQuotients() {
        for numerator in Int128(-40)...40 {
            for denominator in Int128(1)...40 { expectExact(numerator, by: denominator) }
        }
    }

    @Test("NUM-003: quotients at the ends of one and of two machine words neither overflow nor slip")
    func extremeQuotients() {
        let word = Int128(Int64.max)
        let ends: [Int128] = [
            .min, .min + 1, .min / 2, -word - 2, -word - 1, -word, -3, -1, 0, 1, 3, word, word + 1, word + 2, .max / 2,
            .max / 2 + 1, .max - 1, .max,
        ]
        for numerator in ends {
            for denominator in ends where denominator > 0 { expectExact(numerator, by: denominator) }
        }
    }

    @Test("NUM-004: random quotients are the ones long division gives", arguments: Seeds.batches(of: 400))
    func randomQuotients(batch: Seeds.Batch) {
        for seed in batch.seeds {
            var chance = SplitMix64(seed: seed)
            for _ in 0..<10 {
                let denominator = max(1, abs(max(chance.wide(), .min + 1)))
                expectExact(chance.wide(), by: denominator, Seeds.replay(seed, "RoundingTests"))
                // A tie or its neighbour: half an odd multiple, and one off.
                let half = denominator / 2
                let multiple = Int128(chance.whole(in: Int64(-9)...9))
                if denominator < .max / 20 {
                    expectExact(multiple * denominator + half, by: denominator, Seeds.replay(seed, "RoundingTests"))
                    expectExact(multiple * denominator - half, by: denominator, Seeds.replay(seed, "RoundingTests"))
                }
            }
        }
    }

    private func expectExact(_ numerator: Int128, by denominator: Int128, _ comment: Comment? = nil) {
        let exact = Fraction(numerator) / Fraction(denominator)
        for rounding in [Rounding.down, .up, .nearest] {
            let fast = divide(numerator, by: denominator, rounding)
            // The text is compared so that a failure shows both; a whole fraction prints as a whole number.
            #expect(
                "\(fast)" == "\(exact.rounded(rounding))", "\(numerator) / \(denominator) \(rounding)\n\(comment ?? "")"
            )
        }
    }

    @Test("NUM-005: a pro-rata share rounds once, and the whole of it is exact")
    func shares() {
        #expect(Amount(100).share(1, of: 3, .down) == Amount(33))
        #expect(Amount(100).share(1, of: 3, .up) == Amount(34))
        #expect(Amount(-100).share(1, of: 3, .down) == Amount(-34))
        #expect(Amount(-100).share(1, of: 3, .up) == Amount(-33))
        #expect(Amount(5).share(1, of: 2, .nearest) == Amount(3))
        #expect(Amount(-5).share(1, of: 2, .nearest) == Amount(-3))
        #expect(Amount(7).share(0, of: 3, .up) == .zero)
        for amount in [Int64.min, -1, 0, 1, .max] {
            #expect(Amount(amount).share(.max, of: .max, .nearest) == Amount(amount))
        }
        #expect(Amount(.max).share(.max - 1, of: .max, .down) == Amount(.max - 1))
    }
}

@Suite("Numbers: square roots")
struct SquareRootTests {
    @Test("NUM-006: the root of every number up to 100,000 is the least whose square reaches it")
    func smallRoots() {
        var root: Int128 = 0
        for value in Int128(0)...100_000 {
            while root * root < value { root += 1 }
            #expect(squareRootRoundedUp(value) == root)
        }
    }

    @Test("NUM-007: next to a perfect square the root changes by one exactly there")
    func rootsNearSquares() {
        // The largest root whose square still fits Int128.
        let largest: Int128 = 13_043_817_825_332_782_212
        var roots: [Int128] = [largest, largest - 1, 4_294_967_296, 3_037_000_499, 3_037_000_500, 1_000_000_000_000]
        for exponent in 17..<64 { roots += [Int128(1) << Int128(exponent), (Int128(1) << Int128(exponent)) - 1] }
        var chance = SplitMix64(seed: 1)
        for _ in 0..<2_000 { roots.append(Int128(chance.positive(upTo: .max))) }
        for root in roots where root > 1 && root <= largest {
            let square = root * root
            #expect(squareRootRoundedUp(square - 1) == root)
            #expect(squareRootRoundedUp(square) == root)
            #expect(square == .max || squareRootRoundedUp(square + 1) == root + 1)
        }
        #expect(squareRootRoundedUp(.max) == largest + 1)
    }
}
