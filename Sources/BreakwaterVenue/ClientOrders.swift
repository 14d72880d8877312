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
    mutating func insert(_ text: String, _ account: AccountID, _ id: OrderID, at time: Timestamp, _ exchange: borrowing Exchange) {
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
