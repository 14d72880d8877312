internal import BreakwaterCore
internal import Synchronization

/// Makes batches durable, shows them to followers, and answers those who asked, in that order.
final class Committer: Sendable {
    private let journal: any Journal
    private let followers: [any Follower]
    private let inbox: Inbox<Job>
    /// A few batches may wait, so that executing and writing to disk go on side by side.
    private let batches = Inbox<Commit>(capacity: 4)
    /// The sequence number of the last durable command.
    let last: Atomic<Int64>

    init(journal: any Journal, followers: [any Follower], inbox: Inbox<Job>) {
        self.journal = journal
        self.followers = followers
        self.inbox = inbox
        last = Atomic(journal.last)
    }

    func put(_ batch: Commit) { batches.putWaiting(batch) }
    func close() { batches.close() }

    func run() {
        var taken: [Commit] = []
        var fault: VenueFault?
        while batches.takeAll(into: &taken, until: nil) {
            for batch in taken {
                if fault == nil {
                    do { try commit(batch) } catch {
                        // What the exchange holds by now is ahead of the journal: nothing more is taken or told.
                        fault = .journalFailed("\(error)")
                        inbox.close()
                    }
                }
                answer(batch, fault)
            }
        }
    }

    private func commit(_ batch: Commit) throws {
        guard let first = batch.executions.first, let last = batch.executions.last else { return }
        try journal.append(JournalBatch(first: first.sequence, last: last.sequence, bytes: batch.bytes))
        self.last.store(last.sequence, ordering: .releasing)
        for follower in followers { follower.take(batch.executions) }
    }

    private func answer(_ batch: Commit, _ fault: VenueFault?) {
        for (execution, reply) in zip(batch.executions, batch.replies) {
            reply(fault.map { .failure($0) } ?? .success(execution))
        }
        for told in batch.refusals + batch.answers { told(fault) }
    }
}
