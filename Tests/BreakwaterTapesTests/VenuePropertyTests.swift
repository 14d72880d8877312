import BreakwaterCore
import BreakwaterTapes
import Testing

/// Random streams under every shipped rulebook: the ledger stays whole, every stage is reached, every loss adds up.
@Suite("Property: every venue's waterfall")
struct VenuePropertyTests {
    static let venues = ["bitmex", "mexc", "coinbase", "hyperliquid", "binance", "textbook"]
    static let seeds: [UInt64] = Repository.isSoak ? Array(1...500) : Array(1...25)
    static let commands = Repository.isSoak ? 2_000 : 900

    static func tape(_ venue: String, seed: UInt64, others: [String] = []) throws -> Tape {
        let rulebook = try RulebookFile.read(Repository.path("Rulebooks/\(venue).yaml"))
        return try Tape.parse(
            RandomTape.text(seed: seed, commands: commands, venue: rulebook, others: others),
            file: "\(venue)-\(seed).jsonl",
            rulebook: rulebook)
    }

    @Test(
        "PROP-020: conservation and every other invariant hold after each command, and each loss adds up to the unit",
        arguments: venues, seeds)
    func invariants(venue: String, seed: UInt64) throws {
        var runner = TapeRunner(try Self.tape(venue, seed: seed))
        var broken: [String] = []
        runner.run { exchange, step in
            if broken.isEmpty {
                broken = exchange.brokenInvariants().map { "\(venue), seed \(seed), line \(step.line): \($0)" }
            }
        }
        #expect(broken == [])
        for record in runner.records.all {
            guard let difference = record.unexplainedLoss else { continue }
            #expect(difference == 0, "\(venue), seed \(seed), liquidation \(record.id)")
        }
    }

    @Test(
        "PROP-023: a venue that changes its rulebook again and again stays whole", arguments: venues, seeds.prefix(10))
    func changes(venue: String, seed: UInt64) throws {
        var runner = TapeRunner(try Self.tape(venue, seed: seed, others: Self.venues))
        var broken: [String] = []
        var changes = 0
        runner.run { exchange, step in
            if broken.isEmpty { broken = exchange.brokenInvariants().map { "line \(step.line): \($0)" } }
            for case .rulesChanged in exchange.events { changes += 1 }
        }
        #expect(broken == [], "\(venue), seed \(seed)")
        #expect(changes > 0)
    }

    @Test("PROP-021: every stage of the waterfall works on some position", arguments: venues)
    func coverage(venue: String) throws {
        var stages = Set(try RulebookFile.read(Repository.path("Rulebooks/\(venue).yaml")).stageNames)
        // Rare ones need more streams than the others, so streams go on until all have been seen.
        for seed in 1...300 where !stages.isEmpty {
            var runner = TapeRunner(try Self.tape(venue, seed: UInt64(seed)))
            runner.run { exchange, _ in
                for case .warned in exchange.events { stages.remove("warnings") }
            }
            for record in runner.records.all { stages.subtract(record.steps.compactMap(\.step.stage)) }
        }
        #expect(stages == [])
    }

    @Test("PROP-022: what the same commands do is the same again, and a fork goes on alike", arguments: venues)
    func determinism(venue: String) throws {
        var runner = TapeRunner(try Self.tape(venue, seed: 3))
        runner.run()
        var exchange = Exchange(rulebook: runner.tape.rulebook)
        for step in runner.tape.steps {
            guard case .execute(let commands) = step.action else { continue }
            for command in commands { exchange.execute(command, at: step.time) }
            if step.line == Self.commands / 2 { exchange = exchange.fork() }
        }
        #expect(exchange.stateHash == runner.exchange.stateHash)
    }
}

extension LiquidationRecord {
    /// What all bearers together bore, less what the position lost against its settled value by what it was closed at;
    /// where somebody took it over at a price of his own, by its value at mark. `nil` while any of it is open.
    fileprivate var unexplainedLoss: Int128? {
        guard steps.last?.step == .closed || outcome == .saved else { return nil }
        var lost: Int128 = 0
        for (_, step) in steps {
            switch step {
            case .forcedClose(let close): lost += close.loss.wide
            case .takenOver(_, let margin, let settled, _): lost += settled.wide + margin.wide
            case .lotFunded(let due): lost += due.wide
            case .lotTraded(_, _, let value, _, _): lost += value.wide
            case .assigned(_, _, _, let value, let paid): lost -= (value - paid).wide
            case .deleveraged(_, _, _, let value, let forgone, _): lost -= (value - forgone).wide
            case .closedAtMark(_, _, _, let value, _): lost -= value.wide
            case .started, .steppedDown, .ordersCancelled, .fillOrKill, .collateralConverted, .remainderKept, .paused,
                .saved, .providerSkipped, .absorbed, .fundPaid, .fundExhausted, .deleverageSkipped, .clawedBack,
                .clawbackEnded, .waiting, .closed:
                break
            }
        }
        return loss.total.wide - lost
    }
}
