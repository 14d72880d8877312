/// One trade between two holders: both sides are booked, and unbooked again if either cannot afford it.
extension Exchange {
    /// Who takes, what, and on which terms.
    struct Taker {
        let id: OrderID
        let holder: Holder
        let contract: ContractID
        let side: OrderSide
        /// The worst price it trades at; `nil` for any.
        let limit: Price?
        var remaining: Size
        var reduceOnly = false
        /// Closed by force: pays the liquidation fee instead of the taker fee.
        var forced = false
        /// May spend its insurance fund; a lot only.
        var aggressing = false
        /// What its fills so far realised for its position, and were worth, signed like the order.
        var realised = Amount.zero
        var traded = Amount.zero
        /// The fees of its fills so far: paid (+) or received (-).
        var fees = Amount.zero
        /// The resting order it is, where an auction lets two of them meet: then nobody takes. `-1` otherwise.
        var resting: Int32 = -1

        /// Whether it trades at `price`.
        func reaches(_ price: Price) -> Bool {
            guard let limit else { return true }
            return side == .buy ? price <= limit : price >= limit
        }
    }

    enum FillResult: Equatable {
        /// The value signed by the taker's side, and what it did to either side's position.
        case booked(Amount, taker: Gain, maker: Gain)
        case takerRefused(Rejection)
        case makerRefused(Rejection)
    }

    /// What a side of a trade realised, and the fee it paid.
    struct Gain: Equatable {
        var realised = Amount.zero
        var fee = Amount.zero
    }

    /// Books `size` between `taker` and the resting order in `slot` at `price`, fees included. The book itself is not
    /// touched.
    ///
    /// Refusals put everything back. Undo entries stay in the log, so that a trial of several fills can be taken back.
    mutating func fill(_ taker: Taker, _ slot: Int32, size: Size, at price: Price) -> FillResult {
        let maker = orders[slot]
        for holder in [taker.holder, maker.holder] { if let index = holder.position { touch(index) } }
        let start = (undo: undo.count, events: events.count)
        let market = taker.contract.index
        let open = markets[market].openInterest + size
        for other in [price, markets[market].mark ?? price, markets[market].markAhead ?? price]
        where !markets[market].valuation.holds(open, at: other) {
            return .takerRefused(.valueTooLarge(taker.contract))
        }
        let value = markets[market].valuation.executionValue(of: Size(size.raw * taker.side.sign), at: price)
        func undone(_ result: FillResult) -> FillResult {
            rollBack(to: start.undo)
            events.removeSubrange(start.events...)
            return result
        }
        saveMarket(taker.contract)
        undo.append(.order(slot, maker))
        if let position = maker.holder.position {
            save(openOrders: position)
            reduce(slot, by: size, of: position)
        } else {
            orders[slot].remaining = maker.remaining - size
        }
        if taker.resting >= 0, let position = taker.holder.position {
            undo.append(.order(taker.resting, orders[taker.resting]))
            save(openOrders: position)
            reduce(taker.resting, by: size, of: position)
        }
        let role: Role = taker.resting >= 0 ? .maker : .taker
        if let refusal = bookSide(of: taker.holder, size, taker.side, worth: value, as: role, at: price, taker) {
            return undone(.takerRefused(refusal))
        }
        var gains = (taker: Gain(realised: lastRealised), maker: Gain())
        if let refusal = bookSide(of: maker.holder, size, maker.side, worth: -value, as: .maker, at: price, taker) {
            return undone(.makerRefused(refusal))
        }
        gains.maker.realised = lastRealised
        (gains.taker.fee, gains.maker.fee) = chargeFees(of: taker, maker.holder, value: value.magnitude)
        return .booked(value, taker: gains.taker, maker: gains.maker)
    }

    /// How a side came to its trade. A resting order was margined when it was placed and may use what orders reserve.
    enum Role {
        case taker
        case maker
        /// Off the book.
        case agreed
        /// Taken over from the liquidation engine.
        case assigned
    }

    /// Books one side of a trade, and says why its holder cannot afford it, if so.
    private mutating func bookSide(
        of holder: Holder, _ size: Size, _ side: OrderSide, worth value: Amount, as role: Role, at price: Price,
        _ taker: Taker
    ) -> Rejection? {
        let delta = Size(size.raw * side.sign)
        guard let index = holder.position else {
            return bookLot(
                holder.lot!, delta, worth: value, at: price, aggressing: taker.holder == holder && taker.aggressing)
        }
        return bookPosition(index, delta, worth: value, as: role)
    }

