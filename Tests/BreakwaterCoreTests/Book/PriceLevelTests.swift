import Testing

@testable import BreakwaterCore

/// The book's levels against one sorted array.
@Suite("Price levels")
struct PriceLevelTests {
    /// Where prices fall: all about one price, over many, at the ends of what is accepted, or anywhere.
    enum Spread: CaseIterable {
        case narrow, wide, ends, anywhere

        func price(_ chance: inout SplitMix64) -> Price {
            switch self {
            case .narrow: return Price(Int64(chance.whole(in: 4_090...4_102)))
            case .wide: return Price(Int64(chance.whole(in: 79_600...80_400)))
            case .ends:
                let near = Int64(chance.whole(in: 1...3))
                return Price(chance.chance(percent: 50) ? near : Limits.ticksOrLots + 1 - near)
            case .anywhere:
                // Every order of magnitude as likely as any other.
                var top = Int64(1)
                for _ in 0..<chance.whole(in: 1...12) { top *= 10 }
                return Price(Int64(chance.whole(in: 1...Int(top))))
            }
        }
    }

    @Test("BOOK-010: levels, queues and the front of the book are those of a sorted array", arguments: Spread.allCases)
    func sameAsSortedArray(spread: Spread) throws {
        var chance = SplitMix64(seed: 10)
        var (book, table, naive) = (OrderBook(), OrderTable(), SortedBook())
        var slots: [Int32] = []
        for step in 0..<4_000 {
            // Grows for a while, then empties, so that blocks and forks come and go.
            let isGrowing = step % 1_000 < 600
            if slots.isEmpty || chance.chance(percent: isGrowing ? 60 : 20) {
                let side = chance.pick(OrderSide.allCases)
                let (price, size) = (spread.price(&chance), Size(Int64(chance.whole(in: 1...9))))
                let slot = table.insert(
                    Order(
                        id: .none, holder: .position(0), contract: ContractID(0), side: side, reduceOnly: false,
                        price: price, size: size, remaining: size))
                book.insert(slot, in: &table)
                naive.insert(slot, side, at: price, size)
                slots.append(slot)
            } else {
                let place = chance.whole(in: 0...slots.count - 1)
                let (slot, side) = (slots[place], table[slots[place]].side)
                if chance.chance(percent: 30), table[slot].remaining > Size(1) {
                    book.shrink(slot, by: Size(1), in: &table)
                    naive.shrink(slot, side, by: Size(1))
                } else if chance.chance(percent: 40) {
                    let before = table[slot].remaining
                    if chance.chance(percent: 70) { table[slot].price = spread.price(&chance) }
                    if chance.chance(percent: 30) { table[slot].remaining = Size(Int64(chance.whole(in: 1...9))) }
                    book.requeue(slot, leaving: before, in: &table)
                    naive.remove(slot, side)
                    naive.insert(slot, side, at: table[slot].price, table[slot].remaining)
                } else {
                    book.remove(slot, in: &table)
                    naive.remove(slot, side)
                    table.remove(slot)
                    slots.remove(at: place)
                }
            }
            for side in OrderSide.allCases {
                let difference = difference(book, table, naive, side)
                try #require(difference == nil, "\(spread), step \(step)")
            }
        }
    }

    /// How one side of the book differs from the sorted array, `nil` where it does not.
    private func difference(_ book: OrderBook, _ table: OrderTable, _ naive: SortedBook, _ side: OrderSide) -> String? {
        let levels = book[side].levels.reversed()
        let depth = levels.map { DepthLevel(price: $0.price, size: $0.size) }
        if depth != naive.depth(side) { return "\(depth), not \(naive.depth(side))" }
        var queue: [Int32] = []
        for level in levels {
            var slot = level.first
            while slot >= 0 {
                queue.append(slot)
                slot = table[slot].next
            }
            if book[side].size(at: level.price) != level.size { return "level \(level.price) is not found" }
        }
        if queue != naive[side].map(\.slot) { return "\(queue), not \(naive[side].map(\.slot))" }
        if book.front.first(side) != queue.first ?? -1 { return "first is \(book.front.first(side))" }
        return book.front.best(side) == depth.first?.price ? nil : "best is not \(String(describing: depth.first))"
    }
}
