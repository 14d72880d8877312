/// The deterministic core: commands in, events out. No I/O, no clock, no randomness, no floating point.
///
/// State lies in flat arrays indexed by dense numbers; `events` is one buffer used again for every command. It has one
/// owner and is never copied by accident; `fork()` gives an independent venue, which is how what-if questions are asked.
///
/// ```swift
/// var exchange = Exchange(rulebook: rulebook)
/// exchange.execute(.deposit(account, currency, Amount(1_000_000)), at: moment)
/// for event in exchange.events { … }
/// ```
public struct Exchange: ~Copyable, Sendable {
    public internal(set) var rulebook: Rulebook
    /// The time of the last command or timer.
    public private(set) var now = Timestamp.zero
    /// What the last command did, in order.
    public internal(set) var events: [Event] = []
    public internal(set) var directory = Directory()

    var markets: [Market] = []
    var accounts: [Account] = []
    var wallets = Tracked<Wallet>()
    /// The wallets in each currency, in order of opening.
    var walletsByCurrency: [[Int32]] = []
    var positions = Tracked<Position>()
    var orders = OrderTable()
    var openOrders = OpenOrdersTable()
    var constraints: [Constraints] = []
    var lots: [Lot] = []
    var treasury = Treasury()

    /// Positions whose margin a charge or a fill may have broken, to be checked before the command ends.
    var recheck: [Int32] = []
    /// Portfolio wallets to be checked after all marks of a command.
    var recheckWallets: [Int32] = []
    /// Positions that changed while they had orders: some may have nothing left to reduce, others may have become
    /// opening orders that their account cannot afford.
    var ordersToTrim: [Int32] = []
    /// Positions in a liquidation that has to wait for the next command or timer.
    var pausedPositions: [Int32] = []
    /// Whether any contract may ask for more than its IM, so that most venues never look.
    var raisesMargins = false
    /// Announced changes of rules, soonest first.
    var changes: [RuleChange] = []
    /// Registered liquidity providers, by account.
    var providers: [Provider] = []
    /// What the last execution booked realised.
    var lastRealised = Amount.zero
    /// Liquidations begun so far, and those begun by the present command.
    var liquidationCount: Int32 = 0
    var liquidationsThisCommand = 0
    var nextSettlement: Timestamp?
    /// The next timer of any kind, where it is known.
    var timer: Timestamp?
    var timerIsKnown = false
    var undo = UndoLog()
    /// Conditional orders that have not fired.
    var pending = PendingOrders()
    /// The turn of the next order that rests or waits.
    var turns: Int64 = 0
    /// Who is looked at when a price moves.
    var watch: Watch
    /// The order of deleveraging, while a command closes lot after lot.
    var deleverageLines = DeleverageLines()
    /// How many of the command's events have been looked at for last prices that set off conditional orders.
    var tradesSeen = 0

    /// Keeps the venue where it lies: a struct of plain fields is copied to the stack, a thousand bytes of it, for every
    /// call of a function that only reads; one with a field of unknown layout is handed on by its address.
    private let anchor: any Sendable = 0

    /// An exchange under `rulebook`, with the common currencies and nothing else.
    public init(rulebook: Rulebook, watching: Watching = .bands) {
        self.rulebook = rulebook
        watch = Watch(watching)
        nextSettlement = rulebook.settlement.map { Timestamp.zero.nextMultiple(of: $0) }
        for currency in Currency.common { add(currency) }
    }

    /// One without currencies and timers, for a snapshot to be read into.
    init(empty rulebook: Rulebook) {
        self.rulebook = rulebook
        watch = Watch(.bands)
    }

    /// Executes one command at `time`, after every timer due by then. What happened stands in `events`.
    ///
    /// A refused command changes nothing and leaves one `rejected` event behind those of its timers.
    public mutating func execute(_ command: Command, at time: Timestamp) {
        // One by one: they are few, and taking a whole range out costs more than a dozen of them.
        while !events.isEmpty { events.removeLast() }
        guard time >= now, time <= .latest else {
            events.append(.rejected(time < now ? .timeWentBackwards(time, now: now) : .timeTooLate(time)))
            return
        }
        liquidationsThisCommand = 0
        tradesSeen = 0
        undo.clear()
        fireTimers(upTo: time)
        now = time
        if !pausedPositions.isEmpty { resumePaused() }
        if !command.leavesTimers { timerIsKnown = false }
        let known = (wallets: wallets.count, positions: positions.count)
        do throws(Rejection) {
            try perform(command)
        } catch {
            forget(walletsFrom: known.wallets, positionsFrom: known.positions)
            events.append(.rejected(error))
        }
        finish()
        forgetDeleverageLines()
    }

    /// Works off what a command or timer broke or set off, until quiet.
    mutating func finish() {
        if ordersToTrim.isEmpty, recheck.isEmpty, recheckWallets.isEmpty, pending.isQuiet { return calmVisited() }
        repeat {
            trimOrders()
            finishLiquidations()
            trimOrders()
        } while fireTriggered()
        calmVisited()
    }

    mutating func advance(to time: Timestamp) { now = time }

    /// An independent exchange in the same state; what happens to one leaves the other alone.
    public func fork() -> Exchange {
        var twin = Exchange(rulebook: rulebook, watching: watch.watching)
        twin.now = now
        twin.events = events
        twin.directory = directory
        twin.markets = markets
        twin.accounts = accounts
        twin.wallets = wallets
        twin.walletsByCurrency = walletsByCurrency
        twin.positions = positions
        twin.orders = orders
        twin.openOrders = openOrders
        twin.constraints = constraints
        twin.lots = lots
        twin.treasury = treasury
        twin.recheck = recheck
        twin.recheckWallets = recheckWallets
        twin.pausedPositions = pausedPositions
        twin.providers = providers
        twin.changes = changes
        twin.liquidationCount = liquidationCount
        twin.nextSettlement = nextSettlement
        twin.pending = pending
        twin.turns = turns
        twin.watch = watch
        twin.raisesMargins = raisesMargins
        return twin
    }
}
