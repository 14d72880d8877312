internal import BreakwaterTapes
internal import Foundation
internal import GRDB

/// The results of runs in SQLite, by the address of their work unit. A result is written whole or not at all, so that a
/// sweep goes on where it was killed.
public struct ResultStore: Sendable {
    private let database: DatabaseQueue
    private let file: String

    /// Opens a file of results, or makes one.
    public init(_ file: String) throws {
        self.file = file
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        do {
            database = try DatabaseQueue(path: file, configuration: configuration)
            try database.write(Self.create)
        } catch {
            throw BadInput(file: file, expected: "a file of results that can be written, or none")
        }
    }

    private static func create(in database: Database) throws {
        let columns = RunResult.Metric.allCases.map { "\($0.rawValue) INTEGER NOT NULL" }.joined(separator: ", ")
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS results (
                    address TEXT PRIMARY KEY, description TEXT NOT NULL, seed TEXT NOT NULL, \(columns),
                    state_hash TEXT NOT NULL
                ) STRICT, WITHOUT ROWID
                """)
    }

    /// Writes a result; one that is there already stays, as it is the same.
    func add(_ result: RunResult, of unit: WorkUnit) throws {
        let marks = Array(repeating: "?", count: RunResult.Metric.allCases.count + 4).joined(separator: ", ")
        let values: [(any DatabaseValueConvertible)?] =
            [unit.address, unit.description, "\(unit.seed)"] + result.values + [result.stateHash]
        try database.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO results VALUES (\(marks))", arguments: StatementArguments(values))
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
