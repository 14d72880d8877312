/// Commands with their times as bytes: what a venue keeps, so that it can be built again.
///
/// A stream is one version byte and then its records: each a time, counted from the record before, the command's code,
/// and the command's fields in the order of their declaration. Whole numbers take as many bytes as they need, seven bits
/// each, lowest first; negative ones are folded between the positive (0, -1, 1, -2, …). Nothing is looked up elsewhere:
/// contracts and rulebooks are written out.
///
/// ```swift
/// var journal = JournalWriter()
/// journal.append(.deposit(account, currency, Amount(1_000_000)), at: moment)
/// store(journal.bytes)
/// ```
public struct JournalWriter: Sendable {
    /// The first byte of every stream; another number is another format.
    public static let version: UInt8 = 1

    public private(set) var bytes = [version]
    private var time = Timestamp.zero

    public init() {}

    public mutating func append(_ command: Command, at time: Timestamp) {
        // Times that go backwards are refused by the exchange, and kept like every command that is.
        write(time.raw &- self.time.raw)
        self.time = time
        command.write(to: &self)
    }

    /// Writes a rulebook, as a stream of its own begins with the rules its commands run under.
    public mutating func append(_ rulebook: Rulebook) { rulebook.write(to: &self) }

    /// Writes a text, which the reader has to ask for at the same place.
    public mutating func append(_ text: String) { text.write(to: &self) }

    /// Writes texts again that another writer wrote, without its version.
    public mutating func append(texts other: JournalWriter) { bytes.append(contentsOf: other.bytes[1...]) }

    /// Begins a new stream in the same memory.
    public mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(Self.version)
        time = .zero
    }

    package mutating func write(byte: UInt8) { bytes.append(byte) }

    mutating func write(bytes more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    package mutating func write(unsigned word: UInt64) {
        if word < 0x80 { return bytes.append(UInt8(truncatingIfNeeded: word)) }
        var rest = word
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    package mutating func write(_ word: Int64) { write(unsigned: UInt64(bitPattern: word << 1 ^ word >> 63)) }

    /// Writes values one after another.
    mutating func write<each Value: Journaled>(_ values: repeat each Value) {
        repeat (each values).write(to: &self)
    }
}

/// What a journal can hold: written as bytes, and read back the same.
protocol Journaled {
    func write(to journal: inout JournalWriter)
    init(from journal: inout JournalReader) throws(JournalFault)
}
