import BreakwaterCore

/// The traders of a simulation: when they enter, and what they do once they are in.
struct Crowd {
    /// By account.
    let traders: [Trader]
    private let firstAccount: Int
    /// Traders by the time of their entry, and how many have entered.
    private let queue: [Int32]
    private var next = 0
    /// By account, where any trader does anything later: what it asked for, how often it paid in.
    private var sizes: [Size] = []
    private var paidIn: [Int64] = []
    /// Traders who were warned and will pay in.
    private var warnedTraders: [Int32] = []
    /// Traders who may panic, by contract and side; and those who will flee, and when.
    private var nervous: [[Int32]] = []
    private var fleeing: [(time: Timestamp, trader: Int32)] = []
    private let behaviour: Behaviour
    private var generator: SeededGenerator

    /// Orders have numbers apart from those of the makers; an entry is gone before the next one comes.
    static let entryOrder = OrderID(500_000)
    private static let firstStop: Int64 = 1_000_000
    private static let panicOrder = OrderID(500_001)

    init(_ plan: SimulationPlan, entrySteps: Int) {
        traders = Population.drawn(from: plan, steps: entrySteps)
        firstAccount = plan.liquidity.makers
        behaviour = plan.behaviour
        generator = SeededGenerator(seed: plan.seed ^ 0x4372_6f77_6421_2121)
        queue = Self.byEntry(traders, steps: entrySteps)
        guard behaviour != Behaviour() else { return }
        sizes = Array(repeating: .zero, count: traders.count)
        paidIn = Array(repeating: 0, count: traders.count)
        nervous = Array(repeating: [], count: plan.contracts.count * 2)
    }

    /// Traders by step, those of one step by account.
    private static func byEntry(_ traders: [Trader], steps: Int) -> [Int32] {
        var starts = Array(repeating: 0, count: steps + 1)
        for trader in traders { starts[trader.entryStep + 1] += 1 }
        for step in 0..<steps { starts[step + 1] += starts[step] }
        var queue = [Int32](repeating: 0, count: traders.count)
        for (number, trader) in traders.enumerated() {
            queue[starts[trader.entryStep]] = Int32(number)
            starts[trader.entryStep] += 1
        }
        return queue
    }

    func account(of trader: Int) -> AccountID { AccountID(index: firstAccount + trader) }

    func name(of trader: Int, in plan: SimulationPlan) -> String {
        plan.holdings.isEmpty ? "trader\(trader + 1)" : plan.holdings[trader].name
    }

    /// The next trader who enters at or before a step.
    mutating func nextEntry(by step: Int) -> Int? {
        guard next < queue.count, traders[Int(queue[next])].entryStep <= step else { return nil }
        next += 1
        return Int(queue[next - 1])
    }

    /// Whether nobody does anything after entering.
    var isCalm: Bool { sizes.isEmpty }

    /// Notes an entry.
    ///
    /// - Returns: the stop that goes with it.
    mutating func entered(_ trader: Int, _ size: Size, _ plan: SimulationPlan, at price: Price) -> OrderRequest? {
        guard !isCalm else { return nil }
        sizes[trader] = size
        if traders[trader].habits.contains(.panics) {
            nervous[place(of: traders[trader].side, in: traders[trader].contract.index)].append(Int32(trader))
        }
        guard let terms = behaviour.stopLoss, traders[trader].habits.contains(.stopsLoss) else { return nil }
        let away = Rate(terms.least.raw + generator.below(terms.most.raw - terms.least.raw + 1))
        let isLong = traders[trader].side == .buy
        let distance = max(1, Int64(price.wide * away.wide / Rate.one.wide))
        let stop = Price(max(1, isLong ? price.raw - distance : price.raw + distance))
        return OrderRequest(
            key: key(of: trader), id: OrderID(Self.firstStop + Int64(trader)), side: isLong ? .sell : .buy, size: size,
            price: nil,
            timeInForce: .immediateOrCancel, reduceOnly: true,
            condition: Condition(kind: .stop, stop: stop, closeOnTrigger: true))
    }

    private func key(of trader: Int) -> PositionKey { PositionKey(account(of: trader), traders[trader].contract) }

    /// Notes a warning; who pays in does so at the next price.
    mutating func warned(_ account: AccountID, _ level: WarningLevel) {
        let trader = account.index - firstAccount
        guard let terms = behaviour.addMargin, traders.indices.contains(trader),
            level == (terms.inDanger ? .danger : .warning), traders[trader].habits.contains(.addsMargin),
            paidIn[trader] < terms.times
        else { return }
        paidIn[trader] += 1
        warnedTraders.append(Int32(trader))
    }

    /// What traders do now.
    mutating func act(
        _ plan: SimulationPlan, _ markets: [SimulatedMarket], at now: Timestamp, _ actions: inout [Command]
    ) {
        if let terms = behaviour.addMargin {
            for trader in warnedTraders.map(Int.init) { payIn(trader, terms, plan, &actions) }
            warnedTraders.removeAll(keepingCapacity: true)
        }
        if let terms = behaviour.panic {
            for (index, market) in markets.enumerated() {
                if market.moved.fall >= terms.move { frighten(.buy, in: index, terms, at: now) }
                if market.moved.rise >= terms.move { frighten(.sell, in: index, terms, at: now) }
            }
            flee(at: now, &actions)
        }
    }

    private func payIn(
        _ trader: Int, _ terms: Behaviour.AddMargin, _ plan: SimulationPlan, _ actions: inout [Command]
    ) {
        let amount = terms.amount.of(traders[trader].deposit, .down)
        guard amount > .zero else { return }
        actions.append(.deposit(account(of: trader), plan.contract.settle, amount))
        if traders[trader].mode == .isolated { actions.append(.moveMargin(key(of: trader), amount)) }
    }

    private func place(of side: OrderSide, in contract: Int) -> Int { contract * 2 + (side == .buy ? 0 : 1) }

    /// Everybody on one side of a contract who panics makes up its mind.
    private mutating func frighten(_ side: OrderSide, in contract: Int, _ terms: Behaviour.Panic, at now: Timestamp) {
        let place = place(of: side, in: contract)
        for trader in nervous[place] {
            let wait = generator.below(max(1, terms.over.raw))
            fleeing.append((Timestamp(now.raw + wait), trader))
        }
        nervous[place].removeAll()
    }

    private mutating func flee(at now: Timestamp, _ actions: inout [Command]) {
        guard !fleeing.isEmpty else { return }
        let due = fleeing.filter { $0.time <= now }.sorted { ($0.time, $0.trader) < ($1.time, $1.trader) }
        guard !due.isEmpty else { return }
        fleeing.removeAll { $0.time <= now }
        for trader in due.map({ Int($0.trader) }) {
            actions.append(
                .placeOrder(
                    OrderRequest(
                        key: key(of: trader), id: Self.panicOrder, side: traders[trader].side == .buy ? .sell : .buy,
                        size: sizes[trader], price: nil, timeInForce: .immediateOrCancel, reduceOnly: true)))
        }
    }
}
