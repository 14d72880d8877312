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
        let impact = try threshold("impact")
        return ComputedMark(
            method: method, components: components, average: average, impact: impact,
            interval: try requiredDuration("interval"))
    }

    private mutating func fundingRules() throws(BadInput) -> FundingRules {
        FundingRules(
            interval: try requiredDuration("interval"), sample: try requiredDuration("sample"),
            interest: try requiredRate("interest"), clamp: try requiredRate("clamp"), cap: try rate("cap"),
            impact: try threshold("impact"), paid: try choice("paid") ?? .sameInterval)
    }
}
