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
                if isPortfolio(positions[Int(index)]) {
                    checkWalletLater(Int(positions[Int(index)].wallet))
                } else {
                    warn(Int(index))
                    if isLiquidatable(positions[Int(index)]) { reached.append(index) }
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

    /// The largest-MM position of every portfolio that is at its trigger; the account's others follow it.
    private mutating func brokenPortfolios() -> [Int32] {
        let pending = recheckWallets.sorted()
        recheckWallets.removeAll(keepingCapacity: true)
        var reached: [Int32] = []
        for index in pending {
            wallets[Int(index)].pendingRecheck = false
            warn(wallet: Int(index))
            if let position = largestPosition(ofPortfolio: Int(index)), isLiquidatable(positions[position]) {
                reached.append(Int32(position))
            }
        }
        return reached
    }

    private func largestPosition(ofPortfolio wallet: Int) -> Int? {
        var largest: Int?
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let position = positions[Int(next)]
            let index = Int(next)
            next = position.next
            guard position.wallet == Int32(wallet), position.mode == .cross, position.size != .zero,
                !isHeld(position.contract.index)
            else { continue }
            if let best = largest, positions[best].maintenanceMargin >= position.maintenanceMargin { continue }
            largest = index
        }
        return largest
    }

    /// Takes one position through the waterfall, re-checked before each stage.
    private mutating func liquidate(_ index: Int) {
        guard isLiquidatable(positions[index]) else { return }
        guard liquidationsThisCommand < rulebook.liquidationsPerCommand else { return checkLater(index) }
        let id = begin(index)
        for stage in rulebook.waterfall {
            guard isLiquidatable(positions[index]) else { break }
            switch stage {
            case .warnings: break
            case .stepDown(let withOrders): stepDown(index, withOrders: withOrders, in: id)
            case .cancelOrders: cancelOrders(index, in: id)
            case .fillOrKill: fillOrKill(index, in: id)
            case .takeover(let patience):
                takeOver(index, patience: patience, in: id)
                continueWithPortfolio(of: index)
                return
            case .insuranceFund, .autoDeleverage: preconditionFailure("\(stage.name) before the takeover")
            }
        }
        record(id, of: positions[index].contract, .saved(stance(of: positions[index])))
        announce(index)
    }

    private mutating func begin(_ index: Int) -> LiquidationID {
        let position = positions[index]
        let id = LiquidationID(liquidationCount)
        liquidationCount += 1
        liquidationsThisCommand += 1
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

    /// A portfolio still at its trigger loses its next position too.
    private mutating func continueWithPortfolio(of index: Int) {
        if isPortfolio(positions[index]) { checkWalletLater(Int(positions[index].wallet)) }
    }

    mutating func record(_ id: LiquidationID, of contract: ContractID, _ step: LiquidationStep) {
        events.append(.liquidation(id, contract, step))
    }
}
