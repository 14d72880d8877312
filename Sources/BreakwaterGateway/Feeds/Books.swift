public import BreakwaterCore
public import BreakwaterVenue
internal import Synchronization

/// The order books as everybody sees them: looked at between commands a few times a second, and told by what changed.
///
/// Whoever joins asks for the whole book first; every change after it names the numbers it covers, so that nobody needs
/// to trust that none was lost.
public final class Books: Follower {
    /// One contract's book at one look. Its number rises by one with every change.
    public struct Book: Sendable {
        public internal(set) var number: Int64 = 0
        public internal(set) var bids: [DepthLevel] = []
        public internal(set) var asks: [DepthLevel] = []
        public internal(set) var time = Timestamp.zero
    }

    private struct State {
        var books: [Book] = []
        var changed: Set<ContractID> = []
        /// What was seen and not told yet, in order.
        var waiting: [MarketUpdate] = []
        /// Whether somebody tells it at the moment.
        var isTelling = false
    }

    /// Levels of a side that are looked at.
    private static let levels = 1_000
    private let state = Mutex(State())
    private let sinks = Mutex<[any MarketSink]>([])

    public init() {}

    /// Has a sink told from the next look on.
    public func attach(_ sink: any MarketSink) { sinks.withLock { $0.append(sink) } }

    /// Notes whose books a batch may have changed.
    public func take(_ batch: [Execution]) {
        state.withLock { state in
            for execution in batch {
                for event in execution.events {
                    switch event {
                    case .orderAccepted(let change), .orderAmended(let change), .orderCancelled(let change, _):
                        state.changed.insert(change.contract)
                    case .traded(let trade): state.changed.insert(trade.contract)
                    case .liquidation(_, let contract, _): state.changed.insert(contract)
                    default: break
                    }
                }
            }
        }
    }

    /// Looks at the books that may have changed, again and again until the task is cancelled.
    public func run(on venue: Venue, every pause: Swift.Duration = .milliseconds(50)) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            let changed = state.withLock { state in
                defer { state.changed.removeAll() }
                return state.changed.sorted()
            }
            for contract in changed { _ = try? await look(at: contract, on: venue) }
        }
    }

    /// The whole book of a contract as it stands now; what changed since the last look is told first.
    @discardableResult
    public func look(at contract: ContractID, on venue: Venue) async throws(VenueFault) -> Book {
        let book = try await venue.read { [self] exchange in
            let bids = exchange.depth(of: contract, .buy, levels: Self.levels)
            let asks = exchange.depth(of: contract, .sell, levels: Self.levels)
            return note(contract, bids, asks, at: exchange.now)
        }
        tell()
        return book
    }

    /// A contract's book as it was last seen and told.
    public func seen(_ contract: ContractID) -> Book {
        state.withLock { $0.books.indices.contains(contract.index) ? $0.books[contract.index] : Book() }
    }

    /// Notes what a look found. Called by the venue's writer, one look after the other.
    private func note(_ contract: ContractID, _ bids: [DepthLevel], _ asks: [DepthLevel], at time: Timestamp) -> Book {
        state.withLock { state in
            while state.books.count <= contract.index { state.books.append(Book()) }
            let old = state.books[contract.index]
            let changes = (bids: Self.changes(from: old.bids, to: bids), asks: Self.changes(from: old.asks, to: asks))
            guard !changes.bids.isEmpty || !changes.asks.isEmpty else { return old }
            let number = old.number + 1
            let book = Book(number: number, bids: bids, asks: asks, time: time)
            state.books[contract.index] = book
            state.waiting.append(
                .depth(
                    DepthChange(
                        contract: contract, first: number, last: number, previous: old.number, bids: changes.bids,
                        asks: changes.asks, time: time)))
            if bids.first != old.bids.first || asks.first != old.asks.first {
                state.waiting.append(.top(contract, bid: bids.first, ask: asks.first, number: number, time))
            }
            return book
        }
    }

    /// Tells what waits, in order, whoever saw it.
    private func tell() {
        while true {
            let updates: [MarketUpdate] = state.withLock { state in
                if state.isTelling { return [] }
                defer { state.waiting.removeAll() }
                state.isTelling = !state.waiting.isEmpty
                return state.waiting
            }
            guard !updates.isEmpty else { return }
            for sink in sinks.withLock({ $0 }) { sink.take(updates) }
            state.withLock { $0.isTelling = false }
        }
    }

    /// The levels that differ, best first within the new side; those gone with a size of zero.
    static func changes(from old: [DepthLevel], to new: [DepthLevel]) -> [DepthLevel] {
        let before = Dictionary(uniqueKeysWithValues: old.map { ($0.price, $0.size) })
        let after = Set(new.map(\.price))
        let changed = new.filter { before[$0.price] != $0.size }
        return changed + old.filter { !after.contains($0.price) }.map { DepthLevel(price: $0.price, size: .zero) }
    }
}
