/// A rulebook, field by field. It is written whole: the file it came from may say something else by the time it is read.
extension Rulebook.CrossModel: Journaled {}
extension Rulebook.Basis: Journaled {}
extension Rulebook.RiskLimitChoice: Journaled {}
extension Rulebook.Trigger: Journaled {}
extension Rulebook.InsuranceScope: Journaled {}

extension Rulebook: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(name, cross, basis, riskLimits, trigger, insurance, waterfall)
        journal.write(settlement, feesInLiquidationPrice, openingBand, tiers, templates, closeOut, transferMargin)
        journal.write(forcedFlow, collateral, liquidationsPerCommand, priceBand, breaker, prices)
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            name: try journal.read(), cross: try journal.read(), basis: try journal.read(),
            riskLimits: try journal.read(), trigger: try journal.read(), insurance: try journal.read(),
            waterfall: try journal.read())
        settlement = try journal.read()
        feesInLiquidationPrice = try journal.read()
        openingBand = try journal.read()
        tiers = try journal.read()
        templates = try journal.read()
        closeOut = try journal.read()
        transferMargin = try journal.read()
        forcedFlow = try journal.read()
        collateral = try journal.read()
        liquidationsPerCommand = try journal.read()
        priceBand = try journal.read()
        breaker = try journal.read()
        prices = try journal.read()
    }
}

extension OwnTiers: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(currency, tiers) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(currency: try journal.read(), tiers: try journal.read())
    }
}

extension CloseOut: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(initial, notional) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(initial: try journal.read(), notional: try journal.read())
    }
}

extension ForcedFlow: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(depth, perSecond) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(depth: try journal.read(), perSecond: try journal.read())
    }
}

extension Threshold: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(amounts) }
    init(from journal: inout JournalReader) throws(JournalFault) { self.init(try journal.read()) }
}

extension Threshold.Entry: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(currency, amount) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(try journal.read(), try journal.read())
    }
}

extension Collateral: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(into, assets) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(into: try journal.read(), assets: try journal.read())
    }
}

extension Collateral.Asset: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(currency, symbol, haircut, limit) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            currency: try journal.read(), symbol: try journal.read(), haircut: try journal.read(),
            limit: try journal.read())
    }
}

extension Breaker.Action: Journaled {}
extension Breaker: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(move, within, action, length) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        let (move, within): (Rate, Duration) = (try journal.read(), try journal.read())
        let (action, length): (Action, Duration) = (try journal.read(), try journal.read())
        self = try journal.checked { () throws(TermsError) in
            try Breaker(move: move, within: within, action: action, length: length)
        }
    }
}

extension PriceRules: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(mark, cap, funding) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init()
        mark = try journal.read()
        cap = try journal.read()
        funding = try journal.read()
    }
}

extension ComputedMark.Method: Journaled {}
extension ComputedMark.Component: Journaled {}
extension ComputedMark: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(method, components, average, impact, interval) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            method: try journal.read(), components: try journal.read(), average: try journal.read(),
            impact: try journal.read(), interval: try journal.read())
    }
}

extension MarkCap: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(perSecond, within) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(perSecond: try journal.read(), within: try journal.read())
    }
}

extension FundingRules.Payment: Journaled {}
extension FundingRules: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(interval, sample, interest, clamp, cap, impact, paid)
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            interval: try journal.read(), sample: try journal.read(), interest: try journal.read(),
            clamp: try journal.read(), cap: try journal.read(), impact: try journal.read(), paid: try journal.read())
    }
}
