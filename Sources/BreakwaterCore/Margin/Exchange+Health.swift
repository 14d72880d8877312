/// What a position or account has against what it needs.
extension Exchange {
    /// PnL at mark against the settled value; zero while flat or unmarked.
    func unrealised(_ position: Position) -> Amount {
        guard position.size != .zero, let mark = markets[position.contract.index].mark else { return .zero }
        return markets[position.contract.index].valuation.markValue(of: position.size, at: mark) - position.settled
    }

    /// What is put behind a position before unrealised PnL: assigned, IM + drawn, or a portfolio's IM.
    func margin(of position: Position) -> Amount { position.held }

    /// Margin behind a position with its unrealised PnL; for positions that stand alone against their MM.
    func ownMargin(_ position: Position) -> Amount { position.held + unrealised(position) }

    /// What a wallet's owner may use for new risk; a portfolio's may also be withdrawn only so far.
    ///
    /// Drawn cross: balance - isolated - cross IM - draws - order margin. It can be below zero only where a fill at a
    /// mark that moved against resting orders took what they reserve.
    @inline(__always)
    func available(_ index: Int) -> Amount {
        guard rulebook.cross == .drawn, !watch.purses[index].hasCalm else { return presentlyAvailable(index) }
        return wallets[index].balance - wallets[index].isolated - wallets[index].cross - wallets[index].orders
    }

    private func presentlyAvailable(_ index: Int) -> Amount {
        switch rulebook.cross {
        case .drawn:
            let wallet = present(wallet: index)
            return wallet.balance - wallet.isolated - wallet.cross - wallet.orders
        case .portfolio:
            let wallet = present(wallet: index)
            let free = max(.zero, portfolioEquity(index) - wallet.cross - wallet.orders)
            return rulebook.collateral == nil ? free : min(free, unpledged(index))
        }
    }

    /// Balance less isolated margin, plus the unrealised PnL of cross positions and what other currencies count for.
    /// Visits the account's positions.
    func portfolioEquity(_ index: Int) -> Amount { view(ofPortfolio: index).stance.margin }

    /// What decides over a portfolio, from one visit to its positions.
    struct PortfolioView {
        var stance: LiquidationStep.Stance
        /// The position with the largest MM that may be liquidated in this command; `-1` where none may.
        var largest: Int32
    }

    func view(ofPortfolio index: Int) -> PortfolioView {
        let isCalm = watch.purses[index].hasCalm
        let wallet = present(wallet: index)
        var equity = wallet.balance - wallet.isolated
        if rulebook.collateral != nil { equity = equity + collateralValue(behind: index) }
        var (maintenance, most, largest) = (Amount.zero, Amount(-1), Int32(-1))
        var next = accounts[wallets[index].account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard positions[place].wallet == Int32(index), positions[place].mode == .cross,
                positions[place].size != .zero
            else { continue }
            let market = positions[place].contract.index
            if let mark = markets[market].mark {
                let value = markets[market].valuation.markValue(of: positions[place].size, at: mark)
                equity = equity + (value - positions[place].settled)
            }
            let own = isCalm ? present(place).maintenanceMargin : positions[place].maintenanceMargin
            maintenance = maintenance + own
            if own > most, !constraints(of: place).paused, !isHeld(market) {
                (most, largest) = (own, Int32(place))
            }
        }
        return PortfolioView(stance: .init(margin: equity, maintenance: maintenance), largest: largest)
    }

    /// The sum of cross positions' MM.
    func portfolioMaintenance(_ index: Int) -> Amount { view(ofPortfolio: index).stance.maintenance }

    /// The margin level at which partial closing ends: for a portfolio the sum over its positions.
    func closeOutMargin(of position: Position) -> Amount {
        guard isPortfolio(position) else { return ownCloseOut(position) }
        return closeOutMargin(ofWallet: Int(position.wallet))
    }

    func closeOutMargin(ofWallet index: Int) -> Amount {
        var sum = Amount.zero
        forEachPosition(backedBy: index) { if $0.mode == .cross { sum = sum + ownCloseOut($0) } }
        return sum
    }

    /// max(share of IM, MM - share of notional), rounded up. Source: Coinbase International.
    private func ownCloseOut(_ position: Position) -> Amount {
        guard let terms = rulebook.closeOut, position.size != .zero, let mark = markets[position.contract.index].mark
        else { return .zero }
        let notional = markets[position.contract.index].valuation.notional(of: position.size, at: mark)
        // The table's IM: what a trader's own choice of leverage adds to it would put this level above MM.
        let market = position.contract.index
        let value = basisValue(of: position)
        let initial = markets[market].table.requirement(
            .initial, value: value, size: position.size, row: tierRow(of: position, worth: value))
        return max(
            terms.initial.of(initial, .up),
            position.maintenanceMargin - terms.notional.of(notional, .down))
    }

