/// Reads a stream that `JournalWriter` wrote. Bytes of any other origin are refused, whatever they are.
///
/// ```swift
/// var journal = try JournalReader(bytes[...])
/// while let (command, time) = try journal.next() { exchange.execute(command, at: time) }
/// ```
public struct JournalReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    /// Where the next byte is read, in the indices of the bytes given.
    public private(set) var offset: Int
    private var time = Timestamp.zero

    /// Begins a stream; its version has to be the writer's.
    public init(_ bytes: ArraySlice<UInt8>) throws(JournalFault) {
        self.bytes = bytes
        offset = bytes.startIndex
        let version = try readByte()
        guard version == JournalWriter.version else {
            throw JournalFault(at: bytes.startIndex, .unknownVersion(version))
        }
    }

    /// The next command and its time, or `nil` at the end.
    public mutating func next() throws(JournalFault) -> (command: Command, time: Timestamp)? {
        guard offset < bytes.endIndex else { return nil }
        time = Timestamp(time.raw &+ (try readWord()))
        return (try Command(from: &self), time)
    }

    /// A rulebook, which stands where `JournalWriter.append` wrote one.
    public mutating func rulebook() throws(JournalFault) -> Rulebook { try read() }

    /// A text, which stands where `JournalWriter.append` wrote one.
    public mutating func text() throws(JournalFault) -> String { try readText() }

    /// Whether every byte has been read.
    package var isAtEnd: Bool { offset == bytes.endIndex }

    mutating func readByte() throws(JournalFault) -> UInt8 {
        guard offset < bytes.endIndex else { throw fault(.endsEarly) }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func readUnsigned() throws(JournalFault) -> UInt64 {
        // Most numbers are one byte.
        let first = try readByte()
        var word = UInt64(first & 0x7f)
        if first < 0x80 { return word }
        var shift: UInt64 = 7
        while true {
            let byte = try readByte()
            // The tenth byte has room for one more bit.
            guard shift < 63 || byte <= 1 else { throw fault(.outOfRange) }
            word |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return word }
            shift += 7
        }
    }

    package mutating func readWord() throws(JournalFault) -> Int64 {
        let word = try readUnsigned()
        return Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1)
    }

    /// How many elements follow. Each takes a byte at least, so that no count promises more than there are bytes.
    package mutating func readCount() throws(JournalFault) -> Int {
        let count = try readUnsigned()
        guard count <= UInt64(bytes.endIndex - offset) else { throw fault(.endsEarly) }
        return Int(count)
    }

    mutating func readText() throws(JournalFault) -> String {
        let count = try readCount()
        guard let text = String(validating: bytes[offset..<offset + count], as: UTF8.self) else {
            throw fault(.notText)
        }
        offset += count
        return text
    }

    mutating func read<Value: Journaled>() throws(JournalFault) -> Value { try Value(from: &self) }

    /// What `make` makes of values that were read, where these may contradict each other.
    func checked<Value>(_ make: () throws(TermsError) -> Value) throws(JournalFault) -> Value {
        do { return try make() } catch { throw fault(.terms(error)) }
    }

    package func fault(_ reason: JournalFault.Reason) -> JournalFault { JournalFault(at: offset, reason) }
}

/// Why bytes are no journal, and where.
public struct JournalFault: Error, Equatable, Sendable {
    /// The place of the byte at which it was noticed.
    public let offset: Int
    public let reason: Reason

    public enum Reason: Equatable, Sendable {
        /// The bytes end within a record.
        case endsEarly
        /// Written in a format that is not known here.
        case unknownVersion(UInt8)
        /// No command, or no choice of a field, has this code.
        case unknownCode(UInt8)
        /// A number that the field cannot hold.
        case outOfRange
        /// A name that is not UTF-8.
        case notText
        /// Terms of a contract or rulebook that contradict each other.
        case terms(TermsError)
        /// Something named that is not there, or named twice.
        case contradiction
        /// Not the file of a journal.
        case noJournal
        /// The checksum of a batch is not that of its bytes.
        case damaged
    }

    public init(at offset: Int, _ reason: Reason) {
        self.offset = offset
        self.reason = reason
    }
}
