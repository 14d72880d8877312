/// Contracts and their tables. They are read through the initialisers that check them.
extension Currency: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(name, decimals) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(name: try journal.read(), decimals: try journal.read())
    }
}

extension ContractKind: Journaled {}
extension Contract: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(symbol, kind, settle, decimals, tick, lot, multiplier, display)
        journal.write(maxLeverage, tiers, fees, openInterestMargin, index, maxAge)
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        let (symbol, kind): (String, ContractKind) = (try journal.read(), try journal.read())
        let (settle, decimals): (CurrencyID, Int) = (try journal.read(), try journal.read())
        let (tick, lot): (ExactDecimal, ExactDecimal) = (try journal.read(), try journal.read())
        let (multiplier, display): (ExactDecimal, Int) = (try journal.read(), try journal.read())
        let (maxLeverage, tiers): (Leverage, Tiers) = (try journal.read(), try journal.read())
        let fees: Fees = try journal.read()
        guard (0...36).contains(decimals) else { throw journal.fault(.outOfRange) }
        self = try journal.checked { () throws(TermsError) in
            try Contract(
                symbol: symbol, kind: kind, settle: settle, currency: Currency(name: symbol, decimals: decimals),
                tick: tick, lot: lot, multiplier: multiplier, display: display,
                maxLeverage: maxLeverage, tiers: tiers, fees: fees)
        }
        openInterestMargin = try journal.read()
        index = try journal.read()
        maxAge = try journal.read()
    }
}

extension ExactDecimal: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(unsigned: UInt64(truncatingIfNeeded: digits))
        journal.write(Int64(truncatingIfNeeded: digits >> 64))
        journal.write(places)
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        let low = try journal.readUnsigned()
        let high = try journal.readWord()
        let places = try Int(from: &journal)
        guard (0...37).contains(places) else { throw journal.fault(.outOfRange) }
        self.init(digits: Int128(high) << 64 | Int128(low), places: places)
    }
}

extension Contract.Fees: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(maker, taker, liquidation) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(maker: try journal.read(), taker: try journal.read(), liquidation: try journal.read())
        guard !maker.raw.addingReportingOverflow(taker.raw).overflow else { throw journal.fault(.outOfRange) }
    }
}

extension Tiers: Journaled {
    func write(to journal: inout JournalWriter) {
        switch self {
        case .stepped(let rows):
            journal.write(byte: 0)
            journal.write(rows)
        case .progressive(let rows):
            journal.write(byte: 1)
            journal.write(rows)
        case .concentration(let terms):
            journal.write(byte: 2)
            journal.write(terms.base, terms.slope, terms.scale, terms.maintenance)
        }
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        switch try journal.readByte() {
        case 0: self = .stepped(try journal.read())
        case 1: self = .progressive(rows: try journal.read())
        case 2:
            self = .concentration(
                Concentration(
                    base: try journal.read(), slope: try journal.read(), scale: try journal.read(),
                    maintenance: try journal.read()))
        case let code: throw journal.fault(.unknownCode(code))
        }
    }
}

extension RiskLimit: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(upTo, initial, maintenance) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(upTo: try journal.read(), initial: try journal.read(), maintenance: try journal.read())
        // Deductions are sums of limit x rate: up to here, a thousand wholes, any table's stay within their width.
        for rate in [initial, maintenance] where abs(rate.wide) > 1_000 * Rate.one.wide {
            throw journal.fault(.outOfRange)
        }
    }
}

extension Share: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(part, whole) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        let (part, whole): (Int64, Int64) = (try journal.read(), try journal.read())
        guard part > 0, part < whole else { throw journal.fault(.outOfRange) }
        (self.part, self.whole) = (part, whole)
    }
}

extension OpenInterestMargin: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(from, to) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        let (from, to): (Amount, Amount) = (try journal.read(), try journal.read())
        self = try journal.checked { () throws(TermsError) in try OpenInterestMargin(from: from, to: to) }
    }
}

extension IndexTerms: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(sources, maxAge, outlier, required) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        let (sources, maxAge): ([Source], Duration?) = (try journal.read(), try journal.read())
        let (outlier, required): (Rate?, Int) = (try journal.read(), try journal.read())
        self = try journal.checked { () throws(TermsError) in
            try IndexTerms(sources: sources, maxAge: maxAge, outlier: outlier, required: required)
        }
    }
}

extension IndexTerms.Source: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(name, weight, outside) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(name: try journal.read(), weight: try journal.read(), outside: try journal.read())
    }
}
