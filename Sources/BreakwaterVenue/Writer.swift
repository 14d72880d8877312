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
    /// Who asked for the last command without an order's name, often for the next one as well, as the journal spells it.
    private var known = (actor: Origin.timer.actor, bytes: JournalWriter(.timer))

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
            if let due = replica.exchange.nextTimer, due <= time { execute(.wait, at: time, from: .timer) }
            for job in jobs {
                take(job, at: time)
                if batch.executions.count >= Self.batchSize { handOn() }
            }
            handOn()
        }
        committer.close()
    }

    func snapshot(ifAfter sequence: Int64) -> SnapshotFile? {
        replica.sequence == sequence ? SnapshotFile(replica) : nil
    }

    private mutating func take(_ job: Job, at time: Timestamp) {
        switch job {
        case .command(let command, let origin, let reply):
            if let refused = refusal(of: command, at: time, from: origin) {
                return batch.answers.append(.other { fault in reply(fault.map { .failure($0) } ?? .success(refused)) })
            }
            batch.answers.append(.execution(batch.executions.count, reply))
            sequence(command, at: time, from: origin)
        case .commands(let commands, let origin, let reply):
            let first = batch.executions.count
            for index in commands.indices { sequence(commands[index], at: time, from: origin) }
            batch.answers.append(.executions(first..<batch.executions.count, reply))
        case .question(let question):
            batch.answers.append(.other(question(&replica)))
        }
    }

    /// What is said of an order whose name is taken.
    private func refusal(of command: Command, at time: Timestamp, from origin: Origin) -> Execution? {
        guard !origin.clientOrderID.isEmpty, case .placeOrder(let request) = command,
            replica.clientOrders.order(origin.clientOrderID, of: request.key.account) != nil
        else { return nil }
        return Execution(
            sequence: 0, time: time, command: command, origin: origin, events: [.rejected(.duplicateOrder)])
    }

    /// Executes a command; gives an order its number first.
    private mutating func sequence(_ command: Command, at time: Timestamp, from origin: Origin) {
        guard case .placeOrder(var request) = command else { return execute(command, at: time, from: origin) }
        request.id = OrderID(replica.sequence + 1)
        execute(.placeOrder(request), at: time, from: origin)
    }

    private mutating func execute(_ command: Command, at time: Timestamp, from origin: Origin) {
        replica.execute(command, at: time, from: origin)
        journal.append(command, at: time)
        if origin.clientOrderID.isEmpty {
            if origin.actor != known.actor { known = (origin.actor, JournalWriter(origin)) }
            journal.append(texts: known.bytes)
        } else {
            journal.append(origin)
        }
        batch.events.append(contentsOf: replica.exchange.events)
        batch.ends.append(batch.events.count)
        batch.executions.append(
            Execution(sequence: replica.sequence, time: time, command: command, origin: origin, events: []))
    }

    /// Hands what has been done to the committer, and waits while it is too far behind.
    private mutating func handOn() {
        guard !batch.isEmpty else { return }
        if !batch.executions.isEmpty { batch.bytes = journal.bytes }
        // Under load the next is about as large.
        let next = Commit(like: batch)
        committer.put(batch)
        batch = next
        journal.clear()
    }
}

extension JournalWriter {
    /// An origin as it stands behind its commands.
    fileprivate init(_ origin: Origin) {
        self.init()
        append(origin)
    }
}

extension Date {
    fileprivate init(_ time: Timestamp) { self.init(timeIntervalSince1970: Double(time.raw) / 1_000_000) }
}
