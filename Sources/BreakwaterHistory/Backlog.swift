internal import BreakwaterVenue
internal import Foundation

/// Executions that wait to be folded, and those who wait until theirs are.
final class Backlog: @unchecked Sendable {
    // The condition guards every field.
    private let condition = NSCondition()
    private var waiting: [Execution] = []
    private var isClosed = false
    /// The last command that is in the tables, and the last that was given.
    private var applied: Int64
    private var given: Int64
    private var fault: HistoryFault?
    private var readers: [(sequence: Int64, reply: @Sendable (HistoryFault?) -> Void)] = []

    /// Whoever is this far ahead of the fold waits for it.
    private static let capacity = 200_000
    /// So many executions are worth a transaction; fewer wait this long for others to join them, unless somebody reads.
    private static let enough = 16_384
    private static let patience = 0.5

    init(applied: Int64) {
        self.applied = applied
        given = applied
    }

    /// Adds what is new of a batch.
    func put(_ batch: [Execution]) {
        if let gap = add(batch) { stop(for: gap) }
    }

    /// - Returns: what is wrong with the batch, if anything.
    private func add(_ batch: [Execution]) -> HistoryFault? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.count >= Self.capacity, fault == nil, !isClosed { condition.wait() }
        guard fault == nil, !isClosed else { return nil }
        let news = batch.drop { $0.sequence <= given }
        guard let first = news.first?.sequence, let last = news.last?.sequence else { return nil }
        guard first == given + 1 else { return .gap(applied: given, next: first) }
        let before = waiting.count
        waiting += news
        given = last
        if before == 0 || waiting.count >= Self.enough { condition.broadcast() }
        return nil
    }

    /// What waits, as soon as it is worth a transaction or somebody wants to read it, oldest first and at most
    /// that many; `nil` once there will be nothing more.
    func take() -> [Execution]? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, !isClosed, fault == nil { condition.wait() }
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        while waiting.count < Self.enough, readers.isEmpty, !isClosed, fault == nil {
            if !condition.wait(until: deadline) { break }
        }
        guard !waiting.isEmpty, fault == nil else { return nil }
        let taken = Array(waiting.prefix(Self.enough))
        waiting.removeFirst(taken.count)
        condition.broadcast()
        return taken
    }

    /// Notes how far the tables are, and tells those who waited for that.
    func finish(upTo sequence: Int64) {
        condition.lock()
        applied = sequence
        let served = readers.filter { $0.sequence <= sequence }
        readers.removeAll { $0.sequence <= sequence }
        condition.unlock()
        for reader in served { reader.reply(nil) }
    }

    /// Gives up. Nothing more is taken, and everybody who waits is told.
    func stop(for fault: HistoryFault) {
        condition.lock()
        if self.fault == nil { self.fault = fault }
        waiting = []
        condition.broadcast()
        let served = readers
        readers = []
        condition.unlock()
        for reader in served { reader.reply(fault) }
    }

    /// Takes nothing more; what is inside is still folded.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }

    /// Calls `reply` once the tables hold the command numbered `sequence`, or never will.
    func wait(for sequence: Int64, _ reply: @escaping @Sendable (HistoryFault?) -> Void) {
        condition.lock()
        let answer: HistoryFault?? = applied >= sequence ? .some(nil) : fault.map { $0 }
        if answer == nil {
            readers.append((sequence, reply))
            condition.broadcast()
        }
        condition.unlock()
        if let answer { reply(answer) }
    }

    /// The sequence number of the last command that is in the tables, and why it will stay there.
    var state: (applied: Int64, fault: HistoryFault?) {
        condition.lock()
        defer { condition.unlock() }
        return (applied, fault)
    }
}
