import BreakwaterCore

/// What market makers quote in one contract: sizes at distances from a reference price, on both sides.
///
/// Each level is one order, moved with the reference rather than cancelled and placed anew. What takers took comes back
/// by the makers' resilience.
struct MakersBook {
    /// One price level of one side.
    struct Quote {
        let account: AccountID
        let side: OrderSide
        /// Its distance from the reference: this part of the book's reach.
        let part: Int64
        let whole: Int64
        /// Its size: this part of the book's depth.
        let weight: Int64
        /// What its order was placed or last amended for, filled part included; and what of it rests.
        var size = Size.zero
        var resting = Size.zero
        var price = Price.zero
        /// Lots that were taken and are not offered again yet.
        var missing = Size.zero
    }

    let contract: ContractID
    let terms: Contract
    /// Bids, nearest first, then asks, nearest first; an order's ID is its place here.
    private(set) var quotes: [Quote] = []
    private let reach: Rate
    private let depth: Amount
    private let weights: Int64
    private let liquidity: Liquidity
    /// The price that makers quote around.
    private(set) var reference = Price.zero
    /// Lots that takers bought from makers, less those they sold to them, since that was last asked for.
    private var flow: Int64 = 0
    /// Lots that all levels of one side have when nothing is missing.
    private var fullSide: Int64 = 0
    private var time = Timestamp.zero
    private var isStressed = false

    init(_ plan: SimulationPlan, _ contract: ContractID) {
        self.contract = contract
        terms = plan.contracts[contract.index]
        liquidity = plan.liquidity
        depth = plan.depth
        let levels: [(part: Int64, weight: Int64)]
        switch plan.liquidity.profile {
        case .flat: levels = (1...Int64(max(1, liquidity.levels))).map { ($0, 1) }
        case .rising: levels = (1...Int64(max(1, liquidity.levels))).map { ($0, $0) }
        case .given(let given): levels = given.map { ($0.away.raw, $0.weight) }
        }
        let whole = levels.last!.part
        if case .given = plan.liquidity.profile { reach = Rate(whole) } else { reach = plan.spread }
        weights = levels.reduce(0) { $0 + $1.weight }
        for side in [OrderSide.buy, .sell] {
            for (number, level) in levels.enumerated() {
                quotes.append(
                    Quote(
                        account: AccountID(index: number % liquidity.makers), side: side, part: level.part,
                        whole: whole, weight: level.weight))
            }
        }
    }

    private var levels: Int { quotes.count / 2 }

    /// What makers have to do to quote around another reference, in an order in which they never meet each other: the
    /// side that moves away goes first, its farthest level first.
    ///
    /// - Parameter isStressed: whether makers withdraw.
    mutating func move(to reference: Price, at time: Timestamp, isStressed: Bool, _ orders: inout [Command]) {
        refill(until: time)
        let risen = reference >= self.reference
        self.reference = reference
        self.isStressed = isStressed
        fullSide = lots(worth: depth)
        let far = reach.of(Amount(reference.raw), .up).raw
        let bids = Array(0..<levels)
        let asks = Array(levels..<quotes.count)
        let order = risen ? asks.reversed() + bids : bids.reversed() + asks
        for index in order { requote(index, far: far, &orders) }
    }

    /// Offers part of what was taken again.
    private mutating func refill(until now: Timestamp) {
        let passed = now.raw - time.raw
        time = now
        guard let half = liquidity.resilience else {
            for index in quotes.indices { quotes[index].missing = .zero }
            return
        }
        guard passed > 0 else { return }
        let kept = Fixed.halved(after: passed, half: half.raw)
        for index in quotes.indices where quotes[index].missing > .zero {
            quotes[index].missing = Size(kept.of(quotes[index].missing.raw))
        }
    }

