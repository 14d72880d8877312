import BreakwaterCore

/// Rules that protect the venue beyond its waterfall.
extension Fields {
    mutating func protections(into rulebook: inout Rulebook) throws(BadInput) {
        rulebook.priceBand = try rate("priceBand")
        rulebook.breaker = try breaker()
        rulebook.transferMargin = try rate("transferMargin")
        if var terms = try object("closeOut") {
            rulebook.closeOut = CloseOut(
                initial: try terms.requiredShare("im"), notional: try terms.requiredRate("notional"))
            try terms.finish("a close-out margin")
        }
        if var terms = try object("forcedFlow") {
            rulebook.forcedFlow = ForcedFlow(
                depth: try terms.rate("depth"), perSecond: try terms.threshold("perSecond"))
            try terms.finish("forcedFlow")
        }
        if var terms = try object("collateral") {
            rulebook.collateral = try terms.collateral()
            try terms.finish("a collateral table")
        }
    }

    private mutating func breaker() throws(BadInput) -> Breaker? {
        guard var terms = try object("breaker") else { return nil }
        let (move, within) = (try terms.requiredRate("move"), try terms.requiredDuration("within"))
        let action: Breaker.Action = try terms.requiredChoice("action")
        let length = try terms.requiredDuration("for")
        try terms.finish("a breaker")
        do { return try Breaker(move: move, within: within, action: action, length: length) } catch {
            throw terms.refuse(error.key, error.value, error.expected)
        }
    }
}
