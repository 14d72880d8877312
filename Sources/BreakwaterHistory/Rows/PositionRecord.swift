public import BreakwaterCore
internal import GRDB

/// A position as it stood after a change.
public struct PositionRecord: Sendable, Equatable {
    public let id: EventID
    public let time: Timestamp
    public let key: PositionKey
    public let size: Size
    public let mode: MarginMode
    public let leverage: Leverage
    /// Signed by side, like every value.
    public let entry: Amount
    public let settled: Amount
    /// Assigned, or IM + drawn.
    public let margin: Amount
    /// Realised by trades, settlements, funding, fees and liquidation since the account first traded the contract.
    public let realised: Amount
    /// What the wallet behind it held then.
    public let balance: Amount
    /// Whether its owner changed its settings; otherwise it traded or was liquidated.
    public let isSetting: Bool
}

extension PositionRecord: Stored {
    static let shape = Shape(
        "positions", "id", "time", "account", "contract", "position_side", "size", "mode", "leverage", "entry",
        "settled", "margin", "realised", "balance", "is_setting")

    func add(to row: Binding) {
        row.add(id.raw).add(time.raw).add(key.account.raw).add(key.contract.raw).add(key.side.rawValue)
            .add(size.raw).add(mode.rawValue).add(leverage.raw).add(entry.raw).add(settled.raw).add(margin.raw)
            .add(realised.raw).add(balance.raw).add(isSetting)
    }

    init(_ columns: inout Columns) {
        id = columns.event()
        time = columns.unit()
        key = PositionKey(columns.id(), columns.id(), columns.choice())
        size = columns.unit()
        mode = columns.choice()
        leverage = columns.unit()
        entry = columns.unit()
        settled = columns.unit()
        margin = columns.unit()
        realised = columns.unit()
        balance = columns.unit()
        isSetting = columns.flag()
    }

    init(_ change: PositionChange, _ id: EventID, at time: Timestamp, isSetting: Bool) {
        self.init(
            id: id, time: time, key: change.key, size: change.size, mode: change.mode, leverage: change.leverage,
            entry: change.entry, settled: change.settled, margin: change.margin, realised: change.realised,
            balance: change.balance, isSetting: isSetting)
    }
}
