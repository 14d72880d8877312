import BreakwaterTapes
import BreakwaterWorkloads
import Testing

@testable import BreakwaterCore

/// The exchange that leaves calm accounts alone against its twin that visits every position every time.
@Suite("Oracle: bands against visiting everyone")
struct WatchTests {
    /// Runs a tape's commands through both and returns the first difference, in words.
    private static func difference(_ tape: Tape, calm: inout Int) -> String? {
        var watched = Exchange(rulebook: tape.rulebook)
        var eager = Exchange(rulebook: tape.rulebook, watching: .everyone)
        for step in tape.steps {
            guard case .execute(let commands) = step.action else { continue }
            for command in commands {
                watched.execute(command, at: step.time)
                eager.execute(command, at: step.time)
                let place = "line \(step.line)"
                if watched.events != eager.events {
                    return "\(place): \(watched.events) instead of \(eager.events)"
                }
                calm += watched.watch.standings.count { $0.ease != .watched }
                if step.line % 20 == 0, watched.stateHash != eager.stateHash { return "\(place): other state" }
            }
        }
        return watched.stateHash == eager.stateHash ? nil : "other state in the end"
    }

    @Test(
        "IDX-001: the same events and the same state, command for command, under every shipped rulebook",
        arguments: VenuePropertyTests.venues, VenuePropertyTests.seeds)
    func venues(venue: String, seed: UInt64) throws {
        var calm = 0
        let tape = try VenuePropertyTests.tape(venue, seed: seed)
        #expect(Self.difference(tape, calm: &calm) == nil, "\(venue), seed \(seed)")
        #expect(calm > 0, "nobody was ever left alone")
    }

    @Test(
        "IDX-002: the same over all contract kinds, margin modes and tier tables", arguments: PropertyTests.seeds,
        [false, true])
    func kinds(seed: UInt64, portfolio: Bool) throws {
        var calm = 0
        let tape = try PropertyTests.tape(seed: seed, portfolio: portfolio)
        #expect(Self.difference(tape, calm: &calm) == nil, "seed \(seed), portfolio \(portfolio)")
    }

    @Test(
        "IDX-003: the same while rulebooks change again and again", arguments: VenuePropertyTests.venues,
        VenuePropertyTests.seeds.prefix(10))
    func changes(venue: String, seed: UInt64) throws {
        var calm = 0
        let tape = try VenuePropertyTests.tape(venue, seed: seed, others: VenuePropertyTests.venues)
        #expect(Self.difference(tape, calm: &calm) == nil, "\(venue), seed \(seed)")
    }

    @Test(
        "IDX-004: the same over long times without a command of their own: marks, settlements and funding only",
        arguments: Rulebook.CrossModel.allCases, 1...3)
    func longTimes(cross: Rulebook.CrossModel, pace: Int) throws {
        let rulebook = cross == .drawn ? WorkloadVenue.rulebook() : Self.portfolioRulebook()
        let population = Population(positions: 600, contracts: 6)
        var watched = Exchange(rulebook: rulebook)
        var eager = Exchange(rulebook: rulebook, watching: .everyone)
        var now = WorkloadVenue.start
        func execute(_ command: Command) {
            watched.execute(command, at: now)
            eager.execute(command, at: now)
        }
        population.open(execute)
        var walk = Walk(contracts: population.contracts, step: Int64(40 * pace * pace))
        var (calm, stages) = (0, 0)
        for step in 0..<(Repository.isSoak ? 60_000 : 3_000) {
            now = now + .seconds(Int64(7 * pace))
            if step % 53 == 0 {
                // Now longs pay, now shorts.
                let rate = Rate(Int64(step % 7 - 3) * 300_000)
                execute(.payFunding(ContractID(index: step / 53 % population.contracts), rate))
            } else {
                execute(.mark([walk.next()]))
            }
            #expect(watched.events == eager.events, "step \(step)")
            stages += watched.events.count
            calm += watched.watch.standings.count { $0.ease != .watched }
            if step % 100 == 0 {
                #expect(watched.stateHash == eager.stateHash, "step \(step)")
                #expect(watched.brokenInvariants() == [], "step \(step)")
            }
            guard watched.events == eager.events else { return }
        }
        // At the slowest pace nobody is liquidated, so that nothing but time and prices works on the accounts.
        #expect((watched.liquidationCount > 0) == (pace > 1) && stages > 3_000)
        #expect(calm > 0)
    }

    @Test(
        "IDX-005: the same in a crash without a book, where lot after lot is deleveraged at one mark, under every policy",
        arguments: AutoDeleveragePolicy.allCases, Rulebook.CrossModel.allCases)
    func crash(policy: AutoDeleveragePolicy, cross: Rulebook.CrossModel) throws {
        let rulebook = cross == .drawn ? WorkloadVenue.rulebook() : Self.portfolioRulebook()
        let population = Population(positions: 2_000, contracts: 5)
        var watched = Exchange(rulebook: Self.deleveraging(rulebook, by: policy))
        var eager = Exchange(rulebook: Self.deleveraging(rulebook, by: policy), watching: .everyone)
        var now = WorkloadVenue.start
        func execute(_ command: Command) {
            watched.execute(command, at: now)
            eager.execute(command, at: now)
        }
        population.open(execute)
        var (lots, most) = (0, 0)
        for step in 1...30 {
            now = now + .seconds(60)
            // Some fall, some rise, all in one command.
            let prices = (0..<5).map { contract in
                WorkloadVenue.price * Int64(contract % 3 == 0 ? 100 + step : 100 - step) / 100
            }
            execute(.mark(population.marks(at: prices)))
            #expect(watched.events == eager.events, "step \(step)")
            guard watched.events == eager.events else { return }
            let closed = Set(watched.events.compactMap(Self.deleveraged)).count
            (lots, most) = (lots + closed, max(most, closed))
        }
        #expect(watched.stateHash == eager.stateHash)
        #expect(watched.brokenInvariants() == [])
        #expect(lots > 100 && most > 20, "\(lots) lots, \(most) at most at one mark")
    }

    private static func deleveraged(_ event: Event) -> LiquidationID? {
        guard case .liquidation(let id, _, .deleveraged) = event else { return nil }
        return id
    }

    private static func deleveraging(_ rulebook: Rulebook, by policy: AutoDeleveragePolicy) -> Rulebook {
        var rulebook = rulebook
        rulebook.waterfall = rulebook.waterfall.map { stage in
            if case .autoDeleverage = stage { .autoDeleverage(AutoDeleverage(policy)) } else { stage }
        }
        return rulebook
    }

    /// The same rules with one margin an account, which entry values measure.
    private static func portfolioRulebook() -> Rulebook {
        let drawn = WorkloadVenue.rulebook()
        return Rulebook(
            name: "portfolio", cross: .portfolio, basis: .entry, riskLimits: .chosen, trigger: .reaches,
            insurance: .perCurrency, waterfall: drawn.waterfall)
    }
}
