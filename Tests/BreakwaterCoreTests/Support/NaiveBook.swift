import BreakwaterCore

/// The order book written for obviousness: one array of orders, searched from the start for every single fill.
///
/// It is the oracle of the fast one and shares no code with it. Money is no object here.
struct NaiveBook {
    struct Resting: Equatable {
        let account: Int
        let id: Int
        let side: OrderSide
        /// `nil` for a market order, which never rests.
        var price: Int?
        /// All that was asked for, the filled part included.
        var size: Int
        var filled = 0
        let postOnly: Bool
        let reduceOnly: Bool
        /// Who came first.
        var turn: Int

        var remaining: Int { size - filled }
    }

    private(set) var orders: [Resting] = []
    /// Signed, by account.
    private(set) var positions: [Int]
    private var preventions: [SelfTradePrevention]
    private var turns = 0
    private var happenings: [Happening] = []

    init(accounts: Int) {
        positions = Array(repeating: 0, count: accounts)
        preventions = Array(repeating: .newest, count: accounts)
    }

    /// One side's orders, the one to trade first in front.
    func queue(_ side: OrderSide) -> [Resting] {
        orders.filter { $0.side == side }.sorted { a, b in
            if a.price! != b.price! { return side == .buy ? a.price! > b.price! : a.price! < b.price! }
            return a.turn < b.turn
        }
    }

    mutating func execute(_ command: BookCommand) -> [Happening] {
        happenings = []
        switch command {
        case .place(let order): place(order)
        case .amend(let account, let id, let size, let price): amend(account, id, size, price)
        case .cancel(let account, let id):
            if let order = open(account, id) { cancel(order, "requested") } else { refuse(["unknownOrder"]) }
        case .cancelAll(let account):
            for order in (queue(.buy) + queue(.sell)) where order.account == account { cancel(order, "requested") }
        case .close(let account): close(account)
        case .prevent(let account, let prevention): preventions[account] = prevention
        case .mark, .settle: break
        }
        // Reduce-only orders end with their position.
        for order in orders where order.reduceOnly && closable(order) == 0 { cancel(order, "nothingToReduce") }
        return happenings
    }
}

/// Commands.
extension NaiveBook {
    private mutating func place(_ request: BookCommand.Placement) {
        let order = Resting(
            account: request.account, id: request.id, side: request.side, price: request.price, size: request.size,
            postOnly: request.postOnly, reduceOnly: request.reduceOnly, turn: nextTurn())
        var reasons: [String] = []
        if order.size <= 0 { reasons.append("sizeNotPositive") }
        if let price = order.price, price <= 0 { reasons.append("priceNotPositive") }
        if order.price == nil, order.postOnly { reasons.append("marketOrderRests") }
        if order.id != BookCommand.unnamed, orders.contains(where: { $0.id == order.id }) {
            reasons.append("duplicateOrder")
        }
        if order.reduceOnly, closable(order) == 0 { reasons.append("nothingToReduce") }
        if order.postOnly, firstInTurn(against: order) != nil { reasons.append("wouldTakeLiquidity") }
        guard reasons.isEmpty else { return refuse(reasons) }
        happenings.append(.entered(sighting(order)))
        trade(order, request.timeInForce)
    }

    private mutating func amend(_ account: Int, _ id: Int, _ size: Int?, _ price: Int?) {
        var reasons: [String] = []
        if size == nil, price == nil { reasons.append("nothingToAmend") }
        if let size, size <= 0 { reasons.append("sizeNotPositive") }
        if let price, price <= 0 { reasons.append("priceNotPositive") }
        guard let old = open(account, id) else { return refuse(reasons + ["unknownOrder"]) }
        guard reasons.isEmpty else { return refuse(reasons) }
        var new = old
        new.size = size ?? old.size
        new.price = price ?? old.price
        // A size already filled leaves nothing to keep open.
        if new.remaining <= 0 { return cancel(old, "requested") }
        if new.price == old.price, new.size <= old.size {
            update(new)
            happenings.append(.amended(sighting(new)))
            return
        }
        if new.reduceOnly, closable(new) == 0 { reasons.append("nothingToReduce") }
        if new.postOnly, firstInTurn(against: new) != nil { reasons.append("wouldTakeLiquidity") }
        guard reasons.isEmpty else { return refuse(reasons) }
        orders.removeAll { $0.id == id }
        new.turn = nextTurn()
        happenings.append(.amended(sighting(new)))
        trade(new, .goodTillCancelled)
    }

