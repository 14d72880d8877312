public import BreakwaterCore
import BreakwaterTapes

/// What a simulation's events add up to.
public struct SimulationOutcome: Sendable {
    public private(set) var records = LiquidationRecords()
    /// The state at the close of each bar.
    public private(set) var bars: [BarClose] = []
    /// Refused commands, by code.
    public private(set) var refusals: [String: Int] = [:]
    /// Warnings given, by level.
    public private(set) var warnings: [WarningLevel: Int] = [:]
    public private(set) var trades = 0
    /// Traded value, and that part of it traded by the liquidation engine or for positions it closes.
    public private(set) var volume: Int128 = 0
    public private(set) var forcedVolume: Int128 = 0
    /// Every position as it was opened.
    public private(set) var entries: [Entry] = []
    /// Every deleveraging of an opposing position.
    public private(set) var deleverages: [Deleverage] = []
    /// The least that the insurance fund held at any moment.
    public private(set) var lowestFund: Amount
    /// The smallest fund with which everything would have gone as it did.
    public private(set) var fundNeeded = Amount.zero
    /// Rounds in which forced orders traded, each moving the price for the next.
    public private(set) var cascades = Cascades()
    public private(set) var fees = Amount.zero
    public private(set) var stateHash = ""
    public private(set) var conservation = Conservation.empty

    public struct BarClose: Sendable {
        public let time: Timestamp
        public let fund: Amount
        public let openInterest: Size
        /// Liquidations begun up to here.
        public let liquidations: Int
        /// The first contract's last mark of the bar, its lowest and its highest.
        public let mark: Price
        public let low: Price
        public let high: Price
        /// How far trades have pushed the price away from its path by now, in ticks.
        public let displacement: Int64
    }

    public struct Entry: Sendable {
        public let time: Timestamp
        public let key: PositionKey
        public let mode: MarginMode
        public let leverage: Leverage
        /// Signed.
        public let size: Size
        /// What it is worth at the prices it was opened at, unsigned.
        public let value: Amount
    }

    public struct Deleverage: Sendable {
        public let time: Timestamp
        public let liquidation: LiquidationID
        public let contract: ContractID
        public let account: AccountID
        public let size: Size
        public let forgone: Amount
    }

    private let plan: SimulationPlan

    init(plan: SimulationPlan) {
        self.plan = plan
        lowestFund = plan.fund
    }

    /// Takes in what a command liquidated, and what it left in the fund.
    mutating func fold(_ events: [Event], at time: Timestamp, fund: Amount) {
        records.fold(events, at: time)
        lowestFund = min(lowestFund, fund)
        for case .liquidation(let id, let contract, .deleveraged(let account, _, let size, _, let forgone, _)) in events
        {
            deleverages.append(
                Deleverage(
                    time: time, liquidation: id, contract: contract, account: account, size: size, forgone: forgone))
        }
    }

    mutating func refused(_ rejection: Rejection) { refusals[rejection.code, default: 0] += 1 }

    mutating func warned(_ level: WarningLevel) { warnings[level, default: 0] += 1 }

    mutating func note(_ trade: Trade, isForced: Bool) {
        trades += 1
        volume += trade.value.wide
        if isForced { forcedVolume += trade.value.wide }
    }

    /// Notes an entry with what it traded.
    mutating func entered(_ trader: Trader, _ key: PositionKey, _ events: [Event], at time: Timestamp) {
        var (filled, value) = (Size.zero, Amount.zero)
        for case .traded(let trade) in events where trade.concerns(key.account) {
            filled = filled + trade.size
            value = value + trade.value
        }
        guard filled > .zero else { return }
        entries.append(
            Entry(
                time: time, key: key, mode: trader.mode, leverage: trader.leverage,
                size: trader.side == .buy ? filled : -filled, value: value))
    }

    /// Ends one round of marks and forced orders.
    ///
    /// - Returns: whether there was anything forced that traded, so that another round may follow.
    mutating func endRound(forced: Int128, at time: Timestamp) -> Bool {
        cascades.endRound(forced: forced, at: time)
        return forced > 0
    }

    mutating func closeBar(
        _ index: Int, exchange: borrowing Exchange, currency: CurrencyID, _ market: borrowing SimulatedMarket
    ) {
        let contract = exchange.contractStatement(ContractID(0))
        let isMarked = market.high > .zero
        bars.append(
            BarClose(
                time: plan.bars[index].time, fund: exchange.insurance(of: currency),
                openInterest: contract.openInterest, liquidations: records.all.count, mark: market.mark,
                low: isMarked ? market.low : market.mark, high: isMarked ? market.high : market.mark,
                displacement: market.displacementInTicks))
    }

    mutating func finish(_ exchange: borrowing Exchange, currency: CurrencyID) {
        cascades.finish()
        fundNeeded = plan.fund - min(plan.fund, exchange.leastSpare(behind: ContractID(0)) ?? plan.fund)
        fees = exchange.fees(in: currency)
        stateHash = exchange.stateHashText
        conservation = exchange.conservation(of: currency)
    }
}

/// Rounds of forced trading that follow each other without a pause.
public struct Cascades: Sendable, Equatable {
    /// Rounds in which forced orders traded.
    public private(set) var rounds = 0
    /// How many rows of them there were, at least two rounds each.
    public private(set) var count = 0
    /// The row with the most rounds: how many, since when, for how long, and what forced orders traded in it.
    public private(set) var longest = Row()

    private var present = Row()

    public struct Row: Sendable, Equatable {
        public var rounds = 0
        public var start = Timestamp.zero
        public var end = Timestamp.zero
        public var volume: Int128 = 0
    }

    mutating func endRound(forced: Int128, at time: Timestamp) {
        guard forced > 0 else { return finish() }
        rounds += 1
        if present.rounds == 0 { present.start = time }
        present.rounds += 1
        present.end = time
        present.volume += forced
    }

    mutating func finish() {
        if present.rounds > 1 { count += 1 }
        if present.rounds > longest.rounds { longest = present }
        present = Row()
    }
}

extension Trade {
    /// Whether a side of it is an account's.
    func concerns(_ account: AccountID) -> Bool {
        for case .account(account, _, _) in [taker, maker] { return true }
        return false
    }
}

/// Sums over the liquidations of a simulation.
extension SimulationOutcome {
    /// The liquidations in which traders lost their whole position.
    public var liquidated: [LiquidationRecord] { records.all.filter(\.isLost) }

    /// The value at mark of what a liquidation was about.
    public func notional(_ record: LiquidationRecord) -> Amount {
        contract(of: record).executionValue(of: record.trigger.size, at: record.trigger.mark).magnitude
    }

    func contract(of record: LiquidationRecord) -> Contract { contract(record.trigger.key.contract) }

    func contract(_ id: ContractID) -> Contract { id.index == 0 ? plan.contract : plan.others[id.index - 1].contract }

    /// What each bearer bore in all of them.
    public func loss(_ bearer: (LiquidationRecord.Loss) -> Amount) -> Int128 {
        records.all.reduce(0) { $0 + bearer($1.loss).wide }
    }
}
