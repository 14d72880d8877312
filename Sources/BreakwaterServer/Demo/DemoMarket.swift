internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterSimulator
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import Foundation

/// A market to try things in: two contracts, market makers, liquidity providers and leveraged traders, and a real crash
/// going on around them, down and up again, without end.
///
/// Bots act by the same commands as everybody, so that whatever they meet is what anybody would meet.
struct DemoMarket: Sendable {
    private let options: DemoOptions
    private let gateway: Gateway
    private let contracts: [Listed]
    private let currency: CurrencyID
    private let path: PricePath
    /// How long a step lasts, and how many quarters of a minute of the market's time it is worth.
    private let pace: Pace

    /// A contract, and how its price follows that of the path.
    private struct Listed: Sendable {
        let id: ContractID
        let terms: Contract
        /// The price it begins at, in ticks, and how many hundredths of the path's moves it makes.
        let start: Price
        let beta: Int64
    }

    private static let origin = Origin("demo")
    private static let makers = 3
    private static let providers = 2
    /// Five minutes of the market's time a step, so that the crash comes in steps that hurt: at the usual speed twice a
    /// second. Faster means more of them, 40 a second at most; slower, smaller ones.
    struct Pace: Sendable {
        let stride: Int
        let pause: Swift.Duration

        init(speed: Int) {
            stride = max(1, min(20, speed / 30), speed / 600)
            pause = .milliseconds(max(25, stride * 15_000 / speed))
        }
    }

    init(_ options: DemoOptions, gateway: Gateway) async throws {
        self.options = options
        self.gateway = gateway
        let listings = [("BTCUSDT", 100 as Int64), ("ETHUSDT", 125)]
        var contracts: [Listed] = []
        var bars: [Bar] = []
        for (number, (symbol, beta)) in listings.enumerated() {
            let id = try await Self.list(symbol, on: gateway)
            let terms = gateway.venue.names.look { $0[id] }
            if number == 0 { bars = try BarFile.read(options.bars, for: terms) }
            let start = number == 0 ? bars[0].open : try terms.price("3100")
            contracts.append(Listed(id: id, terms: terms, start: start, beta: beta))
        }
        self.contracts = contracts
        currency = contracts[0].terms.settle
        pace = Pace(speed: options.speed)
        path = PricePath(bars, stride: pace.stride)
    }

    /// Lists a contract, unless the venue has it already.
    private static func list(_ symbol: String, on gateway: Gateway) async throws -> ContractID {
        if let known = gateway.venue.names.look({ $0.contract(named: symbol) }) { return known }
        let (tick, lot) = symbol == "BTCUSDT" ? ("0.1", "0.001") : ("0.01", "0.01")
        let json = """
            {"do": "list", "contract": {"symbol": "\(symbol)", "kind": "linear", "settle": "USDT", "tick": "\(tick)", \
            "lot": "\(lot)", "multiplier": "1", "maxLeverage": "50", "makerFee": "0.01%", "takerFee": "0.04%", \
            "liquidationFee": "0.1%", "tiers": "progressive", "riskLimits": [\
            {"upTo": "1000000", "im": "2%", "mm": "1%"}, {"upTo": "10000000", "im": "5%", "mm": "2.5%"}, \
            {"upTo": "1000000000", "im": "10%", "mm": "5%"}]}}
            """
        let rulebook = try await gateway.venue.read { $0.rulebook }
        let commands = try gateway.venue.names.look {
            try CommandReader.read(json, venue: $0, rulebook: rulebook, at: gateway.now)
        }
        for command in commands { _ = try await gateway.venue.perform(command, from: origin) }
        return gateway.venue.names.look { $0.contract(named: symbol)! }
    }

    /// Runs until its task is cancelled.
    func run() async throws {
        var generator = SeededGenerator(seed: options.seed)
        var path = path
        let makers = try await accounts("maker", Self.makers, deposit: "20000000")
        let providers = try await accounts("provider", Self.providers, deposit: "400000")
        let traders = try await accounts("trader", options.traders, deposit: "2000")
        for provider in providers {
            await perform(.registerProvider(provider, currency, capacity: try amount("25000")))
        }
        let fund = try await gateway.venue.read { [currency] in $0.insurance(of: currency) }
        if fund == .zero { await perform(.payIntoFund(currency, try amount("2000"), nil)) }
        var (first, last): (Price?, Price?)
        while !Task.isCancelled {
            let price = path.next()
            let start = first ?? price
            first = start
            let prices = contracts.map { Self.price(of: $0, path: price, from: start) }
            await perform(.mark(zip(contracts, prices).map { MarkPrice($0.id, $1) }))
            let depth = Self.depth(after: price - (last ?? price), at: price)
            last = price
            for (listed, price) in zip(contracts, prices) {
                for maker in makers { await perform(quotes(maker, listed, around: price, depth, &generator)) }
            }
            for _ in 0..<max(1, traders.count / 20) {
                await act(traders[Int(generator.below(Int64(traders.count)))], prices, &generator)
            }
            do { try await Task.sleep(for: pace.pause) } catch { return }
        }
    }

