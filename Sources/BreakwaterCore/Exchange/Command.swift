/// Everything that can be asked of an exchange. Names are resolved and numbers converted before a command is made.
public enum Command: Sendable {
    case addCurrency(Currency)
    case openAccount(name: String)
    indirect case list(Contract)
    case deposit(AccountID, CurrencyID, Amount)
    case withdraw(AccountID, CurrencyID, Amount)
    /// Pays into an insurance fund: the contract's own where the rulebook keeps one for each.
    case payIntoFund(CurrencyID, Amount, ContractID?)
    case setLeverage(PositionKey, Leverage, MarginMode?)
    /// Moves margin to (+) or from (-) an isolated position.
    case moveMargin(PositionKey, Amount)
    /// Chooses the row of the stepped tier table that ends at the given value.
    case setRiskLimit(PositionKey, upTo: Amount)
    case setHedged(AccountID, Bool)
    case setSelfTrade(AccountID, SelfTradePrevention)
    /// Whether a hedged pair shrinks together when one side of it is deleveraged.
    case setPairsShrinkTogether(AccountID, Bool)
    /// Registers a liquidity provider, or lets it go with a capacity of zero.
    case registerProvider(AccountID, CurrencyID, capacity: Amount)
    case placeOrder(OrderRequest)
    /// The contract is named too, because size and price are in its lots and ticks.
    case amendOrder(AccountID, OrderID, ContractID, size: Size?, price: Price?, stop: Price? = nil)
    case cancelOrder(AccountID, OrderID)
    case cancelAll(AccountID, ContractID?)
    /// Closes a position at market.
    case close(PositionKey)
    /// Trades two accounts with each other off the book, all or nothing.
    case trade(TradeRequest)
    /// Moves marks, in listing order.
    case mark([MarkPrice])
    case index(ContractID, source: String, Price, asOf: Timestamp? = nil)
    /// Pays funding at `rate` of mark value now: longs to shorts where positive.
    case payFunding(ContractID, Rate)
    /// Realises profit now, as the periodic settlement does.
    case settle
    /// Lets time pass; timers do the rest.
    case wait
    /// Raises IM for new risk during an announced time.
    case announceEvent(ContractID, AnnouncedEvent)
    /// Announces other rules, which take effect at their time.
    indirect case changeRules(RuleChange)
    case halt(ContractID)
    case resume(ContractID)
    /// Opens a call auction, in which orders rest without trading.
    case openAuction(ContractID)
    /// Ends a call auction: what crosses trades at one price.
    case uncross(ContractID)
    /// Makes every mark stale until a fresh one comes, as after an interruption.
    case restart
    /// Moves money between two accounts of the venue.
    case transfer(from: AccountID, to: AccountID, CurrencyID, Amount)
    /// Sets what an account may still do.
    case restrict(AccountID, Restriction)
    /// Halts every contract that is not halted: the venue's kill switch.
    case haltAll
    /// Resumes every contract that is halted.
    case resumeAll
}

extension Command {
    /// Whether it can change no timer by itself. Orders, money, settings and marks cannot, unless they draw in the
    /// liquidation engine, the breaker or prices that the venue computes, which forget the timer themselves.
    var leavesTimers: Bool {
        switch self {
        case .placeOrder, .amendOrder, .cancelOrder, .cancelAll, .close, .trade, .openAccount, .deposit, .withdraw,
            .payIntoFund, .setLeverage, .moveMargin, .setRiskLimit, .setSelfTrade, .setPairsShrinkTogether, .mark,
            .transfer:
            true
        case .addCurrency, .list, .setHedged, .registerProvider, .index, .payFunding, .settle, .wait, .announceEvent,
            .changeRules, .halt, .resume, .openAuction, .uncross, .restart, .restrict, .haltAll, .resumeAll:
            false
        }
    }
}

/// Names one position: an account's in a contract, or one side of its hedged pair.
public struct PositionKey: Hashable, Sendable {
    public let account: AccountID
    public let contract: ContractID
    public let side: PositionSide

    public init(_ account: AccountID, _ contract: ContractID, _ side: PositionSide = .net) {
        self.account = account
        self.contract = contract
        self.side = side
    }
}

public struct MarkPrice: Hashable, Sendable {
    public let contract: ContractID
    public let price: Price
    /// When it was observed; `nil` for the moment of the command.
    public let asOf: Timestamp?

    public init(_ contract: ContractID, _ price: Price, asOf: Timestamp? = nil) {
        self.contract = contract
        self.price = price
        self.asOf = asOf
    }
}

public struct OrderRequest: Sendable {
    public let key: PositionKey
    public var id: OrderID
    public let side: OrderSide
    /// Unsigned.
    public let size: Size
    /// `nil` for a market order.
    public let price: Price?
    public let timeInForce: TimeInForce
    public let postOnly: Bool
    public let reduceOnly: Bool
    /// What it waits for; `nil` for an order that is placed at once.
    public var condition: Condition?

    public init(
        key: PositionKey, id: OrderID, side: OrderSide, size: Size, price: Price?,
        timeInForce: TimeInForce = .goodTillCancelled, postOnly: Bool = false, reduceOnly: Bool = false,
        condition: Condition? = nil
    ) {
        self.key = key
        self.id = id
        self.side = side
        self.size = size
        self.price = price
        self.timeInForce = timeInForce
        self.postOnly = postOnly
        self.reduceOnly = reduceOnly
        self.condition = condition
    }

    /// Whether it closes a side of a hedged pair, which is never turned.
    var closesHedge: Bool { key.side == .long && side == .sell || key.side == .short && side == .buy }
}

public struct TradeRequest: Sendable {
    public let buyer: PositionKey
    public let seller: PositionKey
    /// Unsigned.
    public let size: Size
    public let price: Price
    /// The side that pays the taker fee; without one nobody pays any.
    public let taker: OrderSide?

    public init(buyer: PositionKey, seller: PositionKey, size: Size, price: Price, taker: OrderSide? = nil) {
        self.buyer = buyer
        self.seller = seller
        self.size = size
        self.price = price
        self.taker = taker
    }
}
