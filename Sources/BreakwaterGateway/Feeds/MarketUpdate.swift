public import BreakwaterCore
public import BreakwaterHistory

/// A trade as everybody sees it.
public struct TradeTick: Sendable {
    /// Rises with time; the number it has in the history too.
    public let id: Int64
    public let contract: ContractID
    public let price: Price
    public let size: Size
    /// Unsigned.
    public let value: Amount
    /// The side that took.
    public let side: OrderSide
    public let time: Timestamp
}

/// The trades of one minute.
public struct Minute: Sendable, Equatable {
    public let start: Timestamp
    public private(set) var open: Price
    public private(set) var high: Price
    public private(set) var low: Price
    public private(set) var close: Price
    public private(set) var volume: Size
    /// Value of all trades, unsigned; and volume and value of those in which the buyer took.
    public private(set) var value: Amount
    public private(set) var bought: Size
    public private(set) var boughtValue: Amount
    public private(set) var trades: Int
    public private(set) var firstTrade: Int64
    public private(set) var lastTrade: Int64

    public init(start: Timestamp, first: TradeTick) {
        self.start = start
        (open, high, low, close) = (first.price, first.price, first.price, first.price)
        (volume, value, bought, boughtValue, trades) = (.zero, .zero, .zero, .zero, 0)
        (firstTrade, lastTrade) = (first.id, first.id)
        add(first)
    }

    /// A minute as the history has it.
    public init(_ candle: Candle) {
        start = candle.start
        (open, high, low, close) = (candle.open, candle.high, candle.low, candle.close)
        (volume, value) = (candle.volume, candle.value)
        (bought, boughtValue) = (candle.takerBuyVolume, candle.takerBuyValue)
        trades = Int(candle.count)
        (firstTrade, lastTrade) = (0, 0)
    }

    public mutating func add(_ tick: TradeTick) {
        high = max(high, tick.price)
        low = min(low, tick.price)
        close = tick.price
        volume = volume + tick.size
        value = value + tick.value
        if tick.side == .buy {
            bought = bought + tick.size
            boughtValue = boughtValue + tick.value
        }
        trades += 1
        lastTrade = tick.id
    }
}

/// What the book changed by between two looks at it. A size of zero: the level is gone.
public struct DepthChange: Sendable {
    public let contract: ContractID
    /// The first and last update number it covers, and the last one of the change before it.
    public let first: Int64
    public let last: Int64
    public let previous: Int64
    public let bids: [DepthLevel]
    public let asks: [DepthLevel]
    public let time: Timestamp
}

/// A print of a forced close: what the liquidation engine traded for one account in one command.
public struct ForcedPrint: Sendable {
    public let liquidation: LiquidationID
    public let account: AccountID
    public let contract: ContractID
    public let position: PositionSide
    public let side: OrderSide
    public let size: Size
    /// Unsigned.
    public let value: Amount
    public let kind: Kind
    public let time: Timestamp

    public enum Kind: String, Sendable, CaseIterable {
        /// Closed by force in the book, or taken over.
        case liquidation
        /// The deleveraged side of an auto-deleveraging.
        case autoDeleverage
    }
}

/// What everybody may know about a market, as it happens.
public enum MarketUpdate: Sendable {
    case trade(TradeTick)
    case mark(ContractID, Price, Timestamp)
    case top(ContractID, bid: DepthLevel?, ask: DepthLevel?, number: Int64, Timestamp)
    case depth(DepthChange)
    /// The minute that a trade changed.
    case minute(ContractID, Minute)
    case forced(ForcedPrint)
    case funding(ContractID, perLot: Amount, Timestamp)
    case listed(ContractID, Timestamp)
    case halted(ContractID, Bool, Timestamp)
}
