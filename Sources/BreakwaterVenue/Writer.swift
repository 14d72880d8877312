internal import BreakwaterCore
internal import Foundation

/// The one writer's thread.
final class Writer: @unchecked Sendable {
    // Used by the thread while it runs, and by nobody else before it has ended.
    private var sequencer: Sequencer

    init(
        _ replica: consuming Replica, inbox: Inbox<Job>, committer: Committer, clock: @escaping Venue.Clock
    ) {
        sequencer = Sequencer(replica: replica, inbox: inbox, committer: committer, clock: clock)
    }

    func run() { sequencer.run() }

    /// The state after the last command; once the thread has ended.
    func snapshot(ifAfter sequence: Int64) -> SnapshotFile? { sequencer.snapshot(ifAfter: sequence) }
}

/// Numbers commands, gives them their time, executes them, and hands them on in batches.
///
/// A struct, used by one thread in one long access: the fields of a class would be guarded at every use.
private struct Sequencer: ~Copyable {
    private var replica: Replica
    private let inbox: Inbox<Job>
    private let committer: Committer
    private let clock: Venue.Clock
    private var journal = JournalWriter()
    private var batch = Commit()

    /// A batch is handed on with this many commands at the latest.
    private static let batchSize = 4_096

    init(replica: consuming Replica, inbox: Inbox<Job>, committer: Committer, clock: @escaping Venue.Clock) {
        self.replica = replica
        self.inbox = inbox
        self.committer = committer
        self.clock = clock
    }

    mutating func run() {
        var jobs: [Job] = []
        while inbox.takeAll(into: &jobs, until: replica.exchange.nextTimer.map(Date.init)) {
            let time = max(clock(), replica.exchange.now)
            if let due = replica.exchange.nextTimer, due <= time { execute(.wait, at: time, from: .timer) { _ in } }
            for job in jobs {
                switch job {
                case .command(let command, let origin, let reply): sequence(command, at: time, from: origin, reply)
                case .question(let question):
                    batch.answers.append(question(replica.exchange, replica.clientOrders, replica.sequence))
                }
                if batch.executions.count == Self.batchSize { handOn() }
            }
            handOn()
        }
        committer.close()
    }

    func snapshot(ifAfter sequence: Int64) -> SnapshotFile? {
        replica.sequence == sequence ? SnapshotFile(replica) : nil
    }

    /// Gives an order its number, unless its name is taken.
    private mutating func sequence(
        _ command: Command, at time: Timestamp, from origin: Origin,
        _ reply: @escaping @Sendable (Result<Execution, VenueFault>) -> Void
    ) {
        guard case .placeOrder(let request) = command else {
            return execute(command, at: time, from: origin, reply)
        }
        if !origin.clientOrderID.isEmpty,
            replica.clientOrders.order(origin.clientOrderID, of: request.key.account) != nil
        {
            return batch.refusals.append { fault in
                let refused = Execution(
                    sequence: 0, time: time, command: command, origin: origin, events: [.rejected(.duplicateOrder)])
                reply(fault.map { .failure($0) } ?? .success(refused))
            }
        }
        var numbered = request
        numbered.id = OrderID(replica.sequence + 1)
        execute(.placeOrder(numbered), at: time, from: origin, reply)
    }

    private mutating func execute(
        _ command: Command, at time: Timestamp, from origin: Origin,
        _ reply: @escaping @Sendable (Result<Execution, VenueFault>) -> Void
    ) {
        replica.execute(command, at: time, from: origin)
        journal.append(command, at: time, from: origin)
        // A copy of its own: the exchange goes on to use its buffer, which sharing would have it copy first.
        batch.executions.append(
            Execution(
                sequence: replica.sequence, time: time, command: command, origin: origin,
                events: Array(replica.exchange.events[...])))
        batch.replies.append(reply)
    }

    /// Hands what has been done to the committer, and waits while it is too far behind.
    private mutating func handOn() {
        guard !batch.isEmpty else { return }
        let count = batch.executions.count
        if count > 0 { batch.bytes = journal.bytes }
        committer.put(batch)
        batch = Commit()
        // Under load the next is about as large.
        batch.executions.reserveCapacity(count)
        batch.replies.reserveCapacity(count)
        journal.clear()
    }
}

/// What is made durable and answered together.
struct Commit: Sendable {
    /// The commands as the journal keeps them; empty where there is none.
    var bytes: [UInt8] = []
    var executions: [Execution] = []
    /// What is told of each execution.
    var replies: [@Sendable (Result<Execution, VenueFault>) -> Void] = []
    /// What is told of commands that were refused before they came to the exchange.
    var refusals: [@Sendable (VenueFault?) -> Void] = []
    var answers: [@Sendable (VenueFault?) -> Void] = []

    var isEmpty: Bool { executions.isEmpty && refusals.isEmpty && answers.isEmpty }
}

extension Date {
    fileprivate init(_ time: Timestamp) { self.init(timeIntervalSince1970: Double(time.raw) / 1_000_000) }
}
