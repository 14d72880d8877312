/// The identity every command leaves true, exact, per currency: what came in less what went out is what is held.
public struct Conservation: Sendable, Equatable {
    /// Deposits, payments into funds and conversions in, less withdrawals and conversions out.
    public let put: Int128
    /// Wallets + insurance funds + fees - venue debt - the sum of settled values over traders and the liquidation engine.
    public let held: Int128
    public var difference: Int128 { held - put }
    /// A currency nothing ever came in.
    public static let empty = Conservation(put: 0, held: 0)
}

extension Exchange {
    /// The books of `currency`, added up from nothing.
    public func conservation(of currency: CurrencyID) -> Conservation {
        var held = treasury.fees[currency.index].wide - treasury.debts[currency.index].wide
        for fund in treasury.funds where fund.currency == currency { held += fund.balance.wide }
        for index in wallets.indices where wallets[index].currency == currency {
            held += present(wallet: index).balance.wide
        }
        for index in positions.indices where markets[positions[index].contract.index].contract.settle == currency {
            held -= present(index).settled.wide
        }
        for lot in lots where markets[lot.contract.index].contract.settle == currency { held -= lot.settled.wide }
        return Conservation(put: moneyInside(currency), held: held)
    }

    /// What came in less what went out: the money that is inside the venue.
    func moneyInside(_ currency: CurrencyID) -> Int128 {
        treasury.received[currency.index].wide + treasury.convertedIn[currency.index].wide
            - treasury.paidOut[currency.index].wide - treasury.convertedOut[currency.index].wide
    }
}
