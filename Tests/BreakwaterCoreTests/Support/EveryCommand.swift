@testable import BreakwaterCore

/// Each command once, and more often where its fields have choices: what a journal must be able to hold.
enum EveryCommand {
    static let account = AccountID(3)
    static let contract = ContractID(1)
    static let key = PositionKey(account, contract, .short)
    static let moment = Timestamp(1_642_636_800_000_000)

    static func all() throws -> [Command] {
        try [
            .addCurrency(Currency(name: "Dogecoin 🐕", decimals: 8)), .openAccount(name: "ann"), .openAccount(name: ""),
            .deposit(account, CurrencyID(1), Amount(1)), .withdraw(account, CurrencyID(0), Amount(.max)),
            .payIntoFund(CurrencyID(2), Amount(-1), nil), .payIntoFund(CurrencyID(2), Amount(.min), contract),
            .setLeverage(key, Leverage(100), nil), .setLeverage(key, Leverage(5_000), .isolated),
            .moveMargin(key, Amount(-500)), .setRiskLimit(key, upTo: Amount(Limits.money)),
            .setHedged(account, true), .setSelfTrade(account, .both), .setPairsShrinkTogether(account, false),
            .registerProvider(account, CurrencyID(1), capacity: .zero),
            .cancelOrder(account, .none), .cancelAll(account, nil), .cancelAll(AccountID(.max), contract), .close(key),
            .amendOrder(account, OrderID(7), contract, size: nil, price: nil),
            .amendOrder(account, OrderID(7), contract, size: Size(2), price: Price(3), stop: Price(4)),
            .mark([]), .mark([MarkPrice(contract, Price(63)), MarkPrice(contract, Price(64), asOf: moment)]),
            .index(contract, source: "a", Price(8_191), asOf: nil),
            .index(contract, source: "", Price(8_192), asOf: moment),
            .payFunding(contract, Rate(-1)), .settle, .wait,
            .announceEvent(contract, AnnouncedEvent(from: moment, to: .latest, initial: Rate(20))),
            .halt(contract), .resume(contract), .openAuction(contract), .uncross(contract), .restart,
            .transfer(from: account, to: AccountID(9), CurrencyID(1), Amount(7)), .restrict(account, .reduceOnly),
            .restrict(account, .frozen), .restrict(account, .none), .haltAll, .resumeAll,
        ] + orders + trades + (try listings()) + (try changes())
    }

    private static var orders: [Command] {
        let plain = OrderRequest(key: key, id: OrderID(5), side: .buy, size: Size(1), price: nil)
        let limits = TimeInForce.allCases.map {
            OrderRequest(
                key: key, id: OrderID(5), side: .sell, size: Size(1), price: Price(2), timeInForce: $0,
                postOnly: $0 == .goodTillCancelled, reduceOnly: $0 == .fillOrKill)
        }
        let conditional = Condition.Kind.allCases.flatMap { kind in
            Condition.Trigger.allCases.map { trigger in
                var order = plain
                order.condition = Condition(
                    kind: kind, stop: Price(9), trigger: trigger, closeOnTrigger: trigger == .last)
                return order
            }
        }
        return ([plain] + limits + conditional).map { .placeOrder($0) }
    }

    private static var trades: [Command] {
        [nil, .buy, .sell].map {
            .trade(
                TradeRequest(
                    buyer: key, seller: PositionKey(account, contract), size: Size(1), price: Price(1), taker: $0))
        }
    }

    private static let rows = [
        RiskLimit(upTo: Amount(1_000), initial: Rate(10_000_000), maintenance: Rate(5_000_000)),
        RiskLimit(upTo: Amount(2_000), initial: Rate(20_000_000), maintenance: Rate(10_000_000)),
    ]
    private static let tables: [Tiers] = [
        .stepped(rows), .progressive(rows: rows),
        .concentration(
            Concentration(base: Rate(50_000_000), slope: Rate(1_000), scale: Size(5), maintenance: Share(text: "2/3")!)),
    ]

