internal import BreakwaterCore
public import BreakwaterVenue
internal import Foundation
internal import GRDB
internal import Synchronization

/// What has happened at a venue, for everybody who asks: orders, fills, wallets, positions, liquidations, prices.
///
/// A follower that folds executions into a SQLite database of its own, which can be dropped and folded again at any
/// time. One thread folds, any number read beside it. How far it has come is written with what it wrote, so that after a
/// crash it goes on where it stood.
///
/// ```swift
/// let history = try History("data/history.sqlite")
/// let exchange = try history.catchUp(snapshot, after: sequence, with: journal)
/// let venue = Venue(exchange, journal: journal, followers: [history])
/// …
/// try await history.caughtUp(to: done.sequence)
/// let orders = try await history.orders(of: account)
/// ```
public final class History: Follower {
    let database: DatabasePool
    private let backlog: Mutex<Backlog>
    private let done = DispatchSemaphore(value: 0)

    /// Opens the history in `file`, or begins one.
    public init(_ file: String) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // Pages that many orders change are copied into the file once for all of them.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 8000")
            try database.execute(sql: "PRAGMA cache_size = -16384")
        }
        database = try DatabasePool(path: file, configuration: configuration)
        try database.write { database in
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            if version == 0 { try Schema.create(in: database) }
            guard version == 0 || version == Schema.version else {
                throw HistoryFault.otherVersion(found: version, expected: Schema.version)
            }
        }
        let fold = Handed(try database.read { try Fold(on: $0) })
        backlog = Mutex(Backlog(applied: fold.value.sequence))
        start(fold)
    }

    deinit { backlog.withLock { $0 }.close() }

    /// The sequence number of the last command that is in the tables.
    public var applied: Int64 { backlog.withLock { $0 }.state.applied }

    /// Why nothing more comes into the tables; `nil` while all is well.
    public var fault: HistoryFault? { backlog.withLock { $0 }.state.fault }

    /// Takes in what was made durable. Commands that it holds already are passed over.
    ///
    /// Whoever is 200,000 commands ahead of the tables waits here.
    public func take(_ batch: [Execution]) { backlog.withLock { $0 }.put(batch) }

    /// Returns once the tables hold the command numbered `sequence`.
    public func caughtUp(to sequence: Int64) async throws(HistoryFault) {
        let backlog = backlog.withLock { $0 }
        let fault = await withCheckedContinuation { continuation in
            backlog.wait(for: sequence) { continuation.resume(returning: $0) }
        }
        if let fault { throw fault }
    }

    /// Folds what it has been given, and closes. Nothing can be asked of it afterwards.
    public func stop() {
        finish()
        try? database.close()
    }

    private func finish() {
        let backlog = backlog.withLock { $0 }
        backlog.close()
        done.wait()
        done.signal()
        backlog.stop(for: .stopped)
    }

    private func start(_ fold: Handed<Fold>) {
        let (database, backlog, done) = (database, backlog.withLock { $0 }, done)
        Thread.start("history", standsBack: true) {
            Self.run(fold.value, backlog, on: database)
            done.signal()
        }
    }

    private static func run(_ fold: Fold, _ backlog: Backlog, on database: DatabasePool) {
        while let batch = backlog.take() {
            do {
                try database.write { database in
                    for execution in batch { try fold.fold(execution, into: database) }
                    try fold.flush(into: database)
                }
                backlog.finish(upTo: fold.sequence)
            } catch {
                return backlog.stop(for: .writingFailed("\(error)"))
            }
        }
    }

    /// Drops every table. What is folded next begins a new history.
    ///
    /// Nothing may be given to it meanwhile.
    public func clear() throws {
        finish()
        try database.write { database in
            try Schema.drop(in: database)
            try Schema.create(in: database)
        }
        try restart()
    }

    /// Begins with what `exchange` holds after the command numbered `sequence`, where the journal before is gone.
    func begin(with exchange: borrowing Exchange, after sequence: Int64) throws {
        finish()
        let opening = Opening(of: exchange, after: sequence)
        try database.write { try opening.write(into: $0) }
        try restart()
    }

    /// Folds on from what the tables hold.
    private func restart() throws {
        let fold = Handed(try database.read { try Fold(on: $0) })
        backlog.withLock { $0 = Backlog(applied: fold.value.sequence) }
        done.wait()
        start(fold)
    }
}

/// What is handed to another thread once and for all.
private struct Handed<Value>: @unchecked Sendable {
    // The thread that made it keeps nothing of it.
    let value: Value
    init(_ value: Value) { self.value = value }
}
