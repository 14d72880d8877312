public import BreakwaterCore
internal import GRDB

/// A message and what became of it.
public struct Delivery: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case warning, danger, liquidation
        /// Asked for by the button of that name.
        case test
        /// Asks an address whether it wants to be told.
        case confirmation
    }

    public enum State: String, Sendable, CaseIterable {
        /// It is sent as soon as it can be.
        case waiting
        /// The receiver's server accepted it.
        case sent
        /// It was given up.
        case failed
        /// Nobody wants it any more where it was to go.
        case dropped
    }

    /// By which a receiver knows it again, should it come twice.
    public let id: String
    public let channel: Channel
    public let target: String
    public let account: AccountID
    public let kind: Kind
    public let state: State
    /// How often it was tried.
    public let attempts: Int
    /// Why the last attempt failed, or why it was dropped.
    public let problem: String?
    /// When what it tells of happened, when it is tried next, and when it was sent or given up.
    public let time: Timestamp
    public let next: Timestamp?
    public let ended: Timestamp?

    let row: Int64
    let created: Timestamp
    let contract: ContractID?
    let currency: CurrencyID?
    /// What is left of the buffer, in per cent.
    let buffer: String?
    let mark: Price?
    let liquidation: LiquidationID?
    let sequence: Int64?

    init(_ row: Row) {
        id = row["name"]
        channel = Channel(rawValue: row["channel"])!
        target = row["target"]
        account = AccountID(row["account"])
        kind = Kind(rawValue: row["kind"])!
        state = State(rawValue: row["state"])!
        attempts = row["attempts"]
        problem = row["problem"]
        time = Timestamp(row["time"])
        next = state == .waiting ? Timestamp(row["next"]) : nil
        ended = (row["ended"] as Int64?).map { Timestamp($0) }
        self.row = row["id"]
        created = Timestamp(row["created"])
        contract = (row["contract"] as Int32?).map { ContractID($0) }
        currency = (row["currency"] as Int32?).map { CurrencyID($0) }
        buffer = row["buffer"]
        mark = (row["mark"] as Int64?).map { Price($0) }
        liquidation = (row["liquidation"] as Int32?).map { LiquidationID($0) }
        sequence = row["sequence"]
    }

    /// How long it is worth sending: a day, or an hour where somebody waits for it.
    var lifetime: Duration {
        switch kind {
        case .warning, .danger, .liquidation: NoticeStore.lifetime
        case .test, .confirmation: .seconds(3_600)
        }
    }
}
