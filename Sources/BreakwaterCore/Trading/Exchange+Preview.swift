/// How an account would stand after an order or a setting, which is tried and taken back: nothing is left of it.
public struct Preview: Sendable {
    /// Why it would be refused; what follows is then as it is now.
    public internal(set) var rejection: Rejection?
    /// What the order would trade at once; `nil` for settings.
    public internal(set) var fills: Fills?
    /// The position afterwards; `nil` where it would be flat.
    public internal(set) var position: PositionStatement?
    /// The wallet that backs it, afterwards; `nil` where the account has none in the contract's currency.
    public internal(set) var wallet: WalletStatement?
    /// What the position's open orders would reserve beyond its own IM.
    public internal(set) var orderMargin = Amount.zero

    /// What an order would do when it comes in.
    public struct Fills: Sendable, Equatable {
        public internal(set) var size = Size.zero
        /// What was traded, at the prices of the book; never below zero.
        public internal(set) var value = Amount.zero
        /// Paid (+) or received (-).
        public internal(set) var fee = Amount.zero
        /// What would stand in the book afterwards; the rest would be cancelled.
        public internal(set) var resting = Size.zero
    }
}

extension Exchange {
    /// What `command` would do to a position and the wallet behind it: an order that trades or rests at once, or a
    /// setting. Its checks, fills, fees and draws are those of the command itself; what others would do about it,
    /// conditional orders and liquidations included, is not part of it.
    ///
    /// - Precondition: `command` is one that `canPreview`.
    /// - Complexity: as much as executing it.
    public mutating func preview(_ command: Command) -> Preview {
        guard let key = command.previewed else { preconditionFailure("no preview of \(command)") }
        let known = (wallets: wallets.count, positions: positions.count, events: events.count)
        let work = (recheck: recheck.count, wallets: recheckWallets.count, trims: ordersToTrim.count)
        undo.clear()
        var preview = Preview()
        do throws(Rejection) {
            let index = try position(for: key)
            saveAll(of: key.account)
            if case .placeOrder(let request) = command {
                preview.fills = try trial(request, of: index)
            } else {
                try perform(command)
            }
            look(at: key, for: &preview)
        } catch {
            preview.rejection = error
        }
        rollBack(to: 0)
        recheck.removeSubrange(work.recheck...)
        recheckWallets.removeSubrange(work.wallets...)
        ordersToTrim.removeSubrange(work.trims...)
        events.removeSubrange(known.events...)
        forget(walletsFrom: known.wallets, positionsFrom: known.positions)
        if preview.rejection != nil { look(at: key, for: &preview) }
        calmVisited()
        return preview
    }

    private func look(at key: PositionKey, for preview: inout Preview) {
        guard key.account.raw >= 0, key.account.index < accounts.count, key.contract.raw >= 0,
            key.contract.index < markets.count
        else { return }
        preview.position = positionStatement(key, ranked: false)
        preview.wallet = walletStatement(of: key.account, in: markets[key.contract.index].contract.settle)
        preview.orderMargin = orderMargin(of: key)
    }

    /// Saves whatever of an account a setting or a fill may change.
    private mutating func saveAll(of account: AccountID) {
        var next = accounts[account.index].firstPosition
        while next >= 0 {
            save(position: Int(next))
            save(openOrders: Int(next))
            next = positions[Int(next)].next
        }
        next = accounts[account.index].firstWallet
        while next >= 0 {
            save(wallet: Int(next))
            next = wallets[Int(next)].next
        }
    }

    /// Trades an order in the ledger alone, as far as it would go, and reserves what its rest would.
    private mutating func trial(_ request: OrderRequest, of index: Int) throws(Rejection) -> Preview.Fills {
        let (order, margin, trades) = try admit(request, of: index)
        var fills = Preview.Fills()
        guard trades || request.timeInForce != .goodTillCancelled || request.price == nil else {
            reserve(margin, for: index)
            fills.resting = order.remaining
            return fills
        }
        var taker = taker(order, limit: request.price)
        if request.timeInForce == .fillOrKill, !canFillCompletely(taker) { return fills }
        let end = match(&taker, trial: true)
        fills.size = order.remaining - taker.remaining
        fills.value = taker.traded.magnitude
        fills.fee = taker.fees
        if case .refused(let refusal) = end, fills.size == .zero { throw refusal }
        if end == .nothingLeftToTake, request.price != nil, request.timeInForce == .goodTillCancelled,
            !(taker.reduceOnly && reducible(index, order.side) == .zero)
        {
            var rest = order
            rest.remaining = taker.remaining
            let before = positions[index].orderMargin
            reserve(marginWithRest(&rest, of: index), for: index)
            if positions[index].orderMargin > before, available(Int(positions[index].wallet)) < .zero {
                reserve(before, for: index)
            } else {
                fills.resting = rest.remaining
            }
        }
        return fills
    }
}

extension Command {
    /// The position whose preview can be asked for: orders without a condition, and settings.
    fileprivate var previewed: PositionKey? {
        switch self {
        case .placeOrder(let request) where request.condition == nil: request.key
        case .setLeverage(let key, _, _), .moveMargin(let key, _), .setRiskLimit(let key, _): key
        default: nil
        }
    }

    /// Whether `Exchange.preview` can tell what the command would do.
    public var canPreview: Bool { previewed != nil }
}
