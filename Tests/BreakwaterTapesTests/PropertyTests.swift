import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

/// Random command streams over every margin mode and contract kind: the ledger's invariants hold after each command.
@Suite("Property: random venues stay whole")
struct PropertyTests {
    static let seeds: [UInt64] = Repository.isSoak ? Array(1...2_000) : Array(1...60)
    static let commands = Repository.isSoak ? 2_000 : 700

    static func rulebook(portfolio: Bool) throws -> Rulebook {
        let path = portfolio ? "Tests/BreakwaterTapesTests/Rulebooks/portfolio.yaml" : "Rulebooks/bitmex.yaml"
        return try RulebookFile.read(Repository.path(path))
    }

    static func tape(seed: UInt64, portfolio: Bool) throws -> Tape {
        try Tape.parse(
            RandomTape.text(seed: seed, commands: commands, portfolio: portfolio), file: "seed-\(seed).jsonl",
            rulebook: try rulebook(portfolio: portfolio))
    }

    @Test(
        "PROP-001: conservation, open interest, wallets and sums hold after every command", arguments: seeds,
        [false, true])
    func invariants(seed: UInt64, portfolio: Bool) throws {
        var runner = TapeRunner(try Self.tape(seed: seed, portfolio: portfolio))
        var broken: [String] = []
        runner.run { exchange, step in
            if broken.isEmpty {
                broken = exchange.brokenInvariants().map {
                    "seed \(seed), portfolio \(portfolio), line \(step.line): \($0)"
                }
            }
        }
        #expect(broken == [])
    }

    @Test("PROP-002: each stage runs in these streams, so that the properties speak of all of them")
    func coverage() throws {
        var seen: Set<String> = []
        for file in ScenarioTests.files {
            var runner = TapeRunner(try Tape.read(file))
            runner.run()
            for record in runner.records.all { seen.formUnion(record.steps.map(\.step.name)) }
        }
        #expect(seen.contains("autoDeleverageSkipped"))
        seen = []
        var refused: Set<String> = []
        var plots: Set<String> = []
        for seed in Self.seeds.prefix(60) {
            for portfolio in [false, true] {
                var runner = TapeRunner(try Self.tape(seed: seed, portfolio: portfolio))
                runner.run { exchange, _ in plots.formUnion(exchange.events.plot) }
                for record in runner.records.all { seen.formUnion(record.steps.map(\.step.name)) }
                refused.formUnion(runner.refusals.map(\.rejection.code))
            }
        }
        let stages: Set = [
            "stepDownWithOrders", "cancelOrders", "stepDown", "fillOrKill", "saved", "takeover", "closeInMarket",
            "insuranceFund", "fundExhausted", "autoDeleverage", "waiting", "closed", "funding",
        ]
        #expect(stages.subtracting(seen) == [])
        let codes: Set = [
            "insufficientMargin", "riskLimitExceeded", "wouldBeLiquidated", "insufficientAvailable",
            "wouldTakeLiquidity", "wouldTriggerAtOnce", "notConditional", "inAuction", "notInAuction",
            "nothingToReduce", "unknownOrder", "notIsolated", "marginBelowInitial", "hedgeModeMismatch", "halted",
            "selfTrade",
        ]
        #expect(codes.subtracting(refused) == [])
        let turns: Set = [
            "waits", "triggered", "beyond liquidation", "uncrossed", "cancelled: closeOnTrigger", "cancelled: paused",
            "cancelled: nothingToReduce", "cancelled: riskLimitExceeded", "cancelled: insufficientMargin",
        ]
        #expect(turns.subtracting(plots) == [])
    }

