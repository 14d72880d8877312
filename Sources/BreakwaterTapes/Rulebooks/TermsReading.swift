import BreakwaterCore

/// Contracts and tier tables as tapes and rulebooks write them.
extension Fields {
    /// Reads a contract's terms, in the settlement currency found in `venue`.
    mutating func contract(in venue: Directory) throws(BadInput) -> Contract {
        let symbol = try requiredName("symbol")
        let kind: ContractKind = try requiredChoice("kind")
        let (id, currency) = try currency("settle", in: venue)
        let tick = try requiredDecimal("tick")
        let lot = try decimal("lot") ?? ExactDecimal(digits: 1)
        let multiplier = try decimal("multiplier") ?? ExactDecimal(digits: 1)
        guard let maxLeverage = try leverage("maxLeverage") else {
            throw missing("maxLeverage", "a leverage such as \"50\"")
        }
        guard let tiers = try tiers(in: currency, lot: lot) else {
            throw missing("tiers", "stepped, progressive or concentration")
        }
        let fees = Contract.Fees(
            maker: try rate("makerFee") ?? .zero, taker: try rate("takerFee") ?? .zero,
            liquidation: try rate("liquidationFee") ?? .zero)
        let display = try wholeNumber("display", upTo: 18)
        let openInterest = try openInterestMargin(in: currency)
        let (index, maxAge) = (try indexTerms(), try duration("maxAge"))
        if let maxAge, maxAge <= .zero { throw refuse("maxAge", "\(maxAge.raw)us", "a length of time above zero") }
        try finish("a contract")
        do {
            var contract = try Contract(
                symbol: symbol, kind: kind, settle: id, currency: currency, tick: tick, lot: lot,
                multiplier: multiplier,
                display: display, maxLeverage: maxLeverage, tiers: tiers, fees: fees)
            contract.openInterestMargin = openInterest
            contract.index = index
            contract.maxAge = maxAge
            return contract
        } catch {
            throw refuse(error.key, error.value, error.expected)
        }
    }

    private mutating func openInterestMargin(in currency: Currency) throws(BadInput) -> OpenInterestMargin? {
        guard var terms = try object("openInterestMargin") else { return nil }
        let (from, to) = (try terms.amount("from", in: currency), try terms.amount("to", in: currency))
        try terms.finish("openInterestMargin")
        do { return try OpenInterestMargin(from: from, to: to) } catch {
            throw terms.refuse("to", "\(currency.decimal(to))", error.expected)
        }
    }

    mutating func currency(_ key: String, in venue: Directory) throws(BadInput) -> (CurrencyID, Currency) {
        let name = try requiredName(key)
        guard let id = venue.currency(named: name) else {
            throw refuse(key, name, "a known currency: \(venue.currencies.map(\.name).joined(separator: ", "))")
        }
        return (id, venue[id])
    }

    package mutating func wholeNumber(_ key: String, upTo limit: Int) throws(BadInput) -> Int? {
        let expected = "a whole number from 0 to \(limit)"
        guard let decimal = try decimal(key, expected: expected) else { return nil }
        guard decimal.places == 0, decimal.digits >= 0, decimal.digits <= Int128(limit) else {
            throw refuse(key, "\(decimal)", expected)
        }
        return Int(decimal.digits)
    }

    /// A tier table: `tiers` names its kind, `riskLimits` or `concentration` holds its numbers.
    mutating func tiers(in currency: Currency, lot: ExactDecimal) throws(BadInput) -> Tiers? {
        guard let kind = try text("tiers", expected: "stepped, progressive or concentration") else { return nil }
        switch kind {
        case "stepped": return .stepped(try riskLimits(in: currency))
        case "progressive": return .progressive(rows: try riskLimits(in: currency))
        case "concentration": return .concentration(try concentration(lot: lot))
        default: throw refuse("tiers", kind, "stepped, progressive or concentration")
        }
    }

    private mutating func riskLimits(in currency: Currency) throws(BadInput) -> [RiskLimit] {
        guard let rows = try objects("riskLimits") else { throw missing("riskLimits", "a list of {upTo, im, mm}") }
        guard rows.count <= 1000 else { throw refuse("riskLimits", "\(rows.count) rows", "at most 1000 risk limits") }
        var limits: [RiskLimit] = []
        for var row in rows {
            let value = try row.requiredDecimal("upTo")
            guard let upTo = currency.amount(value) else {
                throw row.refuse("upTo", "\(value)", "an amount of at most \(currency.decimals) decimals")
            }
            limits.append(
                RiskLimit(upTo: upTo, initial: try row.requiredRate("im"), maintenance: try row.requiredRate("mm")))
            try row.finish("a risk limit")
        }
        return limits
    }

    private mutating func concentration(lot: ExactDecimal) throws(BadInput) -> Concentration {
        guard var terms = try object("concentration") else {
            throw missing("concentration", "an object {im, slope, scale, mm}")
        }
        let scale = try terms.requiredDecimal("scale")
        guard let lots = scale.steps(of: lot), lots > 0 else {
            throw terms.refuse("scale", "\(scale)", "a size above zero in whole lots of \(lot)")
        }
        let share = try terms.requiredText("mm", expected: "a share of im such as 2/3")
        guard let maintenance = Share(text: share) else { throw terms.refuse("mm", share, "a share of im such as 2/3") }
        let concentration = Concentration(
            base: try terms.requiredRate("im"), slope: try terms.requiredRate("slope"), scale: Size(lots),
            maintenance: maintenance)
        try terms.finish("a concentration table")
        return concentration
    }
}
