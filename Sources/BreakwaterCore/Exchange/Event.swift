/// What a command did. Events are the only output: reports, feeds and records are all folded from them.
public enum Event: Sendable, Equatable {
    case rejected(Rejection)
    case accountOpened(AccountID)
    case listed(ContractID)
    case deposited(AccountID, CurrencyID, Amount)
    case withdrawn(AccountID, CurrencyID, Amount)
    /// A payment into an insurance fund from outside.
    case fundPaidIn(CurrencyID, ContractID?, Amount)
    case settingsChanged(PositionChange)
    /// An order passed every check; trades and a cancellation, if any, follow.
    case orderAccepted(OrderChange)
    case orderAmended(OrderChange)
    case orderCancelled(OrderChange, CancelReason)
    case traded(Trade)
    /// A position after something other than a mark changed it.
    case positionChanged(PositionChange)
    case feeCharged(AccountID, ContractID, Amount)
    case marked(ContractID, Price)
    case indexed(ContractID, Price)
    /// Funding paid by longs and received by shorts, per lot.
    case fundingPaid(ContractID, perLot: Amount)
    /// Profits were realised into wallets.
    case settled
    case halted(ContractID)
    case resumed(ContractID)
    /// A buffer fell through a warning level.
    case warned(AccountID, ContractID?, CurrencyID, WarningLevel, Buffer)
    case liquidation(LiquidationID, ContractID, LiquidationStep)
    /// Currency of an account was sold outside the venue for the one it owed: what, how much, for what, how much.
    case collateralConverted(AccountID, CurrencyID, Amount, CurrencyID, Amount)
    case eventAnnounced(ContractID, AnnouncedEvent)
    /// Other rules will hold from a moment on; by the marks of now these positions would be liquidated then.
    case rulesAnnounced(String, from: Timestamp, liquidatable: [PositionKey])
    case rulesChanged(String)
    /// An account provides liquidity support up to this notional a window; no longer where it is zero.
    case providerRegistered(AccountID, CurrencyID, capacity: Amount)
    /// The bound on one command's liquidations was reached; this many positions wait for the next command or timer.
    case liquidationsWaiting(Int)
    /// A conditional order's price has come; what follows is the order it held, or its cancellation.
    case orderTriggered(OrderChange, at: Price)
    /// A closing stop was placed or moved to where its position would be liquidated first.
    case stopBeyondLiquidation(OrderChange)
    /// The mark moved too far; forced orders are paused, or all trading is, in a call auction, until then.
    case breakerTripped(ContractID, Breaker.Action, until: Timestamp)
    case breakerEnded(ContractID, at: Timestamp)
    case auctionOpened(ContractID)
    /// The price at which the book uncrossed, `nil` where nothing crossed, and how much traded.
    case auctionEnded(ContractID, price: Price?, size: Size)
    /// A source reported, but too few sources count for an index.
    case indexStale(ContractID)
    /// The rate that funding, computed by the venue, is paid at now.
    case fundingSet(ContractID, Rate)
    /// Funding was due, but the mark is stale or nothing set a rate.
    case fundingSkipped(ContractID)
    /// Every mark is stale until a fresh one comes.
    case restarted
    /// Money moved from one account to another.
    case transferred(from: AccountID, to: AccountID, CurrencyID, Amount)
    case restricted(AccountID, Restriction)
}

/// A position as it stands after a change.
public struct PositionChange: Sendable, Equatable {
    public let key: PositionKey
    public let size: Size
    public let mode: MarginMode
    public let leverage: Leverage
    public let entry: Amount
    public let settled: Amount
    /// Assigned, or IM + drawn.
    public let margin: Amount
    public let realised: Amount
    /// The wallet's balance with it.
    public let balance: Amount
}

public struct OrderChange: Sendable, Equatable {
    public let id: OrderID
    /// `nil` for orders of the liquidation engine.
    public let account: AccountID?
    public let contract: ContractID
    public let side: OrderSide
    public let price: Price?
    public let size: Size
    public let remaining: Size
    /// What it waits for, while it does.
    public var condition: Condition?
}

public struct Trade: Sendable, Equatable {
    public let contract: ContractID
    public let price: Price
    public let size: Size
    /// Unsigned.
    public let value: Amount
    public let takerSide: OrderSide
    public let taker: Party
    public let maker: Party

    /// One side of a trade: a trader's order, or a lot of the liquidation engine.
    public enum Party: Sendable, Equatable {
        case account(AccountID, OrderID, Booking)
        case engine(LiquidationID)
    }

    /// What a trade did to the position it was booked to.
    public struct Booking: Sendable, Equatable {
        public let side: PositionSide
        /// Profit (+) or loss (-) of the part that closed.
        public let realised: Amount
        /// Paid (+), or received as a rebate (-).
        public let fee: Amount
    }
}

/// How far margin stands between MM (0) and IM (1), as the two differences, both in the settlement currency.
public struct Buffer: Sendable, Equatable {
    /// Margin - MM.
    public let above: Amount
    /// IM - MM.
    public let span: Amount

    /// In per cent with two decimals, ties away from zero; `nil` where IM and MM do not differ.
    public var percent: ExactDecimal? {
        span > .zero ? decimal(above.wide * 100, over: span.wide, places: 2) : nil
    }
}

public enum CancelReason: String, Sendable {
    /// Its owner asked.
    case requested
    /// Nothing left to trade with, and the order does not rest.
    case notFilled
    case selfTrade
    /// What it would have reduced is gone.
    case nothingToReduce
    /// Its account could no longer afford the fill.
    case insufficientMargin
    /// Its fill would have opened on a stale mark.
    case staleMark
    case liquidation
    case autoDeleverage
    /// It takes a new turn with a new size or price.
    case replaced
    /// The venue restricted its account.
    case restricted
    /// It made way for the position's close-on-trigger order.
    case closeOnTrigger
    /// The liquidation engine's offer is withdrawn while forced orders are paused.
    case paused
    /// A conditional order that was refused when it fired, for the reason of that name.
    case riskLimitExceeded
    case outsidePriceBand
    case wouldTakeLiquidity
    case noMark
    case valueTooLarge
    /// Refused when it fired, for any other reason.
    case refused
}
