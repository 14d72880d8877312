public import BreakwaterCore

/// Runs a population through prices on the real core: every order, mark and liquidation is a command.
///
/// Before each mark the makers move their quotes around the new price, so that forced orders meet a book of known depth;
/// then traders act, and enter with market orders. Where trades move prices, further marks follow at once, each with what
/// the one before did to the book, until no forced order trades any more or the next price is there.
public struct Simulation: ~Copyable, Sendable {
    public let plan: SimulationPlan
    public private(set) var exchange: Exchange
    public private(set) var outcome: SimulationOutcome

    private let currency: CurrencyID
    private let course: [PricePoint]
    /// The last step of each bar.
    private var barEnds: [Int] = []
    private var markets: [SimulatedMarket] = []
    private var crowd: Crowd
    private var commands: [Command] = []
    /// The first of the given positions that was refused, in part or as a whole.
    private var refusedHolding: (number: Int, rejection: Rejection)?

    public init(_ plan: SimulationPlan) {
        self.plan = plan
        var rulebook = plan.rulebook
        // A simulation brings its own marks.
        rulebook.prices.mark = nil
        rulebook.prices.funding = nil
        exchange = Exchange(rulebook: rulebook)
        currency = plan.contract.settle
        course = plan.course
        outcome = SimulationOutcome(plan: plan)
        let end = course[0].time + plan.entries
        crowd = Crowd(plan, entrySteps: max(1, course.prefix { $0.time < end }.count))
        for (number, _) in plan.contracts.enumerated() {
            let prices =
                number == 0
                ? course.map(\.price) : plan.others[number - 1].prices(along: course, seed: plan.seed, number: number)
            markets.append(SimulatedMarket(plan, ContractID(index: number), prices))
        }
        barEnds = endsOfBars()
    }

    /// How many price steps the run has.
    public var steps: Int { course.count }

    /// Runs to the end, or as far as the prices before a moment go.
    ///
    /// - Parameter progress: told after each bar how many price steps are done.
    public mutating func run(until end: Timestamp = .latest, progress: (Int) -> Void = { _ in }) {
        open()
        var bar = 0
        for step in course.indices {
            guard course[step].time < end else { break }
            advance(step)
            while bar < barEnds.count, barEnds[bar] == step {
                outcome.closeBar(bar, exchange: exchange, currency: currency, markets[0])
                markets[0].forgetRange()
                bar += 1
                progress(step + 1)
            }
        }
        outcome.finish(exchange, currency: currency)
    }

    /// The first of the given positions that cannot be there at the first price, and why in a sentence; `nil` where all can.
    static func refusedHolding(of plan: SimulationPlan) -> (number: Int, reason: String)? {
        var simulation = Simulation(plan)
        simulation.open()
        simulation.advance(0)
        guard let (number, rejection) = simulation.refusedHolding else { return nil }
        return (number, rejection.sentence(in: simulation.exchange.directory))
    }

    private func endsOfBars() -> [Int] {
        if plan.points == nil { return plan.bars.indices.map { $0 * 4 + 3 } }
        var ends: [Int] = []
        var step = 0
        for bar in plan.bars.indices {
            let next = bar + 1 < plan.bars.count ? plan.bars[bar + 1].time : .latest
            while step < course.count, course[step].time < next { step += 1 }
            ends.append(max(0, step - 1))
        }
        return ends
    }

    private mutating func execute(_ command: Command, at time: Timestamp) {
        exchange.execute(command, at: time)
        var hasLiquidated = false
        for event in exchange.events {
            switch event {
            case .traded(let trade): note(trade)
            case .orderCancelled(let order, _):
                if let account = order.account, account.index < plan.liquidity.makers {
                    markets[order.contract.index].book.cancelled(order.id)
                }
            case .warned(let account, _, _, let level, _):
                outcome.warned(level)
                crowd.warned(account, level)
            case .liquidation: hasLiquidated = true
            case .rejected(let rejection): outcome.refused(rejection)
            default: break
            }
        }
        if hasLiquidated { outcome.fold(exchange.events, at: time, fund: exchange.insurance(of: currency)) }
    }

    /// Books a trade to the figures, and to the makers who made it.
    private mutating func note(_ trade: Trade) {
        let isForced = trade.isForced
        outcome.note(trade, isForced: isForced)
        let market = trade.contract.index
        let isFelt = !isForced || plan.feedback?.isForcedFelt ?? true
        if isForced { markets[market].forced += trade.value.wide }
        for case .account(let account, let order, _) in [trade.maker, trade.taker]
        where account.index < plan.liquidity.makers {
            markets[market].book.traded(order, trade.size, isFelt: isFelt)
        }
    }
}

