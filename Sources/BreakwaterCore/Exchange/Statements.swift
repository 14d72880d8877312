/// How a wallet stands, with every figure a report may ask for.
public struct WalletStatement: Sendable {
    public let currency: CurrencyID
    /// Isolated margin included.
    public let balance: Amount
    public let available: Amount
    /// Sum of positions' IM and of what orders reserve.
    public let initialMargin: Amount
    public let maintenanceMargin: Amount
    /// Where partial closing ends; `nil` where the rulebook has no such level.
    public let closeOutMargin: Amount?
    /// Balance + all unrealised PnL, and what other currencies count for behind the account.
    public let equity: Amount
    public let buffer: Buffer?
}

/// How an open position stands. Values are signed by side; prices are at the contract's display precision.
public struct PositionStatement: Sendable {
    public let key: PositionKey
    public let size: Size
    public let mode: MarginMode
    public let leverage: Leverage
    public let riskLimit: Amount?
    public let entryValue: Amount
    public let settledValue: Amount
    public let entryPrice: ExactDecimal?
    public let settledPrice: ExactDecimal?
    public let markPrice: ExactDecimal?
    public let liquidationPrice: ExactDecimal?
    /// The same with the fee of closing there left over.
    public let liquidationPriceWithFees: ExactDecimal?
    public let bankruptcyPrice: ExactDecimal?
    /// Put behind it before unrealised PnL: assigned, or IM + drawn.
    public let margin: Amount
    public let drawn: Amount
    public let initialMargin: Amount
    public let maintenanceMargin: Amount
    /// Against the settled value.
    public let unrealised: Amount
    public let realised: Amount
    public let buffer: Buffer?
    public let state: PositionState
    /// Its place in the auto-deleveraging queue; `nil` where the rulebook has none.
    public let queue: QueuePosition?
}

/// Where a position stands in the liquidation waterfall (seed 004).
public enum PositionState: String, Sendable, CaseIterable {
    case healthy
    /// Margin is below IM but above MM.
    case preLiquidation
    /// At its trigger, waiting for the stages that reduce it.
    case partial
    case liquiditySupport
    case insuranceFund
    case autoDeleverage
}

/// A contract's prices and open interest.
public struct ContractStatement: Sendable {
    public let mark: Price?
    public let index: Price?
    public let last: Price?
    public let openInterest: Size
    public let halted: Bool
    /// When the breaker's pause of forced orders ends, if there is one.
    public let pausedUntil: Timestamp?
    public let inAuction: Bool
    /// What the next funding would be paid at; `nil` where no rate is computed or nothing has been sampled.
    public let fundingRate: Rate?
    /// Whether there is a mark, but one that may not be relied on.
    public let stale: Bool
}

/// An open position and where it would be liquidated, all other prices unchanged.
public struct Exposure: Sendable {
    public let key: PositionKey
    public let size: Size
    /// At display precision; `nil` where no price liquidates it.
    public let liquidationPrice: ExactDecimal?
    public let buffer: Buffer?
}

/// One price level of a book.
public struct DepthLevel: Sendable, Equatable {
    public let price: Price
    public let size: Size

    public init(price: Price, size: Size) {
        self.price = price
        self.size = size
    }
}

extension Exchange {
    public func contractStatement(_ contract: ContractID) -> ContractStatement {
        let market = markets[contract.index]
        return ContractStatement(
            mark: market.mark, index: market.index(at: now), last: market.last, openInterest: market.openInterest,
            halted: market.halted, pausedUntil: market.pausedUntil, inAuction: market.auction != nil,
            fundingRate: fundingRate(in: contract.index),
            stale: market.mark != nil && !isFresh(contract.index))
    }

    /// The account's wallets, in order of currency.
    public func walletStatements(of account: AccountID) -> [WalletStatement] {
        var statements: [WalletStatement] = []
        var next = accounts[account.index].firstWallet
        while next >= 0 {
            statements.append(walletStatement(Int(next)))
            next = wallets[Int(next)].next
        }
        return statements.sorted { $0.currency < $1.currency }
    }

    public func walletStatement(of account: AccountID, in currency: CurrencyID) -> WalletStatement? {
        findWallet(of: account, in: currency).map { walletStatement($0) }
    }

    private func walletStatement(_ index: Int) -> WalletStatement {
        let sums = sums(ofWallet: index)
        return WalletStatement(
            currency: wallets[index].currency, balance: present(wallet: index).balance, available: available(index),
            initialMargin: sums.initial, maintenanceMargin: sums.maintenance,
            closeOutMargin: rulebook.closeOut.map { _ in closeOutMargin(ofWallet: index) },
            equity: sums.equity + collateralValue(behind: index), buffer: buffer(ofWallet: index))
    }

