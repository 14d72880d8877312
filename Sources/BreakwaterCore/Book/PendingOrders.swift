/// A conditional order that has not fired. It reserves nothing.
struct PendingOrder: Sendable {
    let id: OrderID
    /// Index of the position it belongs to.
    let position: Int
    let contract: ContractID
    let side: OrderSide
    var size: Size
    /// The limit it fires with; `nil` for a market order.
    var price: Price?
    let timeInForce: TimeInForce
    let postOnly: Bool
    let reduceOnly: Bool
    var condition: Condition
    /// The best trigger price a trailing stop has seen since it was placed: the highest for sells, the lowest for buys.
    var best: Price?
    /// Its place in the order of placement, unlike any other's.
    let turn: Int64
    /// Its price has come, but its own position had to be liquidated first.
    var isDue = false

    /// The trigger price now; `nil` for a trailing stop that has seen no price yet.
    var stopPrice: Price? {
        switch condition.kind {
        case .stop, .takeProfit: condition.stop
        case .trailing: best.map { side == .buy ? $0 + condition.stop : $0 - condition.stop }
        }
    }

    /// Whether it fires at `price`.
    func isReached(by price: Price) -> Bool {
        guard let stop = stopPrice else { return false }
        let firesRising = (side == .buy) == (condition.kind != .takeProfit)
        return firesRising ? price >= stop : price <= stop
    }

    /// Takes a trailing stop along with a new trigger price.
    mutating func follow(_ price: Price) {
        guard condition.kind == .trailing else { return }
        best = side == .buy ? min(best ?? price, price) : max(best ?? price, price)
    }
}

/// Every conditional order of the venue, by contract and in order of placement.
struct PendingOrders: Sendable {
    private(set) var queues: [[PendingOrder]] = []
    /// The contract each waiting order waits in, by its id.
    private var contractOfID = OrderIndex()
    private(set) var count = 0
    /// How many watch the last price, and how many are due; both are looked for only where there are any.
    private(set) var lastCount = 0
    private(set) var dueCount = 0

    /// Whether no trade of a command can have set off any.
    var isQuiet: Bool { lastCount == 0 && dueCount == 0 }

    /// The orders that wait in a contract.
    func queue(in market: Int) -> [PendingOrder] { market < queues.count ? queues[market] : [] }

    /// The order `id`, or `nil` where it does not wait.
    func order(_ id: OrderID) -> PendingOrder? {
        let contract = contractOfID[id]
        return contract >= 0 ? queues[Int(contract)].first { $0.id == id } : nil
    }

    /// The order placed at `turn` in a contract, or `nil` where it is gone.
    func order(_ turn: Int64, in market: Int) -> PendingOrder? {
        place(of: turn, in: market).map { queues[market][$0] }
    }

    private func place(of turn: Int64, in market: Int) -> Int? {
        var (low, high) = (0, market < queues.count ? queues[market].count : 0)
        let end = high
        while low < high {
            let middle = (low + high) / 2
            if queues[market][middle].turn < turn { low = middle + 1 } else { high = middle }
        }
        return low < end && queues[market][low].turn == turn ? low : nil
    }

    /// Makes room for the queues of the first `count` contracts.
    mutating func openQueues(_ count: Int) { while queues.count < count { queues.append([]) } }

    /// Adds an order, the newest of its contract.
    mutating func insert(_ order: PendingOrder) {
        let market = order.contract.index
        openQueues(market + 1)
        queues[market].append(order)
        if order.id != .none { contractOfID.insert(order.contract.raw, for: order.id) }
        tally(order, by: 1)
    }

    mutating func remove(_ order: PendingOrder) {
        guard let place = place(of: order.turn, in: order.contract.index) else {
            preconditionFailure("no pending order of turn \(order.turn)")
        }
        let removed = queues[order.contract.index].remove(at: place)
        if order.id != .none { contractOfID.remove(order.id) }
        tally(removed, by: -1)
    }

    /// Puts an order's new terms in place of its old ones; it keeps its turn.
    mutating func replace(_ order: PendingOrder) {
        guard let place = place(of: order.turn, in: order.contract.index) else {
            preconditionFailure("no pending order of turn \(order.turn)")
        }
        tally(queues[order.contract.index][place], by: -1)
        queues[order.contract.index][place] = order
        tally(order, by: 1)
    }

    /// Takes the trailing stops of a contract that watch `trigger` along with its new price.
    mutating func follow(_ trigger: Condition.Trigger, in market: Int, to price: Price) {
        guard market < queues.count else { return }
        for place in queues[market].indices where queues[market][place].condition.trigger == trigger {
            queues[market][place].follow(price)
        }
    }

    private mutating func tally(_ order: PendingOrder, by change: Int) {
        count += change
        if order.condition.trigger == .last { lastCount += change }
        if order.isDue { dueCount += change }
    }
}