    /// Books an execution to a position, draws its loss, and judges the outcome.
    mutating func bookPosition(_ index: Int, _ delta: Size, worth value: Amount, as role: Role) -> Rejection? {
        touch(index)
        save(position: index)
        let before = positions[index]
        let availableBefore = available(Int(before.wallet))
        let ratioBefore = isPortfolio(before) ? stance(of: before) : nil
        let outcome = book(delta, worth: value, to: index)
        lastRealised = outcome.realised
        draw(index)
        let after = positions[index]
        let opens = before.size.sign * delta.sign >= 0 || delta.magnitude > before.size.magnitude
        let closes = before.size.sign * delta.sign < 0
        if closes, let refusal = refusalToClose(before, after, outcome, availableBefore, ratioBefore) { return refusal }
        if opens, isOutsideBand(delta, worth: value, in: before.contract) {
            return .outsideOpeningBand(before.contract, limit: rulebook.openingBand!)
        }
        if opens, let refusal = refusalToOpen(index, availableBefore: availableBefore, as: role) { return refusal }
        return nil
    }

    /// Closing may cost what stands behind the position, not more: neither anybody else's money nor what other orders
    /// reserve pays for it.
    private func refusalToClose(
        _ before: Position, _ after: Position, _ outcome: (realised: Amount, released: Amount),
        _ availableBefore: Amount, _ ratioBefore: LiquidationStep.Stance?
    ) -> Rejection? {
        let beyond = Rejection.closesBeyondBankruptcy(before.contract)
        if before.mode == .isolated { return outcome.realised + outcome.released < .zero ? beyond : nil }
        guard let old = ratioBefore else {
            // The position's own orders must not hold it: those that closing turns into opening ones can be cancelled.
            let spareBefore = availableBefore + before.orderMargin
            let wallet = wallets[Int(before.wallet)]
            // IM that a change of rules left unpaid for is no money to lose.
            if wallet.balance < wallet.isolated { return beyond }
            return available(Int(before.wallet)) + after.orderMargin < min(.zero, spareBefore) ? beyond : nil
        }
        // A portfolio must not be left nearer to liquidation than it was, unless it stays clear of it.
        let new = stance(of: after)
        if new.margin >= .zero, !isBroken(new) || new.maintenance == .zero { return nil }
        let improves = new.margin.wide * old.maintenance.wide >= old.margin.wide * new.maintenance.wide
        return new.margin >= .zero && improves ? nil : beyond
    }

    /// Whether an execution is worth so much less than at mark that margin on its entry value would mean little.
    private func isOutsideBand(_ delta: Size, worth value: Amount, in contract: ContractID) -> Bool {
        guard let band = rulebook.openingBand, rulebook.basis == .entry, let mark = markets[contract.index].mark else {
            return false
        }
        let least = (.one - band).of(markets[contract.index].valuation.notional(of: delta, at: mark), .down)
        return value.magnitude < least
    }

    /// Opening needs its IM in full, a value within the limit, and a position that is not liquidatable from the start.
    private func refusalToOpen(_ position: Int, availableBefore: Amount, as role: Role) -> Rejection? {
        let after = positions[position]
        if role != .assigned, constraints(of: after).reduceOnlyUntil > now { return .onlyReducing(after.contract) }
        if role != .assigned, accounts[after.account.index].restriction != .none { return .accountReducesOnly }
        if let stale = staleMark(behind: after) { return .staleMark(stale) }
        let value = basisValue(of: after)
        if let limit = valueLimit(of: after), value > limit {
            return .riskLimitExceeded(after.contract, value: value, limit: limit)
        }
        let index = Int(after.wallet)
        let wallet = wallets[index]
        let reserved = role == .maker ? .zero : wallet.orders
        let free: Amount
        switch rulebook.cross {
        case .drawn: free = wallet.balance - wallet.isolated - wallet.cross - reserved
        case .portfolio: free = portfolioEquity(index) - wallet.cross - reserved
        }
        let more =
            raised(after.initialMargin, worth: value, in: after.contract.index)
            + raised(besides: position, inWallet: index)
        if role != .assigned, free < more {
            return .insufficientMargin(
                after.contract, required: availableBefore - free + more, available: max(.zero, availableBefore))
        }
        if let missing = pledgeMissing(by: index) {
            return .insufficientMargin(after.contract, required: missing, available: max(.zero, availableBefore))
        }
        if free < .zero {
            return .insufficientMargin(after.contract, required: availableBefore - free, available: availableBefore)
        }
        if role == .agreed || role == .assigned, !isPortfolio(after), after.mode == .cross,
            -unrealised(after) > after.drawn
        {
            // An agreed price away from the mark costs at once; opening there needs that loss available in full.
            return .insufficientMargin(
                after.contract, required: availableBefore - unrealised(after) - after.drawn, available: availableBefore)
        }
        let stance = stance(of: after)
        return isBroken(stance)
            ? .wouldBeLiquidated(after.contract, margin: stance.margin, maintenance: stance.maintenance) : nil
    }

