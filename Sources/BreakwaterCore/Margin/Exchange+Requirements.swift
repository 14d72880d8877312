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

    /// The same for a position where it lies.
    @inline(__always)
    func basisValue(of index: Int) -> Amount {
        switch rulebook.basis {
        case .entry: return positions[index].entry.magnitude
        case .mark:
            let market = positions[index].contract.index
            guard positions[index].size != .zero, let mark = markets[market].mark else { return .zero }
            return markets[market].valuation.notional(of: positions[index].size, at: mark)
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
        return markets[position.contract.index].table.initialMargin(
            at: position.leverage, value: value, size: size, row: row)
    }

    /// The same for a position where it lies.
    @inline(__always)
    func initialMargin(of index: Int, worth value: Amount, size: Size) -> Amount {
        let market = positions[index].contract.index
        let row =
            rulebook.riskLimits == .chosen ? Int(positions[index].riskLimit) : markets[market].table.row(of: value)
        return markets[market].table.initialMargin(
            at: positions[index].leverage, value: value, size: size, row: row)
    }

    /// MM = value x the tier's MM rate, rounded up.
    func maintenanceMargin(of position: Position, worth value: Amount, size: Size) -> Amount {
        let row = tierRow(of: position, worth: value)
        return markets[position.contract.index].table.requirement(.maintenance, value: value, size: size, row: row)
    }

    /// The most a position and its orders may be worth, or `nil` where no table bounds them.
    func valueLimit(of position: Position) -> Amount? {
        let row = rulebook.riskLimits == .chosen ? Int(position.riskLimit) : nil
        return markets[position.contract.index].table.limit(chosen: row)
    }

    /// The same for a position where it lies.
    @inline(__always)
    func valueLimit(of index: Int) -> Amount? {
        let row = rulebook.riskLimits == .chosen ? Int(positions[index].riskLimit) : nil
        return markets[positions[index].contract.index].table.limit(chosen: row)
    }

    /// A position's value at a mark by the rulebook's basis, and the IM and MM it asks for; zero while flat.
    func requirements(_ index: Int, at mark: Price?) -> (value: Amount, initial: Amount, maintenance: Amount) {
        let size = positions[index].size
        guard size != .zero else { return (.zero, .zero, .zero) }
        let market = positions[index].contract.index
        var value = Amount.zero
        switch rulebook.basis {
        case .entry: value = positions[index].entry.magnitude
        case .mark:
            if let mark { value = markets[market].valuation.notional(of: size, at: mark) }
        }
        let row =
            rulebook.riskLimits == .chosen ? Int(positions[index].riskLimit) : markets[market].table.row(of: value)
        let initial = markets[market].table.initialMargin(
            at: positions[index].leverage, value: value, size: size, row: row)
        return (value, initial, markets[market].table.requirement(.maintenance, value: value, size: size, row: row))
    }

    /// Works out a position's requirements anew and keeps its wallet's sums in step.
    ///
    /// Called after anything that changes size, settings, orders or, on mark basis, the mark: there at every mark, so it
    /// reads and writes single fields instead of copying the position.
    mutating func refresh(_ index: Int) {
        if positions[index].size == .zero {
            positions[index].warned = .none
            relax(index) { $0.reduceOnlyUntil = .zero }
        }
        let (value, initial, maintenance) = requirements(
            index, at: markets[positions[index].contract.index].mark)
        positions[index].initialMargin = initial
        positions[index].maintenanceMargin = maintenance
        reserve(orderMargin(of: index, worth: value), for: index)
        hold(index)
    }

    /// Brings what the wallet holds back for a position in step with its margin.
    mutating func hold(_ index: Int) {
        changeHeld(index, to: heldMargin(positions[index]))
    }

    func heldMargin(_ position: Position) -> Amount {
        switch (position.mode, rulebook.cross) {
        case (.isolated, _): position.assigned
        case (.cross, .drawn): position.initialMargin + position.drawn
        case (.cross, .portfolio): position.initialMargin
        }
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
