/// How a venue comes by its marks and its funding rate. Nothing set: marks and funding come from outside as they are.
public struct PriceRules: Sendable, Equatable {
    /// How marks are computed; `nil` where they are given from outside.
    public var mark: ComputedMark?
    /// Holds every mark near a slow average of itself; `nil` where it may jump.
    public var cap: MarkCap?
    /// How the funding rate is computed; `nil` where it is given from outside.
    public var funding: FundingRules?

    public init() {}

    /// Whether the numbers make sense together.
    func validate() throws(TermsError) {
        try mark?.validate()
        try cap?.validate()
        try funding?.validate()
    }

    /// Whether `contract` has what its computed prices need.
    ///
    /// Its index must be able to go stale: a computed mark is worth no more than the prices it comes from.
    public func validate(_ contract: Contract) throws(TermsError) {
        guard mark != nil || funding != nil else { return }
        guard let index = contract.index, index.maxAge != nil else {
            throw TermsError(
                key: "index.maxAge", value: "none", expected: "index terms with a maxAge, for prices computed from it")
        }
        // Prices are due while a source is fresh, so that this bounds the work of an idle year.
        guard index.maxAge! <= .seconds(86_400) else {
            throw TermsError(
                key: "index.maxAge", value: "\(index.maxAge!.raw / 1_000_000)s",
                expected: "at most a day, for prices computed from it")
        }
        if let mark, mark.components.contains(.outside), !index.sources.contains(where: \.outside) {
            throw TermsError(
                key: "index.sources", value: "none outside",
                expected: "a source with outside: true, which the rulebook's mark asks for")
        }
        for needed in [mark?.method == .impactMid ? mark?.impact : nil, funding?.impact] {
            guard needed == nil || needed![contract.settle] != nil else {
                throw TermsError(
                    key: "settle", value: contract.symbol,
                    expected: "a currency that the rulebook names an impact notional for")
            }
        }
    }
}

/// A mark worked out by the venue at UTC multiples of `interval`.
public struct ComputedMark: Sendable, Equatable {
    public let method: Method
    /// What `medianOfThree` takes the median of.
    public let components: [Component]
    /// Over how long `averageBasis` averages; `nil` where nothing uses it.
    public let average: Duration?
    /// How much `impactMid` buys and sells, by settlement currency.
    public let impact: Threshold
    public let interval: Duration

    public enum Method: String, Sendable, CaseIterable {
        /// Index x (1 + funding rate x time to funding / funding interval). Source: BitMEX, "Fair Price Marking".
        case fairPrice
        /// The median of three components. Source: Hyperliquid and Binance.
        case medianOfThree
        /// The middle of the average prices at which the impact notional could be bought and sold.
        case impactMid
    }

    public enum Component: String, Sendable, CaseIterable {
        case fairPrice
        /// Index + the slow average of (middle of the book - index).
        case averageBasis
        /// The median of best bid, best ask and last trade.
        case book
        /// The last trade.
        case last
        /// The mean of the sources outside the index.
        case outside
    }

    public init(
        method: Method, components: [Component] = [], average: Duration? = nil, impact: Threshold = .none,
        interval: Duration
    ) {
        self.method = method
        self.components = components
        self.average = average
        self.impact = impact
        self.interval = interval
    }

    func validate() throws(TermsError) {
        func refuse(_ key: String, _ value: String, _ expected: String) -> TermsError {
            TermsError(key: "mark.\(key)", value: value, expected: expected)
        }
        guard interval >= .seconds(1) else { throw refuse("interval", "\(interval.raw)us", "at least 1s") }
        let names = components.map(\.rawValue).joined(separator: ", ")
        switch method {
        case .medianOfThree:
            guard components.count == 3, Component.allCases.allSatisfy({ one in components.count { $0 == one } <= 1 })
            else { throw refuse("of", names, "three different components") }
        case .fairPrice, .impactMid:
            guard components.isEmpty else { throw refuse("of", names, "components for medianOfThree only") }
        }
        if components.contains(.averageBasis) {
            guard let average, average > .zero else {
                throw refuse("average", "none", "the length of time that averageBasis averages over")
            }
        }
        if method == .impactMid { try impact.validateImpact(key: "mark.impact") }
    }
}

/// A slow price that follows the raw mark; marks stay within a band around it. Source: Mango's stable price.
public struct MarkCap: Sendable, Equatable {
    /// How far the slow price moves toward the raw mark in a second, at most, as a share of itself.
    public let perSecond: Rate
    /// How far from the slow price a mark may be, as a share of it.
    public let within: Rate

    public init(perSecond: Rate, within: Rate) {
        self.perSecond = perSecond
        self.within = within
    }

    func validate() throws(TermsError) {
        for (key, rate) in [("perSecond", perSecond), ("within", within)] where rate <= .zero || rate >= .one {
            throw TermsError(key: "markCap.\(key)", value: "\(rate.decimal)", expected: "a rate between 0 and 100%")
        }
    }
}

/// Funding computed from what the book says of the mark. Source: BitMEX and Binance, "Funding".
///
/// F = P + clamp(interest - P, +-clamp), P being the average of premium samples.
public struct FundingRules: Sendable, Equatable {
    /// How often funding is paid, at UTC multiples.
    public let interval: Duration
    /// How often the premium is sampled, at UTC multiples.
    public let sample: Duration
    public let interest: Rate
    public let clamp: Rate
    /// The rate is held within this share of IM rate - MM rate of the lowest tier; `nil` for no bound.
    public let cap: Rate?
    /// How much the impact prices buy and sell, by settlement currency.
    public let impact: Threshold
    public let paid: Payment

    public enum Payment: String, Sendable, CaseIterable {
        /// At the end of the interval whose samples it comes from (Binance).
        case sameInterval
        /// At the end of the one after it, so that traders know it ahead (BitMEX).
        case nextInterval
    }

    public init(
        interval: Duration, sample: Duration, interest: Rate, clamp: Rate, cap: Rate? = nil, impact: Threshold,
        paid: Payment = .sameInterval
    ) {
        self.interval = interval
        self.sample = sample
        self.interest = interest
        self.clamp = clamp
        self.cap = cap
        self.impact = impact
        self.paid = paid
    }

    func validate() throws(TermsError) {
        func refuse(_ key: String, _ value: String, _ expected: String) -> TermsError {
            TermsError(key: "funding.\(key)", value: value, expected: expected)
        }
        guard sample >= .seconds(1) else { throw refuse("sample", "\(sample.raw)us", "at least 1s") }
        guard interval >= sample, interval.raw % sample.raw == 0, interval.raw / sample.raw <= 1_000_000 else {
            throw refuse("interval", "\(interval.raw)us", "a multiple of the sample time, at most a million times it")
        }
        guard interest.magnitude < .one else { throw refuse("interest", "\(interest.decimal)", "a rate below 100%") }
        guard clamp >= .zero, clamp < .one else {
            throw refuse("clamp", "\(clamp.decimal)", "a rate from 0 to below 100%")
        }
        if let cap, cap <= .zero { throw refuse("cap", "\(cap.decimal)", "a rate above 0") }
        try impact.validateImpact(key: "funding.impact")
    }
}
