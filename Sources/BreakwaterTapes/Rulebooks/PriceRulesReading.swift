import BreakwaterCore

/// How a rulebook file tells marks and funding: the keys `mark`, `markCap` and `funding`.
extension Fields {
    mutating func priceRules() throws(BadInput) -> PriceRules {
        var rules = PriceRules()
        if var mark = try object("mark") {
            rules.mark = try mark.computedMark()
            try mark.finish("a rulebook's mark")
        }
        if var cap = try object("markCap") {
            rules.cap = MarkCap(perSecond: try cap.requiredRate("perSecond"), within: try cap.requiredRate("within"))
            try cap.finish("a rulebook's markCap")
        }
        if var funding = try object("funding") {
            rules.funding = try funding.fundingRules()
            try funding.finish("a rulebook's funding")
        }
        return rules
    }

    /// `method: external` is no computed mark and takes no other key.
    private mutating func computedMark() throws(BadInput) -> ComputedMark? {
        let name = try requiredName("method")
        if name == "external" { return nil }
        guard let method = ComputedMark.Method(rawValue: name) else {
            let methods = ["external"] + ComputedMark.Method.allCases.map(\.rawValue)
            throw refuse("method", name, "one of \(methods.joined(separator: ", "))")
        }
        var components: [ComputedMark.Component] = []
        for word in try words("of") {
            guard let component = ComputedMark.Component(rawValue: word) else {
                let known = ComputedMark.Component.allCases.map(\.rawValue)
                throw refuse("of", word, "three of \(known.joined(separator: ", "))")
            }
            components.append(component)
        }
        let average = try duration("average")
        let impact = try impactNotionals()
        return ComputedMark(
            method: method, components: components, average: average, impact: impact,
            interval: try requiredDuration("interval"))
    }

    private mutating func fundingRules() throws(BadInput) -> FundingRules {
        FundingRules(
            interval: try requiredDuration("interval"), sample: try requiredDuration("sample"),
            interest: try requiredRate("interest"), clamp: try requiredRate("clamp"), cap: try rate("cap"),
            impact: try impactNotionals(), paid: try choice("paid") ?? .sameInterval)
    }

    /// `impact: {USDT: "10000"}`: amounts by currency, of those every venue knows, whose numbers are their places.
    private mutating func impactNotionals() throws(BadInput) -> [ImpactNotional] {
        guard var amounts = try object("impact") else { return [] }
        var list: [ImpactNotional] = []
        for name in amounts.keys {
            guard let index = Currency.common.firstIndex(where: { $0.name == name }) else {
                let known = Currency.common.map(\.name).joined(separator: ", ")
                throw amounts.refuse(name, nil, "one of \(known)")
            }
            list.append(ImpactNotional(CurrencyID(index: index), try amounts.amount(name, in: Currency.common[index])))
        }
        return list
    }

    private mutating func requiredDuration(_ key: String) throws(BadInput) -> BreakwaterCore.Duration {
        guard let duration = try duration(key) else { throw missing(key, "a length of time such as 5s") }
        return duration
    }
}
