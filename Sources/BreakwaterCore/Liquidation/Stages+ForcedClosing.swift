/// Stages that close the trader's own position in the book: a part at a time, or all at once.
extension Exchange {
    /// Closes part of a position, again and again while that helps and the book and the cooldown let it.
    ///
    /// - Returns: whether the rest has to wait, for a cooldown or for forced orders' share of the book.
    mutating func partial(_ index: Int, _ terms: PartialClose, in id: LiquidationID) -> Bool {
        while isLiquidatable(index), terms.above.map({ !isBelow($0, positions[index]) }) ?? true {
            let cools = coolsUntil(positions[index]) > now
            if cools, terms.duringCooldown == .wait { return true }
            guard let size = part(of: index, terms, whole: cools) else { return false }
            let before = positions[index].size
            if size == .zero {
                // Nothing exceeds the lower row: only the chosen limit has to come down.
                let row = positions[index].riskLimit
                lowerRiskLimit(index, in: id)
                if positions[index].riskLimit < row { continue } else { return false }
            }
            let (filled, isCut) = closeByForce(index, size, slippage: terms.slippage, as: .partial, in: id)
            lowerRiskLimit(index, in: id)
            if let cooldown = terms.cooldown, filled > .zero, size < before.magnitude {
                let end = now + cooldown
                constrain(index) { $0.coolsUntil = end }
                return true
            }
            guard filled == size, filled < before.magnitude else { return isCut }
        }
        return false
    }

    /// When the cooldown after the last partial close ends: that of any position of the same portfolio. Source:
    /// Hyperliquid, where it is the user's.
    func coolsUntil(_ position: Position) -> Timestamp {
        guard isPortfolio(position) else { return constraints(of: position).coolsUntil }
        var last = Timestamp.zero
        forEachPosition(backedBy: Int(position.wallet)) {
            if $0.mode == .cross { last = max(last, constraints(of: $0).coolsUntil) }
        }
        return last
    }

    /// How much of a position is to be closed next; `nil` where the stage has no part for it.
    private func part(of index: Int, _ terms: PartialClose, whole: Bool) -> Size? {
        let position = positions[index]
        let all = position.size.magnitude
        let market = markets[position.contract.index]
        let worth = market.valuation.notional(of: position.size, at: market.mark!)
        if whole || worth <= terms.over[market.contract.settle] ?? .zero { return all }
        switch terms.close {
        case .all: return all
        case .fraction(let rate): return Size(rate.of(Amount(all.raw), .up).raw)
        case .toInitial: return partToInitial(of: position)
        case .toTier: return partToTier(of: position)
        }
    }

    /// The least part after whose closing at mark, its fee paid, margin reaches IM; all where none does.
    private func partToInitial(of position: Position) -> Size {
        let market = markets[position.contract.index]
        let (backing, others) = marginAgainstInitial(position)
        func reaches(_ part: Int64) -> Bool {
            let rest = position.size.magnitude - Size(part)
            let closed = market.valuation.notional(of: Size(part), at: market.mark!)
            let fee = market.contract.fees.liquidation.of(closed, .up)
            let worth =
                rulebook.basis == .entry
                ? position.entry.magnitude.share(rest.raw, of: position.size.magnitude.raw, .up)
                : market.valuation.notional(of: rest, at: market.mark!)
            let required = rest == .zero ? Amount.zero : initialMargin(of: position, worth: worth, size: rest)
            return backing - fee >= others + required
        }
        var (low, high) = (Int64(1), position.size.magnitude.raw)
        while low < high {
            let middle = (low + high) / 2
            if reaches(middle) { high = middle } else { low = middle + 1 }
        }
        return Size(low)
    }

    /// The margin that IM is compared with, and the IM of everything else it backs.
    private func marginAgainstInitial(_ position: Position) -> (margin: Amount, others: Amount) {
        let wallet = Int(position.wallet)
        if isPortfolio(position) {
            return (portfolioEquity(wallet), wallets[wallet].cross - position.initialMargin)
        }
        let spare = position.mode == .cross ? max(.zero, available(wallet)) : .zero
        return (spare + ownMargin(position), .zero)
    }

    /// What exceeds the next lower row of a stepped table; `nil` on the lowest.
    private func partToTier(of position: Position) -> Size? {
        guard case .stepped(let rows) = markets[position.contract.index].tiers else { return nil }
        let value = basisValue(of: position)
        let row = tierRow(of: position, worth: value)
        guard row > 0 else { return nil }
        let whole = position.size.magnitude
        let rest = min(whole.wide, divide(whole.wide * rows[row - 1].upTo.wide, by: max(1, value.wide), .down))
        // A position that the lower row holds already has only its chosen limit to lower, which needs no trade.
        return whole - Size(Int64(rest))
    }

