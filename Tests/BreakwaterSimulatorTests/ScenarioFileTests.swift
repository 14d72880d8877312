import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

@testable import BreakwaterSimulator

@Suite("Scenario files")
struct ScenarioFileTests {
    static let folder = BarFileTests.root + "/Examples/Lab"

    static func read(_ name: String, _ changes: [String: String] = [:]) throws -> Scenario {
        try Scenario.read(
            "\(folder)/\(name).yaml",
            changing: changes.sorted { $0.key < $1.key }.map { DocumentChange($0.key, $0.value) })
    }

    static func run(_ scenario: Scenario) -> Simulation {
        var simulation = Simulation(scenario.plan)
        simulation.run()
        #expect(simulation.exchange.brokenInvariants() == [])
        #expect(simulation.outcome.conservation.difference == 0)
        return simulation
    }

    @Test("LAB-020: a scenario of the options' defaults gives what the options give")
    func sameAsOptions() throws {
        let scenario = try Self.read("crash", ["population.accounts": "500"])
        let (contract, currency) = try ContractFile.load(BarFileTests.root + "/Contracts/xbtusdt.yaml")
        var plan = SimulationPlan(
            contract: contract, currency: currency,
            rulebook: try RulebookLibrary.load(BarFileTests.root + "/Rulebooks/bitmex.yaml"),
            bars: try BarFile.read(BarFileTests.root + "/Examples/btc-perp-1m-2022-01-20-to-22.csv", for: contract),
            sources: .init(bars: "", contract: "", rulebook: ""))
        plan.traders = 500
        var simulation = Simulation(plan)
        simulation.run()
        #expect(Self.run(scenario).outcome.stateHash == simulation.outcome.stateHash)
    }

    @Test(
        "LAB-021: what a scenario cannot mean is refused with file, line, key, value and what was expected",
        arguments: [
            ("seed: -1", "s.yaml:1: seed: \"-1\" is not what was expected: a whole number from 0 up"),
            ("colour: red", "s.yaml:1: colour: expected only keys that a scenario has; this is none of them"),
            (
                "population: {acounts: 5}",
                "s.yaml:2: acounts: expected only keys that a population has; this is none of them"
            ),
            (
                "population: {long: 1.5%}",
                "s.yaml:2: long: \"0.015\" is not what was expected: a share in whole per cent"
            ),
            (
                "liquidity: {profile: steep}",
                "s.yaml:2: profile: \"steep\" is not what was expected: flat, rising, or a list of {away, weight}"
            ),
            (
                "feedback: {halfLife: 0s}",
                "s.yaml:2: halfLife: \"0us\" is not what was expected: a length of time above zero"
            ),
            (
                "fund: \"0.0000001\"",
                "s.yaml:1: fund: \"0.0000001\" is not what was expected: an amount of at least zero of at most 6 decimals in USDT"
            ),
            ("rules: {basis: none}", "bitmex.yaml"),
        ])
    func refusals(line: String, message: String) {
        let text = "price: {source: brownian, start: \"100\", length: 1h, volatility: 1%}\n\(line)\n"
        #expect { try Scenario.parse(text, file: "s.yaml") } throws: { "\($0)".contains(message) }
    }

