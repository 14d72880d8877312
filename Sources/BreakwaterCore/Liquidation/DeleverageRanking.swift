/// Who is deleveraged first: each policy's score, the queue it makes, and what a position stands to lose in it.
extension Exchange {
    /// The opposing positions that a lot of `size` is closed against, with the most each gives, first one first.
    func deleveraging(of market: Int, longs: Bool, by policy: AutoDeleveragePolicy, _ size: Size) -> [(
        index: Int, most: Size
    )] {
        let queue = ranking(of: market, longs: longs, by: policy)
        guard policy == .proRata else { return queue.map { ($0, positions[$0].size.magnitude) } }
        // Winners share what they can; only what exceeds them is shared by the others. Whoever cannot bear its share is
        // passed over, so each group is gone through once more for what is left.
        let winners = queue.filter { score(of: present($0), by: policy) > 0 }
        let others = queue.filter { score(of: present($0), by: policy) <= 0 }
        let first = proRata(size, among: winners)
        let taken = first.reduce(Size.zero) { $0 + $1.most }
        let rest = (winners + others).map { (index: $0, most: positions[$0].size.magnitude) }
        return first + proRata(size - taken, among: others) + rest
    }

    /// Whole lots by size; what rounding leaves over goes one lot each to the largest remainders, ties by rank.
    private func proRata(_ size: Size, among group: [Int]) -> [(index: Int, most: Size)] {
        let whole = group.reduce(Int128(0)) { $0 + positions[$1].size.magnitude.wide }
        guard whole > 0, size > .zero else { return [] }
        let wanted = min(size.wide, whole)
        var shares = group.map { index in
            let exact = wanted * positions[index].size.magnitude.wide
            let lots = divide(exact, by: whole, .down)
            return (index: index, most: Size(Int64(lots)), remainder: exact - lots * whole)
        }
        let left = wanted - shares.reduce(Int128(0)) { $0 + $1.most.wide }
        let order = shares.indices.sorted { (shares[$0].remainder, $1) > (shares[$1].remainder, $0) }
        for place in order.prefix(Int(left)) { shares[place].most = shares[place].most + Size(1) }
        return shares.map { ($0.index, $0.most) }
    }

    /// Open positions on one side of a contract, first to be deleveraged first; ties by account number.
    func ranking(of market: Int, longs: Bool, by policy: AutoDeleveragePolicy) -> [Int] {
        let scored = candidates(of: market, longs: longs).map { (index: $0, score: score(of: present($0), by: policy)) }
        return scored.sorted {
            if $0.score != $1.score { return $0.score > $1.score }
            let (first, second) = (positions[$0.index].account, positions[$1.index].account)
            return first != second ? first < second : $0.index < $1.index
        }.map(\.index)
    }

    /// Open positions on one side of a contract, in order of opening.
    func candidates(of market: Int, longs: Bool) -> [Int] {
        let side: Int64 = longs ? 1 : -1
        return markets[market].positions.filter { positions[Int($0)].size.sign == side }.map(Int.init)
    }

    func score(of position: Position, by policy: AutoDeleveragePolicy) -> Int128 {
        switch policy {
        case .bitmexRank: bitmexScore(of: position)
        case .hyperliquidIndex: hyperliquidScore(of: position)
        case .binanceRank: binanceScore(of: position)
        case .proRata: profitSinceEntry(of: position).wide
        }
    }

    private func profitSinceEntry(of position: Position) -> Amount {
        valueAtMark(position.size, in: position.contract.index) - position.entry
    }

    /// PnL % x effective leverage, or PnL % / effective leverage where negative; in billionths of billionths.
    ///
    /// PnL % = (mark value - entry value) / |entry value|; effective leverage = |mark value| / (mark value - bankrupt
    /// value), where a position without a bankruptcy price has a bankrupt value of zero. Source: BitMEX, "Auto-Deleveraging".
    private func bitmexScore(of position: Position) -> Int128 {
        let valuation = markets[position.contract.index].valuation
        let value = valuation.markValue(of: position.size, at: markets[position.contract.index].mark!)
        guard position.entry != .zero else { return 0 }
        let billion = Rate.one.wide
        let profit = divide((value - position.entry).wide * billion, by: position.entry.magnitude.wide, .down)
        let bankrupt = bankruptcyValue(of: position)
        let exists = valuation.exactPrice(of: position.size, worth: bankrupt.wide) != nil
        let distance = exists ? value - bankrupt : value.magnitude
        // At or beyond bankruptcy leverage has no bound; it is held at a million.
        let highest = 1_000_000 * billion
        let leverage =
            distance > .zero ? min(highest, divide(value.magnitude.wide * billion, by: distance.wide, .down)) : highest
        let bounded = max(-highest, min(profit, highest))
        return bounded > 0
            ? bounded * leverage : divide(bounded * billion * billion, by: max(1, leverage), .down)
    }

    /// (mark / entry) x (notional / account value), turned over for shorts so that those who gain come first; in
    /// billionths of billionths. An account worth nothing has no bound; it is held at a million.
    private func hyperliquidScore(of position: Position) -> Int128 {
        let billion = Rate.one.wide
        let value = valueAtMark(position.size, in: position.contract.index).magnitude
        let (top, bottom) =
            position.size > .zero ? (value, position.entry.magnitude) : (position.entry.magnitude, value)
        let inverse = markets[position.contract.index].contract.kind == .inverse
        let move = inverse ? ratio(bottom, over: top) : ratio(top, over: bottom)
        let account =
            isPortfolio(position) ? portfolioEquity(Int(position.wallet)) : backing(of: position) + unrealised(position)
        let leverage = account > .zero ? ratio(value, over: account) : 1_000_000 * billion
        return move * leverage
    }

    /// [max(0, unrealised) / wallet] x [MM / (wallet + unrealised)], in billionths of billionths; the wallet is what
    /// stands behind the position before unrealised PnL.
    private func binanceScore(of position: Position) -> Int128 {
        let portfolio = isPortfolio(position)
        let wallet = Int(position.wallet)
        let balance =
            portfolio ? present(wallet: wallet).balance - present(wallet: wallet).isolated : backing(of: position)
        let profit = portfolio ? portfolioEquity(wallet) - balance : unrealised(position)
        let maintenance = portfolio ? portfolioMaintenance(wallet) : position.maintenanceMargin
        guard profit > .zero, balance + profit > .zero else { return 0 }
        return ratio(profit, over: max(Amount(1), balance)) * ratio(maintenance, over: balance + profit)
    }

    /// One amount over another in billionths, rounded down, held at a million.
    private func ratio(_ top: Amount, over bottom: Amount) -> Int128 {
        let billion = Rate.one.wide
        return min(1_000_000 * billion, divide(top.wide * billion, by: max(1, bottom.wide), .down))
    }
}
