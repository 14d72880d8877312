public import BreakwaterCore
internal import BreakwaterJournal
internal import Foundation
internal import GRDB
internal import Synchronization

/// The journal in one SQLite file: a row for each batch, its commands as one blob, with a checksum over all of the row.
///
/// SQLite writes its log first (WAL) and flushes it at the end of every transaction (`synchronous` FULL, read back after
/// opening). Copying the log into the file is done on a connection and thread of its own, so that no batch waits for it.
public final class SQLiteJournal: Journal {
    public let rulebook: Rulebook
    public let file: String
    /// What was found behind the last complete transaction, in words; `nil` for nothing.
    public let tail: String?
    private let writer: DatabaseQueue
    private let checkpointer: Checkpointer?
    private let range: Mutex<(first: Int64, last: Int64)>

    public static let version = 1

    public var first: Int64 { range.withLock { $0.first } }
    public var last: Int64 { range.withLock { $0.last } }

    /// Opens the journal in `file`, or begins one under `rulebook`.
    ///
    /// - Parameter checkpointEvery: how many bytes of batches are copied from SQLite's log into its file at a time.
    public convenience init(
        _ file: String, checkpointEvery: Int = 16 << 20, rulebook: @autoclosure () throws -> Rulebook
    ) throws {
        let tail = try Self.checkLog(of: file)
        let isNew = !Disk.exists(file)
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        }
        let writer = try Self.reading(file) {
            let writer = try DatabaseQueue(path: file, configuration: configuration)
            try writer.read { try $0.assertDurable(file) }
            try JournalSchema.create(in: writer, file, rulebook)
            return writer
        }
        if isNew { try Disk.flush(folder: URL(filePath: file).deletingLastPathComponent().path) }
        try self.init(file, writer, tail: tail, checkpointer: try Checkpointer(file, every: checkpointEvery))
    }

    /// Opens the journal in `file` to read it, whoever writes it meanwhile.
    public convenience init(reading file: String) throws {
        guard Disk.exists(file) else { throw DataFault.unreadable(file: file, why: "no such file") }
        let tail = try Self.checkLog(of: file)
        try self.init(file, try Self.reader(of: file), tail: tail, checkpointer: nil)
    }

    private init(_ file: String, _ connection: DatabaseQueue, tail: String?, checkpointer: Checkpointer?) throws {
        self.file = file
        self.tail = tail
        self.checkpointer = checkpointer
        writer = connection
        let (rules, first, last) = try Self.reading(file) {
            let rules = try JournalSchema.rulebook(in: connection, file)
            let first = try connection.read { try Int64.fetchOne($0, sql: "SELECT min(first) FROM batches") }
            let last = try connection.read {
                try Int64.fetchOne($0, sql: "SELECT last FROM batches ORDER BY first DESC LIMIT 1")
            }
            return (rules, first, last)
        }
        rulebook = rules
        range = Mutex((first ?? 1, last ?? 0))
    }

    public func append(_ batches: [JournalBatch]) throws {
        guard let last = batches.last?.last else { return }
        try writer.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                let statement = try database.cachedStatement(sql: "INSERT INTO batches VALUES (?, ?, ?, ?)")
                for batch in batches {
                    try statement.execute(
                        arguments: [batch.first, batch.last, Int64(batch.checksum), Data(batch.bytes)])
                }
                return .commit
            }
        }
        range.withLock { $0.last = last }
        checkpointer?.note(batches.reduce(0) { $0 + $1.bytes.count })
    }

    public func forEachBatch(from sequence: Int64, _ body: (JournalBatch) throws -> Void) throws {
        let reader = try Self.reader(of: file)
        var next: Int64?
        while true {
            // A few rows at a time: whoever reads longer keeps the log from being emptied.
            let rows = try Self.reading(file) {
                try reader.read { database in
                    let start =
                        try next ?? Int64.fetchOne(
                            database, sql: "SELECT coalesce(max(first), ?) FROM batches WHERE first <= ?",
                            arguments: [sequence, sequence])!
                    return try Row.fetchAll(
                        database, sql: "SELECT * FROM batches WHERE first >= ? ORDER BY first LIMIT 16",
                        arguments: [start])
                }
            }
            if rows.isEmpty { return }
            for row in rows {
                let batch = try checked(row, after: next.map { $0 - 1 }, from: sequence)
                next = batch.last + 1
                if batch.last >= sequence { try body(batch) }
            }
        }
    }

    /// A row as the batch it was, where it is that and the next one.
    private func checked(_ row: Row, after known: Int64?, from sequence: Int64) throws -> JournalBatch {
        guard let first = Int64.fromDatabaseValue(row["first"]), let last = Int64.fromDatabaseValue(row["last"]),
            let checksum = Int64.fromDatabaseValue(row["checksum"]), let bytes = Data.fromDatabaseValue(row["bytes"])
        else {
            throw DataFault.damagedBatch(file: file, sequence: (known ?? sequence) + 1, what: "values of another type")
        }
        let batch = JournalBatch(first: first, last: last, bytes: Array(bytes))
        guard checksum == Int64(batch.checksum) else {
            throw DataFault.damagedBatch(file: file, sequence: first, what: "the checksum is another")
        }
        if let known {
            guard first == known + 1 else { throw DataFault.gap(after: known, next: first) }
        } else if first > sequence {
            throw DataFault.gap(after: sequence - 1, next: first)
        }
        guard last >= first else { throw DataFault.damagedBatch(file: file, sequence: first, what: "no commands") }
        return batch
    }

    /// Drops the batches that end with a command up to `sequence`, some at a time, so that appending goes on meanwhile.
    ///
    /// - Returns: how many commands were dropped.
    public func prune(through sequence: Int64) throws -> Int64 {
        let before = first
        while true {
            let dropped = try writer.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        DELETE FROM batches WHERE first IN
                        (SELECT first FROM batches WHERE last <= ? ORDER BY first LIMIT 64)
                        """, arguments: [sequence])
                return database.changesCount
            }
            if dropped == 0 { break }
        }
        let first = try writer.read { try Int64.fetchOne($0, sql: "SELECT min(first) FROM batches") }
        range.withLock { $0.first = first ?? $0.last + 1 }
        return self.first - before
    }

    /// Gives the room of what was pruned back to the disk.
    public func compact() throws { try writer.vacuum() }

    public func close() {
        checkpointer?.stop()
        try? writer.close()
    }

    static func reader(of file: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try reading(file) { try DatabaseQueue(path: file, configuration: configuration) }
    }

    /// Says in our words where a file is not what SQLite wrote.
    static func reading<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DatabaseError {
            throw DataFault.unreadable(file: file, why: error.message ?? "SQLite error \(error.resultCode.rawValue)")
        }
    }

    /// Looks at the log before SQLite does, which would leave out what is damaged without a word.
    private static func checkLog(of file: String) throws -> String? {
        let log = file + "-wal"
        guard Disk.exists(log), let tail = WriteAheadLog(try Disk.read(log)).tail else { return nil }
        // A process that ended while it wrote leaves one transaction unfinished, never two.
        guard tail.commits < 2 else { throw DataFault.damagedLog(file: log, offset: tail.offset, lost: tail.commits) }
        return
            "\(log): \(tail.frames) pages from byte \(tail.offset) on are no complete transaction and were left out; "
            + "what was acknowledged is before them, unless the disk changed it"
    }
}

extension JournalBatch {
    /// Over its numbers and its bytes.
    var checksum: UInt32 {
        var head: [UInt8] = []
        for number in [first, last] {
            for shift in stride(from: 0, to: 64, by: 8) {
                head.append(UInt8(truncatingIfNeeded: number >> Int64(shift)))
            }
        }
        return Checksum.of(bytes[...], after: Checksum.of(head[...]))
    }
}

extension Database {
    /// Refuses a connection that would not keep what it acknowledged.
    fileprivate func assertDurable(_ file: String) throws {
        for (setting, wanted) in [("journal_mode", "wal"), ("synchronous", "2")] {
            let found = try String.fetchOne(self, sql: "PRAGMA \(setting)") ?? "unknown"
            guard found == wanted else { throw DataFault.notDurable(file: file, setting: setting, found: found) }
        }
    }
}
