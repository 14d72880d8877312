import Testing

@testable import BreakwaterCore

@Suite("Numbers: exact decimals")
struct ExactDecimalTests {
    @Test(
        "NUM-010: plain decimals are read and printed without trailing zeros",
        arguments: [
            ("0", "0"), ("00", "0"), ("-0", "0"), ("-0.00", "0"), ("0.0", "0"),
            ("7", "7"), ("007", "7"), ("-7", "-7"), ("1000", "1000"), ("100.50", "100.5"), ("1.000", "1"),
            ("0.5", "0.5"), ("-0.5", "-0.5"), ("00.50", "0.5"), ("966.67", "966.67"), ("-0.000001", "-0.000001"),
            ("0.10", "0.1"), ("10.01", "10.01"), ("9223372036854775808", "9223372036854775808"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("-999999999999999999999999999999", "-999999999999999999999999999999"),
            ("0.00000000000000000000000000001", "0.00000000000000000000000000001"),
        ])
    func accepted(text: String, printed: String) throws {
        let decimal = try #require(ExactDecimal(text))
        #expect("\(decimal)" == printed)
        #expect(ExactDecimal(printed) == decimal)
    }

    @Test(
        "NUM-011: anything but plain decimal notation is refused",
        arguments: [
            "", " ", " 1", "1 ", "1 000", "1\n", "\t1", "1_000", "1,000", "1,5", "+1", "+0", "--1", "-+1", "1-", "-",
            ".", "-.", "1.", "-1.", ".5", "-.5", "1.2.3", "1..2", "1e3", "1E3", "1e-3", "0x10", "0b1", "NaN", "nan",
            "inf", "-inf", "Infinity", "null", "\u{2212}1", "\u{0661}", "\u{FF11}", "\u{00BD}", "1\u{0}", "1%", "$1",
            "1234567890123456789012345678901", "0000000000000000000000000000001", "0.000000000000000000000000000001",
        ])
    func refused(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test("NUM-012: thirty digits are read, the thirty-first is refused, wherever the point stands")
    func thirtyDigits() {
        for places in 1..<30 {
            let whole = String(repeating: "9", count: 30 - places)
            let fraction = String(repeating: "9", count: places)
            #expect(ExactDecimal("\(whole).\(fraction)")?.description == "\(whole).\(fraction)")
            #expect(ExactDecimal("\(whole).\(fraction)0") == nil)
            #expect(ExactDecimal("0\(whole).\(fraction)") == nil)
        }
    }

    @Test("NUM-013: equal numbers are equal, hash alike and print alike, however they were made")
    func equality() {
        let same = [
            ExactDecimal("1.5"), ExactDecimal("1.500"), ExactDecimal("01.5"), ExactDecimal(digits: 1500, places: 3),
        ]
        #expect(Set(same).count == 1)
        #expect(ExactDecimal(digits: 0, places: 9) == ExactDecimal("-0"))
        #expect(ExactDecimal(digits: -100, places: 1).description == "-10")
        #expect(ExactDecimal("1.5") != ExactDecimal("-1.5"))
        #expect(ExactDecimal("10") != ExactDecimal("1"))
    }

    @Test(
        "NUM-014: scaling gives whole units or nothing",
        arguments: [
            ("1.5", 1, "15"), ("1.5", 6, "1500000"), ("1.5", 0, nil), ("-0.25", 2, "-25"), ("-0.25", 1, nil),
            ("3", -1, nil), ("3", 0, "3"), ("0", 36, "0"), ("0", 37, nil), ("1.50", 1, "15"),
            ("99", 36, "99000000000000000000000000000000000000"),
            ("-170", 36, "-170000000000000000000000000000000000000"), ("171", 36, nil), ("-171", 36, nil),
        ] as [(String, Int, String?)])
    func scaling(text: String, places: Int, expected: String?) throws {
        let decimal = try #require(ExactDecimal(text))
        #expect(decimal.scaled(toPlaces: places).map { "\($0)" } == expected)
    }

    @Test(
        "NUM-015: steps are counted exactly: on a tick a count, off it nothing",
        arguments: [
            ("100.5", "0.5", 201), ("100.25", "0.5", nil), ("100.50", "0.50", 201), ("-100.5", "0.5", -201),
            ("0", "0.5", 0), ("0.5", "0.5", 1), ("0.4999", "0.5", nil), ("50000", "0.01", 5_000_000),
            ("50000.001", "0.01", nil), ("1000", "25", 40), ("1010", "25", nil), ("0.00000001", "0.00000001", 1),
            ("3", "1.5", 2), ("4", "1.5", nil), ("1", "3", nil), ("5", "0", nil), ("0", "0", nil),
            ("9223372036854775807", "1", .max), ("9223372036854775808", "1", nil),
            ("-9223372036854775808", "1", .min), ("-9223372036854775809", "1", nil),
            ("922337203685477580.7", "0.1", .max), ("922337203685477580.8", "0.1", nil),
            ("999999999999999999999999999999", "0.00000000000000000000000000001", nil),
        ] as [(String, String, Int64?)])
    func steps(text: String, step: String, expected: Int64?) throws {
        let decimal = try #require(ExactDecimal(text))
        #expect(decimal.steps(of: try #require(ExactDecimal(step))) == expected)
    }

    @Test(
        "NUM-016: random decimals survive print and parse, compare as fractions do, and count steps exactly",
        arguments: Seeds.batches(of: 400))
    func randomDecimals(batch: Seeds.Batch) throws {
        for seed in batch.seeds {
            let replay = Seeds.replay(seed, "ExactDecimalTests")
            var chance = SplitMix64(seed: seed)
            for _ in 0..<10 {
                let (a, b) = (someDecimal(from: &chance), someDecimal(from: &chance))
                #expect(ExactDecimal("\(a)") == a, replay)
                #expect((a < b) == (Fraction(a) < Fraction(b)), "\(a) \(b)\n\(replay)")
                #expect((a == b) == (Fraction(a) == Fraction(b)), "\(a) \(b)\n\(replay)")
                let step = ExactDecimal(digits: Int128(chance.positive(upTo: 1_000)), places: chance.whole(in: 0...4))
                let ratio = Fraction(a) / Fraction(step)
                let isWhole = ratio.rounded(.down) == ratio
                #expect(a.steps(of: step).map { "\($0)" } == (isWhole ? "\(ratio)" : nil), "\(a) by \(step)\n\(replay)")
            }
        }
    }

    private func someDecimal(from chance: inout SplitMix64) -> ExactDecimal {
        let digits = Int128(chance.positive(upTo: 1_000_000_000_000)) * (chance.chance(percent: 50) ? 1 : -1)
        return ExactDecimal(digits: digits, places: chance.whole(in: 0...12))
    }

    @Test(
        "NUM-017: a quotient prints with the digits asked for, ties away from zero",
        arguments: [
            (1, 3, 2, "0.33"), (2, 3, 2, "0.67"), (1, 8, 2, "0.13"), (-1, 8, 2, "-0.13"), (1, 8, 3, "0.125"),
            (5, 2, 0, "3"),
            (-5, 2, 0, "-3"), (10, 4, 3, "2.5"), (0, 9, 5, "0"), (1, 1_000, 2, "0"), (5, 1_000, 2, "0.01"),
        ] as [(Int128, Int128, Int, String)])
    func quotients(top: Int128, bottom: Int128, places: Int, printed: String) {
        #expect("\(decimal(top, over: bottom, places: places))" == printed)
    }

    @Test("NUM-018: a quotient too large for all its digits keeps as many as fit, instead of overflowing")
    func giantQuotients() {
        // 2^127 - 1 = 170141183460469231731687303715884105727: one digit more would not fit.
        #expect("\(decimal(.max, over: 1, places: 5))" == "170141183460469231731687303715884105727")
        #expect("\(decimal(.max / 10, over: 7, places: 3))" == "2430588335149560453309818624512630081.7")
    }

    @Test("NUM-019: a negative step, and numbers very far apart, do not stop the program")
    func noTraps() async {
        await #expect(processExitsWith: .success) {
            _ = ExactDecimal("-9223372036854775808")!.steps(of: ExactDecimal("-1")!)
        }
        await #expect(processExitsWith: .success) {
            let (large, small) = (ExactDecimal("999999999999")!, ExactDecimal("0.00000000000000000000000000001")!)
            precondition(small < large)
        }
    }
}