    /// Books an execution to a lot of the liquidation engine; the difference to its settled value is the fund's.
    private mutating func bookLot(_ index: Int, _ delta: Size, worth value: Amount, at price: Price, aggressing: Bool)
        -> Rejection?
    {
        let lot = lots[index]
        let fund = fund(of: lot.contract)
        undo.append(.lot(index, lot))
        undo.append(.absorbed(lot.contract.index, markets[lot.contract.index].absorbed))
        undo.append(.fund(fund, treasury.funds[fund].balance))
        let closed = lot.settled.share(delta.magnitude.raw, of: lot.size.magnitude.raw, .nearest)
        let gain = -(closed + value)
        changeAbsorbed(lot, by: -1)
        lots[index].size = lot.size + delta
        lots[index].settled = lot.settled - closed
        lots[index].paid = lot.paid - lot.paid.share(delta.magnitude.raw, of: lot.size.magnitude.raw, .nearest)
        changeAbsorbed(lots[index], by: 1)
        treasury.funds[fund].balance = treasury.funds[fund].balance + gain
        changeOpenInterest(of: lot.contract, from: lot.size, to: lots[index].size)
        record(
            lot.liquidation, of: lot.contract,
            .lotTraded(size: delta, price: price, value: value, gain: gain, aggressing: aggressing))
        return treasury.funds[fund].balance < .zero ? .closesBeyondBankruptcy(lot.contract) : nil
    }

    /// Saves what a fill changes besides positions and wallets.
    mutating func saveMarket(_ contract: ContractID) {
        let currency = markets[contract.index].contract.settle.index
        undo.append(
            .openInterest(
                contract.index, longs: markets[contract.index].openInterest,
                shorts: markets[contract.index].shortInterest))
        undo.append(.fees(currency, treasury.fees[currency]))
    }

    /// Takes the taker's or liquidation fee, then the maker's; a rebate is paid out of what the taker paid.
    ///
    /// - Returns: what each paid; negative for a rebate.
    private mutating func chargeFees(of taker: Taker, _ maker: Holder, value: Amount) -> (taker: Amount, maker: Amount)
    {
        let fees = markets[taker.contract.index].contract.fees
        var taken = Amount.zero
        if let index = taker.holder.position, taker.resting >= 0 {
            taken = chargeMakerFee(fees.maker, of: value, to: index, outOf: .zero)
        } else if let index = taker.holder.position {
            let rate = taker.forced ? fees.liquidation : fees.taker
            taken = chargeFee(rate.of(value, .up), to: index)
        }
        guard let index = maker.position else { return (taken, .zero) }
        let source = taker.resting >= 0 ? .zero : taken
        return (taken, chargeMakerFee(fees.maker, of: value, to: index, outOf: source))
    }

    /// Takes a maker's fee, or pays its rebate out of what the taker paid.
    ///
    /// - Returns: what was paid; negative for a rebate.
    mutating func chargeMakerFee(_ rate: Rate, of value: Amount, to index: Int, outOf taken: Amount) -> Amount {
        if rate >= .zero { return chargeFee(rate.of(value, .up), to: index) }
        let rebate = min(taken, -rate.of(value, .up))
        payRebate(rebate, to: index)
        return -rebate
    }

    mutating func chargeFee(_ fee: Amount, to index: Int) -> Amount {
        guard fee > .zero else { return .zero }
        let contract = positions[index].contract
        let taken = charge(fee, to: index, sparing: true)
        let currency = markets[contract.index].contract.settle.index
        treasury.fees[currency] = treasury.fees[currency] + taken
        events.append(.feeCharged(positions[index].account, contract, taken))
        return taken
    }

    private mutating func payRebate(_ rebate: Amount, to index: Int) {
        let contract = positions[index].contract
        let currency = markets[contract.index].contract.settle.index
        treasury.fees[currency] = treasury.fees[currency] - rebate
        credit(rebate, toWallet: Int(positions[index].wallet))
        note(rebate, realisedBy: index)
        events.append(.feeCharged(positions[index].account, contract, -rebate))
    }
}