    @Test(
        "PROP-006: the same under breakers and price bands, whose pauses and auctions end by themselves",
        arguments: seeds.prefix(20), Breaker.Action.allCases)
    func protections(seed: UInt64, action: Breaker.Action) throws {
        var rulebook = try Self.rulebook(portfolio: seed.isMultiple(of: 2))
        rulebook.priceBand = Rate(30_000_000)
        rulebook.breaker = try Breaker(
            move: Rate(40_000_000), within: .seconds(120), action: action, length: .seconds(60))
        let text = RandomTape.text(
            seed: seed, commands: Self.commands, portfolio: seed.isMultiple(of: 2), protected: true)
        var runner = TapeRunner(try Tape.parse(text, file: "seed-\(seed).jsonl", rulebook: rulebook))
        var broken: [String] = []
        var seen: [String: Int] = [:]
        runner.run { exchange, step in
            if broken.isEmpty { broken = exchange.brokenInvariants().map { "line \(step.line): \($0)" } }
            for event in exchange.events { seen[event.protection, default: 0] += 1 }
        }
        #expect(broken == [], "seed \(seed)")
        #expect(seen["tripped", default: 0] > 0 && seen["ended", default: 0] > 0)
        // Replayed with a fork taken half-way, the same commands end in the same state.
        var exchange = Exchange(rulebook: rulebook)
        for step in runner.tape.steps {
            guard case .execute(let commands) = step.action else { continue }
            for command in commands { exchange.execute(command, at: step.time) }
            if step.line == Self.commands / 2 { exchange = exchange.fork() }
        }
        #expect(exchange.stateHash == runner.exchange.stateHash, "seed \(seed)")
    }

    @Test(
        "PROP-003: losses are told to the unit: what bearers bore is what the position lost",
        arguments: seeds.prefix(30))
    func lossAttribution(seed: UInt64) throws {
        var runner = TapeRunner(try Self.tape(seed: seed, portfolio: false))
        var exits: [LiquidationID: Int128] = [:]
        runner.run { exchange, _ in
            for event in exchange.events {
                switch event {
                case .liquidation(let id, _, .lotTraded(_, _, let value, _, _)): exits[id, default: 0] -= value.wide
                case .liquidation(let id, _, .deleveraged(_, _, _, let value, let forgone, _)):
                    exits[id, default: 0] += value.wide - forgone.wide
                default: break
                }
            }
        }
        for record in runner.records.all where record.tookOver && record.steps.contains(where: { $0.step == .closed }) {
            let settled = record.settledAtTakeover.wide + record.loss.funding.wide
            #expect(
                record.loss.total.wide == settled - (exits[record.id] ?? 0), "seed \(seed), liquidation \(record.id)")
        }
    }

    @Test(
        "PROP-004: a second process that replays the commands ends in the same state",
        arguments: [1, 2, 3, 4] as [UInt64], [false, true])
    func replay(seed: UInt64, portfolio: Bool) throws {
        var runner = TapeRunner(try Self.tape(seed: seed, portfolio: portfolio))
        runner.run()
        let text = RandomTape.text(seed: seed, commands: Self.commands, portfolio: portfolio)
        let report = try Repository.withFolder { folder in
            let file = folder + "/tape.jsonl"
            try Data(text.utf8).write(to: URL(filePath: file))
            let rulebook = portfolio ? "Tests/BreakwaterTapesTests/Rulebooks/portfolio.yaml" : "bitmex"
            return try Repository.run(["run", file, "--rulebook", rulebook, "--report", "json"])
        }
        #expect(report.status == 0, "\(report.errors)")
        #expect(report.output.contains("\"stateHash\": \"\(runner.exchange.stateHashText)\""))
        #expect(report.output == runner.report.text(pretty: true) + "\n")
    }

    @Test("PROP-005: a fork goes its own way and leaves the original as it was")
    func fork() throws {
        var runner = TapeRunner(try Self.tape(seed: 5, portfolio: false))
        runner.run()
        let before = runner.exchange.stateHash
        var twin = runner.exchange.fork()
        #expect(twin.stateHash == before)
        twin.execute(.mark([MarkPrice(ContractID(0), Price(10_000))]), at: twin.now)
        #expect(twin.stateHash != before)
        #expect(runner.exchange.stateHash == before)
    }
}

extension LiquidationRecord {
    /// The trader's settled value at the takeover: the engine's, plus the margin that came with it.
    fileprivate var settledAtTakeover: Amount {
        for case .takenOver(_, let margin, let settled, _) in steps.map(\.step) { return settled + margin }
        return .zero
    }
}

extension Event {
    /// Which protection it tells of; empty for other events.
    fileprivate var protection: String {
        switch self {
        case .breakerTripped: "tripped"
        case .breakerEnded: "ended"
        default: ""
        }
    }
}
