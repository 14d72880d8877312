internal import Foundation

/// A journal without the commands that every kept snapshot holds already.
public struct Pruning: Sendable {
    /// How many commands were dropped.
    public let dropped: Int64
    /// The first and last command that the journal holds now.
    public let first: Int64
    public let last: Int64

    /// Drops the batches up to the oldest snapshot, of a venue that is not running. Recovery begins with a snapshot from then
    /// on, and nothing before it can be replayed, explained or folded into read models again.
    ///
    /// All snapshots have to be whole, and there has to be one.
    public init(of path: String) throws {
        try VenueFolder.checkFormat(in: path)
        let folder = try VenueFolder(path)
        defer { folder.release() }
        var oldest: Int64?
        for entry in folder.snapshots.entries {
            _ = try entry.read().replica(from: entry.path)
            oldest = entry.sequence
        }
        let journal = try SQLiteJournal(folder.journal, rulebook: { throw DataFault.noVenue(folder: path) }())
        defer { journal.close() }
        if let oldest, oldest > journal.last {
            throw DataFault.loss(what: folder.path, sequence: oldest, journal: journal.last)
        }
        dropped = try oldest.map { try journal.prune(through: $0) } ?? 0
        if dropped > 0 { try journal.compact() }
        (first, last) = (journal.first, journal.last)
    }
}
