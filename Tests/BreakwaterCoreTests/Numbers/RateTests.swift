import Testing

@testable import BreakwaterCore

@Suite("Numbers: rates, shares, leverage and time")
struct RateTests {
    @Test(
        "NUM-020: rates are read as proportions or per cent, to a billionth and up to a whole",
        arguments: [
            ("2%", 20_000_000), ("0.02", 20_000_000), ("0%", 0), ("0", 0), ("-0.025%", -250_000),
            ("100%", 1_000_000_000),
            ("1", 1_000_000_000), ("-1", -1_000_000_000), ("0.0000001%", 1), ("0.000000001", 1), ("50.0%", 500_000_000),
            ("0.00000001%", nil), ("0.0000000001", nil), ("100.0000001%", nil), ("1.000000001", nil), ("-101%", nil),
            ("", nil), ("%", nil), ("2%%", nil), ("2 %", nil), ("%2", nil), ("+2%", nil), ("2e-2", nil), ("two", nil),
            (".02", nil), ("NaN", nil),
        ] as [(String, Int64?)])
    func rates(text: String, billionths: Int64?) {
        #expect(Rate(text: text)?.raw == billionths)
    }

    @Test("NUM-021: a rate of an amount rounds as named")
    func rateOfAmount() throws {
        let rate = try #require(Rate(text: "0.075%"))
        // 0.00075 x 1001 = 0.75075
        #expect(rate.of(Amount(1001), .up) == Amount(1))
        #expect(rate.of(Amount(1001), .down) == .zero)
        #expect(rate.of(Amount(-1001), .down) == Amount(-1))
        #expect(rate.of(Amount(-1001), .up) == .zero)
        #expect(rate.of(Amount(1001), .nearest) == Amount(1))
        #expect(Rate.one.of(Amount(.max), .up) == Amount(.max))
        #expect(rate.decimal == ExactDecimal("0.00075"))
    }

    @Test(
        "NUM-022: shares are fractions or rates strictly between nothing and everything",
        arguments: [
            ("2/3", 2, 3), ("1/1000000", 1, 1_000_000), ("50%", 500_000_000, 1_000_000_000),
            ("0.5", 500_000_000, 1_000_000_000),
            ("0/3", nil, nil), ("3/3", nil, nil), ("4/3", nil, nil), ("-1/3", nil, nil), ("1/-3", nil, nil),
            ("-1/-3", nil, nil), ("1/1000001", nil, nil), ("0%", nil, nil), ("100%", nil, nil), ("1", nil, nil),
            ("1/2/3", nil, nil), ("/3", nil, nil), ("2/", nil, nil), ("/", nil, nil), ("", nil, nil),
            ("2 / 3", nil, nil),
            ("1.5/3", nil, nil), ("a/b", nil, nil),
        ] as [(String, Int64?, Int64?)])
    func shares(text: String, part: Int64?, whole: Int64?) {
        let share = Share(text: text)
        #expect(share?.part == part)
        #expect(share?.whole == whole)
    }

    @Test("NUM-023: a share refuses a plus sign, as every other number does", arguments: ["+2/3", "2/+3"])
    func signedShares(text: String) {
        #expect(Share(text: text) == nil)
    }

    @Test("NUM-024: a share of an amount rounds as named")
    func shareOfAmount() throws {
        let share = try #require(Share(text: "2/3"))
        #expect(share.of(Amount(100), .down) == Amount(66))
        #expect(share.of(Amount(100), .up) == Amount(67))
        #expect(share.of(Amount(100), .nearest) == Amount(67))
        #expect(share.of(Amount(99), .up) == Amount(66))
    }

    @Test(
        "NUM-025: leverage is read to a hundredth, from 1x to 1,000x",
        arguments: [
            ("1", 100), ("50", 5_000), ("12.5", 1_250), ("3.33", 333), ("1000", 100_000), ("1000.00", 100_000),
            ("0.99", nil), ("0", nil), ("-5", nil), ("1000.01", nil), ("3.333", nil), ("50x", nil), ("", nil),
            ("1e2", nil),
            ("+5", nil),
        ] as [(String, Int64?)])
    func leverages(text: String, hundredths: Int64?) {
        #expect(Leverage(text: text)?.raw == hundredths)
    }

    @Test("NUM-026: the margin a leverage asks for rounds up")
    func leverageMargin() throws {
        let leverage = try #require(Leverage(text: "3"))
        #expect(leverage.margin(for: Amount(300)) == Amount(100))
        #expect(leverage.margin(for: Amount(301)) == Amount(101))
        #expect(leverage.margin(for: .zero) == .zero)
        #expect(try #require(Leverage(text: "1")).margin(for: Amount(Limits.money)) == Amount(Limits.money))
    }

    @Test(
        "NUM-027: durations are whole numbers with a unit",
        arguments: [
            ("500ms", 500_000), ("30s", 30_000_000), ("10m", 600_000_000), ("8h", 28_800_000_000),
            ("1d", 86_400_000_000),
            ("0s", 0), ("10000d", 864_000_000_000_000), ("10001d", nil), ("864000001s", nil), ("1.0s", 1_000_000),
            ("1.5s", nil), ("-1s", nil), ("+1s", nil), ("1", nil), ("s", nil), ("ms", nil), ("", nil), ("1 s", nil),
            ("1S", nil),
            ("1us", nil), ("1w", nil), ("1sm", nil), ("9223372036854775807d", nil),
            ("999999999999999999999999999999ms", nil),
        ] as [(String, Int64?)])
    func durations(text: String, microseconds: Int64?) {
        #expect(Duration(text: text)?.raw == microseconds)
    }

    @Test("NUM-028: the next multiple of a cadence lies after the moment, never on it")
    func nextMultiples() {
        let cadence = Duration.seconds(600)
        let ten = Timestamp(600_000_000)
        #expect(Timestamp.zero.nextMultiple(of: cadence) == ten)
        #expect(Timestamp(599_999_999).nextMultiple(of: cadence) == ten)
        #expect(ten.nextMultiple(of: cadence) == Timestamp(1_200_000_000))
    }
}
