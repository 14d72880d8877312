internal import Foundation
internal import GRDB

/// Copies SQLite's log into its file, on a thread and connection of its own.
///
/// That goes on beside appending. Only where the log has grown long, because it never came to rest, is it emptied for
/// once: appending then waits for the last part of it.
final class Checkpointer: @unchecked Sendable {
    private let connection: DatabaseQueue
    // The condition guards these.
    private let condition = NSCondition()
    private var waiting = 0
    private var isStopping = false
    private var isDone = false

    /// How many bytes of batches are copied together.
    private let enough: Int
    /// How many pages make the log long.
    private static let longLog = 16_384

    init(_ file: String, every enough: Int) throws {
        self.enough = enough
        var configuration = Configuration()
        // Whoever reads for long is not waited for, or appending would wait too.
        configuration.busyMode = .timeout(0.05)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        connection = try DatabaseQueue(path: file, configuration: configuration)
        Thread.start("checkpointer") { self.run() }
    }

    /// Counts what was appended.
    func note(_ bytes: Int) {
        condition.lock()
        waiting += bytes
        if waiting >= enough { condition.signal() }
        condition.unlock()
    }

    /// Empties the log, and returns when that is done.
    func stop() {
        condition.lock()
        isStopping = true
        condition.broadcast()
        while !isDone { condition.wait() }
        condition.unlock()
        try? connection.close()
    }

    private func run() {
        while isDue() {
            // One that could not be made now is made with the next.
            let pages = try? checkpoint("PASSIVE")
            if pages ?? 0 > Self.longLog { _ = try? checkpoint("RESTART") }
        }
        _ = try? checkpoint("TRUNCATE")
        condition.lock()
        isDone = true
        condition.broadcast()
        condition.unlock()
    }

    private func isDue() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while waiting < enough, !isStopping { condition.wait() }
        waiting = 0
        return !isStopping
    }

    /// - Returns: how many pages the log holds.
    private func checkpoint(_ mode: String) throws -> Int {
        try connection.writeWithoutTransaction { database in
            try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(\(mode))")?[1] ?? 0
        }
    }
}
