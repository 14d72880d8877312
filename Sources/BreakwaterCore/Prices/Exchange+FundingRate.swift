/// The funding rate, computed from what the book pays and asks against the mark.
extension Exchange {
    /// Samples the premium of every contract with a fresh mark and index.
    ///
    /// P = [max(0, impact bid - mark) - max(0, mark - impact ask)] / index, in billionths to nearest, at most one either
    /// way; a side that cannot fill the impact notional has no premium. Under fair price marks the basis that is in the
    /// mark already is added. Source: BitMEX, "Funding".
    mutating func samplePremiums(_ rules: FundingRules) {
        for market in markets.indices where isFresh(market) {
            guard let mark = markets[market].mark, let index = markets[market].index(at: now) else { continue }
            let prices = impactPrices(in: market, rules.impact)
            let above = max(.zero, (prices.bid ?? mark) - mark)
            let below = max(.zero, mark - (prices.ask ?? mark))
            var premium = divide((above - below).wide * Rate.one.wide, by: index.wide, .nearest)
            if rulebook.prices.mark?.method == .fairPrice { premium += fairBasis(in: market).wide }
            markets[market].averages.premium.sum += Int64(max(-Rate.one.wide, min(premium, Rate.one.wide)))
            markets[market].averages.premium.count += 1
            if markets[market].averages.premium.due == nil {
                // A sample taken at the moment of payment belongs to the interval that ends.
                markets[market].averages.premium.due = Timestamp(now.raw - 1).nextMultiple(of: rules.interval)
            }
        }
    }

    /// The rate that the next payment would be at, as far as it is known; `nil` without a sample.
    func fundingRate(in market: Int) -> Rate? {
        guard let rules = rulebook.prices.funding else { return nil }
        switch rules.paid {
        case .sameInterval: return sampledRate(in: market, rules)
        case .nextInterval: return markets[market].averages.premium.fixed
        }
    }

    /// P + clamp(interest - P, +-clamp), held within the cap's share of IM rate - MM rate of the lowest tier.
    private func sampledRate(in market: Int, _ rules: FundingRules) -> Rate? {
        guard let premium = markets[market].averages.premium.mean else { return nil }
        let rate = premium + max(-rules.clamp, min(rules.interest - premium, rules.clamp))
        let room = markets[market].tiers.lowestMarginGap
        let bound = rules.cap.map { Rate(Int64(divide($0.wide * room.wide, by: Rate.one.wide, .down))) } ?? .one
        return max(-bound, min(rate, bound))
    }

    /// Pays what is due now, and begins the next interval. A stale mark pays nothing, and neither does an interval
    /// without a rate; both are told.
    mutating func payComputedFunding(_ rules: FundingRules) {
        for market in markets.indices where markets[market].averages.premium.due == now {
            let sampled = sampledRate(in: market, rules)
            let rate = fundingRate(in: market)
            let goesOn = sampled != nil || rate != nil
            markets[market].averages.premium = PremiumAverage(
                fixed: sampled, due: goesOn ? now.nextMultiple(of: rules.interval) : nil)
            let contract = ContractID(index: market)
            let start = events.count
            do throws(Rejection) {
                guard let rate else { throw .staleMark(contract) }
                events.append(.fundingSet(contract, rate))
                try payFunding(contract, at: rate)
            } catch {
                events.removeSubrange(start...)
                events.append(.fundingSkipped(contract))
            }
        }
    }
}

extension Tiers {
    /// IM rate - MM rate where both are lowest.
    var lowestMarginGap: Rate {
        switch self {
        case .stepped(let rows), .progressive(let rows): rows[0].initial - rows[0].maintenance
        case .concentration(let terms): terms.base - Rate(terms.maintenance.of(Amount(terms.base.raw), .up).raw)
        }
    }
}