    /// Moves a chosen risk limit down to the lowest row that holds what is left.
    private mutating func lowerRiskLimit(_ index: Int, in id: LiquidationID) {
        guard rulebook.riskLimits == .chosen, positions[index].size != .zero else { return }
        stepDown(index, withOrders: false, in: id)
    }

    /// Closes the whole position in the book; what closing leaves of its margin goes where the rulebook says.
    ///
    /// - Returns: whether the rest has to wait for forced orders' share of the book.
    mutating func marketClose(_ index: Int, _ terms: MarketClose, in id: LiquidationID) -> Bool {
        let position = positions[index]
        let wallet = Int(position.wallet)
        let behind = isPortfolio(position) ? portfolioShare(of: position) : ownMargin(position)
        let worth = sums(ofWallet: wallet).equity
        let (_, isCut) = closeByForce(
            index, position.size.magnitude, slippage: terms.slippage, as: .marketClose, in: id)
        guard terms.remainder == .fund, positions[index].size == .zero else { return isCut }
        let left = behind - (worth - sums(ofWallet: wallet).equity)
        let kept = min(left, chargeable(to: positions[index]), wallets[wallet].balance - wallets[wallet].isolated)
        guard kept > .zero else { return false }
        let fund = fund(of: position.contract)
        credit(-kept, toWallet: wallet)
        note(-kept, realisedBy: index)
        coverWallet(wallet)
        treasury.funds[fund].balance = treasury.funds[fund].balance + kept
        record(id, of: position.contract, .remainderKept(kept))
        return false
    }

    /// Sends a forced order that closes `size` of a position, no further than `slippage` from the mark and never beyond
    /// its bankruptcy price.
    ///
    /// An isolated position keeps the margin behind what was closed, so that closing a part brings it further from MM.
    ///
    /// - Returns: how much was closed, and whether forced orders' share of the book cut it.
    private mutating func closeByForce(
        _ index: Int, _ size: Size, slippage: Rate?, as stage: LiquidationStep.ForcedClose.Stage, in id: LiquidationID
    ) -> (filled: Size, isCut: Bool) {
        let position = positions[index]
        let side: OrderSide = position.size > .zero ? .sell : .buy
        let limit = forcedLimit(of: position, side, slippage: slippage)
        let allowed = min(size, forcedAllowance(position.contract.index, side, limit: limit))
        var taker = Taker(
            id: .none, holder: .position(index), contract: position.contract, side: side, limit: limit,
            remaining: allowed, reduceOnly: true, forced: true)
        if allowed > .zero { _ = match(&taker) }
        let filled = allowed - taker.remaining
        let isCut = useForcedAllowance(
            position.contract.index, side, filled, worth: taker.traded, isShort: allowed < size)
        if position.mode == .isolated, positions[index].size != .zero, filled > .zero {
            keepMargin(index, position.assigned + taker.realised)
        }
        refresh(index)
        draw(index)
        // What has waited is told once, not at every command that looks at it again.
        let before = constraints(of: position)
        guard filled > .zero || before.liquidation < 0 || position.size != before.pausedSize else {
            return (filled, isCut)
        }
        record(
            id, of: position.contract,
            .forcedClose(
                LiquidationStep.ForcedClose(
                    stage: stage, asked: Size(size.raw * side.sign), filled: Size(filled.raw * side.sign), limit: limit,
                    value: taker.traded, loss: -taker.realised)))
        return (filled, isCut)
    }

    /// Puts the margin that a forced close released back behind the position, less what was charged meanwhile.
    private mutating func keepMargin(_ index: Int, _ margin: Amount) {
        let wallet = Int(positions[index].wallet)
        // What a portfolio only counts for, as unrealised PnL or another currency, is no money to assign.
        let most = max(.zero, min(available(wallet), assignable(wallet)))
        let more = min(max(.zero, margin - positions[index].assigned), most)
        positions[index].assigned = positions[index].assigned + more
        hold(index)
        coverWallet(wallet)
    }

    /// The worse bound of slippage and bankruptcy price, whichever is nearer to the mark; `nil` for any price.
    func forcedLimit(of position: Position, _ side: OrderSide, slippage: Rate?) -> Price? {
        let market = markets[position.contract.index]
        let bankruptcy = market.valuation.price(
            of: position.size, worth: bankruptcyValue(of: position), side == .sell ? .up : .down)
        guard let slippage else { return bankruptcy }
        let bound = market.mark!.moved(by: slippage, against: side)
        guard let bankruptcy else { return bound }
        return side == .sell ? max(bankruptcy, bound) : min(bankruptcy, bound)
    }
}

extension Price {
    /// The price `distance` from this one that is worse for an order of `side`: lower for sells, higher for buys; at
    /// least one tick, rounded toward this price.
    func moved(by distance: Rate, against side: OrderSide) -> Price {
        let away = Price(distance.of(Amount(raw), .down).raw)
        return side == .sell ? max(Price(1), self - away) : min(Price(Limits.ticksOrLots), self + away)
    }
}
