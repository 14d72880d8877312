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
            if fault == nil {
                do { try commit(taken) } catch {
                    // What the exchange holds by now is ahead of the journal: nothing more is taken or told.
                    fault = .journalFailed("\(error)")
                    inbox.close()
                }
            }
            for index in taken.indices {
                taken[index].share()
                if fault == nil, !taken[index].executions.isEmpty { show(taken[index].executions) }
                answer(taken[index], fault)
            }
        }
    }

    /// Makes all that waits durable together.
    private func commit(_ taken: [Commit]) throws {
        let batches = taken.compactMap { batch in
            batch.executions.first.map { first in
                JournalBatch(
                    first: first.sequence, last: first.sequence + Int64(batch.executions.count) - 1, bytes: batch.bytes)
            }
        }
        guard let last = batches.last?.last else { return }
        try journal.append(batches)
        self.last.store(last, ordering: .releasing)
    }

    private func show(_ executions: [Execution]) {
        for follower in followers { follower.take(executions) }
    }

    private func answer(_ batch: Commit, _ fault: VenueFault?) {
        for answer in batch.answers {
            switch answer {
            case .execution(let index, let reply):
                reply(fault.map { .failure($0) } ?? .success(batch.executions[index]))
            case .executions(let range, let reply):
                reply(fault.map { .failure($0) } ?? .success(batch.executions[range]))
            case .other(let reply): reply(fault)
            }
        }
    }
}