    /// The position `key` names, or `nil` while it is flat.
    ///
    /// - Parameter ranked: whether its place in the auto-deleveraging queue is wanted, which looks at everybody's.
    public func positionStatement(_ key: PositionKey, ranked: Bool = true) -> PositionStatement? {
        guard let index = findPosition(key), positions[index].size != .zero else { return nil }
        let queue = ranked ? deleverageQueue(of: key.contract.index, longs: positions[index].size > .zero) : [:]
        return statement(of: present(index), queue: queue[index])
    }

    /// An account's open positions, by contract and side.
    public func positionStatements(of account: AccountID) -> [PositionStatement] {
        var keys: [PositionKey] = []
        var next = accounts[account.index].firstPosition
        while next >= 0 {
            if positions[Int(next)].size != .zero { keys.append(key(of: positions[Int(next)])) }
            next = positions[Int(next)].next
        }
        return keys.reversed().sorted { $0.contract < $1.contract }.compactMap { positionStatement($0) }
    }

    /// Every open position of a contract with the mark at which its liquidation would begin, in order of opening.
    public func exposures(in contract: ContractID) -> [Exposure] {
        markets[contract.index].positions.compactMap { index in
            guard positions[Int(index)].size != .zero else { return nil }
            let position = present(Int(index))
            return Exposure(
                key: key(of: position), size: position.size, liquidationPrice: liquidationPrice(of: position),
                buffer: buffer(of: position))
        }
    }

    /// Every open position, by account, contract and side.
    public func positionStatements() -> [PositionStatement] {
        var queue: [Int: QueuePosition] = [:]
        for market in markets.indices {
            for longs in [true, false] {
                queue.merge(deleverageQueue(of: market, longs: longs)) { first, _ in first }
            }
        }
        return positions.indices.filter { positions[$0].size != .zero }
            .sorted {
                let (a, b) = (positions[$0], positions[$1])
                return (a.account, a.contract, $0) < (b.account, b.contract, $1)
            }
            .map { statement(of: present($0), queue: queue[$0]) }
    }

    private func statement(of position: Position, queue: QueuePosition?) -> PositionStatement {
        let market = markets[position.contract.index]
        return PositionStatement(
            key: key(of: position), size: position.size, mode: position.mode, leverage: position.leverage,
            riskLimit: valueLimit(of: position), entryValue: position.entry, settledValue: position.settled,
            entryPrice: market.contract.displayPrice(of: position.size, worth: position.entry.wide),
            settledPrice: market.contract.displayPrice(of: position.size, worth: position.settled.wide),
            markPrice: market.mark.map(market.contract.decimal),
            liquidationPrice: liquidationPrice(of: position),
            liquidationPriceWithFees: liquidationPrice(of: position, fees: true),
            bankruptcyPrice: bankruptcyPrice(of: position), margin: margin(of: position), drawn: position.drawn,
            initialMargin: position.initialMargin, maintenanceMargin: position.maintenanceMargin,
            unrealised: unrealised(position), realised: position.realised, buffer: buffer(of: position),
            state: state(of: position), queue: queue)
    }

    func state(of position: Position) -> PositionState {
        guard let buffer = buffer(of: position) else { return .healthy }
        // At its trigger it waits, even where nothing is liquidated for the time being.
        if markets[position.contract.index].mark != nil, isBroken(stance(of: position)) { return .partial }
        return buffer.above < buffer.span ? .preLiquidation : .healthy
    }

    /// Where a position stands in the waterfall; for one that the engine has taken over, the stage that works on it.
    /// `nil` where there is neither.
    public func state(of key: PositionKey) -> PositionState? {
        guard let index = findPosition(key) else { return nil }
        if positions[index].size != .zero { return state(of: present(index)) }
        let lot = markets[key.contract.index].lots.last {
            lots[Int($0)].account == key.account && lots[Int($0)].side == key.side
        }
        return lot.map { lots[Int($0)].state }
    }

    /// The book's price levels on one side, best first.
    public func depth(of contract: ContractID, _ side: OrderSide, levels: Int = .max) -> [DepthLevel] {
        markets[contract.index].book[side].levels.reversed().prefix(levels).map {
            DepthLevel(price: $0.price, size: $0.size)
        }
    }

    /// The fees kept in `currency`.
    public func fees(in currency: CurrencyID) -> Amount { treasury.fees[currency.index] }

    public var openOrderCount: Int { orders.count }
}
