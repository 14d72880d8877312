public import BreakwaterCore
internal import Foundation

/// How a venue keeps its folder.
public struct VenueOptions: Sendable {
    /// How many commands lie between two snapshots.
    public var snapshotEvery: Int64 = 1_000_000
    /// How many bytes of commands SQLite's log may grow by before it is copied into its file.
    public var checkpointEvery = 16 << 20
    /// How many snapshots are kept.
    public var snapshotsKept = 3
    public var clock: Venue.Clock = Venue.systemClock
    /// Told what went wrong without stopping the venue: a snapshot that could not be written or read.
    public var complain: @Sendable (String) -> Void = { _ in }

    public init() {}
}

extension Venue {
    /// Opens the venue in a folder, or begins one there under `rulebook`.
    ///
    /// The state is built from the newest snapshot that is whole and the commands after it; followers that keep what they see
    /// are shown what they missed. Then every mark is made stale, once for the moment at which the venue stopped and once
    /// for now: no timer of the time between acts on a price, and no price of that time is taken for a new one.
    ///
    /// - Parameters:
    ///   - followers: made once the folder is this process's alone, so that they may keep their own files in it.
    ///   - recovered: sees the state before any follower sees a command from then on.
    /// - Throws: `DataFault` where the folder is in use, damaged beyond what can be done without, or not a venue's.
    public static func open(
        _ path: String, rulebook: @autoclosure () throws -> Rulebook,
        followers: @autoclosure () throws -> [any Follower] = [], options: VenueOptions = VenueOptions(),
        recovered: (borrowing Replica) throws -> Void = { _ in }
    ) throws -> (venue: Venue, report: RecoveryReport) {
        let start = Date()
        let folder = try VenueFolder(path)
        folder.snapshots.removeUnfinished()
        let followers = try followers()
        let journal = try SQLiteJournal(
            folder.journal, checkpointEvery: options.checkpointEvery, rulebook: try rulebook())
        var report = RecoveryReport()
        if let tail = journal.tail { report.problems.append(tail) }
        let recovery = Recovery(journal: journal, snapshots: folder.snapshots)
        let replica: Replica
        do {
            var built = try recovery.replica(showing: followers, &report)
            try recovered(built)
            if journal.last > 0 { try built.restart(at: options.clock(), journal, followers) }
            replica = built
        } catch {
            journal.close()
            throw error
        }
        let keeper = SnapshotKeeper(
            recovery, after: report.snapshot ?? 0, every: options.snapshotEvery, kept: options.snapshotsKept,
            complain: options.complain)
        report.seconds = Date().timeIntervalSince(start)
        let venue = Venue(
            replica, journal: journal, followers: followers + [keeper], clock: options.clock, recovery: recovery
        ) { writer in
            keeper.stop()
            do {
                if let snapshot = writer.snapshot(ifAfter: journal.last) {
                    try folder.snapshots.write(snapshot)
                    folder.snapshots.keep(options.snapshotsKept)
                }
            } catch { options.complain("no snapshot at the end: \(error)") }
            journal.close()
            folder.release()
        }
        return (venue, report)
    }
}

extension Recovery {
    /// The state after the last command, with what durable followers missed shown to them.
    fileprivate func replica(showing followers: [any Follower], _ report: inout RecoveryReport) throws -> Replica {
        let durable = followers.compactMap { $0 as? any DurableFollower }
        for follower in durable where follower.last > journal.last {
            throw DataFault.loss(what: "\(type(of: follower))", sequence: follower.last, journal: journal.last)
        }
        let missed = durable.map(\.last).min().flatMap { $0 < journal.last ? $0 + 1 : nil }
        return try replica(through: journal.last, from: missed ?? .max, &report) { executions in
            for follower in durable {
                let known = follower.last
                let unseen = executions.filter { $0.sequence > known }
                if !unseen.isEmpty { follower.take(unseen) }
            }
        }
    }
}

extension Replica {
    /// Makes every mark stale: for the moment of the last command, and for now.
    fileprivate mutating func restart(
        at now: Timestamp, _ journal: any Journal, _ followers: [any Follower]
    ) throws {
        var writer = JournalWriter()
        var executions: [Execution] = []
        let origin = Origin("start")
        for time in [exchange.now, max(now, exchange.now)] {
            execute(.restart, at: time, from: origin)
            writer.append(.restart, at: time, from: origin)
            executions.append(
                Execution(sequence: sequence, time: time, command: .restart, origin: origin, events: exchange.events))
        }
        try journal.append(JournalBatch(first: sequence - 1, last: sequence, bytes: writer.bytes))
        for follower in followers { follower.take(executions) }
    }
}
