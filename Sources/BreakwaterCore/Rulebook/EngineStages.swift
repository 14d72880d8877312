/// How the insurance fund helps.
public enum FundUse: Sendable, Equatable {
    /// Pays for closing in the book beyond the bankruptcy price, at most so far from the mark.
    case aggress(slippage: Rate?)
    /// Takes the position onto its own book, paying its loss at mark; at most this share of the fund stands behind such
    /// positions. What the share does not cover goes on to the next stage.
    case absorb(capital: Rate)
}

/// Who is deleveraged first, and at which price.
public struct AutoDeleverage: Sendable, Equatable {
    public var policy: AutoDeleveragePolicy
    public let price: DeleveragePrice

    public init(_ policy: AutoDeleveragePolicy, at price: DeleveragePrice = .bankruptcy) {
        self.policy = policy
        self.price = price
    }
}

public enum AutoDeleveragePolicy: String, Sendable, CaseIterable {
    /// PnL % times effective leverage, or divided by it for losers. Source: BitMEX, "Auto-Deleveraging".
    case bitmexRank
    /// (mark / entry) x (notional / account value), in the position's direction. Source: Hyperliquid.
    case hyperliquidIndex
    /// [max(0, unrealised) / wallet] x [MM / (wallet + unrealised)]. Source: Binance.
    case binanceRank
    /// Every winner by its size, in whole lots; then everybody else alike. Source: arXiv 2512.01112.
    case proRata
}

public enum DeleveragePrice: String, Sendable, CaseIterable {
    /// That of the position taken over, so that nobody but the other side gains or loses.
    case bankruptcy
    /// The mark before the last one (Hyperliquid); what the engine gains or loses by it is the fund's.
    case previousMark
}

/// An amount for each settlement currency that it is given in; nothing where it is not.
public struct Threshold: Sendable, Equatable {
    let amounts: [Entry]

    public struct Entry: Sendable, Equatable {
        public let currency: CurrencyID
        public let amount: Amount

        public init(_ currency: CurrencyID, _ amount: Amount) {
            self.currency = currency
            self.amount = amount
        }
    }

    public static let none = Threshold([])

    public init(_ amounts: [Entry]) { self.amounts = amounts }

    /// Whether it can say how much to buy or sell, in thought, to see what the book pays.
    func validateImpact(key: String) throws(TermsError) {
        guard !amounts.isEmpty else { throw TermsError(key: key, value: "none", expected: "an amount for a currency") }
        for entry in amounts where entry.amount <= .zero || entry.amount.raw > Limits.value {
            throw TermsError(key: key, value: "\(entry.amount.raw)", expected: "1 to \(Limits.value) smallest units")
        }
    }

    public subscript(currency: CurrencyID) -> Amount? { amounts.first { $0.currency == currency }?.amount }
}

/// How fast forced orders may use the book. What exceeds it waits and resumes in order.
public struct ForcedFlow: Sendable, Equatable {
    /// The share of the visible depth they may take in one second; `nil` for all of it.
    public let depth: Rate?
    /// The notional they may trade in one second.
    public let perSecond: Threshold

    public init(depth: Rate?, perSecond: Threshold) {
        self.depth = depth
        self.perSecond = perSecond
    }
}

/// Currencies that back an account beside the one it trades in.
public struct Collateral: Sendable, Equatable {
    public let into: CurrencyID
    public let assets: [Asset]

    public struct Asset: Sendable, Equatable {
        public let currency: CurrencyID
        /// The contract whose mark prices it.
        public let symbol: String
        /// Taken off its value, so that it counts less than it would fetch.
        public let haircut: Rate
        /// The most of it that counts for one account; `nil` for all.
        public let limit: Amount?

        public init(currency: CurrencyID, symbol: String, haircut: Rate, limit: Amount?) {
            self.currency = currency
            self.symbol = symbol
            self.haircut = haircut
            self.limit = limit
        }
    }

    public init(into: CurrencyID, assets: [Asset]) {
        self.into = into
        self.assets = assets
    }
}
