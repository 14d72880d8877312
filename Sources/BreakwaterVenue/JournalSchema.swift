internal import BreakwaterCore
internal import BreakwaterJournal
internal import Foundation
internal import GRDB

/// The tables of a journal: what it is and began with, and its batches.
enum JournalSchema {
    static func create(in writer: DatabaseQueue, _ file: String, _ rulebook: () throws -> Rulebook) throws {
        let tables = try writer.read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if tables.contains("venue") { return }
        guard tables.isEmpty else { throw DataFault.unreadable(file: file, why: "it is no journal") }
        var first = JournalWriter()
        first.append(try rulebook())
        let checksum = Int64(Checksum.of(first.bytes[...]))
        try writer.write { database in
            try database.execute(
                sql: "CREATE TABLE venue (version INTEGER NOT NULL, checksum INTEGER NOT NULL, rulebook BLOB NOT NULL)")
            try database.execute(
                sql: """
                    CREATE TABLE batches (
                        first INTEGER PRIMARY KEY, last INTEGER NOT NULL, checksum INTEGER NOT NULL, bytes BLOB NOT NULL
                    )
                    """)
            try database.execute(
                sql: "INSERT INTO venue VALUES (?, ?, ?)",
                arguments: [SQLiteJournal.version, checksum, Data(first.bytes)])
        }
    }

    /// The rules that the venue began with, from a file of a version that is known here.
    static func rulebook(in reader: DatabaseQueue, _ file: String) throws -> Rulebook {
        guard let row = try reader.read({ try Row.fetchOne($0, sql: "SELECT * FROM venue") }),
            let version = Int.fromDatabaseValue(row["version"])
        else { throw DataFault.unreadable(file: file, why: "it is no journal") }
        guard version == SQLiteJournal.version else {
            throw DataFault.incompatible(
                file: file, found: "version \(version)", expected: "version \(SQLiteJournal.version)")
        }
        let bytes = Data.fromDatabaseValue(row["rulebook"]).map(Array.init) ?? []
        guard Int64.fromDatabaseValue(row["checksum"]) == Int64(Checksum.of(bytes[...])) else {
            throw DataFault.damagedBatch(file: file, sequence: 0, what: "the rulebook's checksum is another")
        }
        do throws(JournalFault) {
            var journal = try JournalReader(bytes[...])
            return try journal.rulebook()
        } catch {
            throw DataFault.damagedBatch(file: file, sequence: 0, what: error.sentence)
        }
    }
}
