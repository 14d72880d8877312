/// Contracts' prices and what else a market keeps; its book, positions and lots are written where those are.
extension Exchange {
    func writeMarkets(to journal: inout JournalWriter) {
        for market in markets {
            journal.write(market.tiers, market.ownTiers, market.mark, market.last, market.freshUntil)
            journal.write(market.sources, market.averages, market.openInterest, market.halted, market.previousMark)
            journal.write(market.forced, market.absorbed, market.announced)
            journal.write(Int64(truncatingIfNeeded: market.carried >> 64))
            journal.write(unsigned: UInt64(truncatingIfNeeded: market.carried))
            journal.write(market.pausedUntil, market.auction, market.recentMarks, market.lastSeen)
        }
    }

    mutating func readMarkets(from journal: inout JournalReader) throws(JournalFault) {
        for contract in directory.contracts {
            let (tiers, own): (Tiers, Tiers?) = (try journal.read(), try journal.read())
            for table in [tiers, own ?? tiers] {
                if case .concentration = table { continue }
                guard !table.limits.isEmpty else { throw journal.fault(.contradiction) }
            }
            var market = Market(contract, tiers: tiers)
            market.ownTiers = own
            market.mark = try journal.readPrice()
            market.last = try journal.readPrice()
            market.freshUntil = try journal.read()
            market.sources = try journal.read()
            market.averages = try journal.read()
            market.openInterest = try journal.readUnit(from: 0)
            market.shortInterest = market.openInterest
            market.halted = try journal.read()
            market.previousMark = try journal.readPrice()
            market.forced = try journal.read()
            market.absorbed = try journal.read()
            market.announced = try journal.read()
            let high = try journal.readWord()
            market.carried = Int128(high) << 64 | Int128(try journal.readUnsigned())
            market.pausedUntil = try journal.read()
            market.auction = try journal.read()
            market.recentMarks = try journal.read()
            market.lastSeen = try journal.readPrice()
            watch.markets.append(Watch.Market(history: PriceHistory(lastMark: market.mark)))
            markets.append(market)
        }
    }
}

extension JournalReader {
    mutating func readPrice() throws(JournalFault) -> Price? {
        try Bool(from: &self) ? try readUnit(from: 1, to: Limits.ticksOrLots) : nil
    }
}

extension IndexReport: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(name, price, time) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        name = try journal.read()
        price = try journal.readUnit(from: 1, to: Limits.ticksOrLots)
        time = try journal.read()
    }
}

extension PriceAverages: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(observed, restarted, stable, basis, premium) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            observed: try journal.read(), restarted: try journal.read(), stable: try journal.read(),
            basis: try journal.read(), premium: try journal.read())
    }
}

extension StablePrice: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(price, raw, time) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        price = try journal.read()
        raw = try journal.readUnit(from: 1, to: Limits.ticksOrLots)
        time = try journal.read()
    }
}

extension BasisAverage: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(value, time) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(value: try journal.read(), time: try journal.read())
    }
}

extension PremiumAverage: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(sum, count, fixed, due) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            sum: try journal.read(), count: try journal.read(), fixed: try journal.read(), due: try journal.read())
    }
}

extension ForcedUse: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(second, sells, buys, notional, waits) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            second: try journal.read(), sells: try journal.read(), buys: try journal.read(),
            notional: try journal.read(), waits: try journal.read())
    }
}

extension Absorbed: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(size, settled, paid) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(size: try journal.read(), settled: try journal.read(), paid: try journal.read())
    }
}

extension Auction: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(until) }
    init(from journal: inout JournalReader) throws(JournalFault) { self.init(until: try journal.read()) }
}

extension MarkWindow: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(lows, highs) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(lows: try journal.read(), highs: try journal.read())
    }
}

extension MarkWindow.Entry: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(price, end) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(price: try journal.read(), end: try journal.read())
    }
}
