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
    /// Traded value, and that part of it traded by the liquidation engine.
    public private(set) var volume: Int128 = 0
    public private(set) var forcedVolume: Int128 = 0
    /// How many traders entered at each leverage, and how many lots they asked for.
    public private(set) var entered: [Leverage: (traders: Int, size: Size)] = [:]
    /// Every deleveraging of an opposing position.
    public private(set) var deleverages: [Deleverage] = []
    public private(set) var fees = Amount.zero
    public private(set) var stateHash = ""
    public private(set) var conservation = Conservation.empty

    public struct BarClose: Sendable {
        public let time: Timestamp
        public let close: Price
        public let fund: Amount
        public let openInterest: Size
        /// Liquidations begun up to here.
        public let liquidations: Int
    }

    public struct Deleverage: Sendable {
        public let time: Timestamp
        public let liquidation: LiquidationID
        public let account: AccountID
        public let size: Size
        public let forgone: Amount
    }

    private let plan: SimulationPlan

    init(plan: SimulationPlan) { self.plan = plan }

    mutating func fold(_ events: [Event], at time: Timestamp, exchange: borrowing Exchange) {
        records.fold(events, at: time)
        for event in events {
            switch event {
            case .rejected(let rejection): refusals[rejection.code, default: 0] += 1
            case .warned(_, _, _, let level, _): warnings[level, default: 0] += 1
            case .traded(let trade):
                trades += 1
                volume += trade.value.wide
                if case .engine = trade.taker { forcedVolume += trade.value.wide }
                if case .engine = trade.maker { forcedVolume += trade.value.wide }
            case .liquidation(let id, _, .deleveraged(let account, _, let size, _, let forgone, _)):
                deleverages.append(
                    Deleverage(time: time, liquidation: id, account: account, size: size, forgone: forgone))
            default: break
            }
        }
    }

    mutating func entered(_ trader: Trader, size: Size) {
        let before = entered[trader.leverage] ?? (0, .zero)
        entered[trader.leverage] = (before.traders + 1, before.size + size)
    }

    mutating func closeBar(_ index: Int, exchange: borrowing Exchange, currency: CurrencyID) {
        let contract = exchange.contractStatement(ContractID(0))
        bars.append(
            BarClose(
                time: plan.bars[index].time, close: plan.bars[index].close, fund: exchange.insurance(of: currency),
                openInterest: contract.openInterest, liquidations: records.all.count))
    }

    mutating func finish(_ exchange: borrowing Exchange, currency: CurrencyID) {
        fees = exchange.fees(in: currency)
        stateHash = exchange.stateHashText
        conservation = exchange.conservation(of: currency)
    }
}

/// Sums over the liquidations of a simulation.
extension SimulationOutcome {
    /// The liquidations in which traders lost their whole position.
    public var liquidated: [LiquidationRecord] { records.all.filter(\.isLost) }

    /// The value at mark of what a liquidation was about.
    public func notional(_ record: LiquidationRecord) -> Amount {
        plan.contract.executionValue(of: record.trigger.size, at: record.trigger.mark).magnitude
    }

    /// What each bearer bore in all of them.
    public func loss(_ bearer: (LiquidationRecord.Loss) -> Amount) -> Int128 {
        records.all.reduce(0) { $0 + bearer($1.loss).wide }
    }
}
