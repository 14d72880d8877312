/// Off-book trades: two accounts agree, the venue checks both.
extension Exchange {
    /// Trades buyer and seller with each other, all or nothing, each checked as an order of that size would be.
    mutating func trade(_ request: TradeRequest) throws(Rejection) {
        let buyer = try position(for: request.buyer)
        let seller = try position(for: request.seller)
        let id = request.buyer.contract
        let market = id.index
        guard request.buyer.account != request.seller.account else { throw .selfTrade }
        try checkActive(request.buyer.account)
        try checkActive(request.seller.account)
        guard !markets[market].halted else { throw .halted(id) }
        guard markets[market].auction == nil else { throw .inAuction(id) }
        guard request.size > .zero else { throw .sizeNotPositive }
        guard request.price > .zero else { throw .priceNotPositive }
        guard let mark = markets[market].mark else { throw .noMark(id) }
        for price in [request.price, mark]
        where !markets[market].valuation.holds(request.size + markets[market].openInterest, at: price) {
            throw .valueTooLarge(id)
        }
        try checkHedge(positions[buyer], .buy, request.size)
        try checkHedge(positions[seller], .sell, request.size)
        let value = markets[market].valuation.executionValue(of: request.size, at: request.price)
        let start = undo.count
        saveMarket(id)
        var gains = (buyer: Gain(), seller: Gain())
        for (index, delta, value) in [(buyer, request.size, value), (seller, -request.size, -value)] {
            let fee = fee(of: request, on: value.magnitude, for: index == buyer ? .buy : .sell)
            let refusal = bookPosition(index, delta, worth: value, as: .agreed) ?? missingFee(fee, index, delta)
            if let refusal {
                rollBack(to: start)
                throw refusal
            }
            if index == buyer { gains.buyer.realised = lastRealised } else { gains.seller.realised = lastRealised }
        }
        undo.clear()
        markets[market].last = request.price
        (gains.buyer.fee, gains.seller.fee) = chargeFees(
            buyer: buyer, seller: seller, taker: request.taker, value: value.magnitude)
        let parties = (
            buyer: party(.position(buyer), .none, gains.buyer), seller: party(.position(seller), .none, gains.seller)
        )
        let buyerTakes = request.taker != .sell
        events.append(
            .traded(
                Trade(
                    contract: id, price: request.price, size: request.size, value: value.magnitude,
                    takerSide: request.taker ?? .buy, taker: buyerTakes ? parties.buyer : parties.seller,
                    maker: buyerTakes ? parties.seller : parties.buyer)))
        announce(buyer)
        announce(seller)
    }

    /// In hedge mode a side is closed by its opposite, never flipped.
    private func checkHedge(_ position: Position, _ side: OrderSide, _ size: Size) throws(Rejection) {
        guard position.side != .net, (position.side == .long) != (side == .buy) else { return }
        guard position.size.magnitude >= size else { throw .closesMoreThanHeld(position.contract) }
    }

    /// What one side of a trade will be charged; zero where it is paid a rebate.
    private func fee(of request: TradeRequest, on value: Amount, for side: OrderSide) -> Amount {
        guard let taker = request.taker else { return .zero }
        let fees = markets[request.buyer.contract.index].contract.fees
        return max(.zero, (side == taker ? fees.taker : fees.maker).of(value, .up))
    }

    /// Opening needs its fee available on top of its margin, as an order's does.
    private func missingFee(_ fee: Amount, _ index: Int, _ delta: Size) -> Rejection? {
        let position = positions[index]
        let spare = available(Int(position.wallet))
        guard position.size.sign == delta.sign, fee > .zero, spare < fee else { return nil }
        return .insufficientMargin(position.contract, required: fee, available: max(.zero, spare))
    }

    /// Takes the fees of both, if anybody takes.
    ///
    /// - Returns: what each paid; negative for a rebate.
    private mutating func chargeFees(
        buyer: Int, seller: Int, taker: OrderSide?, value: Amount
    ) -> (buyer: Amount, seller: Amount) {
        guard let taker else { return (.zero, .zero) }
        let fees = markets[positions[buyer].contract.index].contract.fees
        let (payer, other) = taker == .buy ? (buyer, seller) : (seller, buyer)
        let taken = chargeFee(fees.taker.of(value, .up), to: payer)
        let paid = chargeMakerFee(fees.maker, of: value, to: other, outOf: taken)
        return taker == .buy ? (taken, paid) : (paid, taken)
    }
}
