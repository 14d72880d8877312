/// A proportion in billionths: 2 % is 20,000,000. Fee rates may be negative (a rebate).
public struct Rate: UnitInteger {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }

    /// One whole, 100 %.
    public static let one = Rate(1_000_000_000)

    /// Reads `2%` or `0.02`.
    ///
    /// - Returns: `nil` where it is no decimal, finer than a billionth, or beyond 100 % either way.
    public init?(text: String) {
        let percent = text.hasSuffix("%")
        guard let decimal = ExactDecimal(percent ? text.dropLast() : text[...]),
            let billionths = decimal.scaled(toPlaces: percent ? 7 : 9),
            billionths.magnitude <= 1_000_000_000
        else { return nil }
        self.init(Int64(billionths))
    }

    /// The share of `amount` this rate is, rounded as named.
    @inline(__always)
    public func of(_ amount: Amount, _ rounding: Rounding) -> Amount {
        Amount(multiply(raw, by: amount.raw, over: 1_000_000_000, rounding))
    }

    /// As a decimal proportion: 2 % is 0.02.
    public var decimal: ExactDecimal { ExactDecimal(digits: wide, places: 9) }
}

/// One amount as an exact share of another: 2/3.
public struct Share: Sendable, Equatable {
    public let part: Int64
    public let whole: Int64

    /// Reads `2/3`, or a rate such as `50%`.
    ///
    /// - Returns: `nil` where it is neither, or not between 0 and 1.
    public init?(text: String) {
        let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        if sides.count == 2 {
            guard let part = ExactDecimal(sides[0]), let whole = ExactDecimal(sides[1]), part.places == 0,
                whole.places == 0,
                part.isPositive, part < whole, whole.digits <= 1_000_000
            else { return nil }
            (self.part, self.whole) = (Int64(part.digits), Int64(whole.digits))
        } else {
            guard let rate = Rate(text: text), rate > .zero, rate < .one else { return nil }
            (self.part, self.whole) = (rate.raw, Rate.one.raw)
        }
    }

    func of(_ amount: Amount, _ rounding: Rounding) -> Amount { amount.share(part, of: whole, rounding) }
}

/// How many times its margin a position may be worth, in hundredths: 50x is 5,000.
public struct Leverage: UnitInteger {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }

    /// Reads `50` or `12.5`.
    ///
    /// - Returns: `nil` where it is no decimal, finer than a hundredth, below 1x or beyond 1,000x.
    public init?(text: String) {
        guard let hundredths = ExactDecimal(text)?.scaled(toPlaces: 2), hundredths >= 100, hundredths <= 100_000 else {
            return nil
        }
        self.init(Int64(hundredths))
    }

    /// The margin this leverage asks for a position of `value`: value / leverage, rounded up.
    @inline(__always)
    public func margin(for value: Amount) -> Amount {
        Amount(multiply(value.raw, by: 100, over: raw, .up))
    }

    public var decimal: ExactDecimal { ExactDecimal(digits: wide, places: 2) }
}
