public import BreakwaterCore
internal import BreakwaterJournal
internal import Foundation
internal import GRDB
internal import Synchronization

/// The journal in one SQLite file: a row for each batch, its commands as one blob with its checksum.
public final class SQLiteJournal: Journal {
    public let rulebook: Rulebook
    private let writer: DatabaseQueue
    private let file: String
    private let lastKept: Mutex<Int64>

    public var last: Int64 { lastKept.withLock { $0 } }

    /// Opens the journal in `file`, or begins one under `rulebook`.
    public init(_ file: String, rulebook: @autoclosure () throws -> Rulebook) throws {
        self.file = file
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        writer = try DatabaseQueue(path: file, configuration: configuration)
        try writer.write { database in
            try database.execute(sql: "CREATE TABLE IF NOT EXISTS genesis (rulebook BLOB NOT NULL)")
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS batches (
                        first INTEGER PRIMARY KEY, last INTEGER NOT NULL, checksum INTEGER NOT NULL, bytes BLOB NOT NULL
                    )
                    """)
        }
        if let bytes = try writer.read({ try Row.fetchOne($0, sql: "SELECT rulebook FROM genesis") }) {
            let data: [UInt8] = Array(bytes["rulebook"] as Data)
            var reader = try JournalReader(data[...])
            self.rulebook = try reader.rulebook()
        } else {
            let rules = try rulebook()
            var first = JournalWriter()
            first.append(rules)
            try writer.write { try $0.execute(sql: "INSERT INTO genesis VALUES (?)", arguments: [Data(first.bytes)]) }
            self.rulebook = rules
        }
        lastKept = Mutex(try writer.read { try Int64.fetchOne($0, sql: "SELECT max(last) FROM batches") } ?? 0)
    }

    public func append(_ batch: JournalBatch) throws {
        try writer.writeWithoutTransaction { database in
            let statement = try database.cachedStatement(sql: "INSERT INTO batches VALUES (?, ?, ?, ?)")
            let checksum = Int64(Checksum.of(batch.bytes[...]))
            try statement.execute(arguments: [batch.first, batch.last, checksum, Data(batch.bytes)])
        }
        lastKept.withLock { $0 = batch.last }
    }

    public func forEachBatch(from sequence: Int64, _ body: (JournalBatch) throws -> Void) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let reader = try DatabaseQueue(path: file, configuration: configuration)
        try reader.read { database in
            let rows = try Row.fetchCursor(
                database, sql: "SELECT * FROM batches WHERE last >= ? ORDER BY first", arguments: [sequence])
            while let row = try rows.next() {
                try body(JournalBatch(first: row["first"], last: row["last"], bytes: Array(row["bytes"] as Data)))
            }
        }
    }
}
