import BreakwaterTapes
import BreakwaterVenue
import BreakwaterWorkloads
import Foundation

@testable import BreakwaterCore

/// Random commands over every margin mode and contract kind, in a market that jumps, executed and numbered as a venue
/// does it.
struct HistoryFlow: ~Copyable {
    static let venues = ["bitmex", "mexc", "coinbase", "hyperliquid", "binance", "textbook"]
    static let accounts = 8
    static let start = Timestamp(1_767_225_601_000_000)
    private static let lots = 4_000

    let rulebook: Rulebook
    var exchange: Exchange
    private(set) var executions: [Execution] = []
    /// Whether profits are settled by command, funding is paid, and fees are taken.
    private let isPlain: Bool
    private var draws: Draws
    private var now = Self.start
    private var prices = [20_000, 20_000, 1_000]
    private var orders: [(account: AccountID, id: OrderID, contract: ContractID)] = []
    private var settle: [CurrencyID] = []

    init(_ venue: String, seed: UInt64, isPlain: Bool = false) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let rulebook = try RulebookFile.read(folder.appending(path: "../../Rulebooks/\(venue).yaml").path)
        let contracts = try Self.contracts(isMark: rulebook.basis == .mark, isPlain: isPlain)
        self.init(rulebook, contracts, seed: seed, isPlain: isPlain)
    }

    private init(_ rulebook: Rulebook, _ contracts: [Contract], seed: UInt64, isPlain: Bool) {
        self.rulebook = rulebook
        self.isPlain = isPlain
        exchange = Exchange(rulebook: rulebook)
        draws = Draws(seed: seed)
        open(contracts)
    }

    mutating func run(_ count: Int) {
        for _ in 0..<count { step() }
    }

    private mutating func below(_ bound: Int) -> Int { Int(draws.below(Int64(bound))) }
    private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    private mutating func pick<Element>(_ options: [Element]) -> Element { options[below(options.count)] }
    private mutating func account() -> AccountID { AccountID(index: below(Self.accounts)) }

    mutating func execute(_ command: Command, name: String = "", by actor: String = "test") {
        let number = Int64(executions.count + 1)
        var command = command
        if case .placeOrder(var request) = command {
            request.id = OrderID(number)
            command = .placeOrder(request)
        }
        exchange.execute(command, at: now)
        executions.append(
            Execution(
                sequence: number, time: now, command: command, origin: Origin(actor, clientOrderID: name),
                events: exchange.events))
    }

    private static func contracts(isMark: Bool, isPlain: Bool) throws -> [Contract] {
        let kinds: [(ContractKind, String, String)] = [
            (.linear, "BTC-PERP", "0.001"), (.inverse, "INV", "1"), (.quanto, "QUA", "0.000001"),
        ]
        return try kinds.map { kind, symbol, multiplier in
            let currency = CurrencyID(kind == .linear ? 2 : 0)
            let unit: Int64 = kind == .linear ? 40_000_000_000 : 200_000_000
            let rows = (1...4).map { row in
                RiskLimit(
                    upTo: Amount(unit * Int64(row)), initial: Rate(10_000_000 * Int64(row)),
                    maintenance: Rate(2_000_000 * Int64(row)))
            }
            let fees =
                isPlain
                ? Contract.Fees()
                : Contract.Fees(maker: Rate(-100_000), taker: Rate(500_000), liquidation: Rate(1_000_000))
            return try Contract(
                symbol: symbol, kind: kind, settle: currency, currency: Currency.common[currency.index],
                tick: ExactDecimal(digits: 1, places: 0), lot: ExactDecimal(digits: 1, places: 0),
                multiplier: ExactDecimal(multiplier)!, maxLeverage: Leverage(10_000),
                tiers: isMark ? .progressive(rows: rows) : .stepped(rows), fees: fees)
        }
    }

    private mutating func open(_ contracts: [Contract]) {
        for contract in contracts {
            settle.append(contract.settle)
            execute(.list(contract))
        }
        for index in 0..<Self.accounts {
            let account = AccountID(index: index)
            execute(.openAccount(name: "trader \(index)"))
            execute(.deposit(account, CurrencyID(2), Amount(Int64(200 + below(20_000)) * 1_000_000)))
            execute(.deposit(account, CurrencyID(0), Amount(Int64(10 + below(300)) * 1_000_000)))
            guard rulebook.riskLimits == .chosen else { continue }
            for contract in 0..<3 where chance(60) {
                let unit: Int64 = contract == 0 ? 40_000_000_000 : 200_000_000
                execute(.setRiskLimit(key(account, contract), upTo: Amount(unit * Int64(1 + below(4)))))
            }
        }
        moveAll(by: 1000...1000)
    }

    /// A position of the account's kind, now and then of the other.
    private mutating func key(_ account: AccountID, _ contract: Int) -> PositionKey {
        let isHedged = exchange.accounts[account.index].hedged != chance(5)
        return PositionKey(account, ContractID(index: contract), isHedged ? pick([.long, .short]) : .net)
    }

    private mutating func moveAll(by permille: ClosedRange<Int>) {
        for index in prices.indices { move(index, permille.lowerBound, permille.count) }
        execute(.mark(prices.enumerated().map { MarkPrice(ContractID(index: $0), Price(Int64($1))) }))
    }

    private mutating func move(_ index: Int, _ least: Int, _ span: Int) {
        prices[index] = min(2_000_000, max(20, prices[index] * (least + below(span)) / 1000))
    }

    private mutating func step() {
        now = Timestamp(now.raw + draws.below(chance(4) ? 900_000_000 : 3_000_000))
        let (account, index) = (account(), below(3))
        let contract = ContractID(index: index)
        let key = key(account, index)
        switch below(120) {
        case 0..<34: placeOrder(key)
        case 34..<44: trade(account, index)
        case 44..<66:
            let jump = chance(12) ? 80 : 12
            move(index, 1000 - jump, 2 * jump + 1)
            execute(.mark([MarkPrice(contract, Price(Int64(prices[index])))]))
        case 66..<71:
            execute(
                .setLeverage(key, Leverage(pick([100, 300, 1000, 2500, 5000, 10_000])), pick([.cross, .isolated])))
        case 71..<73: execute(.setLeverage(key, Leverage(Int64(100 * (1 + below(100)))), nil))
        case 73..<77: execute(.moveMargin(key, Amount(money(index).raw * pick([1, -1]))))
        case 77..<84: amendOrCancel()
        case 84: execute(.cancelAll(account, chance(50) ? contract : nil))
        case 85..<89: execute(.close(key))
        case 89..<93: if !isPlain { execute(.payFunding(contract, Rate(draws.below(4_000_000) - 2_000_000))) }
        case 93..<95: if !isPlain { execute(.settle, by: "admin") }
        case 95..<98: execute(.deposit(account, settle[index], money(index)))
        case 98..<101: execute(.withdraw(account, settle[index], money(index)))
        case 101..<103: execute(.transfer(from: account, to: self.account(), settle[index], money(index)))
        case 103: execute(chance(25) ? .halt(contract) : .resume(contract), by: "admin")
        case 104: execute(.payIntoFund(settle[index], money(index), chance(50) ? contract : nil), by: "admin")
        case 105: execute(.setSelfTrade(account, pick([.newest, .oldest, .both])))
        case 106: execute(.setHedged(account, chance(50)))
        case 107..<115: placeConditional(key)
        case 115: execute(.openAuction(contract), by: "admin")
        default: rare(account, contract)
        }
        if exchange.contractStatement(contract).inAuction, chance(40) { execute(.uncross(contract), by: "admin") }
        if exchange.contractStatement(contract).halted, chance(30) { execute(.resume(contract), by: "admin") }
        let funds = exchange.walletStatement(of: account, in: settle[index])
        if let funds, funds.available < money(index), chance(25) {
            execute(.deposit(account, settle[index], Amount(5 * money(index).raw)))
        }
    }

    private mutating func rare(_ account: AccountID, _ contract: ContractID) {
        switch below(6) {
        case 0: execute(.registerProvider(account, settle[contract.index], capacity: Amount(money(0).raw * 10)))
        case 1: execute(.setPairsShrinkTogether(account, chance(50)))
        case 2: execute(.deposit(account, CurrencyID(3), Amount(1 + draws.below(90_000_000))))
        case 3: execute(.restrict(account, pick([.none, .none, .reduceOnly])), by: "admin")
        case 4: execute(.index(contract, source: pick(["a", "b"]), Price(Int64(prices[contract.index]))))
        default: moveAll(by: 500...1_600)
        }
    }

    private mutating func money(_ index: Int) -> Amount {
        Amount(1 + draws.below(index == 0 ? 3_000_000_000 : 30_000_000))
    }

    private mutating func near(_ index: Int) -> Price {
        Price(Int64(max(1, prices[index] * (960 + below(81)) / 1000)))
    }

    private mutating func placeOrder(_ key: PositionKey) {
        let price = chance(75) ? near(key.contract.index) : nil
        let request = OrderRequest(
            key: key, id: .none, side: pick([.buy, .sell]), size: Size(Int64(1 + below(Self.lots))), price: price,
            timeInForce: chance(70) ? .goodTillCancelled : pick([.immediateOrCancel, .fillOrKill]),
            postOnly: price != nil && chance(10), reduceOnly: chance(10))
        place(request)
    }

    private mutating func placeConditional(_ key: PositionKey) {
        let price = prices[key.contract.index]
        let distance = max(1, price * below(60) / 1000)
        let kind: Condition.Kind = pick([.stop, .takeProfit, .trailing])
        let stop = kind == .trailing ? distance : max(1, price + pick([-distance, distance]))
        let condition = Condition(
            kind: kind, stop: Price(Int64(stop)), trigger: pick([.mark, .mark, .last, .index]),
            closeOnTrigger: chance(40)
        )
        let request = OrderRequest(
            key: key, id: .none, side: pick([.buy, .sell]), size: Size(Int64(1 + below(Self.lots))),
            price: chance(40) ? near(key.contract.index) : nil, reduceOnly: chance(30), condition: condition)
        place(request)
    }

    private mutating func place(_ request: OrderRequest) {
        execute(.placeOrder(request), name: "o\(executions.count)")
        orders.append((request.key.account, OrderID(Int64(executions.count)), request.key.contract))
    }

    private mutating func amendOrCancel() {
        guard !orders.isEmpty else { return }
        let order = orders[max(0, orders.count - 1 - below(min(14, orders.count)))]
        switch below(4) {
        case 0: execute(.cancelOrder(order.account, order.id))
        case 1:
            let size = Size(Int64(1 + below(Self.lots)))
            execute(.amendOrder(order.account, order.id, order.contract, size: size, price: nil))
        case 2:
            execute(
                .amendOrder(
                    order.account, order.id, order.contract, size: nil, price: nil, stop: near(order.contract.index)))
        default:
            let price = near(order.contract.index)
            execute(.amendOrder(order.account, order.id, order.contract, size: nil, price: price))
        }
    }

    private mutating func trade(_ account: AccountID, _ index: Int) {
        let other = self.account()
        let size = Size(Int64(1 + below(2 * Self.lots)))
        let price = Price(Int64(max(1, prices[index] + below(prices[index] / 33 + 2) - prices[index] / 66)))
        execute(
            .trade(
                TradeRequest(
                    buyer: key(account, index), seller: key(other, index), size: size, price: price,
                    taker: pick([nil, .buy, .sell]))))
    }
}
