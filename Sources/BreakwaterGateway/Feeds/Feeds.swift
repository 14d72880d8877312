public import BreakwaterCore
internal import BreakwaterHistory
public import BreakwaterVenue
internal import Synchronization

/// Folds durable executions into what the public and each account's owner are told, and hands it to sinks.
public final class Feeds: Follower {
    private let fold = Mutex(FeedFold())
    private let sinks = Mutex((market: [any MarketSink](), accounts: [any AccountSink]()))

    public init() {}

    /// Has a sink told from the next batch on.
    public func attach(_ sink: any MarketSink) { sinks.withLock { $0.market.append(sink) } }
    public func attach(_ sink: any AccountSink) { sinks.withLock { $0.accounts.append(sink) } }

    /// Begins with what was open and traded before the start.
    ///
    /// - Parameters:
    ///   - openOrders: those that may still fill.
    ///   - minutes: the last day's of each contract in order, the present one last.
    public func begin(openOrders: [LiveOrder], minutes: [[Minute]]) {
        fold.withLock { $0.begin(openOrders: openOrders, minutes: minutes) }
    }

    public func take(_ batch: [Execution]) {
        let (market, accounts) = fold.withLock { fold in
            for execution in batch { fold.take(execution) }
            return fold.drain()
        }
        let sinks = sinks.withLock { $0 }
        if !market.isEmpty { for sink in sinks.market { sink.take(market) } }
        if !accounts.isEmpty { for sink in sinks.accounts { sink.take(accounts) } }
    }

    /// The order of that number while it is open.
    public func openOrder(_ id: OrderID) -> LiveOrder? { fold.withLock { $0.orders.order(id) } }

    /// What one contract did over the last 24 hours, as of its last trade.
    public func day(of contract: ContractID, at time: Timestamp) -> DaySummary? {
        fold.withLock { $0.day(of: contract, at: time) }
    }
}

/// A contract's trading over the last 24 hours.
public struct DaySummary: Sendable {
    public let open: Price
    public let high: Price
    public let low: Price
    public let last: Price
    public let lastSize: Size
    public let volume: Size
    public let value: Amount
    public let trades: Int
    public let firstTrade: Int64
    public let lastTrade: Int64
    public let from: Timestamp
}

/// The state behind the feeds.
struct FeedFold: Sendable {
    private(set) var orders = LiveOrders()
    /// Minutes of each contract, the present one last: a day of them.
    private var minutes: [[Minute]] = []
    private var lastTicks: [ContractID: TradeTick] = [:]
    /// Whose position each unfinished liquidation closes.
    private var liquidated: [LiquidationID: PositionKey] = [:]
    private var market: [MarketUpdate] = []
    private var accounts: [AccountUpdate] = []

    mutating func begin(openOrders: [LiveOrder], minutes: [[Minute]]) {
        for order in openOrders { orders.restore(order) }
        self.minutes = minutes
    }

    mutating func drain() -> ([MarketUpdate], [AccountUpdate]) {
        defer { (market, accounts) = ([], []) }
        return (market, accounts)
    }

    mutating func take(_ execution: Execution) {
        for (index, event) in execution.events.enumerated() { take(event, index, of: execution) }
    }

    private mutating func take(_ event: Event, _ index: Int, of execution: Execution) {
        let time = execution.time
        func tell(_ account: AccountID, _ what: AccountUpdate.What) {
            accounts.append(AccountUpdate(account: account, sequence: execution.sequence, time: time, what: what))
        }
        func tell(_ update: OrderUpdate?) {
            if let update { tell(update.order.account, .order(update)) }
        }
        switch event {
        case .orderAccepted(let change): tell(orders.accept(change, of: execution))
        case .orderAmended(let change): tell(orders.amend(change, at: time))
        case .orderTriggered(let change, _): tell(orders.trigger(change, at: time))
        case .orderCancelled(let change, let reason): tell(orders.cancel(change, reason, at: time))
        case .stopBeyondLiquidation(let change):
            if let account = change.account { tell(account, .stopBeyondLiquidation(change)) }
        case .traded(let trade):
            for update in take(trade, EventID(execution.sequence, index), at: time) { tell(update) }
        case .positionChanged(let change): tell(change.key.account, .position(change))
        case .settingsChanged(let change): tell(change.key.account, .settings(change))
        case .deposited(let account, let currency, let amount): tell(account, .money(currency, amount, .deposit))
        case .withdrawn(let account, let currency, let amount): tell(account, .money(currency, -amount, .withdrawal))
        case .transferred(let from, let to, let currency, let amount):
            tell(from, .money(currency, -amount, .transfer))
            tell(to, .money(currency, amount, .transfer))
        case .collateralConverted(let account, let sold, let amount, let into, let received):
            tell(account, .money(sold, -amount, .conversion))
            tell(account, .money(into, received, .conversion))
        case .warned(let account, let contract, let currency, let level, let buffer):
            tell(account, .warned(contract, currency, level, buffer))
        case .restricted(let account, let restriction): tell(account, .restricted(restriction))
        case .liquidation(let id, let contract, let step):
            for (account, what) in take(step, of: id, contract, at: time) { tell(account, what) }
        case .marked(let contract, let price):
            market.append(.mark(contract, price, time))
        case .fundingPaid(let contract, let perLot):
            market.append(.funding(contract, perLot: perLot, time))
        case .listed(let contract): market.append(.listed(contract, time))
        case .halted(let contract): market.append(.halted(contract, true, time))
        case .resumed(let contract): market.append(.halted(contract, false, time))
        case .rejected, .accountOpened, .fundPaidIn, .feeCharged, .indexed, .settled, .eventAnnounced,
            .rulesAnnounced, .rulesChanged, .providerRegistered, .liquidationsWaiting, .breakerTripped, .breakerEnded,
            .auctionOpened, .auctionEnded, .indexStale, .fundingSet, .fundingSkipped, .restarted:
            break
        }
    }

