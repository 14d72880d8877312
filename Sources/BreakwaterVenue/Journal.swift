public import BreakwaterCore

/// Where commands are kept before they count: on this machine's disk, or on several machines.
///
/// `append` is called from one thread, batch after batch; `forEachBatch` from any other at the same time.
public protocol Journal: Sendable {
    /// The rules the venue began with.
    var rulebook: Rulebook { get }
    /// The sequence number of the last command kept; 0 for none.
    var last: Int64 { get }
    /// Keeps a batch. It is durable when this returns; when it throws, nobody knows.
    func append(_ batch: JournalBatch) throws
    /// Hands the batches that hold `sequence` and what follows to `body`, in order, checked.
    func forEachBatch(from sequence: Int64, _ body: (JournalBatch) throws -> Void) throws
}

/// Commands that are made durable together.
public struct JournalBatch: Sendable {
    /// The sequence numbers of its first and last command.
    public let first: Int64
    public let last: Int64
    /// The commands as `JournalWriter` wrote them, each followed by the two texts of its origin.
    public let bytes: [UInt8]

    public init(first: Int64, last: Int64, bytes: [UInt8]) {
        self.first = first
        self.last = last
        self.bytes = bytes
    }

    /// Hands every command to `body`, in order, with its sequence number, time and origin.
    public func forEachCommand(_ body: (Int64, Timestamp, Command, Origin) throws -> Void) throws {
        var reader = try JournalReader(bytes[...])
        var sequence = first
        while let (command, time) = try reader.next() {
            let actor = try reader.text()
            try body(sequence, time, command, Origin(actor, clientOrderID: try reader.text()))
            sequence += 1
        }
    }
}

extension JournalWriter {
    mutating func append(_ command: Command, at time: Timestamp, from origin: Origin) {
        append(command, at: time)
        append(origin.actor)
        append(origin.clientOrderID)
    }
}
