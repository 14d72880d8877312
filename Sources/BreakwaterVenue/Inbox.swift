internal import BreakwaterCore
internal import Foundation

/// What waits for the writer: put in by any thread, taken out all at once by one.
final class Inbox<Item: Sendable>: @unchecked Sendable {
    // The condition guards every field.
    private let condition = NSCondition()
    private var items: [Item] = []
    private var isClosed = false
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    enum Refusal: Error {
        case full, closed
    }

    /// Puts an item in; refuses where too many wait already.
    func put(_ item: Item) throws(Refusal) {
        condition.lock()
        defer { condition.unlock() }
        if isClosed { throw .closed }
        if items.count >= capacity { throw .full }
        items.append(item)
        if items.count == 1 { condition.broadcast() }
    }

    /// Puts an item in, and waits for room where there is none.
    func putWaiting(_ item: Item) {
        condition.lock()
        while items.count >= capacity { condition.wait() }
        items.append(item)
        condition.broadcast()
        condition.unlock()
    }

    /// Everything that waits, in order, as soon as anything does; nothing when `deadline` came first; `nil` once the
    /// inbox is closed and empty.
    func takeAll(into taken: inout [Item], until deadline: Date?) -> Bool {
        taken.removeAll(keepingCapacity: true)
        condition.lock()
        defer { condition.unlock() }
        while items.isEmpty, !isClosed {
            guard let deadline else {
                condition.wait()
                continue
            }
            if !condition.wait(until: deadline) { break }
        }
        swap(&items, &taken)
        if !taken.isEmpty { condition.broadcast() }
        return !(taken.isEmpty && isClosed)
    }

    /// Lets nothing more in; what is inside can still be taken.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }
}
