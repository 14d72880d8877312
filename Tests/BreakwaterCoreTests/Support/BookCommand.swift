@testable import BreakwaterCore

/// One step of a random stream, in plain numbers, so that the naive book needs nothing of the fast one.
enum BookCommand: Sendable {
    case place(Placement)
    case amend(account: Int, id: Int, size: Int?, price: Int?)
    case cancel(account: Int, id: Int)
    case cancelAll(account: Int)
    case close(account: Int)
    case prevent(account: Int, SelfTradePrevention)
    /// Moves no order; the ledger behind the positions follows.
    case mark(Int)
    case settle

    struct Placement: Sendable, CustomStringConvertible {
        var account: Int
        var id: Int
        var side: OrderSide
        var size: Int
        /// `nil` for a market order.
        var price: Int?
        var timeInForce = TimeInForce.goodTillCancelled
        var postOnly = false
        var reduceOnly = false

        var description: String {
            let flags = (postOnly ? " postOnly" : "") + (reduceOnly ? " reduceOnly" : "")
            let limit = price.map { "\($0)" } ?? "market"
            return "\(account)/\(id) \(side.rawValue) \(size) at \(limit) \(timeInForce.rawValue)\(flags)"
        }
    }
}

/// What a command does to orders, as both books tell it.
enum Happening: Equatable {
    /// With every code that applies: which check comes first is nobody's promise.
    case refused([String])
    case entered(Sighting)
    case amended(Sighting)
    case left(Sighting, reason: String)
    case traded(price: Int, size: Int, takerSide: OrderSide, taker: Party, maker: Party)

    /// An order as it was seen.
    struct Sighting: Equatable, CustomStringConvertible {
        let account: Int
        let id: Int
        let side: OrderSide
        let price: Int?
        let size: Int
        let remaining: Int

        var description: String {
            "\(account)/\(id) \(side) \(remaining) of \(size) at \(price.map { "\($0)" } ?? "market")"
        }
    }

    struct Party: Equatable, CustomStringConvertible {
        let account: Int
        let id: Int

        var description: String { "\(account)/\(id)" }
    }

    /// Whether the exchange did what the oracle did.
    ///
    /// At which moment of a command a reduce-only order goes whose position is gone is nobody's promise, so those are
    /// compared as a whole.
    static func agree(_ exchange: [Happening], _ oracle: [Happening]) -> Bool {
        let (happened, expected) = (exchange.filter { !$0.isIdleReducer }, oracle.filter { !$0.isIdleReducer })
        guard happened.count == expected.count, zip(happened, expected).allSatisfy({ $0.agrees(with: $1) }) else {
            return false
        }
        func idle(_ happenings: [Happening]) -> [String] { happenings.filter(\.isIdleReducer).map { "\($0)" }.sorted() }
        return idle(exchange) == idle(oracle)
    }

    private var isIdleReducer: Bool {
        if case .left(_, "nothingToReduce") = self { true } else { false }
    }

    /// Whether this, from the exchange, is what the oracle says.
    private func agrees(with oracle: Happening) -> Bool {
        if case .refused(let codes) = self, case .refused(let allowed) = oracle {
            return codes.allSatisfy(allowed.contains)
        }
        return self == oracle
    }
}

extension BookCommand {
    /// The number of orders without a name: those that `close` places.
    static let unnamed = -1

    /// The same for the exchange, about its first contract.
    var command: Command {
        let contract = ContractID(0)
        switch self {
        case .place(let order):
            return .placeOrder(
                OrderRequest(
                    key: PositionKey(AccountID(index: order.account), contract), id: OrderID(index: order.id),
                    side: order.side,
                    size: Size(Int64(order.size)), price: order.price.map { Price(Int64($0)) },
                    timeInForce: order.timeInForce, postOnly: order.postOnly, reduceOnly: order.reduceOnly))
        case .amend(let account, let id, let size, let price):
            return .amendOrder(
                AccountID(index: account), OrderID(index: id), contract, size: size.map { Size(Int64($0)) },
                price: price.map { Price(Int64($0)) })
        case .cancel(let account, let id): return .cancelOrder(AccountID(index: account), OrderID(index: id))
        case .cancelAll(let account): return .cancelAll(AccountID(index: account), contract)
        case .close(let account): return .close(PositionKey(AccountID(index: account), contract))
        case .prevent(let account, let prevention): return .setSelfTrade(AccountID(index: account), prevention)
        case .mark(let price): return .mark([MarkPrice(contract, Price(Int64(price)))])
        case .settle: return .settle
        }
    }
}

extension Exchange {
    /// What the last command did to orders.
    var happenings: [Happening] {
        events.compactMap { event in
            switch event {
            case .rejected(let rejection): .refused([rejection.code])
            case .orderAccepted(let order): .entered(sighting(order))
            case .orderAmended(let order): .amended(sighting(order))
            case .orderCancelled(let order, let reason): .left(sighting(order), reason: reason.rawValue)
            case .traded(let trade):
                .traded(
                    price: Int(trade.price.raw), size: Int(trade.size.raw), takerSide: trade.takerSide,
                    taker: party(trade.taker), maker: party(trade.maker))
            default: nil
            }
        }
    }

    private func sighting(_ order: OrderChange) -> Happening.Sighting {
        Happening.Sighting(
            account: order.account!.index, id: Int(order.id.raw), side: order.side,
            price: order.price.map { Int($0.raw) },
            size: Int(order.size.raw), remaining: Int(order.remaining.raw))
    }

    private func party(_ party: Trade.Party) -> Happening.Party {
        switch party {
        case .account(let account, let id, _): Happening.Party(account: account.index, id: Int(id.raw))
        case .engine(let id): preconditionFailure("liquidation \(id) in a test of the book")
        }
    }
}
