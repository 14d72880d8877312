import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

@testable import BreakwaterLaboratory
@testable import BreakwaterSimulator

@Suite("Sweeps", .serialized)
struct SweepTests {
    private static let program = BarFileTests.root + "/.build/release/breakwater"

    /// A small sweep whose runs take some tenths of a second together.
    static func write(in folder: String) throws -> String {
        let scenario = """
            price: {source: brownian, start: "41000", length: 3h, step: 30s, volatility: 12%, jumps: {perDay: "30", mean: -1%, deviation: 1%}}
            population: {accounts: 200, entries: 30m}
            liquidity: {depth: "20000", within: 1%}
            """
        let sweep = """
            name: A small sweep
            scenario: small.yaml
            vary:
              - {key: fund, values: ["0", "20000"]}
              - {key: rulebook, values: [bitmex, textbook]}
            seeds: {from: 1, count: 30}
            """
        try scenario.write(toFile: folder + "/small.yaml", atomically: true, encoding: .utf8)
        try sweep.write(toFile: folder + "/sweep.yaml", atomically: true, encoding: .utf8)
        return folder + "/sweep.yaml"
    }

    static func start(_ folder: String, _ name: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.currentDirectoryURL = URL(filePath: BarFileTests.root)
        process.arguments = [
            "sweep", folder + "/sweep.yaml", "--results", "\(folder)/\(name).sqlite", "--csv", "\(folder)/\(name).csv",
            "--json", "\(folder)/\(name).json", "--html", "\(folder)/\(name).html",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test("LAB-050: a sweep killed again and again goes on where it was, to the bytes of one never killed")
    func killed() throws {
        try PriceFileTests.scratch { folder in
            _ = try Self.write(in: folder)
            let whole = try Self.start(folder, "whole")
            whole.waitUntilExit()
            #expect(whole.terminationStatus == 0)
            var counts: [Int] = []
            for round in 0..<40 {
                let process = try Self.start(folder, "killed")
                usleep(UInt32(40_000 + 7_000 * round))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                if let store = try? ResultStore(folder + "/killed.sqlite") { counts.append(try store.results().count) }
                if counts.last == 120 { break }
            }
            // Some rounds were killed half-way, and none took anything back.
            #expect(counts == counts.sorted())
            #expect(counts.contains { $0 > 0 && $0 < 120 })
            let last = try Self.start(folder, "killed")
            last.waitUntilExit()
            #expect(last.terminationStatus == 0)
            for kind in ["csv", "json", "html"] {
                let files = try ["whole", "killed"].map {
                    try Data(contentsOf: URL(filePath: "\(folder)/\($0).\(kind)"))
                }
                #expect(files[0] == files[1] && files[0].count > 1_000, "\(kind)")
            }
        }
    }

    @Test("LAB-051: a unit's address is that of all it depends on: files, values, seed; and of nothing else")
    func addresses() throws {
        try PriceFileTests.scratch { folder in
            let file = try Self.write(in: folder)
            let units = try Sweep.read(file).units
            #expect(units.count == 120)
            #expect(Set(units.map(\.address)).count == 120)
            #expect(try Sweep.read(file).units.map(\.address) == units.map(\.address))
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacing("count: 30", with: "count: 31").write(toFile: file, atomically: true, encoding: .utf8)
            let more = try Sweep.read(file).units
            #expect(Set(more.map(\.address)).isSuperset(of: units.map(\.address)))
            let small = try String(contentsOfFile: folder + "/small.yaml", encoding: .utf8)
            try small.replacing("200", with: "201").write(
                toFile: folder + "/small.yaml", atomically: true, encoding: .utf8)
            #expect(Set(try Sweep.read(file).units.map(\.address)).isDisjoint(with: units.map(\.address)))
        }
    }

    @Test("LAB-052: a unit done anywhere gives the same result")
    func idempotent() throws {
        try PriceFileTests.scratch { folder in
            let sweep = try Sweep.read(try Self.write(in: folder))
            let unit = sweep.units[7]
            let scenario = sweep.points[unit.point].scenario
            #expect(unit.run(scenario) == unit.run(scenario))
            let store = try ResultStore(folder + "/once.sqlite")
            try store.add(unit.run(scenario), of: unit)
            try store.add(unit.run(scenario), of: unit)
            #expect(try store.results() == [unit.address: unit.run(scenario)])
        }
    }

    /// More combinations than can be counted.
    private static var many: String {
        let values = (0..<100).map { "v\($0)" }.joined(separator: ", ")
        return (0..<12).map { "{key: k\($0), values: [\(values)]}" }.joined(separator: ", ")
    }

    @Test("LAB-053: what a sweep cannot mean is refused before anything runs")
    func refusals() {
        for (text, message) in [
            ("seeds: {count: 3}", "scenario: expected a scenario's file, but the key is missing"),
            ("scenario: x.yaml", "seeds: expected an object {from, count}, but the key is missing"),
            ("scenario: x.yaml\nseeds: {count: 0}", "count"),
            ("scenario: x.yaml\nseeds: {count: 1}\nvary: [{key: fund, values: [1, 1]}]", "values"),
            ("scenario: nowhere.yaml\nseeds: {count: 1}", "nowhere.yaml"),
            ("scenario: x.yaml\nlevel: 99.9999%\nseeds: {count: 1}", "level"),
            ("scenario: x.yaml\nseeds: {count: 1}\nvary: [\(Self.many)]", "at most a million runs"),
            (
                "scenario: \(ScenarioFileTests.folder)/fund-day.yaml\nseeds: {count: 1}\n"
                    + "vary: [{key: contract, values: [xbtusdt, btc-perp]}]", "all settle in USDT"
            ),
        ] {
            #expect { try Sweep(text, file: "sweep.yaml") } throws: { "\($0)".contains(message) }
        }
    }
}

/// What a sweep says, on small sweeps whose answer is known.
@Suite("What sweeps say", .serialized)
struct SweepReportTests {
    private static func report(_ vary: String, seeds: Int, rulebook: String = "bitmex") throws -> SweepReport {
        try PriceFileTests.scratch { folder in
            let scenario = """
                price:
                  source: brownian
                  start: "41000"
                  length: 2h
                  step: 30s
                  volatility: 12%
                  jumps: {perDay: "30", mean: -1%, deviation: 1%}
                population: {accounts: 150, entries: 30m}
                liquidity: {depth: "20000", within: 1%}
                fund: "20000"
                rulebook: \(rulebook)
                """
            try scenario.write(toFile: folder + "/small.yaml", atomically: true, encoding: .utf8)
            let text = "scenario: small.yaml\nlevel: 50%\nvary: [\(vary)]\nseeds: {from: 1, count: \(seeds)}\n"
            let sweep = try Sweep(text, file: folder + "/sweep.yaml")
            let results = try SweepRunner(sweep, try ResultStore(folder + "/r.sqlite")).run(lanes: 2) { _, _ in }
            return SweepReport(sweep, results, command: "breakwater sweep sweep.yaml")
        }
    }

    private static func change(_ report: SweepReport, _ key: String, _ metric: String) throws -> JSONValue {
        let rows = report.items(report.json["sensitivity"])
        let row = try #require(rows.first { $0["key"]?.plain == key && $0["metric"]?.plain == metric })
        return try #require(report.items(row["values"]).last?["change"])
    }

    @Test("LAB-060: runs of one seed are one draw: a parameter that changes nothing makes nobody surer of another")
    func pairing() throws {
        let longs = "{key: population.long, values: [50%, 80%]}"
        let alone = try Self.change(try Self.report(longs, seeds: 5), "population.long", "loss")
        let names = "{key: name, values: [a, b, c, d, e, f]}"
        let beside = try Self.change(try Self.report("\(longs), \(names)", seeds: 5), "population.long", "loss")
        #expect(alone["low"] != .null && alone["low"] != alone["high"])
        #expect(alone == beside)
    }

    @Test("LAB-061: one seed tells no interval, and tells nothing apart")
    func oneSeed() throws {
        let report = try Self.report("{key: fund, values: [\"0\", \"20000\"]}", seeds: 1)
        #expect(try Self.change(report, "fund", "beyondTraders")["low"] == .null)
        for row in report.items(report.json["losesLeast"]?["beyondTraders"]) {
            #expect(row["isToldApart"] == .bool(false) && row["more"]?["high"] == .null)
        }
        #expect(report.text.contains("one seed tells no interval"))
    }

    @Test("LAB-062: a fund that was not enough says that more is needed, and never how much")
    func censored() throws {
        let report = try Self.report("{key: fund, values: [\"0\", \"1\", \"1000000\"]}", seeds: 6, rulebook: "binance")
        let funds = report.items(report.json["points"]).map { $0["fund"]! }
        for fund in funds.prefix(2) {
            #expect(fund["atLevel"] == .null && fund["enough"] == .null && fund["largest"] == .null)
            #expect(fund["deleveraged"] != .integer(0))
        }
        #expect(funds[2]["deleveraged"] == .integer(0) && funds[2]["largest"] != .null)
        #expect(report.text.contains("of runs pass with 1 USDT, the fund there was"))
        #expect(report.html.contains("Deleveraged"))
    }

    @Test(
        "LAB-063: with a fund of what a run needed, the same run deleverages nobody",
        arguments: ["binance", "hyperliquid", "bitmex"])
    func enough(rulebook: String) throws {
        var most = Amount.zero
        for seed in UInt64(1)...12 {
            var plan = try ScenarioFileTests.read("fund-day", ["rulebook": rulebook]).plan
            plan.redraw(seed: seed)
            func outcome(_ fund: Amount) -> SimulationOutcome {
                plan.fund = fund
                var simulation = Simulation(plan)
                simulation.run()
                return simulation.outcome
            }
            let ample = outcome(plan.fund)
            #expect(ample.deleverages.isEmpty)
            most = max(most, ample.fundNeeded)
            let just = outcome(ample.fundNeeded)
            #expect(just.deleverages.isEmpty, "seed \(seed) needed \(ample.fundNeeded)")
            #expect(just.fundNeeded == ample.fundNeeded && just.liquidated.count == ample.liquidated.count)
        }
        #expect(most > .zero)
        // Binance's fund holds what it absorbs: a tenth of what it needed is not enough for that.
        if rulebook == "binance" {
            var plan = try ScenarioFileTests.read("fund-day").plan
            plan.fund = Amount(most.raw / 100)
            let short = (UInt64(1)...12).contains { seed in
                plan.redraw(seed: seed)
                var simulation = Simulation(plan)
                simulation.run()
                return !simulation.outcome.deleverages.isEmpty
            }
            #expect(short)
        }
    }

    @Test("LAB-064: what a run comes to is pinned; where it changes, the version of results is raised with it")
    func pinned() throws {
        let hashes = try ["crash-day", "cascade", "fund-day"].map { name in
            ScenarioFileTests.run(try ScenarioFileTests.read(name, ["population.accounts": "200"])).outcome.stateHash
        }
        #expect(RunResult.version == 2 && hashes == ["fe104a053bbcfe81", "fee207ddb370ae37", "aebdb71ff78393d6"])
    }

    @Test("LAB-065: a file of results is one of this version's, takes two processes at once, and no other outcome")
    func files() throws {
        try PriceFileTests.scratch { folder in
            let file = try SweepTests.write(in: folder)
            let both = try ["both", "both"].map { try SweepTests.start(folder, $0) }
            for process in both {
                process.waitUntilExit()
                #expect(process.terminationStatus == 0)
            }
            let sweep = try Sweep.read(file)
            let store = try ResultStore(folder + "/both.sqlite")
            #expect(try store.results().count == sweep.units.count)

            let (unit, other) = (sweep.units[0], sweep.units[31])
            let wrong = other.run(sweep.points[other.point].scenario)
            #expect { try store.add(wrong, of: unit) } throws: { "\($0)".contains("another program wrote the file") }

            let foreign = folder + "/foreign.sqlite"
            let code = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE results (a)')"
            #expect(try PriceFileTests.python("-c", code, foreign).status == 0)
            #expect { try ResultStore(foreign) } throws: { "\($0)".contains("this version of Breakwater") }
        }
    }

    @Test("LAB-066: a unit's address is the same wherever its files are")
    func elsewhere() throws {
        let here = try PriceFileTests.scratch { try Sweep.read(try SweepTests.write(in: $0)).units.map(\.address) }
        let there = try PriceFileTests.scratch { try Sweep.read(try SweepTests.write(in: $0)).units.map(\.address) }
        #expect(here == there)
    }
}

@Suite("Statistics of sweeps")
struct StatisticsTests {
    @Test(
        "LAB-054: Wilson's interval of a share",
        arguments: [
            (0, 10, 0.0, 0.27753), (10, 10, 0.72247, 1.0), (50, 100, 0.40383, 0.59617), (1, 1_000, 0.00018, 0.00564),
        ])
    func wilson(part: Int, whole: Int, low: Double, high: Double) {
        let share = Statistics.interval(of: part, in: whole)
        #expect(abs(share.low - low) < 0.00001 && abs(share.high - high) < 0.00001)
    }

    @Test("LAB-055: Student's interval of a mean")
    func student() {
        // Mean 3, deviation sqrt(2.5), 2.776 x sqrt(2.5 / 5) = 1.96293.
        let mean = Statistics.mean([1, 2, 3, 4, 5])
        #expect(mean.mean == 3)
        #expect(mean.interval.map { abs($0.low - 1.03707) < 0.0001 && abs($0.high - 4.96293) < 0.0001 } == true)
        #expect(Statistics.mean([3]) == Statistics.Estimate(mean: 3, interval: nil))
    }

    @Test("LAB-056: a bound on the 99.9 % quantile takes 2,995 runs, and holds in 95 of a hundred samples")
    func quantile() {
        let level = Rate(999_000_000)
        #expect(Statistics.runsNeeded(for: level) == 2_995)
        let values = (1...2_995).map { Int64($0) }
        let bound = Statistics.quantile(level, of: values)
        #expect(bound.estimate == 2_993 && bound.enough == 2_995)
        #expect(Statistics.quantile(level, of: Array(values.dropLast())).enough == nil)
        // Of a hundred the 59th falls short of the median in 4.4 % of cases, the 58th in 6.7 %.
        let median = Statistics.quantile(Rate(500_000_000), of: (1...100).map { Int64($0) })
        #expect(median.estimate == 50 && median.enough == 59)
    }
}