extension Trade {
    /// Whether a side of it is the liquidation engine, or a position it closes.
    var isForced: Bool {
        switch (taker, maker) {
        case (.engine, _), (_, .engine): true
        // Trades off the book have no orders at all; an order that nobody placed is the engine's.
        case (.account(_, let order, _), .account(_, let resting, _)): order == .none && resting != .none
        }
    }
}

/// The beginning.
extension Simulation {
    /// Lists the contracts, pays into the fund, and opens every account.
    private mutating func open() {
        let start = course[0].time
        for contract in plan.contracts { execute(.list(contract), at: start) }
        let fundContract = plan.rulebook.insurance == .perContract ? ContractID(0) : nil
        if plan.fund > .zero { execute(.payIntoFund(currency, plan.fund, fundContract), at: start) }
        for number in 0..<plan.liquidity.makers {
            let account = AccountID(index: number)
            open("maker\(number + 1)", at: start)
            execute(.deposit(account, currency, Amount(plan.depth.raw * 10)), at: start)
            for (index, contract) in plan.contracts.enumerated() { prepareMaker(account, contract, index, at: start) }
        }
        for number in crowd.traders.indices {
            let account = crowd.account(of: number)
            open(crowd.name(of: number, in: plan), at: start)
            execute(.deposit(account, currency, crowd.traders[number].deposit), at: start)
        }
        openProviders(at: start)
        // Nobody can quote before there is a mark.
        execute(.mark(markets.indices.map { MarkPrice(ContractID(index: $0), markets[$0].price) }), at: start)
    }

    /// Opens the next account. Accounts are known by their numbers from then on, so that none may be missing.
    private mutating func open(_ name: String, at start: Timestamp) {
        execute(.openAccount(name: name), at: start)
        precondition(exchange.directory.accountNames.last == name, "account \(name) was not opened")
    }

    private mutating func prepareMaker(_ account: AccountID, _ contract: Contract, _ index: Int, at start: Timestamp) {
        let key = PositionKey(account, ContractID(index: index))
        execute(.setLeverage(key, min(contract.maxLeverage, Leverage(1_000)), nil), at: start)
        if let highest = exchange.rulebook.tiers(for: contract).limits.last, usesRiskLimits(contract) {
            execute(.setRiskLimit(key, upTo: highest.upTo), at: start)
        }
    }

    private mutating func openProviders(at start: Timestamp) {
        var number = crowd.traders.count + plan.liquidity.makers
        for support in plan.providers {
            for _ in 0..<support.count {
                let account = AccountID(index: number)
                open("provider\(number - crowd.traders.count - plan.liquidity.makers + 1)", at: start)
                execute(.deposit(account, currency, support.deposit), at: start)
                execute(.registerProvider(account, currency, capacity: support.capacity), at: start)
                number += 1
            }
        }
    }

    private func usesRiskLimits(_ contract: Contract) -> Bool {
        if case .stepped = plan.rulebook.tiers(for: contract) { plan.rulebook.riskLimits == .chosen } else { false }
    }
}

/// One price after the other.
extension Simulation {
    private mutating func advance(_ step: Int) {
        var now = course[step].time
        move(to: step, at: now)
        act(step, at: now)
        guard let feedback = plan.feedback else { return }
        let next = step + 1 < course.count ? course[step + 1].time : plan.end
        while outcome.endRound(forced: takeForced(), at: now), now + feedback.delay < next {
            now = now + feedback.delay
            move(to: step, at: now)
        }
    }

    /// Lets makers quote around where each contract's price is now, and marks it there.
    private mutating func move(to step: Int, at time: Timestamp) {
        var marks: [MarkPrice] = []
        for index in markets.indices {
            commands.removeAll(keepingCapacity: true)
            let mark = markets[index].move(to: step, at: time, &commands)
            marks.append(MarkPrice(ContractID(index: index), mark))
            for command in commands { quote(command, in: index, at: time) }
        }
        execute(.mark(marks), at: time)
    }

