internal import BreakwaterCore
internal import BreakwaterVenue
internal import GRDB

/// What everybody is told, what accounts set, and what those who run the venue do.
extension Fold {
    func announce(_ event: Event, of execution: Execution, in database: Database) throws {
        func notice(
            _ kind: Notice.Kind, _ contract: ContractID? = nil, until: Timestamp? = nil, price: Price? = nil,
            text: String = ""
        ) throws {
            let notice = Notice(
                id: here, kind: kind, contract: contract, until: until, price: price, text: text, time: now)
            try notice.insert(into: database)
        }
        switch event {
        case .listed(let id):
            guard case .list(let contract) = execution.command else { return }
            try add(ContractTerms(id, contract), to: database)
            try notice(.listed, id, text: contract.symbol)
        case .halted(let contract): try notice(.halted, contract)
        case .resumed(let contract): try notice(.resumed, contract)
        case .auctionOpened(let contract): try notice(.auctionOpened, contract)
        case .auctionEnded(let contract, let price, _): try notice(.auctionEnded, contract, price: price)
        case .breakerTripped(let contract, let action, let end):
            try notice(.breakerTripped, contract, until: end, text: action.rawValue)
        case .breakerEnded(let contract, _): try notice(.breakerEnded, contract)
        case .eventAnnounced(let contract, let event): try notice(.eventAnnounced, contract, until: event.to)
        case .rulesAnnounced(let name, let from, _): try notice(.rulesAnnounced, until: from, text: name)
        case .rulesChanged(let name): try notice(.rulesChanged, text: name)
        case .fundingSkipped(let contract): try notice(.fundingSkipped, contract)
        case .restarted: try notice(.restarted)
        case .rejected, .accountOpened, .deposited, .withdrawn, .fundPaidIn, .settingsChanged, .orderAccepted,
            .orderAmended, .orderCancelled, .traded, .positionChanged, .feeCharged, .marked, .indexed, .fundingPaid,
            .settled, .warned, .liquidation, .collateralConverted, .providerRegistered, .liquidationsWaiting,
            .orderTriggered, .stopBeyondLiquidation, .indexStale, .fundingSet, .transferred, .restricted:
            preconditionFailure("no notice: \(event)")
        }
    }

    /// What a command set, and who ran it where that is the venue's business.
    func log(_ execution: Execution, into database: Database) throws {
        let refusal = execution.refusal
        let origin = execution.origin
        if let action = execution.command.action ?? (origin.isAdministration ? execution.command.otherAction : nil) {
            let record = AdminAction(
                id: here, actor: execution.origin.actor, command: action.name, account: action.account,
                contract: action.contract,
                text: origin.isAdministration && !origin.clientOrderID.isEmpty ? origin.clientOrderID : action.text,
                rejection: refusal?.code, time: now)
            try record.insert(into: database)
        }
        guard refusal == nil else { return }
        for (account, kind, text) in execution.command.settings {
            let key = execution.command.position
            let change = SettingChange(
                id: here, account: account, contract: key?.contract, positionSide: key?.side, kind: kind, text: text,
                time: now)
            try change.insert(into: database)
        }
    }
}

extension Command {
    /// The position whose settings it changes.
    fileprivate var position: PositionKey? {
        switch self {
        case .setLeverage(let key, _, _), .setRiskLimit(let key, _): key
        case .addCurrency, .openAccount, .list, .deposit, .withdraw, .payIntoFund, .moveMargin, .setHedged,
            .setSelfTrade, .setPairsShrinkTogether, .registerProvider, .placeOrder, .amendOrder, .cancelOrder,
            .cancelAll, .close, .trade, .mark, .index, .payFunding, .settle, .wait, .announceEvent, .changeRules, .halt,
            .resume, .openAuction, .uncross, .restart, .transfer, .restrict, .haltAll, .resumeAll:
            nil
        }
    }

    /// The settings it changes.
    fileprivate var settings: [(AccountID, SettingChange.Kind, String)] {
        switch self {
        case .setLeverage(let key, let leverage, let mode):
            let change = (key.account, SettingChange.Kind.leverage, "\(leverage.raw)")
            return [change] + (mode.map { [(key.account, .marginMode, $0.rawValue)] } ?? [])
        case .setRiskLimit(let key, let limit): return [(key.account, .riskLimit, "\(limit.raw)")]
        case .setHedged(let account, let on): return [(account, .hedged, "\(on)")]
        case .setSelfTrade(let account, let prevention): return [(account, .selfTrade, prevention.rawValue)]
        case .setPairsShrinkTogether(let account, let on): return [(account, .pairsShrinkTogether, "\(on)")]
        case .restrict(let account, let restriction): return [(account, .restriction, restriction.rawValue)]
        case .addCurrency, .openAccount, .list, .deposit, .withdraw, .payIntoFund, .moveMargin, .registerProvider,
            .placeOrder, .amendOrder, .cancelOrder, .cancelAll, .close, .trade, .mark, .index, .payFunding, .settle,
            .wait, .announceEvent, .changeRules, .halt, .resume, .openAuction, .uncross, .restart, .transfer, .haltAll,
            .resumeAll:
            return []
        }
    }

