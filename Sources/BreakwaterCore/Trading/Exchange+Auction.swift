/// A call auction that is on.
struct Auction: Sendable, Equatable {
    /// When it ends by itself; `nil` where the venue ends it.
    var until: Timestamp?
}

/// Call auctions: orders rest without trading, and in the end what crosses trades at one price.
extension Exchange {
    mutating func openAuction(_ contract: ContractID) throws(Rejection) {
        try check(contract)
        guard !markets[contract.index].halted else { throw .halted(contract) }
        guard markets[contract.index].auction == nil else { throw .inAuction(contract) }
        markets[contract.index].auction = Auction(until: nil)
        events.append(.auctionOpened(contract))
        withdrawOffers(in: contract.index)
    }

    mutating func uncross(_ contract: ContractID) throws(Rejection) {
        try check(contract)
        guard !markets[contract.index].halted else { throw .halted(contract) }
        guard markets[contract.index].auction != nil else { throw .notInAuction(contract) }
        endAuction(in: contract.index)
    }

    /// An auction takes orders that can rest, and no others.
    func checkAuction(accepts request: OrderRequest) throws(Rejection) {
        guard markets[request.key.contract.index].auction != nil else { return }
        guard request.price != nil, !request.postOnly, request.timeInForce == .goodTillCancelled else {
            throw .inAuction(request.key.contract)
        }
    }

    /// Uncrosses the book and lets trading go on.
    mutating func endAuction(in market: Int) {
        let contract = ContractID(index: market)
        let byBreaker = markets[market].auction?.until != nil
        let price = AuctionPrice(of: markets[market].book, mark: markets[market].mark)?.price
        var traded = Size.zero
        // Orders that were refused can leave others crossed; those trade at the best price among themselves.
        while let next = AuctionPrice(of: markets[market].book, mark: markets[market].mark)?.price {
            traded = traded + uncross(market, at: next)
        }
        markets[market].auction = nil
        events.append(.auctionEnded(contract, price: price, size: traded))
        if byBreaker { events.append(.breakerEnded(contract, at: now)) }
        release(market)
    }

    /// Trades everything that crosses `price` there, best price first, then first come.
    ///
    /// Each step trades, shortens or cancels an order, so that it ends with nothing left to trade at the price.
    private mutating func uncross(_ market: Int, at price: Price) -> Size {
        var traded = Size.zero
        while let bid = markets[market].book.front.best(.buy), let ask = markets[market].book.front.best(.sell),
            bid >= price,
            ask <= price
        {
            traded =
                traded
                + meet(markets[market].book.front.first(.buy), markets[market].book.front.first(.sell), at: price)
        }
        return traded
    }

    /// Two resting orders that cross: one of them goes, or they trade.
    ///
    /// - Returns: what was traded.
    private mutating func meet(_ bid: Int32, _ ask: Int32, at price: Price) -> Size {
        let (buy, sell) = (orders[bid], orders[ask])
        guard let buyer = buy.holder.position, let seller = sell.holder.position else {
            preconditionFailure("an order of the liquidation engine in an auction")
        }
        if positions[buyer].account == positions[seller].account {
            preventSelfTrade(of: positions[buyer].account, bid, ask)
            return .zero
        }
        for (slot, order, index) in [(bid, buy, buyer), (ask, sell, seller)]
        where order.reduceOnly && reducible(index, order.side) == .zero {
            remove(slot, .nothingToReduce)
            return .zero
        }
        var size = min(buy.remaining, sell.remaining)
        if buy.reduceOnly { size = min(size, reducible(buyer, .buy)) }
        if sell.reduceOnly { size = min(size, reducible(seller, .sell)) }
        let taker = Taker(
            id: buy.id, holder: buy.holder, contract: buy.contract, side: .buy, limit: buy.price, remaining: size,
            reduceOnly: buy.reduceOnly, resting: bid)
        switch fill(taker, ask, size: size, at: price) {
        case .takerRefused:
            remove(bid, .insufficientMargin)
            return .zero
        case .makerRefused(_):
            remove(ask, .insufficientMargin)
            return .zero
        case .booked(let value, let buyer, let seller):
            publish(bid, buyer, ask, seller, size: size, value: value.magnitude, at: price)
            return size
        }
    }

    /// Of two orders of one account, the newer goes, or the older, or both.
    private mutating func preventSelfTrade(of account: AccountID, _ bid: Int32, _ ask: Int32) {
        let (older, newer) = orders[bid].turn < orders[ask].turn ? (bid, ask) : (ask, bid)
        switch accounts[account.index].selfTrade {
        case .newest: remove(newer, .selfTrade)
        case .oldest: remove(older, .selfTrade)
        case .both:
            remove(newer, .selfTrade)
            remove(older, .selfTrade)
        }
    }

    /// Makes a trade of two resting orders visible. Nobody took; the buyer stands in the taker's place.
    private mutating func publish(
        _ bid: Int32, _ buyer: Gain, _ ask: Int32, _ seller: Gain, size: Size, value: Amount, at price: Price
    ) {
        undo.clear()
        let (buy, sell) = (orders[bid], orders[ask])
        let market = buy.contract.index
        markets[market].last = price
        for slot in [bid, ask] { markets[market].book.shrinkLevel(of: slot, by: size, in: orders) }
        events.append(
            .traded(
                Trade(
                    contract: buy.contract, price: price, size: size, value: value, takerSide: .buy,
                    taker: party(buy.holder, buy.id, buyer), maker: party(sell.holder, sell.id, seller))))
        for slot in [bid, ask] where orders[slot].remaining == .zero { unlink(slot) }
        for holder in [buy.holder, sell.holder] { announce(holder.position!) }
    }
}
