internal import Foundation
internal import GRDB

/// A consistent copy of a venue's folder, made while the venue runs or not: a backup, and a backup restored.
///
/// Snapshots and other databases are copied before the journal, so that none of them knows of a command that the copy of
/// the journal has not. `format` is written last: a copy that was not finished is no venue's folder.
public struct VenueCopy: Sendable {
    /// The last command in the copy.
    public private(set) var last: Int64 = 0
    public private(set) var snapshots = 0
    /// The names of the databases that were copied.
    public private(set) var databases: [String] = []
    /// What of the source was damaged and left out.
    public private(set) var problems: [String] = []

    /// - Parameter target: a folder that is empty, or none.
    public init(of source: String, in target: String) throws {
        try VenueFolder.checkFormat(in: source)
        try Disk.makeFolder(target)
        guard Disk.names(in: target).isEmpty else { throw DataFault.notEmpty(folder: target) }
        try copySnapshots(from: VenueFolder.snapshots(in: source), to: VenueFolder.snapshots(in: target))
        let journal = URL(filePath: VenueFolder.journal(in: source)).lastPathComponent
        let others = Disk.names(in: source).filter { $0.hasSuffix(".sqlite") && $0 != journal }
        for name in others + [journal] {
            try Self.copy(source + "/" + name, to: target + "/" + name)
            databases.append(name)
        }
        try check(target)
        try Disk.flush(folder: target)
        try VenueFolder.writeFormat(in: target)
    }

    private mutating func copySnapshots(from source: String, to target: String) throws {
        try Disk.makeFolder(target)
        for entry in SnapshotFolder(source).entries {
            do {
                try SnapshotFolder(target).write(try entry.read())
                snapshots += 1
            } catch DataFault.damagedSnapshot(let file, let offset, let what) {
                problems.append("\(DataFault.damagedSnapshot(file: file, offset: offset, what: what)); left out")
            }
        }
    }

    /// Copies what is committed at one moment, whatever is written meanwhile, and flushes it.
    private static func copy(_ source: String, to target: String) throws {
        try SQLiteJournal.reading(source) {
            let writer = try DatabaseQueue(path: target)
            try SQLiteJournal.reader(of: source).backup(to: writer)
            try writer.close()
        }
    }

    /// Goes through the copy's batches: what is damaged shows now, not on the day it is needed.
    private mutating func check(_ target: String) throws {
        let journal = try SQLiteJournal(reading: VenueFolder.journal(in: target))
        last = journal.first - 1
        try journal.forEachBatch(from: journal.first) { last = $0.last }
        journal.close()
        if let newest = SnapshotFolder(VenueFolder.snapshots(in: target)).entries.first, newest.sequence > last {
            throw DataFault.loss(what: newest.path, sequence: newest.sequence, journal: last)
        }
    }
}
