public import BreakwaterCore

/// Runs a population through a price path on the real core: every order, mark and liquidation is a command.
///
/// Four prices of each bar become marks, evenly spaced in time. Before each, market makers quote afresh around the new
/// price, so that forced orders meet a book of known depth; traders enter with market orders.
public struct Simulation: ~Copyable, Sendable {
    public let plan: SimulationPlan
    public private(set) var exchange: Exchange
    public private(set) var outcome: SimulationOutcome

    private let contract = ContractID(0)
    private let currency: CurrencyID
    private var traders: [Trader] = []
    private var nextTrader = 0
    private var prices: [(time: Timestamp, price: Price)] = []
    private var nextOrder: Int64 = 0

    public init(_ plan: SimulationPlan) {
        self.plan = plan
        var rulebook = plan.rulebook
        // A simulation brings its own marks.
        rulebook.prices.mark = nil
        rulebook.prices.funding = nil
        exchange = Exchange(rulebook: rulebook)
        currency = plan.contract.settle
        outcome = SimulationOutcome(plan: plan)
        for (index, bar) in plan.bars.enumerated() {
            let length = index + 1 < plan.bars.count ? plan.bars[index + 1].time.raw - bar.time.raw : 60_000_000
            for (step, price) in bar.path.enumerated() {
                prices.append((Timestamp(bar.time.raw + length / 4 * Int64(step)), price))
            }
        }
        let end = plan.bars[0].time + plan.entries
        let entrySteps = max(1, prices.prefix { $0.time < end }.count)
        traders = Population.drawn(from: plan, steps: entrySteps, firstAccount: SimulationPlan.makers)
    }

    /// How many price steps the run has.
    public var steps: Int { prices.count }

    /// Runs to the end.
    ///
    /// - Parameter progress: told after each bar how many price steps are done.
    public mutating func run(progress: (Int) -> Void = { _ in }) {
        open()
        for step in prices.indices {
            advance(step)
            if step % 4 == 3 {
                outcome.closeBar(step / 4, exchange: exchange, currency: currency)
                progress(step + 1)
            }
        }
        outcome.finish(exchange, currency: currency)
    }

    private mutating func execute(_ command: Command, at time: Timestamp) {
        exchange.execute(command, at: time)
        outcome.fold(exchange.events, at: time, exchange: exchange)
    }

    /// Lists the contract, pays into the fund, and opens every account.
    private mutating func open() {
        let start = prices[0].time
        execute(.list(plan.contract), at: start)
        if plan.fund > .zero { execute(.payIntoFund(currency, plan.fund, fundContract), at: start) }
        for number in 0..<SimulationPlan.makers {
            let account = AccountID(index: number)
            execute(.openAccount(name: "maker\(number + 1)"), at: start)
            execute(.deposit(account, currency, Amount(plan.depth.raw * 10)), at: start)
            execute(
                .setLeverage(PositionKey(account, contract), min(plan.contract.maxLeverage, Leverage(1_000)), nil),
                at: start)
            if let highest = exchange.rulebook.tiers(for: plan.contract).limits.last, usesRiskLimits {
                execute(.setRiskLimit(PositionKey(account, contract), upTo: highest.upTo), at: start)
            }
        }
        for trader in traders.sorted(by: { $0.account < $1.account }) {
            execute(.openAccount(name: "trader\(trader.account.index - SimulationPlan.makers + 1)"), at: start)
            execute(.deposit(trader.account, currency, trader.deposit), at: start)
        }
    }

    private var fundContract: ContractID? { plan.rulebook.insurance == .perContract ? contract : nil }

    private var usesRiskLimits: Bool {
        if case .stepped = plan.rulebook.tiers(for: plan.contract) {
            plan.rulebook.riskLimits == .chosen
        } else {
            false
        }
    }

    private mutating func advance(_ step: Int) {
        let (time, price) = prices[step]
        quote(around: price, at: time)
        execute(.mark([MarkPrice(contract, price)]), at: time)
        while nextTrader < traders.count, traders[nextTrader].entryStep <= step {
            enter(traders[nextTrader], at: time, price)
            nextTrader += 1
        }
    }

    /// Makers replace their quotes: equal sizes at evenly spaced levels on both sides of `price`.
    private mutating func quote(around price: Price, at time: Timestamp) {
        for number in 0..<SimulationPlan.makers { execute(.cancelAll(AccountID(index: number), contract), at: time) }
        let size = lots(worth: Amount(plan.depth.raw / Int64(SimulationPlan.bookLevels)), at: price)
        guard size > .zero else { return }
        for level in 1...SimulationPlan.bookLevels {
            let account = AccountID(index: (level - 1) % SimulationPlan.makers)
            let away = plan.spread.of(Amount(price.raw), .up).raw * Int64(level) / Int64(SimulationPlan.bookLevels)
            for (side, quote) in [(OrderSide.buy, price.raw - max(1, away)), (.sell, price.raw + max(1, away))]
            where quote > 0 {
                execute(.placeOrder(order(account, side, size, Price(quote))), at: time)
            }
        }
    }

    /// A trader opens its position at market, choosing the lowest risk limit that holds it.
    private mutating func enter(_ trader: Trader, at time: Timestamp, _ price: Price) {
        let key = PositionKey(trader.account, contract)
        let committed = trader.deposit.wide * Int128(trader.committedPercent) / 100
        var notional = Amount(Int64(committed * trader.leverage.wide / 100))
        if usesRiskLimits {
            let limits = exchange.rulebook.tiers(for: plan.contract).limits
            notional = min(notional, Amount(limits.last!.upTo.raw / 100 * 98))
            // Two per cent of room for a fill above the mark.
            let needed = Amount(notional.raw / 98 * 100)
            if let row = limits.first(where: { needed <= $0.upTo }), row != limits[0] {
                execute(.setRiskLimit(key, upTo: row.upTo), at: time)
            }
        }
        let size = lots(worth: notional, at: price)
        guard size > .zero else { return }
        execute(.setLeverage(key, trader.leverage, trader.mode), at: time)
        execute(.placeOrder(order(trader.account, trader.side, size, nil)), at: time)
        outcome.entered(trader, size: size)
    }

    private mutating func order(_ account: AccountID, _ side: OrderSide, _ size: Size, _ price: Price?) -> OrderRequest
    {
        defer { nextOrder = (nextOrder + 1) % 1_000_000 }
        return OrderRequest(
            key: PositionKey(account, contract), id: OrderID(nextOrder), side: side, size: size, price: price,
            timeInForce: price == nil ? .immediateOrCancel : .goodTillCancelled)
    }

    /// How many whole lots `notional` buys at `price`.
    private func lots(worth notional: Amount, at price: Price) -> Size {
        let sample: Int64 = 1_000_000
        let value = plan.contract.executionValue(of: Size(sample), at: price).magnitude
        guard value > .zero else { return .zero }
        return Size(Int64(notional.wide * Int128(sample) / value.wide))
    }
}
