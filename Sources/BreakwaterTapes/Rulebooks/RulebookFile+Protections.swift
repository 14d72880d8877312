import BreakwaterCore

extension Fields {
    /// Reads what keeps prices from running away: the band for limits, the breaker for the mark.
    mutating func protections(into rulebook: inout Rulebook) throws(BadInput) {
        rulebook.priceBand = try rate("priceBand")
        guard var terms = try object("breaker") else { return }
        let move = try terms.requiredRate("move")
        guard let within = try terms.duration("within") else {
            throw terms.missing("within", "a length of time such as 5m")
        }
        let action: Breaker.Action = try terms.requiredChoice("action")
        guard let length = try terms.duration("for") else { throw terms.missing("for", "a length of time such as 5m") }
        try terms.finish("a breaker")
        do {
            rulebook.breaker = try Breaker(move: move, within: within, action: action, length: length)
        } catch {
            throw terms.refuse(error.key, error.value, error.expected)
        }
    }
}
