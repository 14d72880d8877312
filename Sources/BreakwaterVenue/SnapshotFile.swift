internal import BreakwaterCore
internal import BreakwaterJournal

/// A replica as one file: a title, the version, the sequence number, the state hash, the exchange, the names clients gave
/// their orders, and a checksum over all of it. Whole numbers outside the two parts take eight bytes, lowest first.
struct SnapshotFile {
    let sequence: Int64
    let stateHash: UInt64
    let bytes: [UInt8]

    private static let title = Array("Breakwater snapshot\n".utf8)
    private static let version: UInt8 = 1
    private static let head = title.count + 1 + 3 * 8

    init(_ replica: borrowing Replica) {
        self.init(
            replica.exchange.snapshot(), names: replica.clientOrders.bytes, sequence: replica.sequence,
            stateHash: replica.exchange.stateHash)
    }

    init(_ exchange: [UInt8], names: [UInt8], sequence: Int64, stateHash: UInt64) {
        self.sequence = sequence
        self.stateHash = stateHash
        var bytes = Self.title + [Self.version]
        bytes.reserveCapacity(Self.head + exchange.count + names.count + 8)
        for word in [UInt64(sequence), stateHash, UInt64(exchange.count)] { bytes.append(word: word) }
        bytes += exchange
        bytes += names
        bytes.append(word: UInt64(Checksum.of(bytes[...])))
        self.bytes = bytes
    }

    /// Reads a file's head and checks its checksum. The two parts are read by `replica`.
    ///
    /// - Parameter path: named in faults.
    init(_ bytes: [UInt8], from path: String) throws(DataFault) {
        func fault(_ offset: Int, _ what: String) -> DataFault {
            .damagedSnapshot(file: path, offset: offset, what: what)
        }
        guard bytes.starts(with: Self.title) else { throw fault(0, "it is no snapshot") }
        guard bytes.count >= Self.head + 8 else { throw fault(bytes.count, "it ends early") }
        let version = bytes[Self.title.count]
        guard version == Self.version else { throw fault(Self.title.count, "version \(version) is not known") }
        guard bytes.word(at: bytes.count - 8) == UInt64(Checksum.of(bytes[..<(bytes.count - 8)])) else {
            throw fault(bytes.count - 8, "the checksum is another")
        }
        let place = Self.title.count + 1
        guard let sequence = Int64(exactly: bytes.word(at: place)),
            bytes.word(at: place + 16) <= UInt64(bytes.count - Self.head - 8)
        else { throw fault(place, "a number out of range") }
        self.sequence = sequence
        stateHash = bytes.word(at: place + 8)
        self.bytes = bytes
    }

    /// What was written, with the state it had then.
    func replica(from path: String) throws(DataFault) -> Replica {
        let split = Self.head + Int(bytes.word(at: Self.title.count + 17))
        do throws(JournalFault) {
            let exchange = try Exchange.restored(from: Array(bytes[Self.head..<split]))
            guard exchange.stateHash == stateHash else { throw JournalFault(at: 0, .damaged) }
            let names = try ClientOrders(bytes: bytes[split..<(bytes.count - 8)])
            return Replica(exchange, names, after: sequence)
        } catch {
            throw .damagedSnapshot(file: path, offset: Self.head + error.offset, what: error.sentence)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(word: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
    }

    fileprivate func word(at offset: Int) -> UInt64 {
        self[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