    func forEachPosition(backedBy wallet: Int, _ body: (Position) -> Void) {
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            if positions[Int(next)].wallet == Int32(wallet) { body(present(Int(next))) }
            next = positions[Int(next)].next
        }
    }

    /// Whether a position is judged with its whole account.
    func isPortfolio(_ position: Position) -> Bool { rulebook.cross == .portfolio && position.mode == .cross }

    /// The margin a position's survival is judged by, and the MM it must stay above.
    func stance(of position: Position) -> LiquidationStep.Stance {
        if isPortfolio(position) {
            return view(ofPortfolio: Int(position.wallet)).stance
        }
        return .init(margin: ownMargin(position), maintenance: position.maintenanceMargin)
    }

    /// Whether the trigger is met: margin at or below MM, or below it where the rulebook says so.
    func isBroken(_ stance: LiquidationStep.Stance) -> Bool {
        switch rulebook.trigger {
        case .reaches: stance.margin <= stance.maintenance
        case .fallsBelow: stance.margin < stance.maintenance
        }
    }

    /// Whether a position must be liquidated now. Without a fresh mark, or while halted, nothing is; a portfolio not
    /// while any of its marks is stale.
    func isLiquidatable(_ index: Int) -> Bool {
        let market = positions[index].contract.index
        guard positions[index].size != .zero, isFresh(market), !isHeld(market) else { return false }
        if rulebook.cross == .portfolio, positions[index].mode == .cross {
            let wallet = Int(positions[index].wallet)
            return isBroken(view(ofPortfolio: wallet).stance) && staleMark(inWallet: wallet) == nil
        }
        guard let mark = markets[market].mark else { return false }
        let value = markets[market].valuation.markValue(of: positions[index].size, at: mark)
        return isBroken(
            LiquidationStep.Stance(
                margin: positions[index].held + (value - positions[index].settled),
                maintenance: positions[index].maintenanceMargin))
    }

    /// The distance of margin to MM, measured by the distance of IM to MM (seed 004); `nil` when flat.
    func buffer(of position: Position) -> Buffer? {
        guard position.size != .zero else { return nil }
        if isPortfolio(position) { return buffer(ofWallet: Int(position.wallet)) }
        let spare = position.mode == .cross ? available(Int(position.wallet)) : .zero
        return Buffer(
            above: spare + ownMargin(position) - position.maintenanceMargin,
            span: position.initialMargin - position.maintenanceMargin)
    }

    /// The same for a wallet: equity against the sums of IM, order margin included, and MM; `nil` when all is flat.
    func buffer(ofWallet index: Int) -> Buffer? {
        if rulebook.cross == .portfolio {
            return buffer(ofWallet: index, view(ofPortfolio: index).stance)
        }
        let sums = sums(ofWallet: index)
        guard sums.maintenance != .zero else { return nil }
        return Buffer(above: sums.equity - sums.maintenance, span: sums.initial - sums.maintenance)
    }

    /// A portfolio's, where its equity and MM are known.
    func buffer(ofWallet index: Int, _ stance: LiquidationStep.Stance) -> Buffer? {
        guard stance.maintenance != .zero else { return nil }
        let wallet = present(wallet: index)
        return Buffer(
            above: stance.margin - stance.maintenance, span: wallet.cross + wallet.orders - stance.maintenance)
    }

    /// Everything a wallet is worth, and what all its positions and orders require.
    func sums(ofWallet index: Int) -> (equity: Amount, initial: Amount, maintenance: Amount) {
        let wallet = present(wallet: index)
        var (equity, initial, maintenance) = (wallet.balance, wallet.orders, Amount.zero)
        forEachPosition(backedBy: index) { position in
            equity = equity + unrealised(position)
            initial = initial + position.initialMargin
            maintenance = maintenance + position.maintenanceMargin
        }
        return (equity, initial, maintenance)
    }
}

/// Draws: a cross position's losses, taken from the wallet as the mark falls (seed 001).
extension Exchange {
    /// Draws the part of a position's loss that is not drawn yet, as far as the wallet has it available.
    mutating func draw(_ index: Int) {
        let position = positions[index]
        guard rulebook.cross == .drawn, position.mode == .cross, position.size != .zero else { return }
        let missing = -unrealised(position) - position.drawn
        guard missing > .zero else { return }
        let drawn = min(missing, available(Int(position.wallet)))
        guard drawn > .zero else { return }
        positions[index].drawn = position.drawn + drawn
        hold(index)
    }
}
