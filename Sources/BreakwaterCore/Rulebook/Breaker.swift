/// A price-move breaker: when the mark moves too far too fast, forced orders pause, or all trading waits for a call
/// auction. Source: seed 003, "advanced risk engines implement circuit breakers".
public struct Breaker: Sendable, Equatable {
    /// Trips when a mark is further than this from any mark of the time `within`, as a share of that mark.
    public let move: Rate
    public let within: Duration
    public let action: Action
    /// How long it lasts; a further breach begins the time anew.
    public let length: Duration

    public enum Action: String, Sendable, CaseIterable {
        /// Liquidations and the engine's orders wait; ordinary trading goes on.
        case pause
        /// Everything waits for one price at the end.
        case auction
    }

    public init(move: Rate, within: Duration, action: Action, length: Duration) throws(TermsError) {
        guard move > .zero, move < .one else {
            throw TermsError(key: "move", value: "\(move.decimal)", expected: "a rate between 0 and 100%")
        }
        guard within > .zero else {
            throw TermsError(key: "within", value: "\(within.raw)us", expected: "a length above zero")
        }
        guard length > .zero else {
            throw TermsError(key: "for", value: "\(length.raw)us", expected: "a length above zero")
        }
        self.move = move
        self.within = within
        self.action = action
        self.length = length
    }
}

/// The highest and lowest marks that stood within a length of time, kept as two queues that only ever hold candidates.
///
/// A mark counts until the one after it came, so a mark that stood for an hour is part of the last minute too.
struct MarkWindow: Sendable {
    /// Rising and falling prices; the first of each is the lowest and the highest of the window.
    private(set) var lows: [Entry] = []
    private(set) var highs: [Entry] = []

    struct Entry: Sendable {
        let price: Price
        /// When the next mark replaced it.
        let end: Timestamp
    }

    init(lows: [Entry] = [], highs: [Entry] = []) { (self.lows, self.highs) = (lows, highs) }

    var lowest: Price? { lows.first?.price }
    var highest: Price? { highs.first?.price }

    /// Adds a mark that stood until `end`, and forgets those that ended before `start`.
    mutating func add(_ price: Price, until end: Timestamp, since start: Timestamp) {
        while let last = lows.last, last.price >= price { lows.removeLast() }
        while let last = highs.last, last.price <= price { highs.removeLast() }
        lows.append(Entry(price: price, end: end))
        highs.append(Entry(price: price, end: end))
        lows.removeFirst(lows.firstIndex { $0.end >= start } ?? lows.count)
        highs.removeFirst(highs.firstIndex { $0.end >= start } ?? highs.count)
    }

    mutating func clear() {
        lows.removeAll(keepingCapacity: true)
        highs.removeAll(keepingCapacity: true)
    }

    func fold(into hash: inout StateHash) {
        for entry in lows + highs {
            hash.fold(entry.price)
            hash.fold(entry.end)
        }
    }
}
