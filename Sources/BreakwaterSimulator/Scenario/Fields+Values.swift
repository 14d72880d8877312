public import BreakwaterCore
import BreakwaterTapes

/// Values that scenarios are made of.
extension Fields {
    /// A share of nothing to all of it.
    mutating func share(_ key: String) throws(BadInput) -> Rate? {
        guard let rate = try rate(key) else { return nil }
        guard rate >= .zero else { throw refuse(key, "\(rate.decimal)", "a share from 0% to 100%") }
        return rate
    }

    mutating func requiredShare(of key: String) throws(BadInput) -> Rate {
        guard let share = try share(key) else { throw missing(key, "a share such as \"5%\"") }
        return share
    }

    /// A share in whole per cent.
    mutating func percent(_ key: String) throws(BadInput) -> Int64? {
        guard let rate = try share(key) else { return nil }
        let (percent, rest) = rate.raw.quotientAndRemainder(dividingBy: 10_000_000)
        guard rest == 0 else { throw refuse(key, "\(rate.decimal)", "a share in whole per cent") }
        return percent
    }

    mutating func requiredPercent(_ key: String) throws(BadInput) -> Int64 {
        guard let percent = try percent(key) else { throw missing(key, "a share in whole per cent such as \"20%\"") }
        return percent
    }

    mutating func count(_ key: String, _ range: ClosedRange<Int>) throws(BadInput) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let decimal = try decimal(key, expected: expected) else { return nil }
        guard decimal.places == 0, let number = Int(exactly: decimal.digits), range.contains(number) else {
            throw refuse(key, "\(decimal)", expected)
        }
        return number
    }

    /// An amount that leaves room for what a population brings.
    mutating func money(_ key: String, in currency: Currency, orZero: Bool = false) throws(BadInput) -> Amount {
        let amount = try amount(key, in: currency, orZero: orZero)
        guard amount <= SimulationPlan.mostMoney else {
            throw refuse(
                key, "\(currency.decimal(amount))",
                "at most \(currency.decimal(SimulationPlan.mostMoney)) \(currency.name)")
        }
        return amount
    }

    mutating func time(_ key: String) throws(BadInput) -> Timestamp? {
        let expected = "a moment such as 2022-01-20T00:00:00Z"
        guard let text = try text(key, expected: expected) else { return nil }
        guard let time = Timestamp(iso: text) else { throw refuse(key, text, expected) }
        return time
    }

    /// A length of time above zero.
    mutating func span(_ key: String) throws(BadInput) -> BreakwaterCore.Duration? {
        guard let length = try duration(key) else { return nil }
        guard length > .zero else { throw refuse(key, "\(length.raw)us", "a length of time above zero") }
        return length
    }

    mutating func requiredSpan(_ key: String) throws(BadInput) -> BreakwaterCore.Duration {
        guard let length = try span(key) else { throw missing(key, "a length of time such as 10m") }
        return length
    }

    /// Two shares, the smaller one first.
    mutating func range(_ key: String) throws(BadInput) -> (least: Rate, most: Rate)? {
        guard var ends = try object(key) else { return nil }
        let (least, most) = (try ends.requiredShare(of: "least"), try ends.requiredShare(of: "most"))
        guard least <= most else {
            throw ends.refuse("most", "\(most.decimal)", "a share of at least \(least.decimal)")
        }
        try ends.finish(key)
        return (least, most)
    }
}

extension SimulationPlan {
    /// The most that a fund, a side of the book or a deposit may be: with 200 times as much for the makers there is room.
    public static let mostMoney = Amount(Limits.money / 500)

    /// The most that a side of the book may be where so many makers hold ten times as much each.
    static func mostDepth(of makers: Int) -> Amount { Amount(min(mostMoney.raw, mostMoney.raw * 20 / Int64(makers))) }

    /// Draws everything that is drawn with another seed.
    public mutating func redraw(seed: UInt64) {
        self.seed = seed
        guard let process else { return }
        let drawn = process.points(seed: seed)
        points = drawn
        bars = Bar.summing(drawn, every: .seconds(60))
    }
}
