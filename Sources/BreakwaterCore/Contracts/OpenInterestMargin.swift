/// IM that grows with a contract's open interest, for new risk only; MM stays. Source: dYdX v4.
///
/// IM = min(base + (open interest - from) / (to - from) x (1 - base), 1), the fraction held between 0 and 1.
public struct OpenInterestMargin: Sendable, Equatable {
    /// Open interest, as notional at mark in the settlement currency, up to which nothing changes.
    public let from: Amount
    /// Open interest from which new risk needs its whole value.
    public let to: Amount

    public init(from: Amount, to: Amount) throws(TermsError) {
        guard from >= .zero, to > from else {
            throw TermsError(
                key: "openInterestMargin.to", value: "\(to.raw) smallest units",
                expected: "more than from, which is zero or more")
        }
        self.from = from
        self.to = to
    }
}

/// A time of expected volatility, in which new risk needs at least this IM rate (seed 003).
public struct AnnouncedEvent: Sendable, Equatable {
    public let from: Timestamp
    /// The first moment after it.
    public let to: Timestamp
    public let initial: Rate

    public init(from: Timestamp, to: Timestamp, initial: Rate) {
        self.from = from
        self.to = to
        self.initial = initial
    }
}
