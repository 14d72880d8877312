internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterVenue

/// Tells accounts' owners what happens to them, under the keys they listen with.
final class AccountStreams: AccountSink {
    private let gateway: Gateway
    private let listings: Listings
    private let hubs: StreamHubs
    private let keys: ListenKeys
    private let markets: MarketStreams

    init(_ gateway: Gateway, _ listings: Listings, _ hubs: StreamHubs, _ keys: ListenKeys, _ markets: MarketStreams) {
        self.gateway = gateway
        self.listings = listings
        self.hubs = hubs
        self.keys = keys
        self.markets = markets
    }

    func take(_ updates: [AccountUpdate]) {
        for update in updates {
            guard let key = keys.key(of: update.account) else { continue }
            switch update.what {
            case .order(let order): tell(order, of: update, under: key)
            case .position(let change): tell(change, "ORDER", of: update, under: key)
            case .settings(let change):
                tellSettings(change, of: update, under: key)
                tell(change, "MARGIN_TRANSFER", of: update, under: key)
            case .money(let currency, let amount, let cause): tell(currency, amount, cause, of: update, under: key)
            case .warned(let contract, let currency, _, _): warn(contract, currency, of: update, under: key)
            case .forced(let print): tell(print, of: update, under: key)
            // There are no events for these: a stop's warning, a liquidation's steps, what the venue still allows.
            case .stopBeyondLiquidation, .liquidation, .restricted: break
            }
        }
    }

    /// An order: in the events of conditional ones as long as it waits, then in those of all others.
    private func tell(_ update: OrderUpdate, of account: AccountUpdate, under key: String) {
        guard let listing = listings[update.order.contract] else { return }
        let order = OrderView(update.order)
        let wasTriggered = if case .triggered = update.cause { true } else { false }
        let isAlgo = order.hasBeenConditional && (order.isWaiting || wasTriggered || order.triggered == nil)
        if isAlgo {
            hubs.publish(key) {
                JSONText(capacity: 768) { json in
                    json.putHead("ALGO_UPDATE", account)
                    json.object("o") { $0.putAlgoEvent(order, listing) }
                }
            }
        }
        guard !isAlgo || wasTriggered else { return }
        hubs.publish(key) {
            JSONText(capacity: 768) { json in
                json.putHead("ORDER_TRADE_UPDATE", account)
                json.object("o") { $0.putOrderEvent(order, update.cause, listing) }
            }
        }
    }

    private func tell(_ print: ForcedPrint, of account: AccountUpdate, under key: String) {
        guard let listing = listings[print.contract] else { return }
        hubs.publish(key) {
            JSONText(capacity: 768) { json in
                json.putHead("ORDER_TRADE_UPDATE", account)
                json.object("o") { $0.putForcedEvent(print, listing, sequence: account.sequence) }
            }
        }
    }

    private func tell(_ change: PositionChange, _ reason: StaticString, of account: AccountUpdate, under key: String) {
        guard let listing = listings[change.key.contract] else { return }
        let mark = markets.mark(of: change.key.contract)
        hubs.publish(key) {
            JSONText(capacity: 512) { json in
                json.putHead("ACCOUNT_UPDATE", account)
                json.object("a") { json in
                    json.put("m", word: reason)
                    json.list("B", [change]) { json, change in
                        json.object { $0.putBalance(change, listing) }
                    }
                    json.list("P", [change]) { json, change in
                        json.object { $0.putPosition(change, listing, mark: mark) }
                    }
                }
            }
        }
    }

    private func tellSettings(_ change: PositionChange, of account: AccountUpdate, under key: String) {
        guard let listing = listings[change.key.contract] else { return }
        hubs.publish(key) {
            JSONText { json in
                json.putHead("ACCOUNT_CONFIG_UPDATE", account)
                json.object("ac") { json in
                    json.put("s", listing.symbol)
                    json.put("l", change.leverage.whole)
                }
            }
        }
    }

