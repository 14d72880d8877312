public import BreakwaterCore
internal import GRDB

/// A movement of one wallet, with its cause. All lines of a wallet add up to its balance.
public struct WalletLine: Sendable, Equatable {
    public let id: EventID
    public let account: AccountID
    public let currency: CurrencyID
    public internal(set) var cause: Cause
    /// Credited (+) or debited (-).
    public let amount: Amount
    public let contract: ContractID?
    public let positionSide: PositionSide?
    /// The other account of a transfer.
    public let other: AccountID?
    public internal(set) var liquidation: LiquidationID?
    public let time: Timestamp

    public enum Cause: String, Sendable, CaseIterable {
        /// What the wallet held when the history began.
        case broughtForward
        case deposit
        case withdrawal
        case transfer
        case realisedPnL
        case fee
        case funding
        /// Margin lost to a takeover or kept from a forced close, and what forced closing realised.
        case liquidation
        /// Realised by a close against a lot of the liquidation engine.
        case autoDeleverage
        case clawback
        /// Sold for another currency that the account owed, or received for one.
        case conversion
        /// Profit realised at mark, by settlement or to keep the wallet from going below zero; and, against that,
        /// charges that the wallet could not pay and the position carries as a loss not yet realised. Told by the
        /// first event that shows it.
        case settlement
    }

    init(
        _ id: EventID, _ account: AccountID, _ currency: CurrencyID, _ cause: Cause, _ amount: Amount,
        at time: Timestamp,
        of contract: ContractID? = nil, _ positionSide: PositionSide? = nil, other: AccountID? = nil,
        in liquidation: LiquidationID? = nil
    ) {
        self.id = id
        self.account = account
        self.currency = currency
        self.cause = cause
        self.amount = amount
        self.contract = contract
        self.positionSide = positionSide
        self.other = other
        self.liquidation = liquidation
        self.time = time
    }
}

extension WalletLine: Stored {
    static let shape = Shape(
        "wallet_lines", "account", "currency", "id", "cause", "amount", "contract", "position_side", "other",
        "liquidation", "time")

    func add(to row: Binding) {
        row.add(account.raw).add(currency.raw).add(id.raw).add(cause.rawValue).add(amount.raw).add(contract?.raw)
            .add(positionSide?.rawValue).add(other?.raw).add(liquidation?.raw).add(time.raw)
    }

    init(_ columns: inout Columns) {
        account = columns.id()
        currency = columns.id()
        id = columns.event()
        cause = columns.choice()
        amount = columns.unit()
        contract = columns.optionalID()
        positionSide = columns.optionalChoice()
        other = columns.optionalID()
        liquidation = columns.optionalID()
        time = columns.unit()
    }
}
