/// Profit realised into the wallet.
extension Exchange {
    /// Realises profits into wallets: a cross position above its settled value settles at the mark, and draws fall to
    /// max(0, -unrealised). Losses are never realised by it, nor is anything at a stale mark. Source: seed 001.
    mutating func settle() {
        if rulebook.cross == .drawn {
            wakeSpent()
            for market in markets.indices where isFresh(market) {
                guard let mark = markets[market].mark else { continue }
                for index in watched(in: market) where positions[Int(index)].mode == .cross { settle(Int(index)) }
                watch.markets[market].history.settle(at: mark)
            }
        }
        events.append(.settled)
    }

    private mutating func settle(_ index: Int) {
        let profit = unrealised(positions[index])
        if profit > .zero {
            positions[index].settled = positions[index].settled + profit
            note(profit, realisedBy: index)
            credit(profit, toWallet: Int(positions[index].wallet))
        }
        positions[index].drawn = min(positions[index].drawn, max(.zero, -profit))
        hold(index)
    }
}
