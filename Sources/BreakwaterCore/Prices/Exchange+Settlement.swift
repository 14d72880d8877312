/// Profit realised into the wallet.
extension Exchange {
    /// Realises profits into wallets: a cross position above its settled value settles at the mark, and draws fall to
    /// max(0, -unrealised). Losses are never realised by it, nor is anything at a stale mark. Source: seed 001.
    mutating func settle() {
        if rulebook.cross == .drawn {
            for index in positions.indices where positions[index].size != .zero && positions[index].mode == .cross {
                guard isFresh(positions[index].contract.index) else { continue }
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
        events.append(.settled)
    }
}
