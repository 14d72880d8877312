/// Liquidation and bankruptcy prices. Reported ones round to nearest at the contract's display precision.
extension Exchange {
    /// What stands behind a position in the end: assigned; IM + drawn + available; or the share of equity less the
    /// unrealised PnL that a portfolio loses with it. All before unrealised PnL.
    func backing(of position: Position) -> Amount {
        if isPortfolio(position) { return portfolioShare(of: position) - unrealised(position) }
        let spare = position.mode == .cross ? max(.zero, available(Int(position.wallet))) : .zero
        return position.held + spare
    }

    /// The part of a portfolio's equity that goes with one position: equity x its MM / the sum of MM, rounded down.
    ///
    /// Taking every position over at this price leaves the portfolio at zero.
    func portfolioShare(of position: Position) -> Amount {
        let wallet = Int(position.wallet)
        let all = portfolioMaintenance(wallet)
        guard all > .zero else { return .zero }
        return Amount(
            Int64(divide(portfolioEquity(wallet).wide * position.maintenanceMargin.wide, by: all.wide, .down)))
    }

    /// The value at which a position's backing is exactly used up: settled value - backing.
    func bankruptcyValue(of position: Position) -> Amount { position.settled - backing(of: position) }

    /// The mark at which everything behind a position is used up, all else unchanged.
    func bankruptcyPrice(of position: Position) -> ExactDecimal? {
        guard position.size != .zero else { return nil }
        return markets[position.contract.index].contract
            .displayPrice(of: position.size, worth: bankruptcyValue(of: position).wide)
    }

    /// The mark at which a position's margin meets its MM, all else unchanged.
    ///
    /// - Parameter fees: whether the fee of closing there must be left as well; the rulebook's choice when `nil`.
    func liquidationPrice(of position: Position, fees: Bool? = nil) -> ExactDecimal? {
        guard position.size != .zero else { return nil }
        let contract = markets[position.contract.index].contract
        let fee = fees ?? rulebook.feesInLiquidationPrice ? contract.fees.taker : .zero
        if rulebook.basis == .entry && !isPortfolio(position) {
            // unrealised - fee x |value| = MM - backing, solved for the value.
            let target = (bankruptcyValue(of: position) + position.maintenanceMargin).wide
            let billion = Rate.one.wide
            let left = billion - fee.wide * Int128(contract.valuation.direction(of: position.size))
            return contract.displayPrice(of: position.size, worth: divide(target * billion, by: left, .nearest))
        }
        return searchLiquidationPrice(of: position, fee: fee)
    }

    /// The same by bisection, where MM moves with the mark. Exact to the display precision.
    private func searchLiquidationPrice(of position: Position, fee: Rate) -> ExactDecimal? {
        let market = position.contract.index
        let contract = markets[market].contract
        let now = stance(of: position)
        let others = (
            margin: (now.margin - unrealised(position)).wide,
            maintenance: (now.maintenance - position.maintenanceMargin).wide
        )
        // Half units of the display precision, so that the nearest whole one is known in the end.
        let unitsPerPrice = 2 * powerOfTen(contract.display)
        let ticksTop = powerOfTen(contract.tick.places)
        let ticksBottom = unitsPerPrice * contract.tick.digits
        let gainsUpward = position.size > .zero

        func isLost(at units: Int128) -> Bool {
            guard let value = contract.valuation.value(of: position.size, ticks: units * ticksTop, over: ticksBottom)
            else {
                // Beyond what the ledger holds: far up for linear contracts, far down for inverse ones.
                return (contract.kind == .inverse) == gainsUpward
            }
            let notional = value.magnitude
            let maintenance =
                rulebook.basis == .entry
                ? position.maintenanceMargin
                : maintenanceMargin(of: position, worth: notional, size: position.size)
            let margin = others.margin + (value - position.settled - fee.of(notional, .up)).wide
            let required = others.maintenance + maintenance.wide
            return rulebook.trigger == .reaches ? margin <= required : margin < required
        }

        var (low, high) = (Int128(1), Int128(Limits.ticksOrLots) * ticksBottom / ticksTop)
        guard isLost(at: gainsUpward ? low : high) else { return nil }
        // Keep one end lost and the other safe; a position lost everywhere has its price at the far end.
        while high - low > 1 {
            let middle = (low + high) / 2
            if isLost(at: middle) == gainsUpward { low = middle } else { high = middle }
        }
        let nearest = gainsUpward ? (low + 1) / 2 : high / 2
        return ExactDecimal(digits: nearest, places: contract.display)
    }
}

extension Valuation {
    /// The value of `size` at a price given as a ratio in ticks, rounded down; `nil` beyond what the ledger holds.
    func value(of size: Size, ticks: Int128, over: Int128) -> Amount? {
        let scaled = size.magnitude.wide * Int128(factor.numerator)
        let (top, bottom) =
            kind == .inverse
            ? (
                scaled.multipliedReportingOverflow(by: over),
                Int128(factor.denominator).multipliedReportingOverflow(by: ticks)
            )
            : (
                scaled.multipliedReportingOverflow(by: ticks),
                Int128(factor.denominator).multipliedReportingOverflow(by: over)
            )
        guard !top.overflow, !bottom.overflow else { return nil }
        let value = divide(
            direction(of: size) < 0 ? -top.partialValue : top.partialValue, by: bottom.partialValue, .down)
        return value.magnitude <= Limits.money ? Amount(Int64(value)) : nil
    }
}
