/// The liquidation engine's part: takeover by value, the offer at the bankruptcy price, the stages behind it.
extension Exchange {
    /// Takes a position over: the trader's wallet falls by exactly the margin behind it, and the engine owns it at the
    /// trader's settled value less that margin. Charges no fee.
    mutating func takeOver(_ index: Int, in id: LiquidationID) {
        let position = positions[index]
        let margin = marginTaken(with: position)
        let settled = position.settled - margin
        save(position: index)
        positions[index].size = .zero
        positions[index].entry = .zero
        positions[index].settled = .zero
        positions[index].assigned = .zero
        positions[index].drawn = .zero
        relax(index) { $0.liquidation = -1 }
        credit(-margin, toWallet: Int(position.wallet))
        note(-margin, realisedBy: index)
        refresh(index)
        coverWallet(Int(position.wallet))
        undo.clear()
        let limit = engineLimit(position.contract, size: position.size, settled: settled)
        record(
            id, of: position.contract, .takenOver(size: position.size, margin: margin, settled: settled, limit: limit))
        announce(index)
        let terms = rulebook.stages.takeover
        let lot = add(
            Lot(
                liquidation: id, account: position.account, side: position.side, contract: position.contract,
                size: position.size, settled: settled, impatientAt: terms.patience.map { now + $0 }))
        if terms.offers { offer(lot) }
        work(lot: lot)
        continueWithPortfolio(of: index)
    }

    /// The margin that goes with a position taken over. A wallet that a change of rules left with less than its IM gives
    /// no more than it has.
    private func marginTaken(with position: Position) -> Amount {
        if isPortfolio(position) { return portfolioShare(of: position) - unrealised(position) }
        if position.mode == .isolated { return position.held }
        let wallet = wallets[Int(position.wallet)]
        return min(position.held, wallet.balance - wallet.isolated)
    }

    /// Gives the engine one more lot.
    mutating func add(_ lot: Lot) -> Int {
        lots.append(lot)
        markets[lot.contract.index].lots.append(Int32(lots.count - 1))
        return lots.count - 1
    }

    /// The engine's limit: its settled value as a price, rounded up when it sells and down when it buys.
    ///
    /// A long with nothing to lose sells at any price, a short that no price exhausts buys at any.
    func engineLimit(_ contract: ContractID, size: Size, settled: Amount) -> Price {
        let sells = size > .zero
        let price = markets[contract.index].valuation.price(of: size, worth: settled, sells ? .up : .down)
        return max(Price(1), price ?? (sells ? Price(1) : Price(Limits.ticksOrLots)))
    }

    /// Offers a lot in the book at its bankruptcy price; what does not trade at once rests there, unless forced orders
    /// have had their share of the book for now.
    mutating func offer(_ index: Int) {
        let lot = lots[index]
        guard lot.size != .zero, !isHeld(lot.contract.index) else { return }
        let own = engineLimit(lot.contract, size: lot.size, settled: lot.settled)
        let limit = lot.isAbsorbed ? offerPrice(of: lot, own: own) : own
        let isCut = trade(lot: index, limit: limit, aggressing: false)
        let left = lots[index].size.magnitude
        // An offer that would meet what it may not take yet has to wait; one that would only rest takes nothing.
        guard left > .zero, !(isCut && meetsBook(lot, limit: limit)) else { return }
        let slot = orders.insert(
            Order(
                id: .none, holder: .lot(index), contract: lot.contract, side: OrderSide.of(-lot.size),
                reduceOnly: false, price: limit, size: lot.size.magnitude, remaining: left))
        lots[index].order = slot
        markets[lot.contract.index].book.insert(slot, in: &orders)
    }

    /// Whether the other side of the book reaches a lot's limit.
    private func meetsBook(_ lot: Lot, limit: Price) -> Bool {
        markets[lot.contract.index].book.front.crosses(OrderSide.of(-lot.size), limit: limit)
    }

    /// The fund sells what it absorbed for what it cost, or at the mark of that moment where that is better.
    private func offerPrice(of lot: Lot, own: Price) -> Price {
        guard let mark = lot.absorbedAt else { return own }
        return lot.size > .zero ? max(own, mark) : min(own, mark)
    }

