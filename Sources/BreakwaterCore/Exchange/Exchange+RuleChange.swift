/// Other rules for a venue that is running: a whole rulebook, or one contract's tiers.
public struct RuleChange: Sendable {
    /// When it takes effect.
    public let from: Timestamp
    public let rules: Rules

    public enum Rules: Sendable {
        case rulebook(Rulebook)
        case tiers(ContractID, Tiers)
    }

    public init(_ rules: Rules, from: Timestamp) {
        self.rules = rules
        self.from = from
    }
}

/// Rules change in two steps: first everybody is told who would be liquidated by the marks of now, then, at the time
/// announced, every position is checked by them.
extension Exchange {
    mutating func announce(_ change: RuleChange) throws(Rejection) {
        guard change.from >= now else { throw .changeInThePast }
        try check(change.rules)
        let place = changes.firstIndex { $0.from > change.from } ?? changes.count
        var planned = changes
        planned.insert(change, at: place)
        try checkOrder(planned)
        touchAll()
        var twin = fork()
        twin.apply(change.rules)
        let reached = positions.indices.filter {
            twin.isLiquidatable($0) && !isLiquidatable($0)
        }
        events.append(
            .rulesAnnounced(
                name(of: change.rules), from: change.from, liquidatable: reached.map { key(of: positions[$0]) }))
        changes = planned
        if change.from <= now { applyDueChanges() }
    }

    /// The next announced change that has not taken effect.
    var nextChange: Timestamp? { changes.first?.from }

    mutating func applyDueChanges() {
        while let change = changes.first, change.from <= now {
            changes.removeFirst()
            apply(change.rules)
            forgetDeleverageLines()
            events.append(.rulesChanged(name(of: change.rules)))
            for index in positions.indices where positions[index].size != .zero { checkLater(index) }
            for market in markets.indices { retryLots(in: market) }
        }
    }

    private func name(of rules: RuleChange.Rules) -> String {
        switch rules {
        case .rulebook(let rulebook): rulebook.name
        case .tiers(let contract, _): directory[contract].symbol
        }
    }

    /// Whether every contract's tiers fit.
    private func check(_ rules: RuleChange.Rules) throws(Rejection) {
        switch rules {
        case .rulebook(let rulebook):
            do {
                try rulebook.validate()
                for contract in directory.contracts {
                    try rulebook.validate(contract)
                    try rulebook.prices.validate(contract)
                }
            } catch { throw .rulesUnfit(error) }
        case .tiers(let contract, let tiers):
            try check(contract)
            let terms = directory[contract]
            do {
                try tiers.validate(in: directory[terms.settle], fees: terms.fees)
            } catch { throw .rulesUnfit(error) }
        }
    }

    /// Whether every table that is to come fits the rulebook that will be in force then.
    private func checkOrder(_ planned: [RuleChange]) throws(Rejection) {
        var inForce = rulebook
        for change in planned {
            switch change.rules {
            case .rulebook(let next): inForce = next
            case .tiers(_, let tiers):
                do { try inForce.validate(tiers, key: "tiers") } catch { throw .rulesUnfit(error) }
            }
        }
    }

    private mutating func apply(_ rules: RuleChange.Rules) {
        touchAll()
        switch rules {
        case .tiers(let contract, let tiers):
            markets[contract.index].ownTiers = tiers
            markets[contract.index].tiers = tiers
        case .rulebook(let rulebook): apply(rulebook)
        }
        for index in positions.indices {
            let rows = markets[positions[index].contract.index].tiers.limits.count
            positions[index].riskLimit = min(positions[index].riskLimit, Int16(max(0, rows - 1)))
            raiseRiskLimit(of: index)
            if rulebook.cross == .portfolio { positions[index].drawn = .zero }
            refresh(index)
        }
        for index in positions.indices { draw(index) }
    }

    /// Moves a chosen risk limit up to the lowest row that holds what the position and its orders are worth.
    private mutating func raiseRiskLimit(of index: Int) {
        let rows = markets[positions[index].contract.index].tiers.limits
        guard rulebook.riskLimits == .chosen, !rows.isEmpty else { return }
        let value = valueWithOrders(index)
        let least = rows.firstIndex { value <= $0.upTo } ?? rows.count - 1
        positions[index].riskLimit = max(positions[index].riskLimit, Int16(least))
    }

    private mutating func apply(_ new: Rulebook) {
        rulebook = new
        for index in markets.indices {
            markets[index].forced = ForcedUse()
            markets[index].averages.premium = PremiumAverage()
        }
        nextSettlement = new.settlement.map { now.nextMultiple(of: $0) }
        for index in markets.indices {
            let own = markets[index].ownTiers.flatMap { new.fits($0) ? $0 : nil }
            markets[index].tiers = own ?? new.tiers(for: markets[index].contract)
            openFund(for: ContractID(index: index))
        }
        if new.insurance == .perCurrency { poolFunds() } else { splitFunds() }
        guard new.stages.absorbingCapital == nil else { return }
        for index in lots.indices where lots[index].isAbsorbed {
            changeAbsorbed(lots[index], by: -1)
            lots[index].isAbsorbed = false
            if lots[index].order >= 0 { remove(lots[index].order, .replaced) }
        }
    }

    /// Gives a contract a fund of its own where the rulebook keeps one for each.
    mutating func openFund(for contract: ContractID) {
        guard rulebook.insurance == .perContract, !treasury.funds.contains(where: { $0.contract == contract }) else {
            return
        }
        treasury.funds.append(Treasury.Fund(currency: markets[contract.index].contract.settle, contract: contract))
    }

    /// Shares a currency's fund out to its contracts in equal parts, what does not divide to the first listed.
    private mutating func splitFunds() {
        for pool in treasury.funds.indices where treasury.funds[pool].contract == nil {
            let shares = treasury.funds.indices.filter {
                treasury.funds[$0].contract != nil && treasury.funds[$0].currency == treasury.funds[pool].currency
            }
            guard !shares.isEmpty, treasury.funds[pool].balance > .zero else { continue }
            let whole = treasury.funds[pool].balance
            let part = Amount(whole.raw / Int64(shares.count))
            for share in shares { treasury.funds[share].balance = treasury.funds[share].balance + part }
            let rest = Amount(whole.raw % Int64(shares.count))
            treasury.funds[shares[0]].balance = treasury.funds[shares[0]].balance + rest
            treasury.funds[pool].balance = .zero
        }
    }

    /// Pays contracts' funds into those of their currencies.
    private mutating func poolFunds() {
        for index in treasury.funds.indices where treasury.funds[index].contract != nil {
            let pool = fund(of: treasury.funds[index].currency)
            treasury.funds[pool].balance = treasury.funds[pool].balance + treasury.funds[index].balance
            treasury.funds[index].balance = .zero
        }
    }
}
