/// Warnings as a buffer falls (seed 004).
extension Exchange {
    /// Tells a position's owner when its buffer has fallen through a level, once until it is armed again.
    mutating func warn(_ index: Int) {
        guard let levels = rulebook.stages.warnings, let buffer = buffer(of: positions[index]) else { return }
        warn(index, buffer, levels)
    }

    mutating func warn(_ index: Int, _ buffer: Buffer, _ levels: Warnings) {
        guard buffer.span > .zero, let level = nextWarning(positions[index].warned, buffer, levels) else { return }
        let position = positions[index]
        positions[index].warned = level
        for crossed in WarningLevel.crossed(from: position.warned, to: level) {
            let currency = wallets[Int(position.wallet)].currency
            events.append(.warned(position.account, position.contract, currency, crossed, buffer))
        }
    }

    /// Tells the owner of every position that a wallet backs, after money or settings moved.
    mutating func warnAll(wallet index: Int) {
        if rulebook.cross == .portfolio { warn(wallet: index) }
        var next = accounts[wallets[index].account.index].firstPosition
        while next >= 0 {
            if positions[Int(next)].wallet == Int32(index), !isPortfolio(positions[Int(next)]) { warn(Int(next)) }
            next = positions[Int(next)].next
        }
    }

    /// The same for a portfolio as a whole.
    mutating func warn(wallet index: Int) {
        if rulebook.stages.warnings != nil { warn(wallet: index, view(ofPortfolio: index).stance) }
    }

    mutating func warn(wallet index: Int, _ stance: LiquidationStep.Stance) {
        guard let levels = rulebook.stages.warnings, let buffer = buffer(ofWallet: index, stance), buffer.span > .zero
        else { return }
        let wallet = wallets[index]
        guard let level = nextWarning(wallet.warned, buffer, levels) else { return }
        wallets[index].warned = level
        for crossed in WarningLevel.crossed(from: wallet.warned, to: level) {
            events.append(.warned(wallet.account, nil, wallet.currency, crossed, buffer))
        }
    }

    /// The level a buffer now stands at, given the one last told; `nil` when that has not changed.
    private func nextWarning(_ told: WarningLevel, _ buffer: Buffer, _ levels: Warnings) -> WarningLevel? {
        func isBelow(_ level: Rate) -> Bool { buffer.above.wide * Rate.one.wide < level.wide * buffer.span.wide }
        var level = told
        if level == .danger, !isBelow(levels.dangerRearmed) { level = .warning }
        if level == .warning, !isBelow(levels.warningRearmed) { level = .none }
        if isBelow(levels.danger) {
            level = .danger
        } else if level == .none, isBelow(levels.warning) {
            level = .warning
        }
        return level == told ? nil : level
    }
}
