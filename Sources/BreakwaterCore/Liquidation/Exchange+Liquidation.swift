/// Who is liquidated, in which order, and through which stages.
extension Exchange {
    /// Liquidates positions that reached their trigger: lowest margin ratio first, ties by account number.
    mutating func liquidate(_ reached: [Int32]) {
        guard !reached.isEmpty else { return }
        let queue = reached.map { (index: Int($0), stance: stance(of: positions[Int($0)])) }
        for (index, _) in queue.sorted(by: { isWorse($0, $1) }) { liquidate(index) }
    }

    private func isWorse(
        _ a: (index: Int, stance: LiquidationStep.Stance), _ b: (index: Int, stance: LiquidationStep.Stance)
    ) -> Bool {
        let left = a.stance.margin.wide * b.stance.maintenance.wide
        let right = b.stance.margin.wide * a.stance.maintenance.wide
        if left != right { return left < right }
        let (first, second) = (positions[a.index].account, positions[b.index].account)
        return first != second ? first < second : a.index < b.index
    }

    /// Works through what fills and charges broke meanwhile, until nothing is left or the command's bound is reached.
    mutating func finishLiquidations(portfolios: Bool = true) {
        while true {
            let pending = recheck
            recheck.removeAll(keepingCapacity: true)
            var reached: [Int32] = []
            for index in pending {
                positions[Int(index)].pendingRecheck = false
                endIfSaved(Int(index))
                if isPortfolio(positions[Int(index)]) {
                    checkWalletLater(Int(positions[Int(index)].wallet))
                } else {
                    warn(Int(index))
                    if isDue(Int(index)) { reached.append(index) }
                }
            }
            if portfolios { reached += brokenPortfolios() }
            if reached.isEmpty { break }
            let room = rulebook.liquidationsPerCommand - liquidationsThisCommand
            if room <= 0 {
                for index in reached { checkLater(Int(index)) }
                events.append(.liquidationsWaiting(recheck.count))
                break
            }
            liquidate(reached)
        }
    }

    /// Whether a position must be liquidated and nothing in this command has said that it has to wait.
    private func isDue(_ index: Int) -> Bool { !constraints(of: index).paused && isLiquidatable(index) }

    /// The largest-MM position of every portfolio that is at its trigger; the account's others follow it.
    private mutating func brokenPortfolios() -> [Int32] {
        let pending = recheckWallets.sorted()
        recheckWallets.removeAll(keepingCapacity: true)
        var reached: [Int32] = []
        guard rulebook.cross == .portfolio else {
            for index in pending { wallets[Int(index)].pendingRecheck = false }
            return reached
        }
        for index in pending {
            wallets[Int(index)].pendingRecheck = false
            let view = view(ofPortfolio: Int(index))
            warn(wallet: Int(index), view.stance)
            if view.largest >= 0, isBroken(view.stance), isLiquidatable(Int(view.largest)) {
                reached.append(view.largest)
            }
        }
        return reached
    }

    /// Takes one position through the waterfall, re-checked before each stage.
    private mutating func liquidate(_ index: Int) {
        touch(index)
        guard isDue(index) else { return }
        guard liquidationsThisCommand < rulebook.liquidationsPerCommand else { return checkLater(index) }
        liquidationsThisCommand += 1
        timerIsKnown = false
        let begun = constraints(of: index).liquidation
        let id = begun >= 0 ? LiquidationID(begun) : begin(index)
        for stage in rulebook.waterfall {
            guard isLiquidatable(index) else { break }
            switch stage {
            case .warnings: break
            case .stepDown(let withOrders): stepDown(index, withOrders: withOrders, in: id)
            case .cancelOrders: cancelOrders(index, in: id)
            case .fillOrKill: fillOrKill(index, in: id)
            case .convertCollateral(let discount): convertCollateral(of: index, discount: discount, in: id)
            case .partial(let terms):
                if partial(index, terms, in: id), mayWait(index) { return pause(index, in: id) }
            case .marketClose(let terms):
                if marketClose(index, terms, in: id), mayWait(index) { return pause(index, in: id) }
            case .takeover, .liquiditySupport, .insuranceFund, .autoDeleverage, .clawback:
                if isTakenOver(positions[index]) { return takeOver(index, in: id) }
                return pause(index, in: id)
            }
        }
        end(index, in: id)
    }

