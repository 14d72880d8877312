/// An open position and what stands behind it, for figures over all of a contract.
public struct Holding: Sendable {
    public let key: PositionKey
    public let size: Size
    /// Its value at mark, unsigned; zero without a mark.
    public let notional: Amount
    /// What stands behind it in the end, unrealised PnL included; below zero it is bankrupt.
    public let worth: Amount
    /// The value at which nothing is left of it, signed like its size.
    let bankruptcyValue: Amount

    /// What would be missing if it were closed at `price`, all else unchanged; zero where something is left.
    public func deficit(at price: Price, in contract: Contract) -> Amount {
        max(.zero, bankruptcyValue - contract.valuation.markValue(of: size, at: price))
    }

    /// Whether its notional is at least `from` times and less than `below` times its worth; a bankrupt one is beyond every
    /// bound.
    public func hasLeverage(from: Int64, below: Int64?) -> Bool {
        guard worth > .zero else { return below == nil }
        return notional.wide >= worth.wide * Int128(from)
            && below.map { notional.wide < worth.wide * Int128($0) } ?? true
    }
}

extension Exchange {
    /// Every open position of a contract, in order of opening.
    public func holdings(in contract: ContractID) -> [Holding] {
        let mark = markets[contract.index].mark
        return markets[contract.index].positions.compactMap { index in
            guard positions[Int(index)].size != .zero else { return nil }
            let position = present(Int(index))
            return Holding(
                key: key(of: position), size: position.size,
                notional: mark.map { markets[contract.index].valuation.notional(of: position.size, at: $0) } ?? .zero,
                worth: backing(of: position) + unrealised(position), bankruptcyValue: bankruptcyValue(of: position))
        }
    }
}
