/// The identity every command leaves true, exact, per currency: what came in less what went out is what is held.
public struct Conservation: Sendable, Equatable {
    /// Deposits and payments into funds, less withdrawals.
    public let put: Int128
    /// Wallets + insurance funds + fees - the sum of settled values over traders and the liquidation engine.
    public let held: Int128
    public var difference: Int128 { held - put }
    /// A currency nothing ever came in.
    public static let empty = Conservation(put: 0, held: 0)
}

extension Exchange {
    /// The books of `currency`, added up from nothing.
    public func conservation(of currency: CurrencyID) -> Conservation {
        var held = treasury.fees[currency.index].wide
        for fund in treasury.funds where fund.currency == currency { held += fund.balance.wide }
        for wallet in wallets where wallet.currency == currency { held += wallet.balance.wide }
        for position in positions where markets[position.contract.index].contract.settle == currency {
            held -= position.settled.wide
        }
        for lot in lots where markets[lot.contract.index].contract.settle == currency { held -= lot.settled.wide }
        return Conservation(
            put: treasury.received[currency.index].wide - treasury.paidOut[currency.index].wide, held: held)
    }

    /// What is wrong with the state, in words; empty when every invariant holds. Visits everything: for tests.
    public func brokenInvariants() -> [String] {
        var broken: [String] = []
        for index in directory.currencies.indices {
            let books = conservation(of: CurrencyID(index: index))
            if books.difference != 0 {
                broken.append("\(directory.currencies[index].name): books differ by \(books.difference)")
            }
        }
        for fund in treasury.funds where fund.balance < .zero {
            broken.append("fund of \(fund.currency) at \(fund.balance)")
        }
        for wallet in wallets
        where wallet.balance < .zero || wallet.isolated < .zero || wallet.cross < .zero || wallet.orders < .zero {
            broken.append("wallet \(wallet) has a negative part")
        }
        for index in wallets.indices {
            let own = positions.filter { $0.wallet == Int32(index) }
            let isolated = own.reduce(Amount.zero) { $1.mode == .isolated ? $0 + $1.held : $0 }
            let cross = own.reduce(Amount.zero) { $1.mode == .cross ? $0 + $1.held : $0 }
            let reserved = own.reduce(Amount.zero) { $0 + $1.orderMargin }
            if (isolated, cross, reserved) != (wallets[index].isolated, wallets[index].cross, wallets[index].orders) {
                broken.append("wallet \(wallets[index]) holds back \((isolated, cross, reserved))")
            }
        }
        for market in markets.indices {
            var (long, short) = (Size.zero, Size.zero)
            let sizes =
                markets[market].positions.map { positions[Int($0)].size }
                + markets[market].lots.map { lots[Int($0)].size }
            for size in sizes { if size > .zero { long = long + size } else { short = short - size } }
            if long != short || long != markets[market].openInterest {
                broken.append(
                    "\(directory.contracts[market].symbol): long \(long), short \(short), open interest \(markets[market].openInterest)"
                )
            }
        }
        for position in positions where position.size == .zero {
            let left = [position.entry, position.settled, position.assigned, position.drawn, position.held]
            if left.contains(where: { $0 != .zero }) { broken.append("dust in flat position \(position)") }
        }
        return broken
    }
}
