/// The code of every command. They are part of the format: new ones go to the end, and none is ever used again.
private enum CommandCode: UInt8 {
    case addCurrency = 1
    case openAccount, list, deposit, withdraw, payIntoFund, setLeverage, moveMargin, setRiskLimit
    case setHedged, setSelfTrade, setPairsShrinkTogether, registerProvider
    case placeOrder, amendOrder, cancelOrder, cancelAll, close, trade
    case mark, index, payFunding, settle, wait, announceEvent
    case changeRules, halt, resume, openAuction, uncross, restart
    case transfer, restrict, haltAll, resumeAll
}

extension CommandCode: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(byte: rawValue) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        let code = try journal.readByte()
        guard let known = CommandCode(rawValue: code) else { throw journal.fault(.unknownCode(code)) }
        self = known
    }
}

extension Command: Journaled {
    func write(to journal: inout JournalWriter) {
        func write<each Value: Journaled>(_ code: CommandCode, _ values: repeat each Value) {
            journal.write(code)
            repeat journal.write(each values)
        }
        switch self {
        case .addCurrency(let currency): write(.addCurrency, currency)
        case .openAccount(let name): write(.openAccount, name)
        case .list(let contract): write(.list, contract)
        case .deposit(let account, let currency, let amount): write(.deposit, account, currency, amount)
        case .withdraw(let account, let currency, let amount): write(.withdraw, account, currency, amount)
        case .payIntoFund(let currency, let amount, let contract): write(.payIntoFund, currency, amount, contract)
        case .setLeverage(let key, let leverage, let mode): write(.setLeverage, key, leverage, mode)
        case .moveMargin(let key, let amount): write(.moveMargin, key, amount)
        case .setRiskLimit(let key, let limit): write(.setRiskLimit, key, limit)
        case .setHedged(let account, let hedged): write(.setHedged, account, hedged)
        case .setSelfTrade(let account, let prevention): write(.setSelfTrade, account, prevention)
        case .setPairsShrinkTogether(let account, let together): write(.setPairsShrinkTogether, account, together)
        case .registerProvider(let account, let currency, let capacity):
            write(.registerProvider, account, currency, capacity)
        case .placeOrder(let request):
            journal.write(byte: CommandCode.placeOrder.rawValue)
            request.write(to: &journal)
        case .amendOrder(let account, let id, let contract, let size, let price, let stop):
            // Value by value, like all of an order flow: handing them on together costs more than writing them.
            journal.write(byte: CommandCode.amendOrder.rawValue)
            account.write(to: &journal)
            id.write(to: &journal)
            contract.write(to: &journal)
            size.write(to: &journal)
            price.write(to: &journal)
            stop.write(to: &journal)
        case .cancelOrder(let account, let id):
            journal.write(byte: CommandCode.cancelOrder.rawValue)
            account.write(to: &journal)
            id.write(to: &journal)
        case .cancelAll(let account, let contract): write(.cancelAll, account, contract)
        case .close(let key): write(.close, key)
        case .trade(let request): write(.trade, request)
        case .mark(let prices): write(.mark, prices)
        case .index(let contract, let source, let price, let asOf): write(.index, contract, source, price, asOf)
        case .payFunding(let contract, let rate): write(.payFunding, contract, rate)
        case .settle: write(.settle)
        case .wait: write(.wait)
        case .announceEvent(let contract, let event): write(.announceEvent, contract, event)
        case .changeRules(let change): write(.changeRules, change)
        case .halt(let contract): write(.halt, contract)
        case .resume(let contract): write(.resume, contract)
        case .openAuction(let contract): write(.openAuction, contract)
        case .uncross(let contract): write(.uncross, contract)
        case .restart: write(.restart)
        case .transfer(let from, let to, let currency, let amount): write(.transfer, from, to, currency, amount)
        case .restrict(let account, let restriction): write(.restrict, account, restriction)
        case .haltAll: write(.haltAll)
        case .resumeAll: write(.resumeAll)
        }
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        switch try CommandCode(from: &journal) {
        case .addCurrency: self = .addCurrency(try journal.read())
        case .openAccount: self = .openAccount(name: try journal.read())
        case .list: self = .list(try journal.read())
        case .deposit: self = .deposit(try journal.read(), try journal.read(), try journal.read())
        case .withdraw: self = .withdraw(try journal.read(), try journal.read(), try journal.read())
        case .payIntoFund: self = .payIntoFund(try journal.read(), try journal.read(), try journal.read())
        case .setLeverage: self = .setLeverage(try journal.read(), try journal.read(), try journal.read())
        case .moveMargin: self = .moveMargin(try journal.read(), try journal.read())
        case .setRiskLimit: self = .setRiskLimit(try journal.read(), upTo: try journal.read())
        case .setHedged: self = .setHedged(try journal.read(), try journal.read())
        case .setSelfTrade: self = .setSelfTrade(try journal.read(), try journal.read())
        case .setPairsShrinkTogether: self = .setPairsShrinkTogether(try journal.read(), try journal.read())
        case .registerProvider:
            self = .registerProvider(try journal.read(), try journal.read(), capacity: try journal.read())
        case .placeOrder: self = .placeOrder(try journal.read())
        case .amendOrder:
            self = .amendOrder(
                try journal.read(), try journal.read(), try journal.read(),
                size: try journal.read(), price: try journal.read(), stop: try journal.read())
        case .cancelOrder: self = .cancelOrder(try journal.read(), try journal.read())
        case .cancelAll: self = .cancelAll(try journal.read(), try journal.read())
        case .close: self = .close(try journal.read())
        case .trade: self = .trade(try journal.read())
        case .mark: self = .mark(try journal.read())
        case .index:
            self = .index(try journal.read(), source: try journal.read(), try journal.read(), asOf: try journal.read())
        case .payFunding: self = .payFunding(try journal.read(), try journal.read())
        case .settle: self = .settle
        case .wait: self = .wait
        case .announceEvent: self = .announceEvent(try journal.read(), try journal.read())
        case .changeRules: self = .changeRules(try journal.read())
        case .halt: self = .halt(try journal.read())
        case .resume: self = .resume(try journal.read())
        case .openAuction: self = .openAuction(try journal.read())
        case .uncross: self = .uncross(try journal.read())
        case .restart: self = .restart
        case .transfer:
            self = .transfer(
                from: try journal.read(), to: try journal.read(), try journal.read(), try journal.read())
        case .restrict: self = .restrict(try journal.read(), try journal.read())
        case .haltAll: self = .haltAll
        case .resumeAll: self = .resumeAll
        }
    }
}

