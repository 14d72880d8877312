import BreakwaterCore
import BreakwaterTapes
import Testing

/// Random venues whose marks and funding are computed: whole after every command, and the same however waits are cut.
@Suite("Property: computed prices")
struct PricePropertyTests {
    private static let methods = [
        "mark: {method: fairPrice, interval: 5s}",
        "mark: {method: medianOfThree, of: [averageBasis, book, outside], average: 150s, interval: 5s}",
        "mark: {method: medianOfThree, of: [fairPrice, last, book], interval: 7s}",
        "mark: {method: impactMid, impact: {USDT: 500}, interval: 5s}",
        "mark: {method: external}",
    ]

    private static func rulebook(_ method: Int, portfolio: Bool) throws -> Rulebook {
        let rules = """
            \(methods[method])
            markCap: {perSecond: "0.2%", within: 10%}
            funding: {interval: 4m, sample: 20s, interest: "0.01%", clamp: "0.05%", cap: 75%, impact: {USDT: 500},
              paid: \(method == 0 ? "nextInterval" : "sameInterval")}
            """
        return try RulebookFile.parse(
            """
            name: random
            crossMargin: \(portfolio ? "portfolio" : "drawn")
            basis: \(portfolio ? "mark" : "entry")
            riskLimit: byValue
            trigger: reaches
            insuranceFund: perCurrency
            \(portfolio ? "" : "settlement: 1m")
            \(rules)
            waterfall:
              - {stage: cancelOrders}
              - {stage: takeover, patience: 45s}
              - {stage: insuranceFund}
              - {stage: autoDeleverage, policy: bitmexRank}
            """, file: "random.yaml")
    }

    /// A tape of two contracts. `pieces` cuts every wait into so many.
    private static func tape(seed: UInt64, method: Int, portfolio: Bool, pieces: Int = 1) throws -> Tape {
        var dice = Dice(seed: seed)
        var lines: [String] = []
        for symbol in ["A", "B"] {
            lines.append(
                """
                - do: list
                  contract: {symbol: \(symbol), kind: linear, settle: USDT, tick: "0.1", maxLeverage: "50",
                    tiers: \(portfolio ? "progressive" : "stepped"), riskLimits: [{upTo: "1000000", im: "2%", mm: "1%"}],
                    maxAge: \(dice.pick(["5s", "20s", "2m"])), index: {sources: [{name: a, weight: "2"}, {name: b}, {name: c, outside: true}],
                    maxAge: \(dice.pick(["10s", "40s", "3m"])), outlier: 5%}}
                """)
        }
        let accounts = ["ann", "ben", "cat", "dan"]
        for account in accounts {
            lines.append("- {do: deposit, account: \(account), currency: USDT, amount: \(500 + dice.below(5_000))}")
        }
        var price = 1_000
        for number in 0..<260 {
            let (symbol, account) = (dice.pick(["A", "B"]), dice.pick(accounts))
            switch dice.below(10) {
            case 0..<4:
                if number % 7 == 0 { price = max(50, price * (90 + dice.below(21)) / 100) }
                for source in ["a", "b", "c"] where dice.isTrue(percent: 80) {
                    lines.append(
                        "- {do: index, symbol: \(symbol), source: \(source), price: \(price + dice.below(9) - 4)}")
                }
                if method == 4 { lines.append("- {do: mark, symbol: \(symbol), price: \(price)}") }
            case 4..<7:
                let near = price * (970 + dice.below(61)) / 1_000
                lines.append(
                    "- {do: order, account: \(account), symbol: \(symbol), id: o\(number), side: \(dice.pick(["buy", "sell"])), type: limit, size: \(1 + dice.below(20)), price: \(near)}"
                )
            case 7:
                lines.append(
                    "- {do: trade, symbol: \(symbol), buyer: \(account), seller: \(dice.pick(accounts)), size: \(1 + dice.below(30)), price: \(price)}"
                )
            case 8 where dice.isTrue(percent: 10): lines.append("- {do: restart}")
            case 8: lines.append("- {do: cancelAll, account: \(account)}")
            default:
                let seconds = dice.pick([2, 6, 24, 60, 240]) * 6
                for _ in 0..<pieces { lines.append("- {do: wait, for: \(seconds * 1_000 / pieces)ms}") }
            }
        }
        return try Tape.parse(
            lines.joined(separator: "\n"), file: "seed-\(seed).yaml",
            rulebook: try rulebook(method, portfolio: portfolio))
    }

    @Test(
        "PROP-010: invariants hold after every command, no position is liquidated on a stale mark, and forks are equal",
        arguments: Array(1...8) as [UInt64], Array(0..<5))
    func whole(seed: UInt64, method: Int) throws {
        for portfolio in [false, true] {
            var runner = TapeRunner(try Self.tape(seed: seed, method: method, portfolio: portfolio))
            var broken: [String] = []
            var time = Timestamp.zero
            runner.run { exchange, step in
                // While no time passes, what is liquidated is liquidated at the mark that stands.
                for case .liquidation(_, let contract, .started) in exchange.events
                where exchange.now == time && exchange.contractStatement(contract).stale {
                    broken.append("line \(step.line): liquidated on a stale mark")
                }
                time = exchange.now
                broken += exchange.brokenInvariants().map { "line \(step.line): \($0)" }
            }
            #expect(broken == [])
            let before = runner.exchange.stateHash
            var twin = runner.exchange.fork()
            runner.execute(.wait, at: runner.exchange.now + .seconds(300))
            twin.execute(.wait, at: twin.now + .seconds(300))
            #expect(twin.stateHash == runner.exchange.stateHash)
            #expect(before != twin.stateHash)
        }
    }

    @Test(
        "PROP-011: a wait cut into pieces ends in the same state as in one", arguments: Array(1...8) as [UInt64],
        Array(0..<5))
    func pieces(seed: UInt64, method: Int) throws {
        for portfolio in [false, true] {
            var hashes: [String] = []
            for pieces in [1, 3, 4] {
                var runner = TapeRunner(
                    try Self.tape(seed: seed, method: method, portfolio: portfolio, pieces: pieces))
                runner.run()
                hashes.append(runner.exchange.stateHashText)
            }
            #expect(hashes[0] == hashes[1])
            #expect(hashes[0] == hashes[2])
        }
    }

    @Test("PROP-012: these streams compute marks, pay funding, skip it, and liquidate")
    func coverage() throws {
        var (marks, paid, skipped, stale, taken) = (0, 0, 0, 0, 0)
        for method in 0..<5 {
            for seed in 1...8 as ClosedRange<UInt64> {
                var runner = TapeRunner(try Self.tape(seed: seed, method: method, portfolio: seed.isMultiple(of: 2)))
                runner.run { exchange, _ in
                    for event in exchange.events {
                        switch event {
                        case .marked: marks += 1
                        case .fundingPaid: paid += 1
                        case .fundingSkipped: skipped += 1
                        default: break
                        }
                    }
                }
                stale += runner.refusals.count { $0.rejection.code == "staleMark" }
                taken += runner.records.all.count(where: \.tookOver)
            }
        }
        #expect(marks > 500 && paid > 20 && skipped > 5 && stale > 20 && taken > 5)
    }
}
