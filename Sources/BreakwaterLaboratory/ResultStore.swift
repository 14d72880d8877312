internal import BreakwaterTapes
internal import Foundation
internal import GRDB

/// The results of runs in SQLite, by the address of their work unit. A result is written whole or not at all, so that a
/// sweep goes on where it was killed.
public struct ResultStore: Sendable {
    private let database: DatabaseQueue
    private let file: String

    /// Marks the file as one of results: "BwLR".
    private static let application = 0x4277_4C52

    /// Opens a file of results, or makes one. Several processes may write to it at a time.
    public init(_ file: String) throws {
        self.file = file
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        do {
            database = try DatabaseQueue(path: file, configuration: configuration)
            try database.write { database in
                if try Self.isKnown(database, file) { return }
                try Self.create(in: database)
            }
        } catch let error as BadInput {
            throw error
        } catch {
            throw BadInput(file: file, expected: "a file of results that can be written, or none")
        }
    }

    /// Whether a file holds results of this kind; `false` where it holds nothing yet.
    private static func isKnown(_ database: Database, _ file: String) throws -> Bool {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if application == Self.application, version == RunResult.version { return true }
        guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
            throw BadInput(
                file: file,
                expected: "results of sweeps as this version of Breakwater writes them, or a file that is not there yet"
            )
        }
        return false
    }

    private static func create(in database: Database) throws {
        try database.execute(sql: "PRAGMA application_id = \(application)")
        try database.execute(sql: "PRAGMA user_version = \(RunResult.version)")
        let columns = RunResult.Metric.allCases.map { "\($0.rawValue) INTEGER NOT NULL" }.joined(separator: ", ")
        try database.execute(
            sql: """
                CREATE TABLE results (
                    address TEXT PRIMARY KEY, description TEXT NOT NULL, seed TEXT NOT NULL, \(columns),
                    state_hash TEXT NOT NULL
                ) STRICT, WITHOUT ROWID
                """)
    }

    /// Writes a result. One that is there already stays; where it is another, the two programs were not the same.
    func add(_ result: RunResult, of unit: WorkUnit) throws {
        let marks = Array(repeating: "?", count: RunResult.Metric.allCases.count + 4).joined(separator: ", ")
        let values: [(any DatabaseValueConvertible)?] =
            [unit.address, unit.description, "\(unit.seed)"] + result.values + [result.stateHash]
        try database.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO results VALUES (\(marks))", arguments: StatementArguments(values))
            let kept = try String.fetchOne(
                database, sql: "SELECT state_hash FROM results WHERE address = ?", arguments: [unit.address])
            guard kept == result.stateHash else {
                throw BadInput(
                    file: file, key: "results.\(unit.address)", value: kept,
                    expected: "the state hash \(result.stateHash), as this run came to: another program wrote the file")
            }
        }
    }

    /// Every result there is, by address.
    func results() throws -> [String: RunResult] {
        try database.read { database in
            var results: [String: RunResult] = [:]
            let rows = try Row.fetchCursor(database, sql: "SELECT * FROM results")
            while let row = try rows.next() {
                let values = RunResult.Metric.allCases.map { row[$0.rawValue] as Int64 }
                results[row["address"]] = RunResult(values: values, stateHash: row["state_hash"])
            }
            return results
        }
    }
}