    /// A contract's price where the path stands at `path`, having begun at `from`.
    private static func price(of listed: Listed, path: Price, from: Price) -> Price {
        let move = (path - from).wide * Int128(listed.beta) / 100
        return Price(max(1, Int64(listed.start.wide + listed.start.wide * move / from.wide)))
    }

    /// What one quote is worth on average, in whole units: makers pull back while the price runs, by the square of its
    /// moves above ten basis points a step.
    private static func depth(after move: Price, at price: Price) -> Int64 {
        let points = move.magnitude.raw * 10_000 / price.raw
        return max(200, 24_000 * 100 / max(100, points * points))
    }

    // MARK: Bots

    /// The bots of a kind, opened and paid in where they are new.
    private func accounts(_ kind: String, _ count: Int, deposit: String) async throws -> [AccountID] {
        var accounts: [AccountID] = []
        for number in 1...max(1, count) {
            let name = "\(kind)-\(number)"
            if let known = gateway.venue.names.look({ $0.account(named: name) }) {
                accounts.append(known)
                continue
            }
            let done = try await gateway.venue.perform(.openAccount(name: name), from: Self.origin)
            guard case .accountOpened(let account)? = done.events.last else { continue }
            await perform(.deposit(account, currency, try amount(deposit)))
            accounts.append(account)
        }
        return accounts
    }

    /// Quotes afresh on both sides: thinner the further from the price, and never much.
    private func quotes(
        _ maker: AccountID, _ listed: Listed, around price: Price, _ depth: Int64, _ generator: inout SeededGenerator
    ) -> [Command] {
        var commands = [Command.cancelAll(maker, listed.id)]
        for level in 1...6 as ClosedRange<Int64> {
            let distance = max(level, price.raw * (2 * level + generator.below(3)) / 10_000)
            let size = Size(max(1, notionalLots(listed, price, of: depth / 2 + generator.below(depth))))
            for (side, limit) in [(OrderSide.buy, price.raw - distance), (.sell, price.raw + distance)] where limit > 0
            {
                commands.append(
                    .placeOrder(
                        OrderRequest(
                            key: PositionKey(maker, listed.id), id: .none, side: side, size: size, price: Price(limit),
                            postOnly: true)))
            }
        }
        return commands
    }

    /// One trader acts: it opens near the most its money allows, adds a stop, takes profit, or tops up and begins again.
    private func act(_ trader: AccountID, _ prices: [Price], _ generator: inout SeededGenerator) async {
        let choice = Int(generator.below(Int64(contracts.count)))
        let (listed, price) = (contracts[choice], prices[choice])
        let key = PositionKey(trader, listed.id)
        guard
            let (available, held) = try? await gateway.venue.read({ [currency] exchange in
                (
                    exchange.walletStatement(of: trader, in: currency)?.available ?? .zero,
                    exchange.positionStatement(key)?.size ?? .zero
                )
            })
        else { return }
        if held != .zero {
            if generator.isTrue(percent: 15) { await perform(.close(key)) }
            return
        }
        let least = Amount(100_000_000)
        guard available > least else {
            await perform(
                .deposit(
                    trader, currency, Amount((1_000 + generator.heavyTailed(from: 1_000, upTo: 60_000)) * 1_000_000)))
            return
        }
        await perform(.setLeverage(key, listed.terms.maxLeverage, generator.isTrue(percent: 30) ? .isolated : .cross))
        let share = 50 + generator.below(40)
        let notional = available.raw / 1_000_000 * share / 100 * (10 + generator.below(35))
        let size = Size(max(1, notionalLots(listed, price, of: notional)))
        let side: OrderSide = generator.isTrue(percent: 60) ? .buy : .sell
        await perform(
            .placeOrder(
                OrderRequest(key: key, id: .none, side: side, size: size, price: nil, timeInForce: .immediateOrCancel)))
    }

    /// How many lots are worth so many whole units of the currency.
    private func notionalLots(_ listed: Listed, _ price: Price, of units: Int64) -> Int64 {
        let lot = listed.terms.notional(of: Size(1), at: price)
        return lot > .zero ? units * 1_000_000 / lot.raw : 1
    }

    private func amount(_ text: String) throws -> Amount {
        try gateway.venue.names.look { $0[currency] }.amount(text)
    }

    /// Many of one bot, one after another; waits for all of them.
    private func perform(_ commands: [Command]) async {
        await withCheckedContinuation { continuation in
            gateway.venue.submit(commands, from: Self.origin) { _ in continuation.resume() }
        }
    }

    /// What is refused is part of the game.
    private func perform(_ command: Command) async {
        _ = try? await gateway.venue.perform(command, from: Self.origin)
    }
}
