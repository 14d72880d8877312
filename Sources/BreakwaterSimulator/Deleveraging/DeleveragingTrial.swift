public import BreakwaterCore
public import BreakwaterTapes

/// One policy tried on an event: every account a real one in a real exchange, the bankrupt one liquidated by the core.
///
/// At a mark short of the event every account buys or sells off the book what gives it its PnL, in two trades one tick
/// apart so that it comes out to the unit, with enough money to be there at all. The contract is halted, the mark goes to
/// one, everybody withdraws down to the equity recorded, and trading is resumed: the bankrupt account is taken over, and
/// closed against the others, which is all its rulebook knows.
public struct DeleveragingTrial: Sendable {
    public let policy: AutoDeleveragePolicy
    /// What became of each account, in the order of the event.
    public let outcomes: [Outcome]
    /// What the core says of the liquidation.
    public let record: LiquidationRecord
    public let conservation: Conservation
    public let stateHash: String

    public struct Outcome: Sendable, Equatable {
        /// Notional at mark that was closed against the liquidation engine.
        public var closed = Amount.zero
        /// What closing it at the mark would have been worth more.
        public var forgone = Amount.zero
        /// Whether it was its turn, and it could not bear its part.
        public var isSkipped = false
        /// What the account is worth afterwards.
        public var equity = Amount.zero
    }

    public init(_ policy: AutoDeleveragePolicy, on event: DeleveragingEvent) throws(BadInput) {
        var stage = Stage(event, policy)
        try stage.set()
        try stage.liquidate()
        self.policy = policy
        record = stage.records.all[0]
        outcomes = stage.outcomes(of: record)
        conservation = stage.exchange.conservation(of: stage.contract.settle)
        stateHash = stage.exchange.stateHashText
    }
}

/// The exchange an event is played out on.
private struct Stage: ~Copyable {
    let event: DeleveragingEvent
    let contract: Contract
    private(set) var exchange: Exchange
    private(set) var records = LiquidationRecords()

    private let id = ContractID(0)
    /// Who trades with everybody, on the side that is liquidated; and who is.
    private let house = AccountID(index: 0)
    private let bankrupt = AccountID(index: 1)
    /// The mark at which everybody opens.
    private let opening: Price
    private let size: Size
    private var time = Timestamp(0)

    init(_ event: DeleveragingEvent, _ policy: AutoDeleveragePolicy) {
        self.event = event
        contract = event.venue.contract
        exchange = Exchange(rulebook: event.venue.rulebook.replacing(policy: policy))
        size = event.venue.lots(worth: event.notional)!
        // A hundredth short of where the bankrupt account would have nothing left but its deficit.
        let (worth, missing, mark) = (event.notional.wide, event.deficit.wide, event.venue.mark.wide)
        opening = Price(
            event.liquidatesLongs
                ? Int64(divide(mark * (worth + missing) * 101, by: worth * 100, .up))
                : Int64(divide(mark * (worth - missing) * 99, by: worth * 100, .down)))
    }

    private mutating func execute(_ command: Command, line: Int? = nil) throws(BadInput) {
        exchange.execute(command, at: time)
        records.fold(exchange.events, at: time)
        for case .rejected(let rejection) in exchange.events {
            throw BadInput(
                file: event.source, line: line,
                expected:
                    "an event that the core accepts, which it does not: \(rejection.sentence(in: exchange.directory))")
        }
    }

    private func account(_ place: Int) -> AccountID { AccountID(index: place + 2) }
    private func key(_ account: AccountID) -> PositionKey { PositionKey(account, id) }

    /// Opens every position at a mark at which nobody is in danger.
    mutating func set() throws(BadInput) {
        try execute(.list(contract))
        try execute(.mark([MarkPrice(id, opening)]))
        try execute(.openAccount(name: "house"))
        try execute(.openAccount(name: "bankrupt"))
        try execute(.deposit(house, contract.settle, houseMoney))
        // At the mark its loss is this much, of which its money covers all but the deficit.
        let loss =
            contract.executionValue(of: size, at: opening) - contract.executionValue(of: size, at: event.venue.mark)
        try execute(.deposit(bankrupt, contract.settle, loss.magnitude - event.deficit))
        for (place, account) in event.accounts.enumerated() { try open(account, place) }
        try trade(bankrupt, isBuyer: event.liquidatesLongs, size, at: opening)
    }