    private mutating func close(_ account: Int) {
        let position = positions[account]
        guard position != 0 else { return refuse(["noPosition"]) }
        place(
            BookCommand.Placement(
                account: account, id: BookCommand.unnamed, side: position > 0 ? .sell : .buy, size: abs(position),
                timeInForce: .immediateOrCancel, reduceOnly: true))
    }
}

/// Trading.
extension NaiveBook {
    private enum Ending {
        case filled
        case nobodyLeft
        case metItself
    }

    private mutating func trade(_ order: Resting, _ timeInForce: TimeInForce) {
        var order = order
        if timeInForce == .fillOrKill {
            var rehearsal = self
            var copy = order
            guard rehearsal.match(&copy) == .filled else { return leave(order, "notFilled") }
        }
        switch match(&order) {
        case .filled: return
        case .metItself: leave(order, "selfTrade")
        case .nobodyLeft:
            if order.reduceOnly, closable(order) == 0 {
                leave(order, "nothingToReduce")
            } else if order.price == nil || timeInForce != .goodTillCancelled {
                leave(order, "notFilled")
            } else {
                orders.append(order)
            }
        }
    }

    private mutating func match(_ taker: inout Resting) -> Ending {
        while let maker = firstInTurn(against: taker) {
            if maker.reduceOnly, closable(maker) == 0 {
                // Its position went to better-priced orders of the same owner, or to this very order's first part.
                cancel(maker, "nothingToReduce")
                continue
            }
            if maker.account == taker.account {
                let prevention = preventions[taker.account]
                if prevention != .newest { cancel(maker, "selfTrade") }
                if prevention != .oldest { return .metItself }
                continue
            }
            var size = min(taker.remaining, maker.remaining)
            if maker.reduceOnly { size = min(size, closable(maker)) }
            if taker.reduceOnly { size = min(size, closable(taker)) }
            fill(&taker, maker, size)
            if taker.remaining == 0 { return .filled }
            if taker.reduceOnly, closable(taker) == 0 { return .nobodyLeft }
        }
        return .nobodyLeft
    }

    private mutating func fill(_ taker: inout Resting, _ maker: Resting, _ size: Int) {
        var maker = maker
        taker.filled += size
        maker.filled += size
        positions[taker.account] += taker.side == .buy ? size : -size
        positions[maker.account] += maker.side == .buy ? size : -size
        if maker.remaining == 0 { orders.removeAll { $0.id == maker.id } } else { update(maker) }
        happenings.append(
            .traded(
                price: maker.price!, size: size, takerSide: taker.side,
                taker: Happening.Party(account: taker.account, id: taker.id),
                maker: Happening.Party(account: maker.account, id: maker.id)))
    }

    /// The resting order that `taker` trades with next, if its limit allows.
    private func firstInTurn(against taker: Resting) -> Resting? {
        let first = queue(taker.side == .buy ? .sell : .buy).first
        guard let first, let limit = taker.price else { return first }
        return taker.side == .buy ? (first.price! <= limit ? first : nil) : (first.price! >= limit ? first : nil)
    }

    /// How much of its owner's position an order can close.
    private func closable(_ order: Resting) -> Int {
        let position = positions[order.account]
        return max(0, order.side == .buy ? -position : position)
    }
}

/// The array, and what is told about it.
extension NaiveBook {
    private func open(_ account: Int, _ id: Int) -> Resting? { orders.first { $0.id == id && $0.account == account } }

    private mutating func update(_ order: Resting) { orders[orders.firstIndex { $0.id == order.id }!] = order }

    private mutating func cancel(_ order: Resting, _ reason: String) {
        orders.removeAll { $0.id == order.id }
        leave(order, reason)
    }

    private mutating func leave(_ order: Resting, _ reason: String) {
        happenings.append(.left(sighting(order), reason: reason))
    }

    private mutating func refuse(_ codes: [String]) { happenings.append(.refused(codes)) }

    private mutating func nextTurn() -> Int {
        turns += 1
        return turns
    }

    private func sighting(_ order: Resting) -> Happening.Sighting {
        Happening.Sighting(
            account: order.account, id: order.id, side: order.side, price: order.price, size: order.size,
            remaining: order.remaining)
    }
}
