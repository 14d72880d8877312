/// Commands, one by one. Each checks everything before it changes anything.
extension Exchange {
    mutating func perform(_ command: Command) throws(Rejection) {
        switch command {
        case .addCurrency(let currency): try addCurrency(currency)
        case .openAccount(let name): try openAccount(name)
        case .list(let contract): try list(contract)
        case .deposit(let account, let currency, let amount): try deposit(account, currency, amount)
        case .withdraw(let account, let currency, let amount): try withdraw(account, currency, amount)
        case .payIntoFund(let currency, let amount, let contract): try payIntoFund(currency, amount, contract)
        case .setLeverage(let key, let leverage, let mode): try setLeverage(key, leverage, mode)
        case .moveMargin(let key, let amount): try moveMargin(key, amount)
        case .setRiskLimit(let key, let limit): try setRiskLimit(key, upTo: limit)
        case .setHedged(let account, let hedged): try setHedged(account, hedged)
        case .setSelfTrade(let account, let prevention):
            try check(account)
            accounts[account.index].selfTrade = prevention
        case .setPairsShrinkTogether(let account, let together):
            try check(account)
            accounts[account.index].pairsShrinkTogether = together
        case .registerProvider(let account, let currency, let capacity):
            try register(account, currency, capacity: capacity)
        case .placeOrder(let request): try place(request)
        case .amendOrder(let account, let id, let contract, let size, let price, let stop):
            try amend(account, id, in: contract, size: size, price: price, stop: stop)
        case .cancelOrder(let account, let id): try cancel(account, id)
        case .cancelAll(let account, let contract): try cancelAll(account, in: contract)
        case .close(let key): try close(key)
        case .trade(let request): try trade(request)
        case .mark(let prices): try mark(prices)
        case .index(let contract, let source, let price, let asOf): try index(contract, source, price, asOf: asOf)
        case .payFunding(let contract, let rate): try payFunding(contract, at: rate)
        case .settle: settle()
        case .wait: break
        case .announceEvent(let contract, let event): try announce(event, in: contract)
        case .changeRules(let change): try announce(change)
        case .halt(let contract): try halt(contract)
        case .resume(let contract): try resume(contract)
        case .openAuction(let contract): try openAuction(contract)
        case .uncross(let contract): try uncross(contract)
        case .restart: restart()
        case .transfer(let from, let to, let currency, let amount):
            try transfer(amount, of: currency, from: from, to: to)
        case .restrict(let account, let restriction): try restrict(account, to: restriction)
        case .haltAll:
            for market in markets.indices where !markets[market].halted { try halt(ContractID(index: market)) }
        case .resumeAll:
            for market in markets.indices where markets[market].halted { try resume(ContractID(index: market)) }
        }
    }

    private mutating func addCurrency(_ currency: Currency) throws(Rejection) {
        guard directory.currency(named: currency.name) == nil else { throw .nameTaken(currency.name) }
        guard directory.currencies.count < Limits.listings else { throw .tooManyListings }
        add(currency)
    }

    private mutating func openAccount(_ name: String) throws(Rejection) {
        guard directory.account(named: name) == nil else { throw .nameTaken(name) }
        accounts.append(Account())
        events.append(.accountOpened(directory.add(accountNamed: name)))
    }

    private mutating func list(_ contract: Contract) throws(Rejection) {
        guard directory.contract(named: contract.symbol) == nil else { throw .nameTaken(contract.symbol) }
        guard directory.contracts.count < Limits.listings else { throw .tooManyListings }
        guard contract.settle.index < directory.currencies.count else { throw .unknownCurrency }
        let tiers = rulebook.tiers(for: contract)
        do { try rulebook.validate(contract) } catch { throw .tiersUnfit(error) }
        do { try rulebook.prices.validate(contract) } catch { throw .termsUnfit(error) }
        // Rules that are announced already must be able to apply to it too.
        for case .rulebook(let next) in changes.map(\.rules) {
            do {
                try next.validate(contract)
                try next.prices.validate(contract)
            } catch { throw .tiersUnfit(error) }
        }
        let id = directory.add(contract)
        markets.append(Market(contract, tiers: tiers))
        watch.markets.append(Watch.Market())
        openFund(for: id)
        if contract.openInterestMargin != nil { raisesMargins = true }
        events.append(.listed(id))
    }

    private mutating func halt(_ contract: ContractID) throws(Rejection) {
        try check(contract)
        guard !markets[contract.index].halted else { throw .halted(contract) }
        markets[contract.index].halted = true
        events.append(.halted(contract))
    }

