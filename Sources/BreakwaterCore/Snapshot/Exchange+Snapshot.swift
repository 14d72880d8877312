/// The whole state as bytes: what a venue starts from instead of all its commands.
///
/// Written in the coding of the journal, whose version is the first byte; the second is the snapshot's own. Everything
/// that decides what the exchange does next is in it, calm positions folded. Who is watched is not: that follows.
///
/// What is looked up by number is written in the order of those numbers, and everything that only links it (chains, queues,
/// free places, sums of orders) is built anew from it.
extension Exchange {
    /// The version that is written. Older ones can be read: in version 1 no account is restricted.
    static let snapshotVersion: UInt8 = 2

    /// The state between two commands. Visits everything.
    public func snapshot() -> [UInt8] {
        var journal = JournalWriter()
        journal.write(byte: Self.snapshotVersion)
        journal.write(rulebook, now, nextSettlement, changes)
        journal.write(directory.currencies, directory.contracts, directory.accountNames)
        journal.write(Int(liquidationCount), turns, raisesMargins)
        writeMarkets(to: &journal)
        writeAccounts(to: &journal)
        writeWallets(to: &journal)
        writePositions(to: &journal)
        writeEngine(to: &journal)
        writeOrders(to: &journal)
        writePending(to: &journal)
        return journal.bytes
    }

    /// The exchange that a snapshot was taken of.
    ///
    /// It executes every further command as that one would, event for event. Bytes of any other origin are refused
    /// where they name what is not there; figures that contradict each other show in `brokenInvariants`.
    public static func restored(from bytes: [UInt8]) throws(JournalFault) -> Exchange {
        var journal = try JournalReader(bytes[...])
        let version = try journal.readByte()
        guard version >= 1, version <= snapshotVersion else {
            throw JournalFault(at: bytes.startIndex + 1, .unknownVersion(version))
        }
        var exchange = Exchange(empty: try journal.read())
        try exchange.read(from: &journal, version)
        return exchange
    }

    private mutating func read(from journal: inout JournalReader, _ version: UInt8) throws(JournalFault) {
        advance(to: try journal.readUnit(from: 0, to: Timestamp.latest.raw))
        nextSettlement = try journal.read()
        changes = try journal.read()
        try readDirectory(from: &journal)
        liquidationCount = try journal.readPlace(below: Int(Int32.max))
        turns = try journal.read()
        raisesMargins = try journal.read()
        try readMarkets(from: &journal)
        try readAccounts(from: &journal, version)
        try readWallets(from: &journal)
        try readPositions(from: &journal)
        try readEngine(from: &journal)
        try readOrders(from: &journal)
        try readPending(from: &journal)
        guard journal.isAtEnd else { throw journal.fault(.contradiction) }
    }

    private mutating func readDirectory(from journal: inout JournalReader) throws(JournalFault) {
        let currencies: [Currency] = try journal.read()
        guard currencies.count <= Limits.listings else { throw journal.fault(.outOfRange) }
        for currency in currencies {
            guard directory.currency(named: currency.name) == nil else { throw journal.fault(.contradiction) }
            directory.add(currency)
            walletsByCurrency.append([])
        }
        let contracts: [Contract] = try journal.read()
        guard contracts.count <= Limits.listings else { throw journal.fault(.outOfRange) }
        for contract in contracts {
            guard directory.contract(named: contract.symbol) == nil, contract.settle.raw >= 0,
                contract.settle.index < currencies.count
            else { throw journal.fault(.contradiction) }
            directory.add(contract)
        }
        for _ in 0..<(try journal.readCount()) {
            let name: String = try journal.read()
            guard directory.account(named: name) == nil else { throw journal.fault(.contradiction) }
            directory.add(accountNamed: name)
        }
    }
}

extension JournalReader {
    /// A place in a table of `count` entries.
    mutating func readPlace(below count: Int) throws(JournalFault) -> Int32 {
        let place = try readWord()
        guard place >= 0, place < count, let place = Int32(exactly: place) else { throw fault(.outOfRange) }
        return place
    }

    mutating func readPlaces(below count: Int) throws(JournalFault) -> [Int32] {
        var places: [Int32] = []
        for _ in 0..<(try readCount()) { places.append(try readPlace(below: count)) }
        return places
    }

    /// A number from 0 to `limit`, or to that below zero too: a quarter of the range unless told, so that two can be added.
    mutating func readUnit<Unit: UnitInteger>(
        from least: Int64 = -(.max / 4), to limit: Int64 = .max / 4
    ) throws(JournalFault) -> Unit {
        let raw = try readWord()
        guard raw >= least, raw <= limit else { throw fault(.outOfRange) }
        return Unit(raw)
    }
}

extension JournalWriter {
    mutating func write(places: [Int32]) {
        write(unsigned: UInt64(places.count))
        for place in places { write(Int64(place)) }
    }
}
