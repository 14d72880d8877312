internal import BreakwaterCore
internal import GRDB

/// What must be known of a contract to fold its events.
struct ContractTerms: Stored {
    let id: ContractID
    let symbol: String
    let settle: CurrencyID
    let isInverse: Bool

    static let shape = Shape("contracts", "id", "symbol", "settle", "inverse")

    init(_ id: ContractID, _ contract: Contract) {
        self.id = id
        symbol = contract.symbol
        settle = contract.settle
        isInverse = contract.kind == .inverse
    }

    func add(to row: Binding) {
        row.add(id.raw).add(symbol).add(settle.raw).add(isInverse)
    }

    init(_ columns: inout Columns) {
        id = columns.id()
        symbol = columns.text()
        settle = columns.id()
        isInverse = columns.flag()
    }

    /// A value by the sign it has for a position that `side` opens.
    func signed(_ value: Amount, _ side: OrderSide) -> Amount { (side == .sell) == isInverse ? value : -value }
}

/// The latest of a position that is known.
struct Holding: Stored {
    let key: PositionKey
    var size: Size
    var settled: Amount
    /// The event that told of it last.
    var last: EventID
    /// What one lot had paid in funding when the wallet behind it was last told.
    var funded = Amount.zero
    var isStored = true

    static let shape = Shape("holdings", "account", "contract", "position_side", "size", "settled", "last")

    init(_ change: PositionChange, _ id: EventID) {
        (key, size, settled, last) = (change.key, change.size, change.settled, id)
        isStored = false
    }

    func add(to row: Binding) {
        row.add(key.account.raw).add(key.contract.raw).add(key.side.rawValue).add(size.raw).add(settled.raw)
            .add(last.raw)
    }

    init(_ columns: inout Columns) {
        key = PositionKey(columns.id(), columns.id(), columns.choice())
        size = columns.unit()
        settled = columns.unit()
        last = columns.event()
    }

    /// What executing `delta`, worth `value`, realises: the value of the part that closes against its share of the
    /// settled value, each rounded to nearest once, as the ledger does it.
    func realised(by delta: Size, worth value: Amount) -> Amount {
        guard size.sign * delta.sign < 0 else { return .zero }
        let (whole, traded) = (size.magnitude.raw, delta.magnitude.raw)
        let closing = min(whole, traded)
        return -(settled.share(closing, of: whole, .nearest) + value.share(closing, of: traded, .nearest))
    }
}

/// A liquidation's row: what lists are made by. Its steps have a table of their own.
struct LiquidationRow: Stored {
    let id: LiquidationID
    let key: PositionKey
    let time: Timestamp
    var updated: Timestamp
    var outcome: LiquidationRecord.Outcome
    var isOver: Bool
    let trigger: String

    static let shape = Shape(
        "liquidations", "id", "account", "contract", "position_side", "time", "updated", "outcome", "is_over",
        "trigger")

    init(_ record: LiquidationRecord, isOver: Bool) {
        id = record.id
        key = record.trigger.key
        time = record.time
        updated = record.steps.last?.time ?? record.time
        outcome = record.outcome
        self.isOver = isOver
        trigger = StepText.write(record.trigger)
    }

    func add(to row: Binding) {
        row.add(id.raw).add(key.account.raw).add(key.contract.raw).add(key.side.rawValue).add(time.raw)
            .add(updated.raw).add(outcome.rawValue).add(isOver).add(trigger)
    }

    init(_ columns: inout Columns) {
        id = columns.id()
        key = PositionKey(columns.id(), columns.id(), columns.choice())
        time = columns.unit()
        updated = columns.unit()
        outcome = columns.choice()
        isOver = columns.flag()
        trigger = columns.text()
    }
}

struct StepRow: Stored {
    let liquidation: LiquidationID
    let id: EventID
    let time: Timestamp
    let step: String

    static let shape = Shape("liquidation_steps", "liquidation", "id", "time", "step")

    init(_ step: LiquidationStep, of liquidation: LiquidationID, _ id: EventID, at time: Timestamp) {
        self.liquidation = liquidation
        self.id = id
        self.time = time
        self.step = StepText.write(step)
    }

    func add(to row: Binding) {
        row.add(liquidation.raw).add(id.raw).add(time.raw).add(step)
    }

    init(_ columns: inout Columns) {
        liquidation = columns.id()
        id = columns.event()
        time = columns.unit()
        step = columns.text()
    }
}

extension LiquidationRecord {
    /// The record of liquidation `id` with all its steps, or `nil` where there is none.
    static func fetch(_ id: LiquidationID, from database: Database) throws -> LiquidationRecord? {
        guard let row = try LiquidationRow.fetch("WHERE id = ?", [id.raw], from: database).first else { return nil }
        return try LiquidationRecord(row, from: database)
    }

    init(_ row: LiquidationRow, from database: Database) throws {
        self.init(id: row.id, time: row.time, trigger: StepReader.trigger(row.trigger))
        for step in try StepRow.fetch("WHERE liquidation = ? ORDER BY id", [row.id.raw], from: database) {
            add(StepReader.step(step.step), at: step.time)
        }
    }
}
