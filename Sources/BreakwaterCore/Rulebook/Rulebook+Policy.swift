extension Rulebook {
    /// Whom its `autoDeleverage` stage closes first, or `nil` where the waterfall has no such stage.
    public var deleveragePolicy: AutoDeleveragePolicy? {
        waterfall.lazy.compactMap { if case .autoDeleverage(let policy) = $0 { policy } else { nil } }.first
    }

    /// The same rules with another choice of who is deleveraged first; unchanged where nobody ever is.
    public func replacing(policy: AutoDeleveragePolicy) -> Rulebook {
        var other = self
        other.waterfall = waterfall.map { stage in
            if case .autoDeleverage = stage { .autoDeleverage(policy) } else { stage }
        }
        return other
    }
}
