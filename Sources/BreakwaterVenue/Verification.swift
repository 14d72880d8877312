public import BreakwaterCore
internal import Foundation
internal import GRDB

/// Goes through a venue's whole journal again, beside a running venue if there is one, and compares.
///
/// Every checksum, no gap, every snapshot against the state its command led to, and conservation and all other invariants
/// on the way and at the end.
public struct Verification: Sendable {
    /// The first and the last command executed; none where both are 0.
    public private(set) var first: Int64 = 0
    public private(set) var last: Int64 = 0
    public private(set) var batches = 0
    public private(set) var snapshots = 0
    /// How often every invariant was looked at.
    public private(set) var inspections = 0
    public private(set) var stateHash: UInt64 = 0
    /// What came in and what is held, by currency, where anything ever came in.
    public private(set) var books: [(currency: String, books: Conservation)] = []
    /// What is wrong, each with its place; empty for a sound folder.
    public private(set) var problems: [String] = []

    /// Invariants are looked at this many times on the way.
    private static let stops: Int64 = 10

    /// - Parameter progress: told how many commands of how many are done.
    public init(of path: String, progress: (Int64, Int64) -> Void = { _, _ in }) throws {
        try VenueFolder.checkFormat(in: path)
        do { try verify(path, progress) } catch let fault as DataFault { problems.append("\(fault)") }
    }

    private mutating func verify(_ path: String, _ progress: (Int64, Int64) -> Void) throws {
        let journal = try SQLiteJournal(reading: VenueFolder.journal(in: path))
        if let tail = journal.tail { problems.append(tail) }
        try checkFile(journal.file)
        // What is written meanwhile is left for the next time.
        let end = journal.last
        var expected = readSnapshots(in: VenueFolder.snapshots(in: path), end)
        var replica = try beginning(of: journal, path)
        first = end == 0 ? 0 : replica.sequence + 1
        let step = max(1, (end - replica.sequence) / Self.stops)
        var stop = replica.sequence + step
        try journal.forEachBatch(from: replica.sequence + 1) { batch in
            guard batch.first <= end else { return }
            batches += 1
            try replica.replay(batch, through: end) { (replica: borrowing Replica, _, _, _) in
                if let wanted = expected.removeValue(forKey: replica.sequence) { compare(replica, with: wanted) }
                if replica.sequence >= stop {
                    inspect(replica)
                    stop = replica.sequence + step
                }
            }
            progress(batch.last, end)
        }
        if replica.sequence != end { throw DataFault.gap(after: replica.sequence, next: end + 1) }
        last = end
        if inspections == 0 || stop != end + step { inspect(replica) }
        stateHash = replica.exchange.stateHash
        books = replica.exchange.directory.currencies.enumerated().compactMap { index, currency in
            let books = replica.exchange.conservation(of: CurrencyID(index: index))
            return books == .empty ? nil : (currency.name, books)
        }
    }

    /// SQLite's own look at the pages of its file.
    private mutating func checkFile(_ file: String) throws {
        let reader = try SQLiteJournal.reader(of: file)
        let lines = try SQLiteJournal.reading(file) {
            try reader.read { try String.fetchAll($0, sql: "PRAGMA quick_check(20)") }
        }
        if lines != ["ok"] { problems += lines.map { "\(file): \($0)" } }
    }

    /// The snapshots to come across, by their command. Those before a pruned journal's beginning are only read.
    private mutating func readSnapshots(in path: String, _ end: Int64) -> [Int64: (hash: UInt64, path: String)] {
        var expected: [Int64: (hash: UInt64, path: String)] = [:]
        for entry in SnapshotFolder(path).entries {
            do {
                let file = try entry.read()
                _ = try file.replica(from: entry.path)
                snapshots += 1
                if entry.sequence > end {
                    throw DataFault.loss(what: entry.path, sequence: entry.sequence, journal: end)
                }
                expected[entry.sequence] = (file.stateHash, entry.path)
            } catch { problems.append("\(error)") }
        }
        return expected
    }

    /// The venue's beginning; of a pruned journal, the oldest snapshot that is whole.
    private func beginning(of journal: SQLiteJournal, _ path: String) throws -> Replica {
        guard journal.first > 1 else { return Replica(rulebook: journal.rulebook) }
        for entry in SnapshotFolder(VenueFolder.snapshots(in: path)).entries.reversed()
        where entry.sequence >= journal.first - 1 {
            if let replica = try? entry.read().replica(from: entry.path) { return replica }
        }
        throw DataFault.noBeginning(file: journal.file, first: journal.first)
    }

    private mutating func compare(_ replica: borrowing Replica, with wanted: (hash: UInt64, path: String)) {
        let hash = replica.exchange.stateHash
        guard hash != wanted.hash else { return }
        problems.append(
            "\(wanted.path): state \(String(wanted.hash, radix: 16)), but command \(replica.sequence) leads to "
                + String(hash, radix: 16))
    }

    private mutating func inspect(_ replica: borrowing Replica) {
        inspections += 1
        problems += replica.exchange.brokenInvariants().map { "after command \(replica.sequence): \($0)" }
    }
}
