internal import BreakwaterCore
internal import Foundation

/// What was found and done when a venue's folder was opened.
public struct RecoveryReport: Sendable {
    /// The sequence number of the last command in the journal.
    public var last: Int64 = 0
    /// That of the snapshot the state was built from; `nil` where it was built from the venue's beginning.
    public var snapshot: Int64?
    /// How many commands were executed again.
    public var replayed: Int64 = 0
    /// What was damaged and could be done without, each with its place.
    public var problems: [String] = []
    public var seconds: Double = 0

    public init() {}
}

/// Builds the state again: from the newest snapshot that is whole, and the commands after it.
struct Recovery: Sendable {
    let journal: any Journal
    let snapshots: SnapshotFolder

    /// The replica after a command.
    ///
    /// - Parameters:
    ///   - first: the first command whose execution has to be seen; a snapshot of a later moment does not do.
    ///   - body: called after each batch with its executions from `first` on; none where nobody asked for them.
    func replica(
        through target: Int64, from first: Int64 = .max, _ report: inout RecoveryReport,
        _ body: ([Execution]) throws -> Void = { _ in }
    ) throws -> Replica {
        var replica = try base(atMost: min(target, first - 1), &report)
        let start = replica.sequence
        report.last = journal.last
        guard start < target else { return replica }
        try journal.forEachBatch(from: start + 1) { batch in
            guard batch.first <= target else { return }
            var seen: [Execution] = []
            if batch.last < first {
                try replica.replay(batch, through: target)
            } else {
                try replica.replay(batch, through: target) { if $0.sequence >= first { seen.append($0) } }
            }
            try body(seen)
        }
        guard replica.sequence == target else { throw DataFault.gap(after: replica.sequence, next: target + 1) }
        report.replayed = replica.sequence - start
        return replica
    }

    /// The newest snapshot that is whole, or the venue's beginning.
    private func base(atMost limit: Int64, _ report: inout RecoveryReport) throws -> Replica {
        for entry in snapshots.entries {
            do {
                if entry.sequence > journal.last {
                    // Whether it says so rightly: only then is anything lost.
                    _ = try entry.read()
                    throw DataFault.loss(what: entry.path, sequence: entry.sequence, journal: journal.last)
                }
                guard entry.sequence <= limit else { continue }
                let replica = try entry.read().replica(from: entry.path)
                report.snapshot = entry.sequence
                return replica
            } catch DataFault.damagedSnapshot(let file, let offset, let what) {
                report.problems.append("\(DataFault.damagedSnapshot(file: file, offset: offset, what: what))")
            }
        }
        guard journal.first <= 1 else { throw DataFault.noBeginning(file: "the journal", first: journal.first) }
        return Replica(rulebook: journal.rulebook)
    }
}
