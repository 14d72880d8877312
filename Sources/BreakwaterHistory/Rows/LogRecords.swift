public import BreakwaterCore
internal import GRDB

/// Something that everybody at the venue is told: listings, halts, auctions, breakers, rules, events.
public struct Notice: Sendable, Equatable {
    public let id: EventID
    public let kind: Kind
    public let contract: ContractID?
    /// What it says besides: the rulebook's name, until when, at what price.
    public let until: Timestamp?
    public let price: Price?
    public let text: String
    public let time: Timestamp

    public enum Kind: String, Sendable, CaseIterable {
        case listed, halted, resumed, auctionOpened, auctionEnded, breakerTripped, breakerEnded, eventAnnounced
        case rulesAnnounced, rulesChanged, fundingSkipped, restarted
    }
}

extension Notice: Stored {
    static let shape = Shape("notices", "id", "kind", "contract", "until", "price", "text", "time")

    func add(to row: Binding) {
        row.add(id.raw).add(kind.rawValue).add(contract?.raw).add(until?.raw).add(price?.raw).add(text)
            .add(time.raw)
    }

    init(_ columns: inout Columns) {
        id = columns.event()
        kind = columns.choice()
        contract = columns.optionalID()
        until = columns.optionalUnit()
        price = columns.optionalUnit()
        text = columns.text()
        time = columns.unit()
    }
}

/// What somebody who runs the venue did, or tried to.
public struct AdminAction: Sendable, Equatable {
    public let id: EventID
    public let actor: String
    /// The command's name.
    public let command: String
    public let account: AccountID?
    public let contract: ContractID?
    public let text: String
    /// The code of the refusal, if it was refused.
    public let rejection: String?
    public let time: Timestamp
}

extension AdminAction: Stored {
    static let shape = Shape("actions", "id", "actor", "command", "account", "contract", "text", "rejection", "time")

    func add(to row: Binding) {
        row.add(id.raw).add(actor).add(command).add(account?.raw).add(contract?.raw).add(text).add(rejection)
            .add(time.raw)
    }

    init(_ columns: inout Columns) {
        id = columns.event()
        actor = columns.text()
        command = columns.text()
        account = columns.optionalID()
        contract = columns.optionalID()
        text = columns.text()
        rejection = columns.optionalText()
        time = columns.unit()
    }
}

/// A change of an account's own settings.
public struct SettingChange: Sendable, Equatable {
    public let id: EventID
    public let account: AccountID
    public let contract: ContractID?
    public let positionSide: PositionSide?
    public let kind: Kind
    public let text: String
    public let time: Timestamp

    public enum Kind: String, Sendable, CaseIterable {
        /// In hundredths.
        case leverage
        case marginMode
        /// The value its row ends at, in smallest units of money.
        case riskLimit
        case hedged, selfTrade, pairsShrinkTogether, restriction
    }
}

extension SettingChange: Stored {
    static let shape = Shape("settings", "id", "account", "contract", "position_side", "kind", "text", "time")

    func add(to row: Binding) {
        row.add(id.raw).add(account.raw).add(contract?.raw).add(positionSide?.rawValue).add(kind.rawValue).add(text)
            .add(time.raw)
    }

    init(_ columns: inout Columns) {
        id = columns.event()
        account = columns.id()
        contract = columns.optionalID()
        positionSide = columns.optionalChoice()
        kind = columns.choice()
        text = columns.text()
        time = columns.unit()
    }
}

/// Margin that an account moved to (+) or from (-) an isolated position.
public struct MarginChange: Sendable, Equatable {
    public let id: EventID
    public let key: PositionKey
    public let amount: Amount
    /// What the position was assigned after it.
    public let margin: Amount
    public let time: Timestamp
}

extension MarginChange: Stored {
    static let shape = Shape(
        "margin_changes", "id", "account", "contract", "position_side", "amount", "margin", "time")

    func add(to row: Binding) {
        row.add(id.raw).add(key.account.raw).add(key.contract.raw).add(key.side.rawValue).add(amount.raw)
            .add(margin.raw).add(time.raw)
    }

    init(_ columns: inout Columns) {
        id = columns.event()
        key = PositionKey(columns.id(), columns.id(), columns.choice())
        amount = columns.unit()
        margin = columns.unit()
        time = columns.unit()
    }
}
