/// When the venue's own prices are due: marks, premium samples and funding, at UTC multiples of their cadences.
extension Exchange {
    /// The next moment at which a price or payment is due; `nil` while there is nothing to compute one from.
    ///
    /// Once no source of an index is fresh nothing is due any more, so that idle years are no ticks at all.
    var nextPriceTimer: Timestamp? {
        guard rulebook.prices.mark != nil || rulebook.prices.funding != nil else { return nil }
        let rules = rulebook.prices
        let tick = rules.mark.map { now.nextMultiple(of: $0.interval) }
        let sample = rules.funding.map { now.nextMultiple(of: $0.sample) }
        var next: Timestamp?
        for market in markets.indices {
            if let tick, markets[market].hasFreshSource(at: tick) { next = min(tick, next ?? tick) }
            if let sample, sample <= markets[market].freshUntil, markets[market].hasFreshSource(at: sample) {
                next = min(sample, next ?? sample)
            }
            if let due = markets[market].averages.premium.due { next = min(due, next ?? due) }
        }
        return next
    }

    /// Does what is due at this moment: marks first, then samples and payments made on them.
    mutating func firePriceTimers() {
        if let rules = rulebook.prices.mark, now.isMultiple(of: rules.interval) { takeComputedMarks(rules) }
        if let rules = rulebook.prices.funding {
            if now.isMultiple(of: rules.sample) { samplePremiums(rules) }
            payComputedFunding(rules)
        }
    }
}

extension Rejection {
    /// How an order ends whose fill was refused.
    var cancelReason: CancelReason {
        if case .staleMark = self { .staleMark } else { .insufficientMargin }
    }
}
