internal import BreakwaterCore
internal import BreakwaterHistory

/// The dialect's words for the core's.
enum Side: String {
    case buy = "BUY"
    case sell = "SELL"

    var core: OrderSide {
        switch self {
        case .buy: .buy
        case .sell: .sell
        }
    }
}

enum PositionSideWord: String {
    case both = "BOTH"
    case long = "LONG"
    case short = "SHORT"

    var core: PositionSide {
        switch self {
        case .both: .net
        case .long: .long
        case .short: .short
        }
    }
}

/// GTX is GTC that must not take.
enum TimeInForceWord: String {
    case goodTillCancelled = "GTC"
    case immediateOrCancel = "IOC"
    case fillOrKill = "FOK"
    case postOnly = "GTX"

    var core: TimeInForce {
        switch self {
        case .goodTillCancelled, .postOnly: .goodTillCancelled
        case .immediateOrCancel: .immediateOrCancel
        case .fillOrKill: .fillOrKill
        }
    }
}

enum OrderType: String {
    case limit = "LIMIT"
    case market = "MARKET"
    case stop = "STOP"
    case stopMarket = "STOP_MARKET"
    case takeProfit = "TAKE_PROFIT"
    case takeProfitMarket = "TAKE_PROFIT_MARKET"
    case trailingStop = "TRAILING_STOP_MARKET"

    var hasLimit: Bool {
        switch self {
        case .limit, .stop, .takeProfit: true
        case .market, .stopMarket, .takeProfitMarket, .trailingStop: false
        }
    }

    /// What it waits for; `nil` for an order that is placed at once.
    var condition: Condition.Kind? {
        switch self {
        case .limit, .market: nil
        case .stop, .stopMarket: .stop
        case .takeProfit, .takeProfitMarket: .takeProfit
        case .trailingStop: .trailing
        }
    }
}

enum WorkingType: String {
    case mark = "MARK_PRICE"
    case contract = "CONTRACT_PRICE"

    var core: Condition.Trigger {
        switch self {
        case .mark: .mark
        case .contract: .last
        }
    }
}

extension OrderSide {
    var word: StaticString {
        switch self {
        case .buy: "BUY"
        case .sell: "SELL"
        }
    }
}

extension PositionSide {
    var word: StaticString {
        switch self {
        case .net: "BOTH"
        case .long: "LONG"
        case .short: "SHORT"
        }
    }
}

extension Condition.Trigger {
    var word: StaticString {
        switch self {
        // There is no word for an index that triggers.
        case .mark, .index: "MARK_PRICE"
        case .last: "CONTRACT_PRICE"
        }
    }
}

extension CancelReason {
    /// The status of an order that ended for this reason with something left.
    var word: StaticString {
        switch self {
        case .requested, .replaced: "CANCELED"
        case .selfTrade: "EXPIRED_IN_MATCH"
        case .notFilled, .nothingToReduce, .insufficientMargin, .staleMark, .liquidation, .autoDeleverage, .restricted,
            .closeOnTrigger, .paused, .riskLimitExceeded, .outsidePriceBand, .wouldTakeLiquidity, .noMark,
            .valueTooLarge, .refused:
            "EXPIRED"
        }
    }

    /// Whether its owner asked for it.
    var isWanted: Bool {
        switch self {
        case .requested, .replaced: true
        case .selfTrade, .notFilled, .nothingToReduce, .insufficientMargin, .staleMark, .liquidation, .autoDeleverage,
            .restricted, .closeOnTrigger, .paused, .riskLimitExceeded, .outsidePriceBand, .wouldTakeLiquidity, .noMark,
            .valueTooLarge, .refused:
            false
        }
    }
}
