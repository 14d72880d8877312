import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

@testable import BreakwaterLaboratory

@Suite("Sweeps", .serialized)
struct SweepTests {
    private static let program = BarFileTests.root + "/.build/release/breakwater"

    /// A small sweep whose runs take some tenths of a second together.
    private static func write(in folder: String) throws -> String {
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

    private static func start(_ folder: String, _ name: String) throws -> Process {
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

    @Test("LAB-053: what a sweep cannot mean is refused before anything runs")
    func refusals() {
        for (text, message) in [
            ("seeds: {count: 3}", "scenario: expected a scenario's file, but the key is missing"),
            ("scenario: x.yaml", "seeds: expected an object {from, count}, but the key is missing"),
            ("scenario: x.yaml\nseeds: {count: 0}", "count"),
            ("scenario: x.yaml\nseeds: {count: 1}\nvary: [{key: fund, values: [1, 1]}]", "values"),
            ("scenario: nowhere.yaml\nseeds: {count: 1}", "nowhere.yaml"),
        ] {
            #expect { try Sweep(text, file: "sweep.yaml") } throws: { "\($0)".contains(message) }
        }
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
        let share = Statistics.share(part, of: whole)
        #expect(abs(share.low - low) < 0.00001 && abs(share.high - high) < 0.00001)
    }

    @Test("LAB-055: Student's interval of a mean")
    func student() {
        // Mean 3, deviation sqrt(2.5), 2.776 x sqrt(2.5 / 5) = 1.96293.
        let mean = Statistics.mean([1, 2, 3, 4, 5])
        #expect(mean.mean == 3 && abs(mean.low - 1.03707) < 0.0001 && abs(mean.high - 4.96293) < 0.0001)
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
