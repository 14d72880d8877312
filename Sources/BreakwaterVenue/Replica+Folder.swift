internal import BreakwaterCore

/// A venue's folder, only read.
extension Replica {
    /// The state after the last command that is durable, from the newest snapshot that is whole and what came after it. The
    /// venue may be running: nothing is locked, and what it writes meanwhile is left out.
    public init(reading folder: String) throws {
        try VenueFolder.checkFormat(in: folder)
        let journal = try SQLiteJournal(reading: VenueFolder.journal(in: folder))
        let recovery = Recovery(journal: journal, snapshots: SnapshotFolder(VenueFolder.snapshots(in: folder)))
        var report = RecoveryReport()
        self = try recovery.replica(through: journal.last, &report)
    }
}