    /// Executes a maker's order. A new one that is refused does not rest, and one that may not be moved is taken back, so
    /// that it is offered anew at the next price.
    private mutating func quote(_ command: Command, in market: Int, at time: Timestamp) {
        execute(command, at: time)
        guard case .rejected(let rejection) = exchange.events.last else { return }
        switch command {
        case .placeOrder(let request): markets[market].book.cancelled(request.id)
        case .amendOrder(let account, let id, _, _, _, _):
            markets[market].book.cancelled(id)
            if rejection != .unknownOrder { execute(.cancelOrder(account, id), at: time) }
        default: break
        }
    }

    private mutating func takeForced() -> Int128 {
        var forced: Int128 = 0
        for index in markets.indices {
            forced += markets[index].forced
            markets[index].forced = 0
        }
        return forced
    }

    /// What traders do at a price: those who pay in, those who flee, those who enter.
    private mutating func act(_ step: Int, at time: Timestamp) {
        if !crowd.isCalm {
            var actions: [Command] = []
            crowd.act(plan, markets, at: time, &actions)
            for action in actions { execute(action, at: time) }
        }
        while let number = crowd.nextEntry(by: step) { enter(number, at: time) }
    }

    /// A trader opens its position, choosing the lowest risk limit that holds it.
    private mutating func enter(_ number: Int, at time: Timestamp) {
        let trader = crowd.traders[number]
        let contract = plan.contracts[trader.contract.index]
        let price = markets[trader.contract.index].price
        let key = PositionKey(crowd.account(of: number), trader.contract)
        if !plan.holdings.isEmpty { return hold(plan.holdings[number], number, key, contract, at: time, price) }
        let committed = trader.deposit.wide * Int128(trader.committedPercent) / 100
        var notional = Amount(Int64(committed * trader.leverage.wide / 100))
        notional = chooseRiskLimit(key, notional, contract, at: time)
        let size = contract.lots(worth: notional, at: price)
        guard size > .zero else { return }
        execute(.setLeverage(key, trader.leverage, trader.mode), at: time)
        let before = outcome.entries.count
        execute(
            .placeOrder(
                OrderRequest(
                    key: key, id: Crowd.entryOrder, side: trader.side, size: size, price: nil,
                    timeInForce: .immediateOrCancel)), at: time)
        entered(number, key, size, at: time, before)
    }

    /// A position that was there before is traded with a maker at its own entry price.
    private mutating func hold(
        _ holding: Holding, _ number: Int, _ key: PositionKey, _ contract: Contract, at time: Timestamp, _ price: Price
    ) {
        let entry = holding.entry ?? price
        _ = chooseRiskLimit(key, contract.executionValue(of: holding.size, at: entry).magnitude, contract, at: time)
        execute(.setLeverage(key, crowd.traders[number].leverage, holding.mode), at: time)
        noteRefusal(of: number)
        let maker = PositionKey(AccountID(index: number % plan.liquidity.makers), key.contract)
        let isLong = holding.size > .zero
        let before = outcome.entries.count
        execute(
            .trade(
                TradeRequest(
                    buyer: isLong ? key : maker, seller: isLong ? maker : key, size: holding.size.magnitude,
                    price: entry
                )), at: time)
        noteRefusal(of: number)
        entered(number, key, holding.size.magnitude, at: time, before)
    }

    private mutating func noteRefusal(of holding: Int) {
        if refusedHolding == nil, case .rejected(let rejection) = exchange.events.last {
            refusedHolding = (holding, rejection)
        }
    }

    private mutating func entered(_ number: Int, _ key: PositionKey, _ size: Size, at time: Timestamp, _ before: Int) {
        outcome.entered(crowd.traders[number], key, exchange.events, at: time)
        if let stop = crowd.entered(number, size, plan, at: markets[key.contract.index].mark),
            outcome.entries.count > before
        {
            execute(.placeOrder(stop), at: time)
        }
    }

    /// - Returns: as much of `notional` as the rulebook's table holds, with two per cent of room for a fill above the mark.
    private mutating func chooseRiskLimit(
        _ key: PositionKey, _ notional: Amount, _ contract: Contract, at time: Timestamp
    ) -> Amount {
        guard usesRiskLimits(contract) else { return notional }
        let limits = exchange.rulebook.tiers(for: contract).limits
        let bounded = min(notional, Amount(limits.last!.upTo.raw / 100 * 98))
        let needed = Amount(bounded.raw / 98 * 100)
        if let row = limits.first(where: { needed <= $0.upTo }), row != limits[0] {
            execute(.setRiskLimit(key, upTo: row.upTo), at: time)
        }
        return bounded
    }
}
