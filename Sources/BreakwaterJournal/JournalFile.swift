public import BreakwaterCore

/// A whole journal as one file: the rulebook a venue began with, then batches of commands, each with its checksum.
///
/// The file begins with a line that says what it is. Then, again and again: the length of a batch and its checksum, four
/// bytes each, lowest first, and the batch as `JournalWriter` wrote it. The first holds the rulebook and nothing else.
public struct JournalFile: Sendable {
    public let rulebook: Rulebook
    public private(set) var bytes: [UInt8]
    /// Where the batches of commands lie in `bytes`.
    private var batches: [Range<Int>] = []

    private static let title = Array("Breakwater journal\n".utf8)

    /// A journal of a venue that begins under `rulebook`.
    public init(rulebook: Rulebook) {
        self.rulebook = rulebook
        bytes = Self.title
        var first = JournalWriter()
        first.append(rulebook)
        append(first)
        batches.removeAll()
    }

    /// Reads a file, and checks all of it: batches that were written only in part, or changed since, are faults.
    public init(bytes: [UInt8]) throws(JournalFault) {
        guard bytes.starts(with: Self.title) else { throw JournalFault(at: 0, .noJournal) }
        var offset = Self.title.count
        while offset < bytes.count {
            guard bytes.count - offset >= 8 else { throw JournalFault(at: offset, .endsEarly) }
            let length = Int(Self.word(in: bytes, at: offset))
            let checksum = Self.word(in: bytes, at: offset + 4)
            offset += 8
            guard length <= bytes.count - offset else { throw JournalFault(at: offset, .endsEarly) }
            let batch = offset..<offset + length
            guard Checksum.of(bytes[batch]) == checksum else { throw JournalFault(at: offset, .damaged) }
            batches.append(batch)
            offset = batch.upperBound
        }
        guard !batches.isEmpty else { throw JournalFault(at: offset, .endsEarly) }
        var first = try JournalReader(bytes[batches.removeFirst()])
        rulebook = try first.rulebook()
        self.bytes = bytes
    }

    public mutating func append(_ batch: JournalWriter) {
        let start = bytes.count + 8
        for word in [UInt32(batch.bytes.count), Checksum.of(batch.bytes[...])] {
            for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        bytes += batch.bytes
        batches.append(start..<bytes.count)
    }

    /// Hands every command to `body`, in order.
    public func forEachCommand(_ body: (Command, Timestamp) -> Void) throws(JournalFault) {
        for batch in batches {
            var reader = try JournalReader(bytes[batch])
            while let (command, time) = try reader.next() { body(command, time) }
        }
    }

    /// The venue that all of it makes.
    public func replayed() throws(JournalFault) -> Exchange {
        var exchange = Exchange(rulebook: rulebook)
        for batch in batches {
            var reader = try JournalReader(bytes[batch])
            while let (command, time) = try reader.next() { exchange.execute(command, at: time) }
        }
        return exchange
    }

    private static func word(in bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
