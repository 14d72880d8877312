internal import BreakwaterCore

/// The names that clients gave their orders: which order each means, and that none is used again too soon.
///
/// A name is kept while its order is open, and two minutes beyond the placing in any case: longer than a signed request
/// stays valid, so that one sent again places nothing.
public struct ClientOrders: Sendable {
    private struct Name {
        let account: AccountID
        let text: String
    }

    private static let kept = Duration.seconds(120)
    /// By account: a table of everybody's names would be moved as a whole whenever it had grown, with all orders waiting.
    private var orders: [[String: OrderID]] = []
    /// The names in order of the time they were last looked at.
    private var queue: [(time: Timestamp, name: Name)] = []
    private var head = 0

    public init() {}

    func order(_ text: String, of account: AccountID) -> OrderID? {
        orders.indices.contains(account.index) ? orders[account.index][text] : nil
    }

    private func order(_ name: Name) -> OrderID? { order(name.text, of: name.account) }

    private mutating func note(_ id: OrderID, for name: Name) {
        while orders.count <= name.account.index { orders.append([:]) }
        orders[name.account.index][name.text] = id
    }

    /// Notes a new order's name, and forgets old ones.
    mutating func insert(
        _ text: String, _ account: AccountID, _ id: OrderID, at time: Timestamp, _ exchange: borrowing Exchange
    ) {
        let name = Name(account: account, text: text)
        note(id, for: name)
        queue.append((time, name))
        while head < queue.count, queue[head].time + Self.kept < time {
            let old = queue[head].name
            head += 1
            guard let id = order(old) else { continue }
            if exchange.isOpen(id) { queue.append((time, old)) } else { orders[old.account.index][old.text] = nil }
        }
        if head > 4_096, head * 2 > queue.count {
            queue.removeFirst(head)
            head = 0
        }
    }
}

/// As a part of a snapshot: the names in the order of the queue.
extension ClientOrders {
    var bytes: [UInt8] {
        var journal = JournalWriter()
        for (time, name) in queue[head...] {
            guard let id = order(name) else { continue }
            journal.write(time.raw)
            journal.write(Int64(name.account.raw))
            journal.append(name.text)
            journal.write(id.raw)
        }
        return journal.bytes
    }

    init(bytes: ArraySlice<UInt8>) throws(JournalFault) {
        var journal = try JournalReader(bytes)
        while !journal.isAtEnd {
            let time = try journal.readWord()
            guard let account = Int32(exactly: try journal.readWord()), account >= 0, time >= 0,
                time <= Timestamp.latest.raw
            else {
                throw journal.fault(.outOfRange)
            }
            let name = Name(account: AccountID(account), text: try journal.text())
            note(OrderID(try journal.readWord()), for: name)
            queue.append((Timestamp(time), name))
        }
    }
}
