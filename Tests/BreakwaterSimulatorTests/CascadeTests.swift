import BreakwaterCore
import BreakwaterTapes
import Testing

@testable import BreakwaterSimulator

@Suite("Cascades, makers and traders")
struct CascadeTests {
    private func cascade(_ changes: [String: String] = [:]) throws -> Scenario {
        try ScenarioFileTests.read(
            "cascade", ["population.accounts": "2000", "liquidity.depth": "300000"].merging(changes) { $1 })
    }

    @Test("LAB-030: forced orders push the price further than it would have gone, round after round")
    func amplification() throws {
        let scenario = try cascade()
        let with = ScenarioFileTests.run(scenario)
        var twin = scenario
        twin.plan = try #require(scenario.plan.unforced)
        let without = ScenarioFileTests.run(twin)
        let low = (with.outcome.bars.map(\.low).min()!, without.outcome.bars.map(\.low).min()!)
        #expect(low.0 < low.1)
        #expect(with.outcome.cascades.longest.rounds > 2)
        #expect(with.outcome.forcedVolume > 0 && with.outcome.forcedVolume < with.outcome.volume)
        let report = SimulationReport(with, twin: without.outcome)
        #expect(report.html.contains("Mark with and without forced orders being felt"))
        let factor = report.json["cascade"]?["amplification"]?["factor"]
        #expect(ExactDecimal(factor?.plain ?? "")! > ExactDecimal(digits: 1))
    }

    @Test("LAB-031: with marks that follow by nothing, every mark is the path's, whatever is traded")
    func unmoved() throws {
        let simulation = ScenarioFileTests.run(try cascade(["feedback.mark": "0%"]))
        for (bar, path) in zip(simulation.outcome.bars, simulation.plan.bars) {
            #expect(bar.low == path.low && bar.high == path.high)
        }
    }

    @Test("LAB-032: what was taken comes back by half after each half-life, and pushes by as much as was taken")
    func resilience() throws {
        var plan = try ScenarioFileTests.read("crash-day").plan
        plan.depth = Amount(80_000_000_000)
        plan.liquidity.resilience = .seconds(10)
        plan.liquidity.levels = 2
        var book = MakersBook(plan, ContractID(0))
        var orders: [Command] = []
        book.move(to: Price(80_000), at: Timestamp(1_000_000), isStressed: false, &orders)
        // 80,000 USDT at 40,000 are 2 XBT a side, a thousand lots at each of two levels.
        #expect(book.quotes.map(\.resting.raw) == [1_000, 1_000, 1_000, 1_000])
        #expect(book.quotes.map(\.price.raw) == [79_600, 79_200, 80_400, 80_800])
        book.traded(OrderID(0), Size(1_000), isFelt: true)
        book.traded(OrderID(1), Size(500), isFelt: true)
        // The whole first level and half of the second: three quarters of the way of 800 ticks.
        #expect(book.takePush() == -600 << 16)
        #expect(book.takePush() == 0)
        book.move(to: Price(80_000), at: Timestamp(11_000_000), isStressed: false, &orders)
        #expect(book.quotes.map(\.resting.raw) == [500, 750, 1_000, 1_000])
        book.move(to: Price(80_000), at: Timestamp(21_000_000), isStressed: false, &orders)
        #expect(book.quotes.map(\.resting.raw) == [750, 875, 1_000, 1_000])
    }

    @Test("LAB-033: makers under stress keep a share, some of them nothing, until it has been calm")
    func withdrawal() throws {
        var plan = try ScenarioFileTests.read("crash-day").plan
        plan.liquidity.withdrawal = .init(
            move: Rate(10_000_000), within: .seconds(60), keep: Rate(500_000_000), pullingPercent: 50,
            calm: .seconds(120))
        let prices = [80_000, 80_000, 79_100, 79_100, 79_100].map { Price($0) }
        var market = SimulatedMarket(plan, ContractID(0), prices)
        let times = [1, 11, 21, 131, 151].map { Timestamp($0 * 1_000_000) }
        var shown: [Int64] = []
        for step in prices.indices {
            var orders: [Command] = []
            _ = market.move(to: step, at: times[step], &orders)
            shown.append(market.book.quotes.prefix(20).reduce(0) { $0 + $1.resting.raw })
        }
        #expect(shown[1] == shown[0])
        // A fall of 1.1 % within a minute: half of the makers leave, the others show half. At 39,550 half a million is worth
        // 12,642 lots, 632 a level: ten levels of 316.
        #expect(shown[2] == 3_160)
        #expect(shown[3] == shown[2])
        #expect(abs(shown[4] - shown[0]) <= shown[0] / 50)
    }

    @Test("LAB-034: the highest and lowest within a stretch are forgotten when it has passed")
    func moves() {
        var watch = MoveWatch(within: .seconds(10))
        func add(_ price: Int64, _ second: Int64) -> [Int64] {
            let (fall, rise) = watch.add(Price(price), at: Timestamp(second * 1_000_000))
            return [fall.raw, rise.raw]
        }
        #expect(add(1_000, 0) == [0, 0])
        #expect(add(900, 5) == [100_000_000, 0])
        #expect(add(950, 10) == [50_000_000, 55_555_555])
        #expect(add(950, 16) == [0, 0])
    }

    @Test("LAB-035: who pays in when warned is liquidated less; who stops or panics is too")
    func behaviour() throws {
        let none = ScenarioFileTests.run(
            try cascade([
                "behaviour.addMargin.share": "0%", "behaviour.stopLoss.share": "0%", "behaviour.panic.share": "0%",
            ]))
        for key in ["addMargin", "stopLoss", "panic"] {
            var changes = ["addMargin", "stopLoss", "panic"].reduce(into: [String: String]()) {
                $0["behaviour.\($1).share"] = "0%"
            }
            changes["behaviour.\(key).share"] = "100%"
            // Nobody is pushed, so that only what traders do differs.
            changes["feedback.mark"] = "0%"
            let some = ScenarioFileTests.run(try cascade(changes))
            #expect(some.outcome.liquidated.count < none.outcome.liquidated.count, "\(key)")
        }
    }

    @Test("LAB-036: no leverage above the largest move liquidates nobody", arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func unleveraged(seed: UInt64) throws {
        let base = [
            "population.accounts": "300", "fund": "0", "rulebook": ["textbook", "binance", "bitmex"][Int(seed % 3)],
        ]
        var scenario = try ScenarioFileTests.read("brownian", base)
        scenario.plan.feedback = nil
        scenario.plan.others = []
        scenario.plan.redraw(seed: seed)
        let prices = scenario.plan.course.map(\.price.raw)
        let move = Double(prices.max()! - prices.min()!) / Double(prices.min()!)
        // Its margin covers the largest move, half a per cent to enter and leave at, and the highest MM of small positions.
        let leverage = Int64(100 / (move + 0.02))
        #expect(leverage > 100)
        scenario.plan.leverages = [LeverageShare(Leverage(leverage), weight: 1)]
        let simulation = ScenarioFileTests.run(scenario)
        #expect(simulation.outcome.entries.count > 250)
        #expect(simulation.outcome.records.all.isEmpty)
        scenario.plan.leverages = [LeverageShare(Leverage(leverage * 4), weight: 1)]
        #expect(!ScenarioFileTests.run(scenario).outcome.records.all.isEmpty)
    }
}
