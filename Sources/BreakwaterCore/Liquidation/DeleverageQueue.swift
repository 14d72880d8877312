/// Where a position stands among those that would be deleveraged.
public struct QueuePosition: Sendable, Equatable {
    /// Five for the fifth of its side that comes first, one for the last.
    public let lights: Int
    /// Its place in the queue, from 1, and how long the queue is.
    public let place: Int
    public let length: Int
    /// How many lots stand before it: fewer than that being liquidated leave it alone. Zero where all give pro rata.
    public let ahead: Size
}

/// A position with its place among those that would be deleveraged.
public struct QueuePlace: Sendable {
    public let key: PositionKey
    public let size: Size
    public let position: QueuePosition
}

extension Exchange {
    /// One side of a contract's positions in the order in which they would be deleveraged, the first `count` of them;
    /// empty where the rulebook deleverages nobody.
    public func deleverageQueue(in contract: ContractID, longs: Bool, first count: Int) -> [QueuePlace] {
        deleverageQueue(of: contract.index, longs: longs).sorted { $0.value.place < $1.value.place }.prefix(count).map {
            QueuePlace(key: key(of: positions[$0.key]), size: positions[$0.key].size, position: $0.value)
        }
    }

    /// What a position would lose of its size if `size` more were liquidated on the other side than book and fund take,
    /// in lots, provided that everybody before it can bear its part; `nil` where nobody is deleveraged.
    public func deleveraged(_ key: PositionKey, ifLiquidated size: Size) -> Size? {
        guard let terms = rulebook.autoDeleverage, let index = findPosition(key), positions[index].size != .zero,
            markets[key.contract.index].mark != nil
        else { return nil }
        var left = size.magnitude
        for (candidate, most) in deleveraging(
            of: key.contract.index, longs: positions[index].size > .zero, by: terms.policy, left)
        {
            let part = min(left, most)
            if candidate == index { return part }
            left = left - part
        }
        return .zero
    }

    /// The queue of one side of a contract, by position; empty where the rulebook deleverages nobody.
    func deleverageQueue(of market: Int, longs: Bool) -> [Int: QueuePosition] {
        guard markets[market].mark != nil, let terms = rulebook.autoDeleverage else { return [:] }
        let queue = ranking(of: market, longs: longs, by: terms.policy)
        var places: [Int: QueuePosition] = [:]
        var ahead = Size.zero
        for (place, index) in queue.enumerated() {
            places[index] = QueuePosition(
                lights: 5 - 5 * place / queue.count, place: place + 1, length: queue.count,
                ahead: terms.policy == .proRata ? .zero : ahead)
            ahead = ahead + positions[index].size.magnitude
        }
        return places
    }
}
