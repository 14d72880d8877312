import BreakwaterCore

/// The terms of a contract's index as `list` writes them.
extension Fields {
    /// `index: {sources: [{name: A, weight: "2"}, …], maxAge: 30s, outlier: 5%, required: 2}`, or `nil` without it.
    mutating func indexTerms() throws(BadInput) -> IndexTerms? {
        guard var terms = try object("index") else { return nil }
        guard let list = try terms.objects("sources") else {
            throw terms.missing("sources", "a list of {name, weight, outside}")
        }
        var sources: [IndexTerms.Source] = []
        for var item in list {
            let name = try item.requiredName("name")
            let weight = try item.decimal("weight") ?? ExactDecimal(digits: 1)
            guard let millionths = weight.scaled(toPlaces: 6), let whole = Int64(exactly: millionths) else {
                throw item.refuse("weight", "\(weight)", "a weight of at most six decimals")
            }
            sources.append(IndexTerms.Source(name: name, weight: whole, outside: try item.flag("outside") ?? false))
            try item.finish("an index source")
        }
        let (maxAge, outlier) = (try terms.duration("maxAge"), try terms.rate("outlier"))
        let required = try terms.wholeNumber("required", upTo: Limits.listings) ?? 1
        try terms.finish("a contract's index")
        do {
            return try IndexTerms(sources: sources, maxAge: maxAge, outlier: outlier, required: required)
        } catch {
            throw terms.refuse(error.key, error.value, error.expected)
        }
    }

    /// When a price was observed: a moment, or `nil` for that of the line.
    mutating func observed() throws(BadInput) -> Timestamp? {
        let expected = "a moment such as 2022-01-20T00:00:00Z"
        guard let text = try text("asOf", expected: expected) else { return nil }
        guard let moment = Timestamp(iso: text) else { throw refuse("asOf", text, expected) }
        return moment
    }
}