    /// Trades a lot against the book as far as `limit` and its share of the book go.
    ///
    /// - Returns: whether that share cut it short.
    @discardableResult
    mutating func trade(lot index: Int, limit: Price?, aggressing: Bool) -> Bool {
        let lot = lots[index]
        let side = OrderSide.of(-lot.size)
        let allowed = min(lot.size.magnitude, forcedAllowance(lot.contract.index, side, limit: limit))
        var taker = Taker(
            id: .none, holder: .lot(index), contract: lot.contract, side: side, limit: limit, remaining: allowed,
            aggressing: aggressing)
        if allowed > .zero { _ = match(&taker) }
        return useForcedAllowance(
            lot.contract.index, side, allowed - taker.remaining, worth: taker.traded,
            isShort: allowed < lot.size.magnitude)
    }

    /// Retries every lot that waits in a contract.
    mutating func retryLots(in market: Int) {
        for index in markets[market].lots { work(lot: Int(index)) }
    }

    /// Sends a lot through the stages after the takeover once the mark has reached its bankruptcy price or its patience
    /// has ended; closes it when nothing is left.
    mutating func work(lot index: Int) {
        let market = lots[index].contract.index
        if lots[index].size != .zero, !isHeld(market) {
            if isDue(lots[index]) {
                if lots[index].order >= 0 { remove(lots[index].order, .liquidation) }
                passStages(lot: index)
                if lots[index].size != .zero { hold(lot: index) }
            } else if lots[index].order < 0, rulebook.stages.takeover.offers || lots[index].isAbsorbed {
                offer(index)
            }
        }
        closeIfDone(index)
    }

    private mutating func passStages(lot index: Int) {
        let wasAbsorbed = lots[index].isAbsorbed
        for stage in rulebook.waterfall where stage.followsTakeover && lots[index].size != .zero {
            switch stage {
            case .liquiditySupport(let window) where !wasAbsorbed: assignToProviders(index, window: window)
            case .insuranceFund(.aggress(let slippage)):
                if aggress(index, slippage: slippage) { return }
            case .insuranceFund(.absorb(let capital)):
                if wasAbsorbed { giveUp(index, capital: capital) } else { absorb(index, capital: capital) }
                if lots[index].isAbsorbed { return }
            case .autoDeleverage(let terms): deleverage(index, terms)
            case .clawback: clawBack(index)
            case .liquiditySupport: break
            case .warnings, .stepDown, .cancelOrders, .fillOrKill, .convertCollateral, .partial, .marketClose,
                .takeover:
                preconditionFailure("\(stage.name) follows no takeover")
            }
        }
    }

    /// Leaves a lot waiting in the engine, offered in the book, and says so where that is new.
    private mutating func hold(lot index: Int) {
        if lots[index].waiting != lots[index].size, !lots[index].isAbsorbed {
            record(lots[index].liquidation, of: lots[index].contract, .waiting(remaining: lots[index].size))
        }
        lots[index].waiting = lots[index].size
        offer(index)
    }

    private mutating func isDue(_ lot: Lot) -> Bool {
        guard let mark = markets[lot.contract.index].mark, isFresh(lot.contract.index) else { return false }
        if lot.isAbsorbed { return isBeyondCapital(lot) }
        if let end = lot.impatientAt, end <= now { return true }
        return markets[lot.contract.index].valuation.markValue(of: lot.size, at: mark) <= lot.settled
    }

    /// Forgets a lot that is fully closed; its liquidation ends with the last of its lots.
    mutating func closeIfDone(_ index: Int) {
        let lot = lots[index]
        guard lot.size == .zero, let place = markets[lot.contract.index].place(ofLot: index) else { return }
        precondition(lot.settled == .zero, "closed lot keeps \(lot.settled.raw)")
        markets[lot.contract.index].lots.remove(at: place)
        if hasOpenPiece(lot.liquidation, in: lot.contract.index) {
            markets[lot.contract.index].splits -= 1
        } else {
            record(lot.liquidation, of: lot.contract, .closed)
        }
    }

    /// Whether a contract has an unfinished lot of a liquidation. Looks for one only where any lot was split: a crash
    /// leaves thousands that never were.
    private func hasOpenPiece(_ id: LiquidationID, in market: Int) -> Bool {
        markets[market].splits > 0 && markets[market].lots.contains { lots[Int($0)].liquidation == id }
    }

    /// Offers a lot anew where what it must fetch has changed, and works it if that made it due.
    mutating func reprice(lot index: Int) {
        guard lots[index].size != .zero else { return }
        if lots[index].order >= 0 { remove(lots[index].order, .replaced) }
        offer(index)
        work(lot: index)
    }
}
