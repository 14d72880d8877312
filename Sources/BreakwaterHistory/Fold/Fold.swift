internal import BreakwaterCore
internal import BreakwaterVenue
internal import GRDB

/// Folds executions into the tables, one after the other, in one thread.
///
/// What has to be known of the past is kept here once it has been asked for, and read from the tables the first time:
/// a fold that starts on filled tables goes on as the one that filled them would have. Rows that come with every trade
/// are written by `flush`, many together; so are those that change, once however often they changed.
final class Fold {
    /// The command that was folded last, and its time.
    private(set) var sequence: Int64
    private(set) var now: Timestamp
    /// The event that is being folded.
    private(set) var here = EventID(raw: 0)

    var contracts: [ContractTerms]
    var orders: [OrderID: HeldOrder] = [:]
    var changedOrders: [OrderID] = []
    /// By account; `nil` where it has not been asked for.
    var ledgers: [Ledger?] = []
    var changedHoldings: [PositionKey] = []
    var liquidations: [LiquidationID: LiquidationRecord] = [:]
    var changedLiquidations: Set<LiquidationID> = []
    var candles: [OpenCandle?] = []
    /// By contract.
    var marks: [Price?]
    var funded: [Amount]
    /// Counts payments of funding in any contract.
    var fundingCount = 0
    private var minute: Int64 = .min

    // Rows that wait for `flush`, which inserts them together. An account's are read from the tables only before any of
    // its own have been added.
    var newTrades: [TradeRecord] = []
    var newFills: [FillRecord] = []
    var newPositions: [PositionRecord] = []
    var newLines: [WalletLine] = []

    // Of the execution that is being folded.
    var fills: [FillRecord] = []
    var lines: [WalletLine] = []
    var fundingRates: [ContractID: Rate] = [:]
    /// The last order that was forced, in any execution.
    var lastForced: EventID?
    /// Contracts whose coming payment of funding has been folded ahead of its event.
    var fundedAhead: [ContractID] = []

    /// Goes on where the tables stand.
    init(on database: Database) throws {
        let progress = try Row.fetchOne(database, sql: "SELECT sequence, time FROM progress")
        sequence = progress?["sequence"] ?? 0
        now = Timestamp(progress?["time"] ?? 0)
        contracts = try ContractTerms.fetch("ORDER BY id", [], from: database)
        marks = []
        funded = []
        for contract in contracts {
            marks.append(
                try StoredCandle.fetch(
                    "WHERE contract = ? AND source = 'marks' AND length = '1m' ORDER BY start DESC LIMIT 1",
                    [contract.id.raw], from: database
                ).first?.candle.close)
            funded.append(try Self.funded(contract.id, before: EventID(raw: .max), in: database))
        }
    }

    /// What one lot had paid in funding before an event.
    static func funded(_ contract: ContractID, before event: EventID, in database: Database) throws -> Amount {
        try FundingRecord.fetch(
            "WHERE contract = ? AND id < ? ORDER BY id DESC LIMIT 1", [contract.raw, event.raw], from: database
        ).first?.total ?? .zero
    }

    func fold(_ execution: Execution, into database: Database) throws {
        (sequence, now, here) = (execution.sequence, execution.time, EventID(execution.sequence))
        try noteMinute(in: database)
        for (index, event) in execution.events.enumerated() {
            here = EventID(execution.sequence, index)
            try fold(event, at: index, of: execution, into: database)
        }
        here = EventID(execution.sequence)
        try log(execution, into: database)
        newFills += fills
        newLines += lines
        fills.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        if !fundingRates.isEmpty { fundingRates.removeAll() }
    }

    /// Writes what changed, and how far the fold has come.
    func flush(into database: Database) throws {
        try insert(&newTrades, into: database)
        try insert(&newFills, into: database)
        try insert(&newPositions, into: database)
        try insert(&newLines, into: database)
        try flushOrders(into: database)
        try flushHoldings(into: database)
        try flushLiquidations(into: database)
        try flushCandles(into: database)
        try database.execute(
            sql: "UPDATE progress SET sequence = ?, time = ?", arguments: [sequence, now.raw])
    }

    private func insert<Row: Stored>(_ rows: inout [Row], into database: Database) throws {
        try Row.insert(rows, into: database)
        rows.removeAll(keepingCapacity: true)
    }

    /// Takes for folded what came before the tables began.
    func begin(after sequence: Int64, at time: Timestamp) { (self.sequence, now) = (sequence, time) }

    func add(_ contract: ContractTerms, to database: Database) throws {
        contracts.append(contract)
        marks.append(nil)
        funded.append(.zero)
        try contract.insert(into: database)
    }

    private func noteMinute(in database: Database) throws {
        let start = CandleInterval.oneMinute.start(of: now).raw
        guard start != minute else { return }
        minute = start
        let statement = try database.cachedStatement(sql: "INSERT OR IGNORE INTO minutes VALUES (?, ?)")
        try statement.execute(arguments: [start, here.raw])
    }

    private func fold(_ event: Event, at index: Int, of execution: Execution, into database: Database) throws {
        switch event {
        case .orderAccepted(let change): try accept(change, of: execution, in: database)
        case .orderAmended(let change): try amend(change, in: database)
        case .orderCancelled(let change, let reason): try cancel(change, for: reason, in: database)
        case .orderTriggered(let change, let price): try trigger(change, at: price, in: database)
        case .traded(let trade): try fold(trade, of: execution, into: database)
        case .positionChanged(let change): try note(change, isSetting: false, in: database)
        case .settingsChanged(let change):
            try note(change, isSetting: true, in: database)
            try noteMargin(change, of: execution, in: database)
        case .deposited(let account, let currency, let amount):
            try move(.deposit, amount, of: account, currency, in: database)
        case .withdrawn(let account, let currency, let amount):
            try move(.withdrawal, -amount, of: account, currency, in: database)
        case .transferred(let from, let to, let currency, let amount):
            try move(.transfer, -amount, of: from, currency, other: to, in: database)
            try move(.transfer, amount, of: to, currency, other: from, in: database)
        case .collateralConverted(let account, let sold, let amount, let into, let received):
            try move(.conversion, -amount, of: account, sold, in: database)
            try move(.conversion, received, of: account, into, in: database)
        case .liquidation(let id, let contract, let step):
            if case .lotFunded = step { try payAhead(contract, from: index, of: execution, in: database) }
            try fold(step, of: id, in: contract, into: database)
        case .fundPaidIn(let currency, let contract, let amount):
            try moveFund(.paidIn, amount, currency, contract, in: database)
        case .marked(let contract, let price): try mark(contract, price, in: database)
        case .fundingSet(let contract, let rate): fundingRates[contract] = rate
        case .fundingPaid(let contract, let perLot): try pay(contract, perLot, of: execution, in: database)
        case .listed, .halted, .resumed, .auctionOpened, .auctionEnded, .breakerTripped, .breakerEnded,
            .eventAnnounced, .rulesAnnounced, .rulesChanged, .fundingSkipped, .restarted:
            try announce(event, of: execution, in: database)
        case .rejected, .accountOpened, .indexed, .settled, .warned, .liquidationsWaiting, .stopBeyondLiquidation,
            .indexStale, .providerRegistered, .restricted:
            break
        case .feeCharged: break  // Part of the trade that it was charged for.
        }
    }
}

extension Execution {
    /// Why the command was refused, if it was. What was due all the same may have come after the refusal.
    var refusal: Rejection? {
        for case .rejected(let rejection) in events { return rejection }
        return nil
    }
}