    private mutating func begin(_ index: Int) -> LiquidationID {
        let position = positions[index]
        let id = LiquidationID(liquidationCount)
        liquidationCount += 1
        let stance = stance(of: position)
        let margin = isPortfolio(position) ? stance.margin - unrealised(position) : position.held
        record(
            id, of: position.contract,
            .started(
                LiquidationStep.Trigger(
                    key: key(of: position), mode: position.mode, mark: markets[position.contract.index].mark!,
                    size: position.size, entry: position.entry, settled: position.settled, margin: margin,
                    leverage: position.leverage, riskLimit: tierRow(of: position, worth: basisValue(of: position)),
                    stance: stance)))
        return id
    }

    /// Ends a liquidation of which the position, or what is left of it, is above its MM again.
    private mutating func end(_ index: Int, in id: LiquidationID) {
        relax(index) { $0.liquidation = -1 }
        let contract = positions[index].contract
        record(id, of: contract, positions[index].size == .zero ? .closed : .saved(stance(of: positions[index])))
        announce(index)
        continueWithPortfolio(of: index)
    }

    /// Leaves a position where it is until the next command or timer, and says so once.
    private mutating func pause(_ index: Int, in id: LiquidationID) {
        let position = positions[index]
        let before = constraints(of: position)
        if before.liquidation < 0 || position.size != before.pausedSize {
            let end = coolsUntil(position)
            record(id, of: position.contract, .paused(remaining: position.size, until: end > now ? end : nil))
            announce(index)
        }
        constrain(index) { constraints in
            constraints.liquidation = id.raw
            constraints.pausedSize = position.size
            constraints.paused = true
        }
        if before.liquidation < 0, !pausedPositions.contains(Int32(index)) { pausedPositions.append(Int32(index)) }
        continueWithPortfolio(of: index)
    }

    /// Lets everything that had to wait be looked at again.
    mutating func resumePaused() {
        guard !pausedPositions.isEmpty else { return }
        pausedPositions = pausedPositions.filter { constraints(of: Int($0)).liquidation >= 0 }
        for index in pausedPositions {
            relax(Int(index)) { $0.paused = false }
            checkLater(Int(index))
        }
    }

    /// A liquidation that waited is over once its position is above MM, or gone, without further help.
    private mutating func endIfSaved(_ index: Int) {
        let position = positions[index]
        let begun = constraints(of: position).liquidation
        guard begun >= 0, position.size == .zero || !isBroken(stance(of: position)) else { return }
        end(index, in: LiquidationID(begun))
    }

    /// Whether a position that has to wait can: it is still at its trigger, but its margin is not where the engine takes
    /// positions over, or used up where no such level is set.
    private func mayWait(_ index: Int) -> Bool {
        guard isLiquidatable(index) else { return false }
        guard rulebook.stages.takeover.below == nil else { return !isTakenOver(positions[index]) }
        return stance(of: positions[index]).margin > .zero
    }

    /// Whether margin has fallen below where the engine takes positions over.
    func isTakenOver(_ position: Position) -> Bool {
        rulebook.stages.takeover.below.map { isBelow($0, position) } ?? true
    }

    /// Whether a position's margin, or its portfolio's, is below a level between MM and zero.
    func isBelow(_ level: MarginLevel, _ position: Position) -> Bool {
        let stance = stance(of: position)
        switch level {
        case .ofMaintenance(let share):
            return stance.margin.wide * Int128(share.whole) < stance.maintenance.wide * Int128(share.part)
        case .closeOut: return stance.margin < closeOutMargin(of: position)
        }
    }

    /// A portfolio still at its trigger loses its next position too.
    mutating func continueWithPortfolio(of index: Int) {
        if isPortfolio(positions[index]) { checkWalletLater(Int(positions[index].wallet)) }
    }

    mutating func record(_ id: LiquidationID, of contract: ContractID, _ step: LiquidationStep) {
        timerIsKnown = false
        events.append(.liquidation(id, contract, step))
    }
}