    private mutating func take(_ trade: Trade, _ id: EventID, at time: Timestamp) -> [OrderUpdate] {
        let tick = TradeTick(
            id: id.raw, contract: trade.contract, price: trade.price, size: trade.size, value: trade.value,
            side: trade.takerSide, time: time)
        market.append(.trade(tick))
        market.append(.minute(trade.contract, add(tick)))
        lastTicks[trade.contract] = tick
        return [(trade.taker, false), (trade.maker, true)].compactMap { party, isMaker in
            guard case .account(_, let id, let booking) = party else { return nil }
            return orders.trade(id, tick, isMaker: isMaker, booking, at: time)
        }
    }

    /// Adds a trade to its minute, and forgets minutes of more than a day ago.
    private mutating func add(_ tick: TradeTick) -> Minute {
        let index = tick.contract.index
        while minutes.count <= index { minutes.append([]) }
        let minute = Timestamp(tick.time.raw / 60_000_000 * 60_000_000)
        if let last = minutes[index].indices.last, minutes[index][last].start == minute {
            minutes[index][last].add(tick)
        } else {
            minutes[index].append(Minute(start: minute, first: tick))
            let day = minute + .seconds(-86_400)
            if minutes[index][0].start < day { minutes[index].removeAll { $0.start < day } }
        }
        return minutes[index][minutes[index].count - 1]
    }

    func day(of contract: ContractID, at time: Timestamp) -> DaySummary? {
        guard contract.index < minutes.count else { return nil }
        let from = time + .seconds(-86_400)
        let minutes = self.minutes[contract.index].filter { $0.start >= from }
        guard let first = minutes.first, let last = minutes.last else { return nil }
        return DaySummary(
            open: first.open, high: minutes.map(\.high).max()!, low: minutes.map(\.low).min()!, last: last.close,
            lastSize: lastTicks[contract]?.size ?? .zero, volume: minutes.reduce(.zero) { $0 + $1.volume },
            value: minutes.reduce(.zero) { $0 + $1.value }, trades: minutes.reduce(0) { $0 + $1.trades },
            firstTrade: first.firstTrade, lastTrade: last.lastTrade, from: first.start)
    }

    /// Tells the owner of the position about a step, and everybody about what was closed by force.
    private mutating func take(
        _ step: LiquidationStep, of id: LiquidationID, _ contract: ContractID, at time: Timestamp
    ) -> [(AccountID, AccountUpdate.What)] {
        if case .started(let trigger) = step { liquidated[id] = trigger.key }
        guard let key = liquidated[id] else { return [] }
        var told: [(AccountID, AccountUpdate.What)] = [(key.account, .liquidation(id, contract, step))]
        func print(_ account: AccountID, _ side: PositionSide, _ size: Size, _ value: Amount, _ kind: ForcedPrint.Kind)
        {
            guard size != .zero else { return }
            let forced = ForcedPrint(
                liquidation: id, account: account, contract: contract, position: side,
                side: size > .zero ? .buy : .sell, size: size.magnitude, value: value.magnitude, kind: kind, time: time)
            told.append((account, .forced(forced)))
            market.append(.forced(forced))
        }
        switch step {
        case .forcedClose(let close): print(key.account, key.side, close.filled, close.value, .liquidation)
        // The order that closes a position is of the other sign.
        case .takenOver(let size, _, let settled, _): print(key.account, key.side, -size, settled, .liquidation)
        case .deleveraged(let account, let side, let size, let value, _, _),
            .closedAtMark(let account, let side, let size, let value, _):
            print(account, side, size, value, .autoDeleverage)
        case .saved, .closed: liquidated[id] = nil
        case .started, .steppedDown, .ordersCancelled, .fillOrKill, .collateralConverted, .remainderKept, .paused,
            .lotTraded, .lotFunded, .fundExhausted, .assigned, .providerSkipped, .absorbed, .fundPaid,
            .deleverageSkipped, .clawedBack, .clawbackEnded, .waiting:
            break
        }
        return told
    }
}