    /// What it is called among those who run the venue, whom and what it concerns; `nil` for what traders and price
    /// feeds do.
    fileprivate var action: (name: String, account: AccountID?, contract: ContractID?, text: String)? {
        switch self {
        case .addCurrency(let currency): ("addCurrency", nil, nil, currency.name)
        case .list(let contract): ("list", nil, nil, contract.symbol)
        case .payIntoFund(_, let amount, let contract): ("payIntoFund", nil, contract, "\(amount.raw)")
        case .registerProvider(let account, _, let capacity): ("registerProvider", account, nil, "\(capacity.raw)")
        case .payFunding(let contract, let rate): ("payFunding", nil, contract, "\(rate.raw)")
        case .settle: ("settle", nil, nil, "")
        case .announceEvent(let contract, _): ("announceEvent", nil, contract, "")
        case .changeRules(let change): change.action
        case .halt(let contract): ("halt", nil, contract, "")
        case .resume(let contract): ("resume", nil, contract, "")
        case .openAuction(let contract): ("openAuction", nil, contract, "")
        case .uncross(let contract): ("uncross", nil, contract, "")
        case .restart: ("restart", nil, nil, "")
        case .restrict(let account, let restriction): ("restrict", account, nil, restriction.rawValue)
        case .haltAll: ("haltAll", nil, nil, "")
        case .resumeAll: ("resumeAll", nil, nil, "")
        case .openAccount, .deposit, .withdraw, .setLeverage, .moveMargin, .setRiskLimit, .setHedged, .setSelfTrade,
            .setPairsShrinkTogether, .placeOrder, .amendOrder, .cancelOrder, .cancelAll, .close, .trade, .mark, .index,
            .wait, .transfer:
            nil
        }
    }
}

extension Command {
    /// What traders and price feeds do as well, where somebody who runs the venue did it. Letting time pass is what a
    /// note goes with about something that changes no figure of the exchange.
    fileprivate var otherAction: (name: String, account: AccountID?, contract: ContractID?, text: String)? {
        switch self {
        case .openAccount(let name): ("openAccount", nil, nil, name)
        case .deposit(let account, _, let amount): ("deposit", account, nil, "\(amount.raw)")
        case .withdraw(let account, _, let amount): ("withdraw", account, nil, "\(amount.raw)")
        case .setLeverage(let key, let leverage, _):
            ("setLeverage", key.account, key.contract, "\(leverage.raw)")
        case .moveMargin(let key, let amount): ("moveMargin", key.account, key.contract, "\(amount.raw)")
        case .setRiskLimit(let key, let limit): ("setRiskLimit", key.account, key.contract, "\(limit.raw)")
        case .setHedged(let account, let on): ("setHedged", account, nil, "\(on)")
        case .setSelfTrade(let account, let prevention): ("setSelfTrade", account, nil, prevention.rawValue)
        case .setPairsShrinkTogether(let account, let on): ("setPairsShrinkTogether", account, nil, "\(on)")
        case .placeOrder(let request): ("placeOrder", request.key.account, request.key.contract, "")
        case .amendOrder(let account, _, let contract, _, _, _): ("amendOrder", account, contract, "")
        case .cancelOrder(let account, let order): ("cancelOrder", account, nil, "\(order.raw)")
        case .cancelAll(let account, let contract): ("cancelAll", account, contract, "")
        case .close(let key): ("close", key.account, key.contract, "")
        case .trade(let trade): ("trade", trade.buyer.account, trade.buyer.contract, "")
        case .mark(let marks): ("mark", nil, marks.count == 1 ? marks[0].contract : nil, "")
        case .index(let contract, let source, _, _): ("index", nil, contract, source)
        case .transfer(let from, _, _, let amount): ("transfer", from, nil, "\(amount.raw)")
        case .wait: ("note", nil, nil, "")
        case .addCurrency, .list, .payIntoFund, .registerProvider, .payFunding, .settle, .announceEvent, .changeRules,
            .halt, .resume, .openAuction, .uncross, .restart, .restrict, .haltAll, .resumeAll:
            action
        }
    }
}

extension RuleChange {
    fileprivate var action: (name: String, account: AccountID?, contract: ContractID?, text: String) {
        switch rules {
        case .rulebook(let rulebook): ("changeRules", nil, nil, rulebook.name)
        case .tiers(let contract, _): ("changeRules", nil, contract, "tiers")
        }
    }
}
