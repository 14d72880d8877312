import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes
import Testing

@Suite("Simulation of the real crash")
struct SimulationTests {
    /// The first day and a half of the shipped crash, with few traders, so that it takes about a second.
    private func plan(seed: UInt64 = 1, _ change: (inout SimulationPlan) -> Void = { _ in }) throws -> SimulationPlan {
        let (contract, currency) = try ContractFile.load(BarFileTests.root + "/Contracts/xbtusdt.yaml")
        let rulebook = try RulebookLibrary.load(BarFileTests.root + "/Rulebooks/bitmex.yaml")
        let bars = try BarFile.read(BarFileTests.root + "/Examples/btc-perp-1m-2022-01-20-to-22.csv", for: contract)
        var plan = SimulationPlan(
            contract: contract, currency: currency, rulebook: rulebook, bars: Array(bars.prefix(2_200)),
            sources: .init(bars: "bars.csv", contract: "xbtusdt", rulebook: "bitmex"))
        plan.traders = 800
        plan.seed = seed
        change(&plan)
        return plan
    }

    private func run(_ plan: SimulationPlan) -> SimulationReport {
        var simulation = Simulation(plan)
        simulation.run()
        #expect(simulation.exchange.brokenInvariants() == [])
        return SimulationReport(simulation)
    }

    @Test("SIM-010: the same seed gives the same bytes, another seed another run")
    func repeatable() throws {
        let first = run(try plan())
        let second = run(try plan())
        #expect(first.fullJSON.text(pretty: true) == second.fullJSON.text(pretty: true))
        #expect(first.html == second.html)
        #expect(run(try plan(seed: 2)).json["stateHash"] != first.json["stateHash"])
    }

    @Test("SIM-011: the crash liquidates, every unit of loss has a bearer, and the books balance")
    func crash() throws {
        var simulation = Simulation(try plan())
        simulation.run()
        let outcome = simulation.outcome
        #expect(outcome.liquidated.count > 100)
        #expect(outcome.conservation.difference == 0)
        #expect(simulation.exchange.brokenInvariants() == [])
        // What the fund ended with is what it began with, less what it spent, plus what it gained.
        let fund = simulation.exchange.insurance(of: simulation.plan.contract.settle)
        #expect(fund.wide == simulation.plan.fund.wide - outcome.loss(\.fund))
    }

    @Test("SIM-014: the page is whole by itself and shows the figures of the JSON report")
    func page() throws {
        let report = run(try plan())
        for outside in ["src=", "href=\"http", "@import", "url("] { #expect(!report.html.contains(outside)) }
        // Figures stand in the page with their fraction set smaller: compare without marks and grouping.
        let text = report.html.replacing(#/<[^>]*>/#, with: "").replacing(",", with: "")
        for path in [
            ["loss", "traders"], ["loss", "total"], ["loss", "fundGained"], ["loss", "deleveraged"],
            ["liquidations", "notional"], ["insuranceFund", "end"], ["trading", "forcedVolume"],
            ["conservation", "held"],
            ["stateHash"],
        ] {
            let figure = path.reduce(report.json) { $0[$1]! }.plain
            #expect(text.contains(figure), "\(path) \(figure)")
        }
    }

    @Test("SIM-012: without leverage nobody is liquidated, whatever the price does")
    func unleveraged() throws {
        // One times leverage and full commitment lose at most what the price falls: 22 % here.
        let report = run(try plan { $0.contract = try! BarFileTests.contract(maxLeverage: 1) })
        #expect(report.json["liquidations"]?["positionsLost"] == .integer(0))
    }

    @Test("SIM-013: a thin book and an empty fund end in auto-deleveraging")
    func deleveraging() throws {
        let report = run(
            try plan { plan in
                plan.depth = Amount(plan.depth.raw / 50)
                plan.fund = .zero
            })
        guard case .integer(let events)? = report.json["autoDeleveraging"]?["events"] else {
            Issue.record("no deleveraging figure")
            return
        }
        #expect(events > 0)
    }
}

extension BarFileTests {
    /// The shipped contract with another limit on leverage.
    static func contract(maxLeverage: Int64) throws -> Contract {
        let shipped = contract
        return try Contract(
            symbol: shipped.symbol, kind: shipped.kind, settle: shipped.settle,
            currency: Currency(name: "USDT", decimals: 6),
            tick: shipped.tick, lot: shipped.lot, multiplier: shipped.multiplier,
            maxLeverage: Leverage(maxLeverage * 100),
            tiers: shipped.tiers, fees: shipped.fees)
    }
}
