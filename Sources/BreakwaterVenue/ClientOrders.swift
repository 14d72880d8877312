internal import BreakwaterCore

/// The names that clients gave their orders: which order each means, and that none is used again too soon.
///
/// A name is kept while its order is open, and two minutes beyond the placing in any case: longer than a signed request
/// stays valid, so that one sent again places nothing.
public struct ClientOrders: Sendable {
    private struct Name: Hashable {
        let account: AccountID
        let text: String
    }

    private static let kept = Duration.seconds(120)
    private var orders: [Name: OrderID] = [:]
    /// The names in order of the time they were last looked at.
    private var queue: [(time: Timestamp, name: Name)] = []
    private var head = 0

    public init() {}

    func order(_ text: String, of account: AccountID) -> OrderID? { orders[Name(account: account, text: text)] }

    /// Notes a new order's name, and forgets old ones.
    mutating func insert(
        _ text: String, _ account: AccountID, _ id: OrderID, at time: Timestamp, _ exchange: borrowing Exchange
    ) {
        let name = Name(account: account, text: text)
        orders[name] = id
        queue.append((time, name))
        while head < queue.count, queue[head].time + Self.kept < time {
            let old = queue[head].name
            head += 1
            guard let id = orders[old] else { continue }
            if exchange.isOpen(id) { queue.append((time, old)) } else { orders[old] = nil }
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
            guard let id = orders[name] else { continue }
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
            guard let account = Int32(exactly: try journal.readWord()), time >= 0, time <= Timestamp.latest.raw else {
                throw journal.fault(.outOfRange)
            }
            let name = Name(account: AccountID(account), text: try journal.text())
            orders[name] = OrderID(try journal.readWord())
            queue.append((Timestamp(time), name))
        }
    }
}
