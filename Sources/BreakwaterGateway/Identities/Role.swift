/// What a person or a key may do at the venue.
public enum Role: String, Sendable, CaseIterable {
    /// Looks at what is its own.
    case readOnly
    /// Looks and trades.
    case trader
    /// A trader that also provides liquidity support.
    case provider
    /// Sees and runs the whole venue; trades like anyone on accounts of its own.
    case riskAdmin

    public func allows(_ right: Right) -> Bool {
        switch right {
        case .look: true
        case .trade: self != .readOnly
        case .provide: self == .provider || self == .riskAdmin
        case .administer: self == .riskAdmin
        }
    }

    /// Whether a key of this role may be made by somebody with `other`: none can do more than its owner.
    public func isWithin(_ other: Role) -> Bool { Right.allCases.allSatisfy { !allows($0) || other.allows($0) } }
}

/// What a request needs.
public enum Right: String, Sendable, CaseIterable {
    case look, trade, provide, administer
}
