/// How much of a position is closed in the book at a time, from when, and how far from the mark.
public struct PartialClose: Sendable, Equatable {
    public let close: Portion
    /// Positions worth no more than this at mark are closed whole.
    public let over: Threshold
    /// How long after one part the next may follow; `nil` for at once.
    public let cooldown: Duration?
    public let duringCooldown: DuringCooldown
    /// Works only while margin is above this level; below it later stages do. `nil` for always.
    public let above: MarginLevel?
    /// The worst price, as a distance from the mark; `nil` for as far as the margin goes.
    public let slippage: Rate?

    public enum Portion: Sendable, Equatable {
        /// A share of the position each time, rounded up to a whole lot. Source: Hyperliquid, 20 %.
        case fraction(Rate)
        /// As much as brings margin back to IM at mark. Source: Coinbase International.
        case toInitial
        /// What exceeds the next lower row of a stepped table, row by row. Source: MEXC (seed 002).
        case toTier
        case all
    }

    public enum DuringCooldown: String, Sendable, CaseIterable {
        case wait
        /// Closes the whole position, as Hyperliquid does when the first part did not help.
        case all
    }

    public init(
        close: Portion, over: Threshold = .none, cooldown: Duration? = nil,
        duringCooldown: DuringCooldown = .wait, above: MarginLevel? = nil, slippage: Rate? = nil
    ) {
        self.close = close
        self.over = over
        self.cooldown = cooldown
        self.duringCooldown = duringCooldown
        self.above = above
        self.slippage = slippage
    }

    func validate(in rulebook: Rulebook) throws(TermsError) {
        func refuse(_ key: String, _ value: String, _ expected: String) -> TermsError {
            TermsError(key: "partial.\(key)", value: value, expected: expected)
        }
        try rulebook.checkSlippage(slippage, of: .partial(self))
        switch close {
        case .fraction(let rate):
            guard rate > .zero, rate < .one else {
                throw refuse("close", "\(rate.decimal)", "a share between 0 and 100%, or all")
            }
        case .toTier:
            guard rulebook.basis == .entry else {
                throw refuse("close", "toTier", "basis entry, because only stepped tables have rows to close down to")
            }
        case .toInitial, .all: break
        }
        if let cooldown, cooldown <= .zero { throw refuse("cooldown", "0", "a length above zero, or none") }
        guard above != .closeOut || rulebook.closeOut != nil else {
            throw refuse("above", "closeOut", "a closeOut margin in the rulebook")
        }
    }
}

/// A full close in the book.
public struct MarketClose: Sendable, Equatable {
    public let slippage: Rate?
    /// Who keeps the margin that closing leaves over. Seed 003 knows both.
    public let remainder: Remainder

    public enum Remainder: String, Sendable, CaseIterable {
        case trader
        case fund
    }

    public init(slippage: Rate?, remainder: Remainder) {
        self.slippage = slippage
        self.remainder = remainder
    }
}

/// When and how the liquidation engine takes a position over.
public struct Takeover: Sendable, Equatable {
    /// How long the offer in the book stands before the stages after it begin; `nil` for as long as the mark allows.
    public let patience: Duration?
    /// Only when margin is at or below this level; `nil` for whenever the stage is reached.
    public let below: MarginLevel?
    /// Whether the position is offered in the book at its bankruptcy price first.
    public let offers: Bool

    public init(patience: Duration? = nil, below: MarginLevel? = nil, offers: Bool = true) {
        self.patience = patience
        self.below = below
        self.offers = offers
    }
}

/// A level of margin between MM and zero, at which one stage hands over to the next.
public enum MarginLevel: Sendable, Equatable, CustomStringConvertible {
    /// The rulebook's close-out margin.
    case closeOut
    /// This share of MM.
    case ofMaintenance(Share)

    public var description: String {
        switch self {
        case .closeOut: "closeOut"
        case .ofMaintenance(let share): "\(share.part)/\(share.whole)"
        }
    }
}

/// Close-out margin = max(share of IM, MM - share of notional). Source: Coinbase International.
public struct CloseOut: Sendable, Equatable {
    public let initial: Share
    public let notional: Rate

    public init(initial: Share, notional: Rate) {
        self.initial = initial
        self.notional = notional
    }
}
