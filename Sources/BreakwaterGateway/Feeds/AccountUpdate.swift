public import BreakwaterCore

/// What an account's owner is told, as it happens.
public struct AccountUpdate: Sendable {
    public let account: AccountID
    public let sequence: Int64
    public let time: Timestamp
    public let what: What

    public enum What: Sendable {
        case order(OrderUpdate)
        case position(PositionChange)
        case settings(PositionChange)
        /// Money came (+) or went (-) other than by trading.
        case money(CurrencyID, Amount, MoneyCause)
        /// A buffer fell through a warning level.
        case warned(ContractID?, CurrencyID, WarningLevel, Buffer)
        case stopBeyondLiquidation(OrderChange)
        /// A step of the liquidation of one of its positions.
        case liquidation(LiquidationID, ContractID, LiquidationStep)
        case forced(ForcedPrint)
        case restricted(Restriction)
    }

    public enum MoneyCause: String, Sendable, CaseIterable {
        case deposit, withdrawal, transfer, conversion, clawback
    }
}

/// Takes what everybody may know, in order; called from one thread, so that it hands slow work on.
public protocol MarketSink: Sendable {
    func take(_ updates: [MarketUpdate])
}

/// Takes what accounts' owners are told, in order; called from one thread, so that it hands slow work on.
public protocol AccountSink: Sendable {
    func take(_ updates: [AccountUpdate])
}
