public import BreakwaterCore

/// As many open positions as asked for, opened by commands that anybody could send: accounts with five positions each,
/// long and short, cross and isolated in turn, at 2x to 25x, worth 40 to 40,000 USDT, most of them small.
///
/// Every account has a partner on the other side of its trades. It owns the margin of its positions and a tenth of what
/// they are worth.
public struct Population: Sendable {
    public let positions: Int
    public let contracts: Int
    public static let perAccount = 5

    /// - Parameter contracts: at least `perAccount`, so that no two positions of an account are one.
    public init(positions: Int, contracts: Int = 50) {
        precondition(positions.isMultiple(of: 2 * Self.perAccount) && contracts >= Self.perAccount)
        self.positions = positions
        self.contracts = contracts
    }

    public var accounts: Int { positions / Self.perAccount }
    /// The account after all the others, with a hundred billion USDT, which opens no position.
    public var maker: AccountID { AccountID(index: accounts) }

    /// One leg of a pair of accounts.
    private struct Leg {
        let contract: ContractID
        let size: Int64
        let leverage: Leverage
        let mode: MarginMode

        var value: Int64 { size * WorkloadVenue.lotValue }
        var margin: Int64 { value * 100 / leverage.raw + 1 }
    }

    /// Hands every command to `body`, in order.
    public func open(_ body: (Command) -> Void) {
        for number in 0..<contracts { body(.list(WorkloadVenue.contract(number))) }
        body(.mark(marks(at: Array(repeating: WorkloadVenue.price, count: contracts))))
        var draws = Draws(seed: 7)
        for pair in 0..<accounts / 2 { open(pair, &draws, body) }
        body(.openAccount(name: "maker"))
        body(.deposit(maker, WorkloadVenue.currency, Amount(100_000_000_000_000_000)))
    }

    private func open(_ pair: Int, _ draws: inout Draws, _ body: (Command) -> Void) {
        let pairOfAccounts = [AccountID(index: 2 * pair), AccountID(index: 2 * pair + 1)]
        let legs = (0..<Self.perAccount).map { leg in
            Leg(
                contract: ContractID(index: (pair * Self.perAccount + leg) % contracts),
                size: 1 + draws.below(10) * draws.below(10) * draws.below(10),
                leverage: Leverage(200 + 100 * draws.below(24)), mode: (pair + leg) % 2 == 0 ? .cross : .isolated)
        }
        let deposit = legs.reduce(1_000_000) { $0 + $1.margin + $1.value / 10 }
        for account in pairOfAccounts {
            body(.openAccount(name: "t\(account.raw)"))
            body(.deposit(account, WorkloadVenue.currency, Amount(deposit)))
            for leg in legs { body(.setLeverage(PositionKey(account, leg.contract), leg.leverage, leg.mode)) }
        }
        for (number, leg) in legs.enumerated() {
            let (buyer, seller) = (pairOfAccounts[number % 2], pairOfAccounts[1 - number % 2])
            body(
                .trade(
                    TradeRequest(
                        buyer: PositionKey(buyer, leg.contract), seller: PositionKey(seller, leg.contract),
                        size: Size(leg.size), price: Price(WorkloadVenue.price))))
        }
    }

    /// One price for each contract.
    public func marks(at prices: [Int64]) -> [MarkPrice] {
        prices.enumerated().map { MarkPrice(ContractID(index: $0), Price($1)) }
    }

    /// What makes the book deep for a step of a crash: the maker's one bid in every contract, a twentieth of a percent
    /// below the mark that comes next, for a hundred times the average position for every one that there is.
    public func bids(below prices: [Int64], step: Int, _ body: (Command) -> Void) {
        if step == 0 {
            for contract in 0..<contracts {
                let key = PositionKey(maker, ContractID(index: contract))
                body(.setRiskLimit(key, upTo: WorkloadVenue.highestLimit))
            }
        }
        body(.cancelAll(maker, nil))
        for (contract, price) in prices.enumerated() {
            body(
                .placeOrder(
                    OrderRequest(
                        key: PositionKey(maker, ContractID(index: contract)),
                        id: OrderID(index: step * contracts + contract), side: .buy,
                        size: Size(Int64(100 * positions / contracts)), price: Price(price - price / 2_000))))
        }
    }
}
