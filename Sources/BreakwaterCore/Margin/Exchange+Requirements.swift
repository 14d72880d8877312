/// What a position must be backed by: IM, MM, and what its open orders reserve.
extension Exchange {
    /// The value that `position`'s margin rates apply to: entry value, or notional at mark.
    func basisValue(of position: Position) -> Amount {
        switch rulebook.basis {
        case .entry: return position.entry.magnitude
        case .mark:
            guard position.size != .zero, let mark = markets[position.contract.index].mark else { return .zero }
            return markets[position.contract.index].valuation.notional(of: position.size, at: mark)
        }
    }

    /// The row of the tier table that a position worth `value` takes.
    func tierRow(of position: Position, worth value: Amount) -> Int {
        switch rulebook.riskLimits {
        case .chosen: return Int(position.riskLimit)
        case .byValue:
            return markets[position.contract.index].table.row(of: value)
        }
    }

    /// IM = value x max(1 / leverage, the tier's IM rate), rounded up.
    func initialMargin(of position: Position, worth value: Amount, size: Size) -> Amount {
        let row = tierRow(of: position, worth: value)
        return max(
            position.leverage.margin(for: value),
            markets[position.contract.index].table.requirement(.initial, value: value, size: size, row: row))
    }

    /// MM = value x the tier's MM rate, rounded up.
    func maintenanceMargin(of position: Position, worth value: Amount, size: Size) -> Amount {
        let row = tierRow(of: position, worth: value)
        return markets[position.contract.index].table.requirement(.maintenance, value: value, size: size, row: row)
    }

    /// The most a position and its orders may be worth, or `nil` where no table bounds them.
    func valueLimit(of position: Position) -> Amount? {
        let limits = markets[position.contract.index].tiers.limits
        guard let last = limits.last else { return nil }
        let stepped = if case .stepped = markets[position.contract.index].tiers { true } else { false }
        return stepped && rulebook.riskLimits == .chosen ? limits[Int(position.riskLimit)].upTo : last.upTo
    }

    /// Works out a position's requirements anew and keeps its wallet's sums in step.
    ///
    /// Called after anything that changes size, settings, orders or, on mark basis, the mark.
    mutating func refresh(_ index: Int) {
        var position = positions[index]
        let value = basisValue(of: position)
        if position.size == .zero {
            position.initialMargin = .zero
            position.maintenanceMargin = .zero
            position.warned = .none
            position.reduceOnlyUntil = .zero
        } else {
            position.initialMargin = initialMargin(of: position, worth: value, size: position.size)
            position.maintenanceMargin = maintenanceMargin(of: position, worth: value, size: position.size)
        }
        let reserved = orderMargin(of: position, worth: value)
        wallets[Int(position.wallet)].orders = wallets[Int(position.wallet)].orders + (reserved - position.orderMargin)
        position.orderMargin = reserved
        positions[index] = position
        hold(index)
    }

    /// Brings what the wallet holds back for a position in step with its margin.
    mutating func hold(_ index: Int) {
        let position = positions[index]
        let held: Amount
        switch (position.mode, rulebook.cross) {
        case (.isolated, _): held = position.assigned
        case (.cross, .drawn): held = position.initialMargin + position.drawn
        case (.cross, .portfolio): held = position.initialMargin
        }
        changeHeld(index, to: held)
    }

    /// Sets what the wallet holds back for a position; to zero before its mode changes.
    mutating func changeHeld(_ index: Int, to held: Amount) {
        let change = held - positions[index].held
        let wallet = Int(positions[index].wallet)
        switch positions[index].mode {
        case .isolated: wallets[wallet].isolated = wallets[wallet].isolated + change
        case .cross: wallets[wallet].cross = wallets[wallet].cross + change
        }
        positions[index].held = held
    }
}