    private static func listings() throws -> [Command] {
        var full = try Terms(
            symbol: "XBTUSD", kind: .inverse, currency: "XBT", tick: "0.5", lot: "100", display: 4,
            fees: Contract.Fees(maker: Rate(-100), taker: Rate(200), liquidation: Rate(300))
        ).contract()
        full.openInterestMargin = try OpenInterestMargin(from: .zero, to: Amount(5))
        full.index = try IndexTerms(
            sources: [.init(name: "a"), .init(name: "b", weight: 2), .init(name: "c", outside: true)],
            maxAge: .seconds(30), outlier: Rate(5), required: 2)
        full.maxAge = .seconds(9)
        return try [.list(full), .list(Terms(kind: .quanto, currency: "XBT", multiplier: "0.000001").contract())]
            + tables.map { .list(try Terms(tiers: $0).contract()) }
    }

    private static func changes() throws -> [Command] {
        try [full(), Rulebook.plain()].map { .changeRules(RuleChange(.rulebook($0), from: moment)) }
            + tables.map { .changeRules(RuleChange(.tiers(contract, $0), from: .zero)) }
    }

    /// A rulebook with something in every field. It need not make sense, as a journal keeps what is refused too.
    private static func full() throws -> Rulebook {
        let threshold = Threshold([.init(CurrencyID(1), Amount(5)), .init(CurrencyID(0), Amount(6))])
        let half = Share(text: "1/2")!
        let level = MarginLevel.ofMaintenance(half)
        var rulebook = Rulebook(
            name: "full", cross: .portfolio, basis: .mark, riskLimits: .byValue, trigger: .fallsBelow,
            insurance: .perContract,
            waterfall: [
                .warnings(
                    try Warnings(warning: Rate(80), danger: Rate(20), warningRearmed: Rate(85), dangerRearmed: Rate(25))
                ),
                .stepDown(withOrders: true), .cancelOrders, .stepDown(withOrders: false), .fillOrKill,
                .convertCollateral(discount: Rate(4)),
                .partial(
                    PartialClose(
                        close: .fraction(Rate(2)), over: threshold, cooldown: .seconds(30), duringCooldown: .all,
                        above: level, slippage: Rate(7))),
                .partial(PartialClose(close: .toInitial, above: .closeOut)), .partial(PartialClose(close: .toTier)),
                .partial(PartialClose(close: .all)), .marketClose(MarketClose(slippage: Rate(3), remainder: .fund)),
                .takeover(Takeover(patience: .zero, below: level, offers: false)),
                .liquiditySupport(window: .seconds(60)), .insuranceFund(.aggress(slippage: nil)),
                .insuranceFund(.absorb(capital: Rate(9))), .clawback(period: .seconds(86_400)),
            ] + AutoDeleveragePolicy.allCases.map { .autoDeleverage(AutoDeleverage($0, at: .previousMark)) })
        rulebook.settlement = .seconds(600)
        rulebook.feesInLiquidationPrice = true
        rulebook.openingBand = Rate(5)
        rulebook.tiers = [
            "B": OwnTiers(currency: CurrencyID(1), tiers: tables[1]),
            "A": OwnTiers(currency: CurrencyID(0), tiers: tables[2]),
        ]
        rulebook.templates = [CurrencyID(1): tables[0], CurrencyID(0): tables[2]]
        rulebook.closeOut = CloseOut(initial: half, notional: Rate(6))
        rulebook.transferMargin = Rate(8)
        rulebook.forcedFlow = ForcedFlow(depth: Rate(10), perSecond: threshold)
        rulebook.collateral = Collateral(
            into: CurrencyID(1),
            assets: [.init(currency: CurrencyID(0), symbol: "B", haircut: Rate(5), limit: Amount(4))])
        rulebook.liquidationsPerCommand = 17
        rulebook.priceBand = Rate(11)
        rulebook.breaker = try Breaker(move: Rate(1), within: .seconds(1), action: .auction, length: .seconds(2))
        rulebook.prices.mark = ComputedMark(
            method: .medianOfThree, components: ComputedMark.Component.allCases, average: .seconds(5),
            impact: threshold,
            interval: .seconds(3))
        rulebook.prices.cap = MarkCap(perSecond: Rate(1), within: Rate(2))
        rulebook.prices.funding = FundingRules(
            interval: .seconds(8), sample: .seconds(1), interest: Rate(-1), clamp: Rate(5), cap: Rate(3),
            impact: threshold, paid: .nextInterval)
        return rulebook
    }
}