    @Test("LAB-022: values stand in for the file's, down to a stage of the rulebook")
    func changes() throws {
        let scenario = try Self.read(
            "crash-day",
            [
                "rulebook": "hyperliquid", "rules.waterfall.partial.close": "35%", "liquidity.depth": "1234",
                "behaviour.panic.share": "0%", "behaviour.panic.move": "1%", "behaviour.panic.within": "1m",
                "behaviour.panic.over": "1m",
            ])
        #expect(scenario.plan.depth == Amount(1_234_000_000))
        #expect(scenario.plan.behaviour.panic?.move == Rate(10_000_000))
        guard case .partial(let terms)? = scenario.plan.rulebook.waterfall.first(where: { $0.name == "partial" }),
            case .fraction(let share) = terms.close
        else {
            Issue.record("no partial stage with a share")
            return
        }
        #expect(share == Rate(350_000_000))
        #expect { try Self.read("crash-day", ["rules.waterfall.17.close": "1%"]) } throws: {
            "\($0)".contains("waterfall.17.close")
        }
    }

    @Test(
        "LAB-023: every shipped scenario runs, keeps its invariants and conserves money, and gives the same bytes again",
        arguments: ["crash-day", "cascade", "brownian", "positions"])
    func shipped(name: String) throws {
        let small = name == "positions" ? [:] : ["population.accounts": "400"]
        let scenario = try Self.read(name, small)
        let first = Self.run(scenario)
        let report = SimulationReport(first)
        #expect(first.outcome.entries.count > 0)
        let again = SimulationReport(Self.run(try Self.read(name, small)))
        #expect(report.fullJSON.text(pretty: true) == again.fullJSON.text(pretty: true))
        #expect(report.html == again.html)
        #expect(report.liquidationsCSV == again.liquidationsCSV)
    }

    @Test("LAB-057: the command in a report, typed into a shell, gives the same report")
    func reproducible() throws {
        func report(_ command: String) throws -> NSDictionary {
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.currentDirectoryURL = URL(filePath: BarFileTests.root)
            process.arguments = ["-c", "PATH=.build/release:$PATH; \(command) --report json"]
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let text = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return try #require(try JSONSerialization.jsonObject(with: text) as? NSDictionary)
        }
        for command in [
            "breakwater simulate Examples/Lab/cascade.yaml --set population.accounts=200 --set 'name=Not \"so\" many' --seed 3 --no-twin",
            "breakwater simulate --bars Examples/btc-perp-1m-2022-01-20-to-22.csv --accounts 50 --longs 40",
        ] {
            let first = try report(command)
            let inputs = try #require(first["inputs"] as? NSDictionary)
            let again = try #require(inputs["command"] as? String)
            #expect(try report(again) == first, "\(again)")
            #expect(inputs["accounts"] as? Int == (command.contains("200") ? 200 : 50))
        }
    }

    @Test("LAB-058: a report holds what its files said: with the table it names, enough to make it again to the byte")
    func complete() throws {
        try PriceFileTests.scratch { folder in
            let scenario = folder + "/own.yaml"
            let bars = try String(contentsOfFile: PriceFileTests.bars, encoding: .utf8)
                .split(separator: "\n").prefix(600).joined(separator: "\n")
            let text = """
                contract: own-contract.yaml
                rulebook: ./own-rules.yaml
                price: {source: bars, file: own.csv}
                population: {accounts: 60, entries: 1h}
                feedback: {impact: 40%}
                """
            let files = [
                "own.yaml": text, "own.csv": bars,
                "own-contract.yaml": try String(
                    contentsOfFile: BarFileTests.root + "/Contracts/xbtusdt.yaml", encoding: .utf8),
                "own-rules.yaml": try String(
                    contentsOfFile: BarFileTests.root + "/Rulebooks/mexc.yaml", encoding: .utf8),
            ]
            func write(_ files: [String: String]) throws {
                for (name, text) in files {
                    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
                }
            }
            try write(files)
            let first = SimulationReport(Self.run(try Scenario.read(scenario)))
            for name in files.keys { try FileManager.default.removeItem(atPath: folder + "/" + name) }

            let json = try JSONSerialization.jsonObject(with: Data(first.json.text(pretty: true).utf8)) as? NSDictionary
            let named = try #require((json?["inputs"] as? NSDictionary)?["files"] as? [[String: String]])
            #expect(named.map { $0["name"] } == [scenario, "own-contract.yaml", "./own-rules.yaml", "own.csv"])
            #expect(named.filter { $0["text"] == nil }.map { $0["name"] } == ["own.csv"])
            for file in named {
                let name = URL(filePath: file["name"]!).lastPathComponent
                try write([name: file["text"] ?? bars])
                let code = """
                    import hashlib, sys
                    print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest(), end='')
                    """
                #expect(try PriceFileTests.python("-c", code, folder + "/" + name).output == file["sha256"])
            }
            let again = SimulationReport(Self.run(try Scenario.read(scenario)))
            #expect(again.fullJSON.text(pretty: true) == first.fullJSON.text(pretty: true))
            #expect(again.html == first.html)
            for file in named { #expect(first.html.contains(file["sha256"]!)) }
        }
    }
}