extension PositionKey: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(account, contract, side) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(try journal.read(), try journal.read(), try journal.read())
    }
}

extension OrderRequest: Journaled {
    func write(to journal: inout JournalWriter) {
        key.account.write(to: &journal)
        key.contract.write(to: &journal)
        key.side.write(to: &journal)
        id.write(to: &journal)
        side.write(to: &journal)
        size.write(to: &journal)
        price.write(to: &journal)
        timeInForce.write(to: &journal)
        postOnly.write(to: &journal)
        reduceOnly.write(to: &journal)
        condition.write(to: &journal)
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            key: try journal.read(), id: try journal.read(), side: try journal.read(), size: try journal.read(),
            price: try journal.read(), timeInForce: try journal.read(), postOnly: try journal.read(),
            reduceOnly: try journal.read(), condition: try journal.read())
    }
}

extension Condition.Kind: Journaled {}
extension Condition.Trigger: Journaled {}
extension Condition: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(kind, stop, trigger, closeOnTrigger) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            kind: try journal.read(), stop: try journal.read(), trigger: try journal.read(),
            closeOnTrigger: try journal.read())
    }
}

extension TradeRequest: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(buyer, seller, size, price, taker) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(
            buyer: try journal.read(), seller: try journal.read(), size: try journal.read(),
            price: try journal.read(), taker: try journal.read())
    }
}

extension MarkPrice: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(contract, price, asOf) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(try journal.read(), try journal.read(), asOf: try journal.read())
    }
}

extension AnnouncedEvent: Journaled {
    func write(to journal: inout JournalWriter) { journal.write(from, to, initial) }
    init(from journal: inout JournalReader) throws(JournalFault) {
        self.init(from: try journal.read(), to: try journal.read(), initial: try journal.read())
    }
}

extension RuleChange: Journaled {
    func write(to journal: inout JournalWriter) {
        journal.write(from)
        switch rules {
        case .rulebook(let rulebook):
            journal.write(byte: 0)
            journal.write(rulebook)
        case .tiers(let contract, let tiers):
            journal.write(byte: 1)
            journal.write(contract, tiers)
        }
    }

    init(from journal: inout JournalReader) throws(JournalFault) {
        let from = try Timestamp(from: &journal)
        switch try journal.readByte() {
        case 0: self.init(.rulebook(try journal.read()), from: from)
        case 1: self.init(.tiers(try journal.read(), try journal.read()), from: from)
        case let code: throw journal.fault(.unknownCode(code))
        }
    }
}
