import Testing

@testable import BreakwaterCore

/// A venue with one contract, spoken to in the words of a scenario: accounts and orders have names, prices are in
/// ticks and sizes in lots. What the last command did to orders, and what the book looks like, read as text.
struct Venue: ~Copyable {
    var exchange: Exchange
    let contract = ContractID(0)
    private var accounts: [String: AccountID] = [:]
    private var orders: [String: OrderID] = [:]
    private var names: [OrderID: String] = [.none: "close"]

    /// Money that no test of the book uses up: a hundredth of what the ledger holds.
    static let plenty = Amount(Limits.money / 100)

    /// Opens the accounts, each with `deposit` of the settlement currency, lists the contract and marks it.
    init(
        _ terms: Terms = Terms(), rulebook: Rulebook? = nil, accounts: [String], deposit: Amount = plenty,
        mark: Int64? = 100
    ) throws {
        let settlement = try terms.settlement().id
        var exchange = Exchange(rulebook: try rulebook ?? .plain())
        exchange.execute(.list(try terms.contract()), at: .zero)
        for (number, name) in accounts.enumerated() {
            let account = AccountID(index: number)
            exchange.execute(.openAccount(name: name), at: .zero)
            exchange.execute(.deposit(account, settlement, deposit), at: .zero)
            self.accounts[name] = account
        }
        self.exchange = exchange
        if let mark { self.mark(mark) }
    }

    private init(_ exchange: consuming Exchange, like venue: borrowing Venue) {
        self.exchange = exchange
        accounts = venue.accounts
        orders = venue.orders
        names = venue.names
    }

    /// An independent venue in the same state.
    func fork() -> Venue { Venue(exchange.fork(), like: self) }

    func key(_ name: String) -> PositionKey { PositionKey(account(name), contract) }

    func account(_ name: String) -> AccountID { accounts[name]! }

    /// The dense number behind an order's name, given at its first use.
    mutating func id(_ name: String) -> OrderID {
        if let id = orders[name] { return id }
        let id = OrderID(index: orders.count)
        orders[name] = id
        names[id] = name
        return id
    }

    mutating func execute(_ command: Command) { exchange.execute(command, at: exchange.now) }
}

/// Commands.
extension Venue {
    /// Places an order; no price makes it a market order.
    mutating func order(
        _ account: String, _ side: OrderSide, _ size: Int64, at price: Int64? = nil, _ name: String,
        _ timeInForce: TimeInForce = .goodTillCancelled, postOnly: Bool = false, reduceOnly: Bool = false
    ) {
        let request = OrderRequest(
            key: key(account), id: id(name), side: side, size: Size(size), price: price.map { Price($0) },
            timeInForce: timeInForce, postOnly: postOnly, reduceOnly: reduceOnly)
        execute(.placeOrder(request))
    }

    mutating func buy(_ account: String, _ size: Int64, at price: Int64? = nil, _ name: String) {
        order(account, .buy, size, at: price, name)
    }

    mutating func sell(_ account: String, _ size: Int64, at price: Int64? = nil, _ name: String) {
        order(account, .sell, size, at: price, name)
    }

    mutating func amend(_ account: String, _ name: String, size: Int64? = nil, price: Int64? = nil) {
        let id = id(name)
        execute(
            .amendOrder(
                self.account(account), id, ContractID(0), size: size.map { Size($0) }, price: price.map { Price($0) }))
    }

    mutating func cancel(_ account: String, _ name: String) {
        let id = id(name)
        execute(.cancelOrder(self.account(account), id))
    }

    mutating func cancelAll(_ account: String) { execute(.cancelAll(self.account(account), nil)) }

    mutating func close(_ account: String) { execute(.close(key(account))) }

    mutating func prevent(_ account: String, _ prevention: SelfTradePrevention) {
        execute(.setSelfTrade(self.account(account), prevention))
    }

    mutating func mark(_ price: Int64) { execute(.mark([MarkPrice(contract, Price(price))])) }

    /// An off-book trade.
    mutating func trade(buyer: String, seller: String, _ size: Int64, at price: Int64) {
        execute(.trade(TradeRequest(buyer: key(buyer), seller: key(seller), size: Size(size), price: Price(price))))
    }
}

/// What there is to see.
extension Venue {
    /// What the last command did to orders, in order.
    var story: [String] {
        exchange.events.compactMap { event in
            switch event {
            case .rejected(let rejection): "refused: \(rejection.code)"
            case .orderAccepted(let order): "\(name(order.id)) enters"
            case .orderAmended(let order): "\(name(order.id)) is now \(order.size.raw) at \(text(order.price))"
            case .orderCancelled(let order, let reason): "\(name(order.id)) goes with \(order.remaining.raw): \(reason)"
            case .traded(let trade):
                "\(name(trade.taker)) takes \(trade.size.raw) of \(name(trade.maker)) at \(trade.price.raw)"
            default: nil
            }
        }
    }

    /// One side of the book, best price first, each price with its queue: `100: a1 5, b1 3`.
    func queue(_ side: OrderSide) -> [String] {
        exchange.queues(of: contract, side).map { price, queue in
            "\(price.raw): " + queue.map { "\(name($0.id)) \($0.remaining.raw)" }.joined(separator: ", ")
        }
    }

    /// A position's signed size in lots.
    func position(_ account: String) -> Int64 {
        exchange.findPosition(key(account)).map { exchange.positions[$0].size.raw } ?? 0
    }

    private func name(_ id: OrderID) -> String { names[id] ?? "\(id)" }

    private func name(_ party: Trade.Party) -> String {
        switch party {
        case .account(_, let id, _): name(id)
        case .engine: "engine"
        }
    }

    private func text(_ price: Price?) -> String { price.map { "\($0.raw)" } ?? "market" }
}

extension Exchange {
    /// One side of a book, best price first, with every price's orders in their turn.
    func queues(of contract: ContractID, _ side: OrderSide) -> [(price: Price, orders: [Order])] {
        markets[contract.index].book[side].levels.reversed().map { level in
            var queue: [Order] = []
            var slot = level.first
            while slot >= 0 {
                queue.append(orders[slot])
                slot = orders[slot].next
            }
            return (level.price, queue)
        }
    }
}
