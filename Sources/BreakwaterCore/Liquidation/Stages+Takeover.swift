/// The liquidation engine's part: takeover by value, the offer at the bankruptcy price, the fund behind it.
extension Exchange {
    /// Takes a position over: the trader's wallet falls by exactly the margin behind it, and the engine owns it at the
    /// trader's settled value less that margin. Charges no fee.
    mutating func takeOver(_ index: Int, patience: Duration?, in id: LiquidationID) {
        let position = positions[index]
        let margin = isPortfolio(position) ? portfolioShare(of: position) - unrealised(position) : position.held
        let settled = position.settled - margin
        save(position: index)
        positions[index].size = .zero
        positions[index].entry = .zero
        positions[index].settled = .zero
        positions[index].assigned = .zero
        positions[index].drawn = .zero
        positions[index].realised = position.realised - margin
        credit(-margin, toWallet: Int(position.wallet))
        refresh(index)
        coverWallet(Int(position.wallet))
        undo.clear()
        let limit = engineLimit(position.contract, size: position.size, settled: settled)
        record(
            id, of: position.contract, .takenOver(size: position.size, margin: margin, settled: settled, limit: limit))
        announce(index)
        lots.append(
            Lot(
                liquidation: id, account: position.account, contract: position.contract, size: position.size,
                settled: settled, impatientAt: patience.map { now + $0 }))
        markets[position.contract.index].lots.append(Int32(lots.count - 1))
        offer(lots.count - 1)
        work(lot: lots.count - 1)
    }

    /// The engine's limit: its settled value as a price, rounded up when it sells and down when it buys.
    ///
    /// A long with nothing to lose sells at any price, a short that no price exhausts buys at any.
    private func engineLimit(_ contract: ContractID, size: Size, settled: Amount) -> Price {
        let sells = size > .zero
        let price = markets[contract.index].valuation.price(of: size, worth: settled, sells ? .up : .down)
        return max(Price(1), price ?? (sells ? Price(1) : Price(Limits.ticksOrLots)))
    }

    /// Offers a lot in the book at its bankruptcy price; what does not trade at once rests there.
    private mutating func offer(_ index: Int) {
        let lot = lots[index]
        guard lot.size != .zero, !markets[lot.contract.index].halted else { return }
        let side: OrderSide = lot.size > .zero ? .sell : .buy
        let limit = engineLimit(lot.contract, size: lot.size, settled: lot.settled)
        var taker = Taker(
            id: .none, holder: .lot(index), contract: lot.contract, side: side, limit: limit,
            remaining: lot.size.magnitude)
        _ = match(&taker)
        guard taker.remaining > .zero else { return }
        let slot = orders.insert(
            Order(
                id: .none, holder: .lot(index), contract: lot.contract, side: side, reduceOnly: false, price: limit,
                size: lot.size.magnitude, remaining: taker.remaining))
        lots[index].order = slot
        markets[lot.contract.index].book.insert(slot, in: &orders)
    }

    /// Retries every lot that waits in a contract.
    mutating func retryLots(in market: Int) {
        for index in markets[market].lots { work(lot: Int(index)) }
    }

    /// Sends a lot through the stages after the takeover once the mark has reached its bankruptcy price or its patience
    /// has ended; closes it when nothing is left.
    mutating func work(lot index: Int) {
        let market = lots[index].contract.index
        if lots[index].size != .zero, !markets[market].halted, isDue(lots[index]) {
            if lots[index].order >= 0 { remove(lots[index].order, .liquidation) }
            for stage in rulebook.waterfall where stage.followsTakeover && lots[index].size != .zero {
                switch stage {
                case .insuranceFund(let slippage): aggress(index, slippage: slippage)
                case .autoDeleverage(let policy): deleverage(index, by: policy)
                case .warnings, .stepDown, .cancelOrders, .fillOrKill, .takeover:
                    preconditionFailure("\(stage.name) follows no takeover")
                }
            }
            if lots[index].size != .zero {
                if lots[index].waiting != lots[index].size {
                    record(lots[index].liquidation, of: lots[index].contract, .waiting(remaining: lots[index].size))
                }
                lots[index].waiting = lots[index].size
                offer(index)
            }
        }
        closeIfDone(index)
    }

    private func isDue(_ lot: Lot) -> Bool {
        guard let mark = markets[lot.contract.index].mark, isFresh(lot.contract.index) else { return false }
        if let end = lot.impatientAt, end <= now { return true }
        return markets[lot.contract.index].valuation.markValue(of: lot.size, at: mark) <= lot.settled
    }

    /// Forgets a lot that is fully closed.
    mutating func closeIfDone(_ index: Int) {
        guard lots[index].size == .zero,
            let place = markets[lots[index].contract.index].lots.firstIndex(of: Int32(index))
        else { return }
        precondition(lots[index].settled == .zero, "closed lot keeps \(lots[index].settled.raw)")
        markets[lots[index].contract.index].lots.remove(at: place)
        record(lots[index].liquidation, of: lots[index].contract, .closed)
    }

    /// The insurance fund aggresses the book beyond the bankruptcy price, as far as its balance pays for the loss and
    /// the book is within `slippage` of the mark.
    private mutating func aggress(_ index: Int, slippage: Rate?) {
        let lot = lots[index]
        let limit = slippage.map { worstPrice(of: lot, slippage: $0) }
        var taker = Taker(
            id: .none, holder: .lot(index), contract: lot.contract, side: lot.size > .zero ? .sell : .buy, limit: limit,
            remaining: lot.size.magnitude, aggressing: true)
        _ = match(&taker)
        if lots[index].size != .zero, lots[index].size != lot.waiting {
            record(
                lot.liquidation, of: lot.contract,
                .fundExhausted(remaining: lots[index].size, fund: treasury.funds[fund(of: lot.contract)].balance))
        }
    }

    /// The price `slippage` beyond the mark, for the worse, but never short of the lot's own limit.
    private func worstPrice(of lot: Lot, slippage: Rate) -> Price {
        let mark = markets[lot.contract.index].mark!
        let away = Price(slippage.of(Amount(mark.raw), .down).raw)
        let own = engineLimit(lot.contract, size: lot.size, settled: lot.settled)
        return lot.size > .zero ? min(own, max(Price(1), mark - away)) : max(own, mark + away)
    }

    /// Offers a lot anew where what it must fetch has changed, and works it if that made it due.
    mutating func reprice(lot index: Int) {
        guard lots[index].size != .zero else { return }
        if lots[index].order >= 0 { remove(lots[index].order, .replaced) }
        offer(index)
        work(lot: index)
    }

    /// The largest part of `size` whose loss at `price` the fund can pay.
    func affordable(_ index: Int, _ size: Size, at price: Price) -> Size {
        let lot = lots[index]
        let budget = treasury.funds[fund(of: lot.contract)].balance
        func loss(_ part: Size) -> Amount {
            let delta = Size(-lot.size.sign * part.raw)
            return lot.settled.share(part.raw, of: lot.size.magnitude.raw, .nearest)
                + markets[lot.contract.index].valuation.executionValue(of: delta, at: price)
        }
        let whole = loss(size)
        if whole <= budget { return size }
        // Losses grow in proportion, up to rounding; step back over that.
        var part = Size(Int64(divide(size.wide * budget.wide, by: whole.wide, .down)))
        while part > .zero, loss(part) > budget { part = part - Size(1) }
        return part
    }
}
