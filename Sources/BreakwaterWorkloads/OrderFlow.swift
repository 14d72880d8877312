public import BreakwaterCore

/// One step of the flow. `order` is its dense number, never used again.
public enum FlowStep: Sendable {
    /// A limit order that rests: a buy at or below the middle, a sell above it.
    case rest(account: Int32, order: Int32, side: OrderSide, price: Int64, size: Int64)
    /// An ImmediateOrCancel that takes from the other side's best prices.
    case take(account: Int32, order: Int32, side: OrderSide, price: Int64, size: Int64)
    case cancel(account: Int32, order: Int32)
    case move(account: Int32, order: Int32, price: Int64)
}

/// exchange-core's mix: 9 % GTC, 3 % IOC, 6 % cancel, 82 % move; about 1,000 resting orders over 750 prices, 1,000
/// accounts. New orders fall anywhere within 375 ticks of the middle; a move brings an order nearer to the middle by
/// one per cent of its distance, at least one tick, as exchange-core's generator does; sizes are 1 + a x b x c with each
/// of the three below 6. An ImmediateOrCancel takes one order on average, so that the book keeps its size.
public struct OrderFlow: Sendable {
    public static let accounts = 1_000
    public static let resting = 1_000
    public static let reach: Int64 = 375
    /// 40,000 in ticks of half a dollar.
    public static let middle: Int64 = 80_000

    /// What fills the book, and what is measured.
    public private(set) var filling: [FlowStep] = []
    public private(set) var steps: [FlowStep] = []

    private struct Open: Sendable {
        let account: Int32
        let side: OrderSide
        var price: Int64
        var left: Int64
        /// Its place in `open`.
        var place: Int
    }
    private var orders: [Open] = []
    private var open: [Int32] = []
    /// The orders at each price from `middle - reach`, in turn. The plainest of books.
    private var queues: [[Int32]]
    private var draws: Draws

    public init(seed: UInt64 = 1, count: Int) {
        draws = Draws(seed: seed)
        queues = Array(repeating: [], count: Int(2 * Self.reach + 1))
        orders.reserveCapacity(count / 8 + 2 * Self.resting)
        for _ in 0..<Self.resting { filling.append(rest()) }
        steps.reserveCapacity(count)
        for _ in 0..<count {
            switch draws.below(100) {
            case ..<9: steps.append(rest())
            case ..<12: steps.append(take())
            case ..<18: steps.append(cancel())
            default: steps.append(move())
            }
        }
    }

    private mutating func size() -> Int64 { 1 + draws.below(6) * draws.below(6) * draws.below(6) }

    private mutating func rest() -> FlowStep {
        let account = Int32(draws.below(Int64(Self.accounts)))
        let side: OrderSide = draws.below(2) == 0 ? .buy : .sell
        let price = Self.middle - side.sign * (1 + draws.below(Self.reach))
        let id = Int32(orders.count)
        let size = size()
        orders.append(Open(account: account, side: side, price: price, left: size, place: open.count))
        open.append(id)
        queues[place(of: price)].append(id)
        return .rest(account: account, order: id, side: side, price: price, size: size)
    }

    private mutating func take() -> FlowStep {
        let side: OrderSide = draws.below(2) == 0 ? .buy : .sell
        let id = Int32(orders.count)
        var wanted = Int64(0)
        // Two orders while there are more than enough, half of one otherwise: the book keeps its size.
        let most = open.count > Self.resting ? 2 : 1
        var (makers, price) = ([Int32](), Self.middle)
        while makers.count < most, (price - Self.middle).magnitude < Self.reach {
            price += side.sign
            for order in queues[place(of: price)] where makers.count < most {
                makers.append(order)
                wanted += orders[Int(order)].left
            }
        }
        if most == 1 { wanted = max(1, wanted / 2) }
        var account: Int32
        repeat {
            account = Int32(draws.below(Int64(Self.accounts)))
        } while makers.contains { orders[Int($0)].account == account }
        orders.append(Open(account: account, side: side, price: price, left: 0, place: -1))
        var left = wanted
        for maker in makers {
            let part = min(left, orders[Int(maker)].left)
            left -= part
            orders[Int(maker)].left -= part
            if orders[Int(maker)].left == 0 { remove(maker) }
        }
        let limit = Self.middle + side.sign * Self.reach
        return .take(account: account, order: id, side: side, price: limit, size: max(1, wanted))
    }

    private mutating func cancel() -> FlowStep {
        let id = open[Int(draws.below(Int64(open.count)))]
        remove(id)
        return .cancel(account: orders[Int(id)].account, order: id)
    }

    private mutating func move() -> FlowStep {
        let id = open[Int(draws.below(Int64(open.count)))]
        let order = orders[Int(id)]
        let distance = (order.price - Self.middle).magnitude
        let nearer = distance == 1 ? 2 : Int64(distance) - Int64(distance + 99) / 100
        let price = Self.middle - order.side.sign * nearer
        queues[place(of: order.price)].removeAll { $0 == id }
        queues[place(of: price)].append(id)
        orders[Int(id)].price = price
        return .move(account: order.account, order: id, price: price)
    }

    private mutating func remove(_ id: Int32) {
        let order = orders[Int(id)]
        queues[place(of: order.price)].removeAll { $0 == id }
        let last = open.removeLast()
        if last != id {
            open[order.place] = last
            orders[Int(last)].place = order.place
        }
    }

    private func place(of price: Int64) -> Int { Int(price - Self.middle + Self.reach) }
}

extension OrderFlow {
    /// The steps as commands of a venue with one contract. An order's number is its id.
    public static func command(_ step: FlowStep) -> Command {
        switch step {
        case .rest(let account, let order, let side, let price, let size):
            place(account, order, side, price, size, .goodTillCancelled)
        case .take(let account, let order, let side, let price, let size):
            place(account, order, side, price, size, .immediateOrCancel)
        case .cancel(let account, let order): .cancelOrder(AccountID(account), OrderID(index: Int(order)))
        case .move(let account, let order, let price):
            .amendOrder(AccountID(account), OrderID(index: Int(order)), ContractID(0), size: nil, price: Price(price))
        }
    }

    private static func place(
        _ account: Int32, _ order: Int32, _ side: OrderSide, _ price: Int64, _ size: Int64, _ time: TimeInForce
    ) -> Command {
        .placeOrder(
            OrderRequest(
                key: PositionKey(AccountID(account), ContractID(0)), id: OrderID(index: Int(order)), side: side,
                size: Size(size),
                price: Price(price), timeInForce: time))
    }

    /// What opens the venue that the flow goes to: one contract at `middle`, and its accounts with money to spare.
    public static func opening() -> [Command] {
        var commands: [Command] = [.list(WorkloadVenue.contract(0))]
        for account in 0..<accounts {
            commands.append(.openAccount(name: "trader \(account)"))
            commands.append(
                .deposit(AccountID(index: account), WorkloadVenue.currency, Amount(1_000_000_000_000)))
        }
        commands.append(.mark([MarkPrice(ContractID(0), Price(middle))]))
        return commands
    }
}

extension OrderSide {
    /// +1 for buys, -1 for sells.
    fileprivate var sign: Int64 { self == .buy ? 1 : -1 }
}