    private mutating func open(_ account: OpposingAccount, _ place: Int) throws(BadInput) {
        let line = place + 2
        let who = self.account(place)
        try execute(.openAccount(name: "#\(place + 1)"), line: line)
        try execute(.deposit(who, contract.settle, account.equity - account.profit + extra(for: account)), line: line)
        let lots = event.venue.lots(worth: account.notional)!
        let value = entry(of: account)
        let (price, rest) = value.raw.quotientAndRemainder(dividingBy: lots.raw)
        for (size, price) in [(Size(lots.raw - rest), Price(price)), (Size(rest), Price(price + 1))]
        where size > .zero {
            try trade(who, isBuyer: !event.liquidatesLongs, size, at: price, line: line)
        }
    }

    private mutating func trade(
        _ account: AccountID, isBuyer: Bool, _ size: Size, at price: Price, line: Int? = nil
    ) throws(BadInput) {
        let (buyer, seller) = isBuyer ? (account, house) : (house, account)
        try execute(.trade(TradeRequest(buyer: key(buyer), seller: key(seller), size: size, price: price)), line: line)
    }

    /// What a position was bought or sold for, so that it has its PnL at the mark.
    private func entry(of account: OpposingAccount) -> Amount {
        event.liquidatesLongs ? account.notional + account.profit : account.notional - account.profit
    }

    /// Money that an account needs at the mark of opening, and takes out again.
    private func extra(for account: OpposingAccount) -> Amount {
        let lots = event.venue.lots(worth: account.notional)!
        return contract.executionValue(of: lots, at: opening) + account.notional + entry(of: account)
    }

    /// No price on the way costs the house more.
    private var houseMoney: Amount {
        let most = event.accounts.reduce(Int128(0)) { $0 + extra(for: $1).wide }
        return Amount(Int64(min(most * 2, Int128(Limits.money / 2))))
    }

    /// Moves the mark while nothing is liquidated, leaves everybody the equity recorded, and lets the core go on.
    mutating func liquidate() throws(BadInput) {
        time = time + .seconds(1)
        try execute(.halt(id))
        try execute(.mark([MarkPrice(id, event.venue.mark)]))
        for (place, account) in event.accounts.enumerated() {
            exchange.execute(.withdraw(self.account(place), contract.settle, extra(for: account)), at: time)
            if case .rejected? = exchange.events.last {
                throw BadInput(
                    file: event.source, line: place + 2, key: "equity",
                    value: "\(event.venue.currency.decimal(account.equity))",
                    expected: "at least IM, 1/\(contract.maxLeverage.decimal) of the notional at the mark")
            }
        }
        try execute(.resume(id))
        precondition(records.all.count == 1, "\(records.all.count) liquidations of one bankrupt account")
    }

    func outcomes(of record: LiquidationRecord) -> [DeleveragingTrial.Outcome] {
        var outcomes = event.accounts.map { _ in DeleveragingTrial.Outcome() }
        for (_, step) in record.steps {
            switch step {
            case .deleveraged(let account, _, let size, _, let forgone, _):
                let place = account.index - 2
                outcomes[place].forgone = outcomes[place].forgone + forgone
                outcomes[place].closed =
                    outcomes[place].closed + contract.executionValue(of: size.magnitude, at: event.venue.mark)
            case .deleverageSkipped(let account, _): outcomes[account.index - 2].isSkipped = true
            default: break
            }
        }
        for place in outcomes.indices {
            let wallet = exchange.walletStatement(of: account(place), in: contract.settle)
            outcomes[place].equity = wallet?.equity ?? .zero
        }
        return outcomes
    }
}
