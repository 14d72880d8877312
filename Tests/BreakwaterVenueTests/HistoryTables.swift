import BreakwaterVenue
import Foundation
import GRDB

@testable import BreakwaterCore
@testable import BreakwaterHistory

extension History {
    /// Every row of every table as text: what two histories are compared by.
    func dump() throws -> [String] {
        try database.read { database in
            try Schema.tables.flatMap { table in
                let rows = try Row.fetchAll(database, sql: "SELECT * FROM \(table)")
                return rows.map { row in "\(table): " + row.map { "\($1)" }.joined(separator: " ") }.sorted()
            }
        }
    }

    /// Folds executions in batches, and returns when they are in the tables.
    func fold(_ executions: some Collection<Execution>, batch: Int = 1_000) async throws {
        var batchOf: [Execution] = []
        for execution in executions {
            batchOf.append(execution)
            if batchOf.count == batch {
                take(batchOf)
                batchOf = []
            }
        }
        take(batchOf)
        try await caughtUp(to: executions.reduce(0) { max($0, $1.sequence) })
    }
}

/// A folder for a test's files, removed with it.
struct Folder: ~Copyable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "breakwater-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// Copies a database with what SQLite keeps beside it, as it lies there at the moment.
    func copy(_ name: String, to copy: String) throws {
        for ending in ["", "-wal"] where FileManager.default.fileExists(atPath: file(name + ending)) {
            try FileManager.default.copyItem(atPath: file(name + ending), toPath: file(copy + ending))
        }
    }
}

extension Exchange {
    /// What orders show that are open, waiting ones included, by id; those of nobody's left out.
    func openOrderChanges() -> [OrderChange] {
        var changes: [OrderChange] = []
        for market in markets.indices {
            for side in OrderSide.allCases {
                var slot = markets[market].book.front.first(side)
                while slot >= 0 {
                    changes.append(change(orders[slot]))
                    let next = orders[slot].next
                    slot = next >= 0 ? next : markets[market].book.first(behind: orders[slot])
                }
            }
            changes += pending.queue(in: market).map { change($0) }
        }
        return changes.filter { $0.account != nil && $0.id != .none }.sorted { $0.id < $1.id }
    }

    /// Every position there ever was, as it stands now, by account, contract and side.
    func allPositions() -> [PositionChange] {
        positions.indices.map { change(present($0)) }.sorted {
            ($0.key.account, $0.key.contract, $0.key.side.rawValue)
                < ($1.key.account, $1.key.contract, $1.key.side.rawValue)
        }
    }
}
