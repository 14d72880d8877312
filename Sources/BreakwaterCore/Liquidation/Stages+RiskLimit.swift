/// Stages that lower what a position must hold: a lower risk limit, fewer orders, a smaller size (seed 000).
extension Exchange {
    /// Lowers the risk limit to the lowest that holds the position, with or without its open orders.
    mutating func stepDown(_ index: Int, withOrders: Bool, in id: LiquidationID) {
        guard case .stepped(let rows) = markets[positions[index].contract.index].tiers, rulebook.riskLimits == .chosen
        else { return }
        let from = Int(positions[index].riskLimit)
        let value = withOrders ? valueWithOrders(index) : basisValue(of: positions[index])
        guard from > 0, let to = rows.firstIndex(where: { value <= $0.upTo }), to < from else { return }
        positions[index].riskLimit = Int16(to)
        refresh(index)
        draw(index)
        record(id, of: positions[index].contract, .steppedDown(withOrders: withOrders, from: from, to: to))
    }

    /// Cancels the contract's orders; a portfolio's are cancelled in every contract of its currency.
    mutating func cancelOrders(_ index: Int, in id: LiquidationID) {
        var cancelled = 0
        if isPortfolio(positions[index]) {
            var next = accounts[positions[index].account.index].firstPosition
            while next >= 0 {
                if positions[Int(next)].wallet == positions[index].wallet {
                    cancelled += cancelOrders(of: Int(next), .liquidation)
                }
                next = positions[Int(next)].next
            }
        } else {
            cancelled = cancelContractOrders(of: index, .liquidation)
        }
        draw(index)
        if cancelled > 0 { record(id, of: positions[index].contract, .ordersCancelled(cancelled)) }
    }

    /// Sends the difference to the largest lower risk limit at which the rest would be healthy as a FillOrKill at the
    /// bankruptcy price; on a fill steps down and tries again while the position is still at its trigger.
    mutating func fillOrKill(_ index: Int, in id: LiquidationID) {
        guard case .stepped(let rows) = markets[positions[index].contract.index].tiers, !isPortfolio(positions[index])
        else { return }
        while isLiquidatable(index), let (row, size) = healthyReduction(of: positions[index], in: rows) {
            let position = positions[index]
            let valuation = markets[position.contract.index].valuation
            let side: OrderSide = position.size > .zero ? .sell : .buy
            // Rounded toward the trader's solvency; without a bankruptcy price any fill will do.
            let limit = valuation.price(
                of: position.size, worth: bankruptcyValue(of: position), side == .sell ? .up : .down)
            let taker = Taker(
                id: .none, holder: .position(index), contract: position.contract, side: side,
                limit: limit, remaining: size, reduceOnly: true, forced: true)
            var order = taker
            let allowed = forcedAllowance(position.contract.index, side, limit: limit)
            let filled = size <= allowed && canFillCompletely(taker) && match(&order) == .filled
            _ = useForcedAllowance(
                position.contract.index, side, filled ? size : .zero, worth: order.traded, isShort: size > allowed)
            let reported = limit ?? (side == .sell ? Price(1) : Price(Limits.ticksOrLots))
            record(
                id, of: position.contract,
                .fillOrKill(size: Size(size.raw * side.sign), limit: reported, filled: filled))
            guard filled else { return }
            if rulebook.riskLimits == .chosen {
                record(
                    id, of: position.contract, .steppedDown(withOrders: false, from: Int(position.riskLimit), to: row))
                positions[index].riskLimit = Int16(row)
            }
            refresh(index)
            draw(index)
        }
    }

    /// The highest row below a position's own at which the part it holds would be healthy, and the size above it.
    ///
    /// The rest keeps its share of own margin, so it is healthy where that share is above the row's MM.
    private func healthyReduction(of position: Position, in rows: [RiskLimit]) -> (row: Int, size: Size)? {
        let value = basisValue(of: position)
        let margin = ownMargin(position)
        for row in rows.indices.prefix(tierRow(of: position, worth: value)).reversed() {
            let whole = position.size.magnitude
            let rest = Size(Int64(divide(whole.wide * rows[row].upTo.wide, by: max(1, value.wide), .down)))
            guard rest > .zero && whole > rest else { continue }
            let restValue = position.entry.magnitude.share(rest.raw, of: whole.raw, .nearest)
            let restMargin = margin.share(rest.raw, of: whole.raw, .down)
            let maintenance = rows[row].maintenance.of(restValue, .up)
            if !isBroken(.init(margin: restMargin, maintenance: maintenance)) { return (row, whole - rest) }
        }
        return nil
    }
}
