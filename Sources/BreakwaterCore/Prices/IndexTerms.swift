/// What a contract's index is made of: which sources count, how much, and when one of them does not.
///
/// A source is left out while its price is older than `maxAge`, or further than `outlier` from the median of the fresh
/// ones. Fewer than `required` left make the index stale: there is none.
public struct IndexTerms: Sendable, Equatable {
    public let sources: [Source]
    /// How old a source's price may be; `nil` for any age.
    public let maxAge: Duration?
    /// The largest distance from the median, as a share of the median; `nil` for any.
    public let outlier: Rate?
    /// How many sources must be left for the index to be one.
    public let required: Int

    /// One venue whose price is reported.
    public struct Source: Sendable, Equatable {
        public let name: String
        /// In millionths.
        public let weight: Int64
        /// No part of the index: a price of the same contract elsewhere, for the mark's `outside` component.
        public let outside: Bool

        public init(name: String, weight: Int64 = 1_000_000, outside: Bool = false) {
            self.name = name
            self.weight = weight
            self.outside = outside
        }
    }

    public init(sources: [Source], maxAge: Duration? = nil, outlier: Rate? = nil, required: Int = 1)
        throws(TermsError)
    {
        func refuse(_ key: String, _ value: String, _ expected: String) -> TermsError {
            TermsError(key: "index.\(key)", value: value, expected: expected)
        }
        let inside = sources.filter { !$0.outside }.count
        guard inside > 0, sources.count <= Limits.listings else {
            throw refuse("sources", "\(inside) of \(sources.count)", "1 to \(Limits.listings) sources inside the index")
        }
        for (number, source) in sources.enumerated() {
            guard sources.firstIndex(where: { $0.name == source.name }) == number else {
                throw refuse("sources", source.name, "each source once")
            }
            guard source.weight > 0, source.weight <= 1_000_000_000_000 else {
                throw refuse("sources.weight", "\(source.weight)", "a weight above zero, at most a million")
            }
        }
        if let maxAge, maxAge <= .zero { throw refuse("maxAge", "\(maxAge.raw)us", "a length of time above zero") }
        if let outlier, outlier <= .zero || outlier >= .one {
            throw refuse("outlier", "\(outlier.decimal)", "a rate between 0 and 100%")
        }
        guard (1...inside).contains(required) else {
            throw refuse("required", "\(required)", "1 to \(inside), the number of sources inside the index")
        }
        self.sources = sources
        self.maxAge = maxAge
        self.outlier = outlier
        self.required = required
    }

    func source(named name: String) -> Source? { sources.first { $0.name == name } }

    /// Whether a report still counts at `now`; at exactly `maxAge` it does.
    func isFresh(_ report: IndexReport, at now: Timestamp) -> Bool {
        guard let maxAge else { return true }
        return report.time + maxAge >= now
    }

    /// The weighted mean of the fresh reports within `outlier` of their median, to the nearest tick.
    ///
    /// - Parameter outside: the sources outside the index instead, of which one is enough.
    /// - Returns: `nil` where too few are left.
    func composite(of reports: [IndexReport], at now: Timestamp, outside: Bool = false) -> Price? {
        var fresh: [(price: Price, weight: Int64)] = []
        for report in reports where isFresh(report, at: now) {
            guard let source = source(named: report.name), source.outside == outside else { continue }
            fresh.append((report.price, source.weight))
        }
        guard let median = doubledMedian(of: fresh.map(\.price)) else { return nil }
        if let outlier {
            // |price - median| <= outlier x median, both sides doubled so that a median between two prices is exact.
            fresh.removeAll {
                Int128((2 * $0.price.wide - median).magnitude) * Rate.one.wide > outlier.wide * median
            }
        }
        guard !fresh.isEmpty, fresh.count >= (outside ? 1 : required) else { return nil }
        let sum = fresh.reduce(Int128(0)) { $0 + $1.price.wide * Int128($1.weight) }
        let weights = fresh.reduce(Int128(0)) { $0 + Int128($1.weight) }
        return Price(Int64(divide(sum, by: weights, .nearest)))
    }
}

/// The latest price of one index source, and when it was observed.
struct IndexReport: Sendable {
    let name: String
    var price: Price
    var time: Timestamp
}

/// The median of `prices`, to the nearest tick where it lies between two; `nil` of none.
func median(of prices: [Price]) -> Price? {
    doubledMedian(of: prices).map { Price(Int64(divide($0, by: 2, .nearest))) }
}

/// Twice the median, which is whole.
private func doubledMedian(of prices: [Price]) -> Int128? {
    guard !prices.isEmpty else { return nil }
    let sorted = prices.sorted()
    return sorted[(sorted.count - 1) / 2].wide + sorted[sorted.count / 2].wide
}
