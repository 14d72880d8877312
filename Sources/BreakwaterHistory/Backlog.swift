internal import BreakwaterVenue
internal import Foundation

/// Executions that wait to be folded, and those who wait until theirs are.
final class Backlog: @unchecked Sendable {
    // The condition guards every field.
    private let condition = NSCondition()
    private var waiting: [Execution] = []
    private var isClosed = false
    private var applied: Int64
    private var fault: HistoryFault?
    private var readers: [(sequence: Int64, reply: @Sendable (HistoryFault?) -> Void)] = []

    /// Whoever is this far ahead of the fold waits for it.
    private static let capacity = 200_000

    init(applied: Int64) { self.applied = applied }

    /// Adds what is new of a batch.
    func put(_ batch: [Execution]) {
        condition.lock()
        defer { condition.unlock() }
        while waiting.count >= Self.capacity, fault == nil, !isClosed { condition.wait() }
        guard fault == nil, !isClosed else { return }
        let last = waiting.last?.sequence ?? applied
        let news = batch.drop { $0.sequence <= last }
        if let next = news.first?.sequence, next != last + 1 { return fail(.gap(applied: last, next: next)) }
        waiting += news
        condition.broadcast()
    }

    /// What waits, as soon as anything does, oldest first and at most `count`; `nil` once there will be nothing more.
    func take(_ count: Int) -> ArraySlice<Execution>? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, !isClosed, fault == nil { condition.wait() }
        guard !waiting.isEmpty, fault == nil else { return nil }
        if waiting.count <= count {
            let all = waiting
            waiting = []
            return all[...]
        }
        return waiting[..<count]
    }

    /// Notes how far the tables are, and tells those who waited for that.
    func finish(upTo sequence: Int64) {
        condition.lock()
        applied = sequence
        waiting.removeFirst(waiting.firstIndex { $0.sequence > sequence } ?? waiting.count)
        let served = readers.filter { $0.sequence <= sequence }
        readers.removeAll { $0.sequence <= sequence }
        condition.broadcast()
        condition.unlock()
        for reader in served { reader.reply(nil) }
    }

    /// Gives up. Nothing more is taken, and everybody who waits is told.
    func stop(for fault: HistoryFault) {
        condition.lock()
        fail(fault)
        let served = readers
        readers = []
        condition.unlock()
        for reader in served { reader.reply(fault) }
    }

    private func fail(_ reason: HistoryFault) {
        if fault == nil { fault = reason }
        waiting = []
        condition.broadcast()
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
        if answer == nil { readers.append((sequence, reply)) }
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
