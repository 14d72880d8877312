public import BreakwaterCore

/// Where commands are kept before they count: on this machine's disk, or on several machines.
///
/// `append` is called from one thread, batch after batch; `forEachBatch` from any other at the same time.
public protocol Journal: Sendable {
    /// The rules the venue began with.
    var rulebook: Rulebook { get }
    /// The sequence number of the first command kept: 1 unless those before have been pruned.
    var first: Int64 { get }
    /// The sequence number of the last command kept; 0 for none.
    var last: Int64 { get }
    /// Keeps batches. They are durable when this returns; when it throws, nobody knows.
    func append(_ batches: [JournalBatch]) throws
    /// Hands the batches that hold `sequence` and what follows to `body`, in order, checked.
    ///
    /// Throws `DataFault` with its place where one is missing or not what was written; those before have been handed on.
    func forEachBatch(from sequence: Int64, _ body: (JournalBatch) throws -> Void) throws
    /// Lets go of what it holds; nothing is appended after.
    func close()
}

extension Journal {
    public var first: Int64 { 1 }
    public func close() {}
    public func append(_ batch: JournalBatch) throws { try append([batch]) }
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
        var sequence = first
        do {
            var reader = try JournalReader(bytes[...])
            while let (command, time) = try reader.next() {
                let actor = try reader.text()
                let origin = Origin(actor, clientOrderID: try reader.text())
                try body(sequence, time, command, origin)
                sequence += 1
            }
        } catch let fault as JournalFault {
            throw damage("command \(sequence), at byte \(fault.offset): \(fault.sentence)")
        }
        guard sequence == last + 1 else {
            throw damage("it holds \(sequence - first) commands, not \(last - first + 1)")
        }
    }

    private func damage(_ what: String) -> DataFault {
        .damagedBatch(file: "the journal", sequence: first, what: what)
    }
}

extension JournalWriter {
    mutating func append(_ command: Command, at time: Timestamp, from origin: Origin) {
        append(command, at: time)
        append(origin)
    }

    mutating func append(_ origin: Origin) {
        append(origin.actor)
        append(origin.clientOrderID)
    }
}