    private mutating func requote(_ index: Int, far: Int64, _ orders: inout [Command]) {
        let quote = quotes[index]
        let away = max(1, Int64(Int128(far) * Int128(quote.part) / Int128(quote.whole)))
        let price = Price(reference.raw + (quote.side == .buy ? -away : away))
        let wanted = price > .zero ? max(.zero, offered(by: quote) - quote.missing) : .zero
        if quote.resting > .zero {
            if wanted == .zero {
                quotes[index].resting = .zero
                orders.append(.cancelOrder(quote.account, id(index)))
            } else if price != quote.price || wanted != quote.resting {
                let size = quote.size - quote.resting + wanted
                quotes[index].size = size
                quotes[index].resting = wanted
                quotes[index].price = price
                orders.append(.amendOrder(quote.account, id(index), contract, size: size, price: price))
            }
        } else if wanted > .zero {
            quotes[index].size = wanted
            quotes[index].resting = wanted
            quotes[index].price = price
            orders.append(
                .placeOrder(
                    OrderRequest(
                        key: PositionKey(quote.account, contract), id: id(index), side: quote.side, size: wanted,
                        price: price)))
        }
    }

    /// Contracts have numbers of their own, as an account's orders share theirs.
    private func id(_ index: Int) -> OrderID { OrderID(index: contract.index * 1_000 + index) }

    /// The size of a level when nothing of it is missing.
    private func offered(by quote: Quote) -> Size {
        var lots = Int128(fullSide) * Int128(quote.weight) / Int128(weights)
        if isStressed, let withdrawal = liquidity.withdrawal {
            let pulling = Int64(liquidity.makers) * withdrawal.pullingPercent / 100
            if Int64(quote.account.index) < pulling { return .zero }
            lots = lots * withdrawal.keep.wide / Rate.one.wide
        }
        return Size(Int64(lots))
    }

    /// How many whole lots `notional` buys at the reference.
    private func lots(worth notional: Amount) -> Int64 {
        terms.lots(worth: notional, at: reference).raw
    }
}

/// What happened to the makers' orders.
extension MakersBook {
    /// Notes a trade with a maker's order.
    ///
    /// - Parameter isFelt: whether it is missing afterwards, and pushes the price.
    mutating func traded(_ order: OrderID, _ size: Size, isFelt: Bool) {
        guard let index = place(of: order) else { return }
        quotes[index].resting = max(.zero, quotes[index].resting - size)
        guard isFelt else { return }
        quotes[index].missing = quotes[index].missing + size
        flow += quotes[index].side == .sell ? size.raw : -size.raw
    }

    /// Notes that a maker's order is gone, or was never taken.
    mutating func cancelled(_ order: OrderID) {
        guard let index = place(of: order) else { return }
        quotes[index].resting = .zero
    }

    private func place(of order: OrderID) -> Int? {
        let index = Int(order.raw) - contract.index * 1_000
        return quotes.indices.contains(index) ? index : nil
    }

    /// How far through the full book the flow since the last time went, in 2^-16 ticks of the contract, up or down; the
    /// next flow begins.
    mutating func takePush() -> Int64 {
        let lots = abs(flow)
        let isUp = flow > 0
        flow = 0
        guard lots > 0, fullSide > 0 else { return 0 }
        let far = Int128(reach.of(Amount(reference.raw), .up).raw) << 16
        var (left, last) = (Int128(lots), Int128(0))
        for quote in quotes[0..<levels] {
            let size = max(1, Int128(fullSide) * Int128(quote.weight) / Int128(weights))
            let away = far * Int128(quote.part) / Int128(quote.whole)
            if left <= size { return Int64((last + (away - last) * left / size)) * (isUp ? 1 : -1) }
            left -= size
            last = away
        }
        // Further than the book is deep: as dense as at its far end.
        return Int64(last + far * left / Int128(fullSide)) * (isUp ? 1 : -1)
    }
}

extension Fixed {
    /// What is left of one after so long, half of it being gone after `half`.
    static func halved(after passed: Int64, half: Int64) -> Fixed {
        guard half > 0 else { return .zero }
        let halves = Fixed(min(passed, half * 40), over: half)
        return (-(halves * Fixed(billionths: 693_147_181))).exponential
    }
}

extension Contract {
    /// How many whole lots `notional` buys at `price`.
    func lots(worth notional: Amount, at price: Price) -> Size {
        let sample: Int64 = 1_000_000
        let value = executionValue(of: Size(sample), at: price).magnitude
        guard value > .zero else { return .zero }
        return Size(min(Limits.ticksOrLots, Int64(notional.wide * Int128(sample) / value.wide)))
    }
}