    /// The balance is looked up, because money that comes and goes is told without it.
    private func tell(
        _ currency: CurrencyID, _ amount: Amount, _ cause: AccountUpdate.MoneyCause, of update: AccountUpdate,
        under key: String
    ) {
        guard hubs.isRead(key) else { return }
        Task { [gateway, hubs] in
            let account = update.account
            let wallet = try? await gateway.venue.read { $0.walletStatement(of: account, in: currency) }
            guard let wallet else { return }
            let money = gateway.venue.names.look { $0[currency] }
            hubs.publish(key) {
                JSONText(capacity: 512) { json in
                    json.putHead("ACCOUNT_UPDATE", update)
                    json.object("a") { json in
                        json.put("m", word: cause.word)
                        json.list("B", [wallet]) { json, wallet in
                            json.object { json in
                                json.put("a", money.name)
                                json.put("wb", money.decimal(wallet.balance))
                                json.put("cw", money.decimal(wallet.balance))
                                json.put("bc", money.decimal(amount))
                            }
                        }
                        json.list("P", [String]())
                    }
                }
            }
        }
    }

    private func warn(_ contract: ContractID?, _ currency: CurrencyID, of update: AccountUpdate, under key: String) {
        guard hubs.isRead(key) else { return }
        let scope = listings.all.filter { contract == nil ? $0.contract.settle == currency : $0.id == contract }
        Task { [gateway, hubs, listings] in
            guard let view = try? await gateway.view(of: update.account, in: scope) else { return }
            let wallet = view.wallets.first { $0.currency == currency }
            let money = gateway.venue.names.look { $0[currency] }
            hubs.publish(key) {
                JSONText(capacity: 512) { json in
                    json.put("e", word: "MARGIN_CALL")
                    json.put("E", update.time)
                    json.put("cw", money.decimal(wallet?.balance ?? .zero))
                    json.list("p", view.positions.filter { $0.statement != nil }) { json, position in
                        guard let listing = listings[position.key.contract] else { return }
                        json.object { $0.putCall(position, listing) }
                    }
                }
            }
        }
    }

    /// Tells those who listen under a key that it is good no longer.
    func expire(_ key: String, at time: Timestamp) {
        hubs.publish(key) {
            JSONText { json in
                json.put("e", word: "listenKeyExpired")
                json.put("E", time)
                json.put("listenKey", key)
            }
        }
        hubs.remove(key)
    }
}

extension AccountUpdate.MoneyCause {
    fileprivate var word: StaticString {
        switch self {
        case .deposit: "DEPOSIT"
        case .withdrawal: "WITHDRAW"
        case .transfer: "ASSET_TRANSFER"
        case .conversion: "AUTO_EXCHANGE"
        case .clawback: "INSURANCE_CLEAR"
        }
    }
}

extension JSONText {
    fileprivate mutating func putHead(_ kind: StaticString, _ update: AccountUpdate) {
        put("e", word: kind)
        put("T", update.time)
        put("E", update.time)
    }

    fileprivate mutating func putBalance(_ change: PositionChange, _ listing: Listing) {
        put("a", listing.settle.name)
        put("wb", listing.money(change.balance))
        put("cw", listing.money(change.mode == .isolated ? change.balance - change.margin : change.balance))
        put("bc", word: "0")
    }

    fileprivate mutating func putPosition(_ change: PositionChange, _ listing: Listing, mark: Price?) {
        let value = mark.map { listing.contract.executionValue(of: change.size, at: $0) } ?? change.settled
        let entry = listing.contract.displayPrice(of: change.size, worth: change.entry.wide)
        put("s", listing.symbol)
        put("pa", listing.decimal(change.size))
        put("ep", entry)
        put("bep", entry)
        put("cr", listing.money(change.realised))
        put("up", listing.money(value - change.settled))
        put("mt", word: change.mode == .isolated ? "isolated" : "cross")
        put("iw", listing.money(change.mode == .isolated ? change.margin : .zero))
        put("ps", word: change.key.side.word)
        put("ma", listing.settle.name)
    }

    fileprivate mutating func putCall(_ position: PositionView, _ listing: Listing) {
        put("s", listing.symbol)
        put("ps", word: position.key.side.word)
        put("pa", listing.decimal(position.statement?.size ?? .zero))
        put("mt", word: position.isIsolated ? "ISOLATED" : "CROSSED")
        put("iw", listing.money(position.isIsolated ? position.statement?.margin ?? .zero : .zero))
        put("mp", listing.decimal(position.mark))
        put("up", listing.money(position.statement?.unrealised ?? .zero))
        put("mm", listing.money(position.statement?.maintenanceMargin ?? .zero))
    }
}
