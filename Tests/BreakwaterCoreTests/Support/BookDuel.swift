@testable import BreakwaterCore

/// The exchange and the naive book, given the same commands and compared after each.
struct BookDuel: ~Copyable {
    private var exchange: Exchange
    private var naive: NaiveBook

    init() throws {
        exchange = try BookDuel.newExchange()
        naive = NaiveBook(accounts: BookWorkload.accounts)
    }

    /// A venue whose traders never run out of margin.
    static func newExchange() throws -> Exchange {
        let venue = try Venue(accounts: (0..<BookWorkload.accounts).map { "trader \($0)" })
        return venue.exchange.fork()
    }

    /// The first command after which the two differ, and how; `nil` where they agree to the end.
    static func disagreement(over commands: [BookCommand]) throws -> String? {
        var duel = try BookDuel()
        for (number, command) in commands.enumerated() {
            if let difference = duel.step(command) { return "command \(number + 1): \(command)\n\(difference)" }
        }
        return nil
    }

    /// The commands without all those that the disagreement does not need, one removed at a time until none can be.
    static func smallest(_ commands: [BookCommand]) throws -> [BookCommand] {
        var kept = commands
        var changed = true
        while changed {
            changed = false
            for index in kept.indices.reversed() {
                var fewer = kept
                fewer.remove(at: index)
                guard try disagreement(over: fewer) != nil else { continue }
                kept = fewer
                changed = true
            }
        }
        return kept
    }

    private mutating func step(_ command: BookCommand) -> String? {
        exchange.execute(command.command, at: exchange.now)
        let (happened, expected) = (exchange.happenings, naive.execute(command))
        guard Happening.agree(happened, expected) else {
            return "the exchange: \(lines(happened))\nthe naive book: \(lines(expected))"
        }
        for side in OrderSide.allCases {
            let (book, naiveBook) = (self.book(side), naiveBook(side))
            if book != naiveBook {
                return "\(side)s of the exchange: \(book)\n\(side)s of the naive book: \(naiveBook)"
            }
        }
        let positions = (0..<BookWorkload.accounts).map { account in
            exchange.findPosition(PositionKey(AccountID(index: account), ContractID(0)))
                .map { Int(exchange.positions[$0].size.raw) } ?? 0
        }
        if positions != naive.positions { return "positions \(positions), in the naive book \(naive.positions)" }
        if exchange.openOrderCount != naive.orders.count {
            return "\(exchange.openOrderCount) open orders, in the naive book \(naive.orders.count)"
        }
        return nil
    }

    private func lines(_ happenings: [Happening]) -> String { happenings.map { "\n    \($0)" }.joined() }

    /// `price: account/id remaining of size`, first in turn first.
    private func book(_ side: OrderSide) -> [String] {
        exchange.queues(of: ContractID(0), side).flatMap { price, orders in
            orders.map { order in
                let account = exchange.positions[order.holder.position!].account
                return "\(price.raw): \(account.raw)/\(order.id.raw) \(order.remaining.raw) of \(order.size.raw)"
            }
        }
    }

    private func naiveBook(_ side: OrderSide) -> [String] {
        naive.queue(side).map { "\($0.price!): \($0.account)/\($0.id) \($0.remaining) of \($0.size)" }
    }
}