    /// Lets trading go on, and liquidates what the mark broke meanwhile.
    private mutating func resume(_ contract: ContractID) throws(Rejection) {
        try check(contract)
        guard markets[contract.index].halted else { throw .notHalted(contract) }
        markets[contract.index].halted = false
        events.append(.resumed(contract))
        endDueHolds(in: contract.index)
        release(contract.index)
    }
}

/// Looking things up, and opening what is used for the first time.
extension Exchange {
    func check(_ account: AccountID) throws(Rejection) {
        guard account.raw >= 0, account.index < accounts.count else { throw .unknownAccount }
    }

    func check(_ contract: ContractID) throws(Rejection) {
        guard contract.raw >= 0, contract.index < markets.count else { throw .unknownContract }
    }

    /// The position that `key` names, opened flat with default settings where it is new: cross, at full leverage.
    mutating func position(for key: PositionKey) throws(Rejection) -> Int {
        try check(key.account)
        try check(key.contract)
        let hedged = accounts[key.account.index].hedged
        guard hedged == (key.side != .net) else { throw .hedgeModeMismatch(hedged: hedged) }
        if let index = findPosition(key) {
            touch(index)
            return index
        }
        let wallet = wallet(of: key.account, in: markets[key.contract.index].contract.settle)
        positions.append(
            Position(
                key: key, wallet: Int32(wallet), next: accounts[key.account.index].firstPosition,
                leverage: markets[key.contract.index].contract.maxLeverage))
        watch.addPosition()
        let index = Int32(positions.count - 1)
        accounts[key.account.index].firstPosition = index
        markets[key.contract.index].positions.append(index)
        return Int(index)
    }

    /// Takes back what a command opened before it was refused: the newest wallets and positions, last first.
    mutating func forget(walletsFrom firstWallet: Int, positionsFrom firstPosition: Int) {
        while positions.count > firstPosition, let position = positions.popLast() {
            accounts[position.account.index].firstPosition = position.next
            markets[position.contract.index].positions.removeLast()
            watch.removeLastPosition(in: position.contract.index)
        }
        while wallets.count > firstWallet, let wallet = wallets.popLast() {
            accounts[wallet.account.index].firstWallet = wallet.next
            walletsByCurrency[wallet.currency.index].removeLast()
            watch.purses.removeLast()
        }
    }

    func findPosition(_ key: PositionKey) -> Int? {
        var next = accounts[key.account.index].firstPosition
        while next >= 0 {
            let index = Int(next)
            if positions[index].contract == key.contract, positions[index].side == key.side { return index }
            next = positions[index].next
        }
        return nil
    }

    mutating func wallet(of account: AccountID, in currency: CurrencyID) -> Int {
        if let index = findWallet(of: account, in: currency) {
            touch(wallet: index)
            return index
        }
        wallets.append(Wallet(account: account, currency: currency, next: accounts[account.index].firstWallet))
        walletsByCurrency[currency.index].append(Int32(wallets.count - 1))
        watch.purses.append(Watch.Purse())
        // Another currency may back what the account has.
        touch(account)
        accounts[account.index].firstWallet = Int32(wallets.count - 1)
        return wallets.count - 1
    }

    func findWallet(of account: AccountID, in currency: CurrencyID) -> Int? {
        var next = accounts[account.index].firstWallet
        while next >= 0 {
            if wallets[Int(next)].currency == currency { return Int(next) }
            next = wallets[Int(next)].next
        }
        return nil
    }

    func key(of position: Position) -> PositionKey { PositionKey(position.account, position.contract, position.side) }

    /// Tells how a position stands now.
    mutating func announce(_ index: Int) {
        if isPortfolio(positions[index]) { warn(wallet: Int(positions[index].wallet)) } else { warn(index) }
        if reduceOnlyOrders(of: index) > 0 || constraints(of: index).pendingReducers > 0
            || positions[index].orderMargin > .zero
        {
            ordersToTrim.append(Int32(index))
        }
        events.append(.positionChanged(change(positions[index])))
    }

    func change(_ position: Position) -> PositionChange {
        PositionChange(
            key: key(of: position), size: position.size, mode: position.mode, leverage: position.leverage,
            entry: position.entry, settled: position.settled, margin: margin(of: position),
            realised: position.realised, balance: wallets[Int(position.wallet)].balance)
    }
}
