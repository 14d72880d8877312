/// What a trader sets on a position: leverage, margin mode, assigned margin, risk limit, hedge mode.
extension Exchange {
    /// Sets leverage, and the margin mode where one is given.
    ///
    /// Isolated positions are assigned IM + max(0, -unrealised) by a new leverage; a change of mode alone moves IM +
    /// draws to assigned, or hands assigned back and draws the loss.
    mutating func setLeverage(_ key: PositionKey, _ leverage: Leverage, _ mode: MarginMode?) throws(Rejection) {
        try checkActive(key.account)
        let index = try position(for: key)
        let limit = markets[key.contract.index].contract.maxLeverage
        guard leverage <= limit else { throw .leverageTooHigh(key.contract, asked: leverage, limit: limit) }
        try changeSettings(of: index) { venue in
            let before = venue.positions[index]
            if let mode, mode != before.mode { venue.switchMode(of: index, to: mode) }
            venue.positions[index].leverage = leverage
            venue.refresh(index)
            let renewed = mode == nil || mode == before.mode || leverage != before.leverage
            if venue.positions[index].mode == .isolated, venue.positions[index].size != .zero, renewed {
                venue.assign(
                    venue.positions[index].initialMargin + max(.zero, -venue.unrealised(venue.positions[index])),
                    to: index)
            }
        }
    }

    private mutating func switchMode(of index: Int, to mode: MarginMode) {
        let backing =
            rulebook.cross == .portfolio && mode == .isolated
            ? positions[index].initialMargin + max(.zero, -unrealised(positions[index])) : positions[index].held
        changeHeld(index, to: .zero)
        positions[index].mode = mode
        positions[index].drawn = .zero
        positions[index].assigned = mode == .isolated ? backing : .zero
    }

    private mutating func assign(_ margin: Amount, to index: Int) {
        positions[index].assigned = margin
        hold(index)
    }

    /// Adds margin to an isolated position, or takes it away down to IM.
    mutating func moveMargin(_ key: PositionKey, _ amount: Amount) throws(Rejection) {
        try checkActive(key.account)
        let index = try position(for: key)
        let position = positions[index]
        guard position.size != .zero else { throw .noPosition }
        guard position.mode == .isolated else { throw .notIsolated }
        guard amount != .zero else { throw .amountNotPositive }
        if amount < .zero, !isFresh(key.contract.index) { throw .staleMark(key.contract) }
        let wallet = Int(position.wallet)
        if amount > .zero {
            let most = max(.zero, min(available(wallet), assignable(wallet)))
            let currency = wallets[wallet].currency
            guard amount <= most else { throw .insufficientAvailable(currency, asked: amount, available: most) }
        } else {
            let left = position.assigned + amount + min(.zero, unrealised(position))
            let required = transferMargin(of: position)
            guard left >= required else {
                throw .marginBelowInitial(key.contract, margin: left, required: required)
            }
        }
        assign(position.assigned + amount, to: index)
        coverWallet(wallet)
        warnAll(wallet: wallet)
        events.append(.settingsChanged(change(positions[index])))
    }

    /// Chooses the risk limit that ends at `upTo`. It must hold the position and its orders.
    mutating func setRiskLimit(_ key: PositionKey, upTo: Amount) throws(Rejection) {
        try checkActive(key.account)
        let index = try position(for: key)
        guard case .stepped(let rows) = markets[key.contract.index].tiers, rulebook.riskLimits == .chosen else {
            throw .noRiskLimits(key.contract)
        }
        guard let row = rows.firstIndex(where: { $0.upTo == upTo }) else {
            throw .unknownRiskLimit(key.contract, asked: upTo)
        }
        let value = valueWithOrders(index)
        guard value <= upTo else { throw .riskLimitExceeded(key.contract, value: value, limit: upTo) }
        try changeSettings(of: index) { venue in
            venue.positions[index].riskLimit = Int16(row)
            venue.refresh(index)
        }
    }

    /// The value of a position with the worse side of its open orders.
    func valueWithOrders(_ index: Int) -> Amount {
        let value = basisValue(of: positions[index])
        let (buys, sells) = (opening(.buy, of: index).value, opening(.sell, of: index).value)
        let isLong = positions[index].size > .zero
        return max(value + (isLong ? buys : sells), isLong ? sells : buys)
    }

    /// Applies a change of settings, and takes it back where the wallet cannot bear it or the position would not live.
    private mutating func changeSettings(of index: Int, _ change: (inout Exchange) -> Void) throws(Rejection) {
        let wallet = Int(positions[index].wallet)
        let saved = (positions[index], wallets[wallet])
        let before = available(wallet)
        change(&self)
        let after = available(wallet)
        var refusal: Rejection?
        if after < .zero, after < before || positions[index].mode != saved.0.mode {
            refusal = .insufficientMargin(
                saved.0.contract, required: max(.zero, before - after), available: max(.zero, before))
        } else if rulebook.cross == .portfolio,
            portfolioEquity(wallet) - wallets[wallet].cross - wallets[wallet].orders < .zero
        {
            refusal = .insufficientMargin(
                saved.0.contract, required: positions[index].initialMargin, available: max(.zero, before))
        } else if after > before, saved.0.size != .zero, let stale = staleMark(behind: saved.0) {
            // Margin that a stale mark says is not needed is not given back.
            refusal = .staleMark(stale)
        }
        if refusal == nil, assignable(wallet) < .zero || pledgeMissing(by: wallet) != nil {
            refusal = .insufficientMargin(
                saved.0.contract, required: positions[index].initialMargin, available: max(.zero, before))
        }
        if refusal == nil { refusal = refusalToRelease(from: saved.0, to: positions[index]) }
        draw(index)
        let position = positions[index]
        let stance = stance(of: position)
        if refusal == nil, position.size != .zero, markets[position.contract.index].mark != nil, isBroken(stance) {
            refusal = .wouldBeLiquidated(position.contract, margin: stance.margin, maintenance: stance.maintenance)
        }
        if let refusal {
            positions[index] = saved.0
            wallets[wallet] = saved.1
            throw refusal
        }
        coverWallet(wallet)
        warnAll(wallet: wallet)
        events.append(.settingsChanged(self.change(positions[index])))
    }

    /// What a wallet has, or can realise at mark, beyond its isolated margin: a position that stands alone must not be
    /// backed by what another currency or an unrealised loss elsewhere only counts for.
    func assignable(_ index: Int) -> Amount {
        var money = wallets[index].balance - wallets[index].isolated
        guard rulebook.cross == .portfolio else { return money }
        forEachPosition(backedBy: index) { position in
            if position.mode == .cross { money = money + max(.zero, unrealised(position)) }
        }
        return money
    }

    /// Taking margin from an isolated position by a setting must leave as much as moving it out would have to.
    private func refusalToRelease(from before: Position, to after: Position) -> Rejection? {
        guard before.mode == .isolated, after.mode == .isolated, after.assigned < before.assigned else { return nil }
        let left = after.assigned + min(.zero, unrealised(after))
        let required = transferMargin(of: after)
        return left < required ? .marginBelowInitial(after.contract, margin: left, required: required) : nil
    }

    mutating func setHedged(_ account: AccountID, _ hedged: Bool) throws(Rejection) {
        try checkActive(account)
        var next = accounts[account.index].firstPosition
        while next >= 0 {
            let position = positions[Int(next)]
            guard position.size == .zero, position.openOrders < 0,
                !pending.queue(in: position.contract.index).contains(where: { $0.position == Int(next) })
            else {
                throw .positionsOpen
            }
            next = position.next
        }
        accounts[account.index].hedged = hedged
    }
}
