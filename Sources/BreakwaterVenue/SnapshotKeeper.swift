internal import BreakwaterCore
internal import Foundation

/// Writes a snapshot every so many commands, beside the trading: from the snapshot before it and the journal since.
///
/// Nothing is taken from the running exchange, so that nobody waits; and a snapshot that the journal does not lead to is
/// never written.
final class SnapshotKeeper: Follower, @unchecked Sendable {
    private let recovery: Recovery
    private let every: Int64
    private let kept: Int
    private let complain: @Sendable (String) -> Void
    // The condition guards these.
    private let condition = NSCondition()
    private var reached: Int64
    private var written: Int64
    private var isStopping = false
    private var isDone = false

    init(
        _ recovery: Recovery, after written: Int64, every: Int64, kept: Int,
        complain: @escaping @Sendable (String) -> Void
    ) {
        self.recovery = recovery
        self.every = every
        self.kept = kept
        self.complain = complain
        self.written = written
        reached = written
        Thread.start("snapshots", standsBack: true) { self.run() }
    }

    func take(_ batch: [Execution]) {
        condition.lock()
        reached = batch.last?.sequence ?? reached
        if reached - written >= every { condition.broadcast() }
        condition.unlock()
    }

    /// Gives up what it is at, and returns when it has.
    func stop() {
        condition.lock()
        isStopping = true
        condition.broadcast()
        while !isDone { condition.wait() }
        condition.unlock()
    }

    private func run() {
        while let target = next() {
            do {
                var report = RecoveryReport()
                let replica = try recovery.replica(through: target, &report) { _ in
                    if self.isToStop { throw CancellationError() }
                }
                try recovery.snapshots.write(SnapshotFile(replica))
                recovery.snapshots.keep(kept)
                for problem in report.problems { complain(problem) }
            } catch is CancellationError {
            } catch {
                complain("no snapshot after command \(target): \(error)")
            }
        }
        condition.lock()
        isDone = true
        condition.broadcast()
        condition.unlock()
    }

    private var isToStop: Bool {
        condition.lock()
        defer { condition.unlock() }
        return isStopping
    }

    /// The command to write the next snapshot after, as soon as one is due; `nil` at the end.
    private func next() -> Int64? {
        condition.lock()
        defer { condition.unlock() }
        while reached - written < every, !isStopping { condition.wait() }
        if isStopping { return nil }
        written = reached
        return reached
    }
}
