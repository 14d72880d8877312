import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

@testable import BreakwaterSimulator

/// What is given to the laboratory and cannot be meant, and what reports say of what was given.
@Suite("Laboratory inputs")
struct LaboratoryInputTests {
    private static func positions(_ row: String) throws -> Scenario {
        try PriceFileTests.scratch { folder in
            let heading = "account,side,size,entry,leverage,mode,deposit"
            try "\(heading)\nbob,long,0.8,,10,cross,5000\n\(row)\n".write(
                toFile: folder + "/own.csv", atomically: true, encoding: .utf8)
            let text = try String(contentsOfFile: ScenarioFileTests.folder + "/positions.yaml", encoding: .utf8)
            try text.replacing("positions.csv", with: "own.csv").write(
                toFile: folder + "/own.yaml", atomically: true, encoding: .utf8)
            return try Scenario.read(folder + "/own.yaml")
        }
    }

    @Test(
        "LAB-067: a given position that cannot be there is refused, with its line and why",
        arguments: [
            ("alice,long,1.5,41500,20,isolated,100", "position that can be there at the first price"),
            ("alice,long,1000000,41500,20,isolated,4000", "position that can be there at the first price"),
            ("maker1,long,1.5,41500,20,isolated,4000", "makers and providers"),
            ("provider12,long,1.5,41500,20,isolated,4000", "makers and providers"),
        ])
    func holdings(row: String, message: String) throws {
        #expect { try Self.positions(row) } throws: {
            let text = "\($0)"
            return text.contains("own.csv:3: account:") && text.contains(message)
        }
    }

    @Test("LAB-068: given positions are reported as given, and nothing is said of what was not drawn")
    func given() throws {
        let report = SimulationReport(ScenarioFileTests.run(try ScenarioFileTests.read("positions")))
        let inputs = try #require(report.json["inputs"])
        for key in ["longPercent", "isolatedPercent", "entryHours"] { #expect(inputs[key] == .null) }
        #expect(report.html.contains("given, and there before the first price"))
        #expect(!report.html.contains("Leverage drawn"))
        #expect(report.html.contains("<h1>Four positions and a fall</h1>"))
        #expect(report.text.hasPrefix("Four positions and a fall\n"))
        let drawn = try ScenarioFileTests.read(
            "crash-day", ["population.accounts": "50", "population.entries": "90m"])
        #expect(SimulationReport(ScenarioFileTests.run(drawn)).json["inputs"]?["entryHours"]?.plain == "1.5")
    }

    @Test("LAB-069: the page has every contract's sizes and marks in its own units, as the CSV has them")
    func contracts() throws {
        let report = SimulationReport(
            ScenarioFileTests.run(
                try ScenarioFileTests.read("brownian", ["population.accounts": "1500", "seed": "3"])))
        let rows = report.liquidationsCSV.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
        let others = rows.filter { $0[2] == "ETHUSDT" }
        #expect(!others.isEmpty && others.count < rows.count)
        let page = SimulationReport.WebPage(report)
        let words = page.largestTable.markup.replacing(/<[^>]*>/, with: "")
        for record in page.byNotional.prefix(25) {
            let row = rows[Int(record.id.raw)]
            let contract = report.outcome.contract(of: record)
            #expect(contract.symbol == row[2] && "\(contract.decimal(record.trigger.mark))" == row[8])
            #expect(words.contains(contract.decimal(record.trigger.mark).grouped))
        }
        #expect(page.largestTable.markup.contains("<td>ETHUSDT</td>"))
        #expect(page.priceChart.markup.contains("Liquidations in ETHUSDT") == false)
        #expect(page.priceIntroduction.markup.contains("Liquidations in ETHUSDT"))
    }

    @Test("LAB-070: the price of a report is the mark: no position is liquidated outside of what it moved between")
    func marks() throws {
        let report = SimulationReport(
            ScenarioFileTests.run(try ScenarioFileTests.read("cascade", ["population.accounts": "2000"])))
        func price(_ key: String) throws -> ExactDecimal {
            try #require(ExactDecimal(report.json["price"]?[key]?.plain ?? ""))
        }
        let marks = report.outcome.records.all.map { report.plan.contract.decimal($0.trigger.mark) }
        #expect(try marks.min()! >= price("low") && marks.max()! <= price("high"))
        #expect(report.plan.contract.decimal(report.plan.bars.map(\.low).min()!) > (try price("low")))
        let entered = report.leverageCounts.reduce(0) { $0 + $1.entered }
        #expect(entered == report.entriesCSV.split(separator: "\n").count - 1 && entered < report.plan.traders)
    }

    @Test("LAB-071: a run that ends early is the same run as far as it goes")
    func cut() throws {
        let plan = try ScenarioFileTests.read("crash-day", ["population.accounts": "300"]).plan
        let end = plan.bars[20].time
        var cut = Simulation(plan)
        cut.run(until: end)
        let whole = ScenarioFileTests.run(try ScenarioFileTests.read("crash-day", ["population.accounts": "300"]))
        #expect(cut.outcome.entries.map(\.key) == whole.outcome.entries.filter { $0.time < end }.map(\.key))
        #expect(cut.outcome.entries.count < whole.outcome.entries.count)
        #expect(cut.outcome.bars.count == 20)
        #expect(cut.outcome.bars.map(\.mark) == whole.outcome.bars.prefix(20).map(\.mark))
    }

    @Test(
        "LAB-072: the command line refuses what it would not heed, and what cannot be",
        arguments: [
            ("simulate Examples/Lab/crash-day.yaml --rulebook mexc", "--rulebook goes with --bars"),
            ("simulate Examples/Lab/crash-day.yaml --longs 10", "--longs goes with --bars"),
            ("simulate Examples/Lab/crash-day.yaml --html nowhere/x.html", "nowhere/x.html: expected a file"),
            ("adl Examples/Lab/adl-accounts.csv --deficit 20000 --seed 9", "--seed goes with --bars"),
            ("adl Examples/Lab/adl-accounts.csv --deficit 20000 --policy ,", "expected at least one"),
            ("adl Examples/Lab/adl-accounts.csv --deficit 60000000", "up to 50000000"),
            ("heatmap Scenarios/coinbase-close-out.yaml --rulebook mexc", "--rulebook goes with --bars"),
            ("simulate Examples/Lab/crash-day.yaml --set contract=nope", "crash-day.yaml"),
            ("simulate Examples/Lab/brownian.yaml --set price.hawkes.decay=10ms", "at least the length of a step"),
            ("simulate Examples/Lab/crash-day.yaml --set population.accounts=-5", "from 1 to 1000000"),
            (
                "simulate Examples/Lab/crash-day.yaml --set liquidity.depth=400000000 --set liquidity.makers=400",
                "depth"
            ),
        ])
    func refusals(command: String, message: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: BarFileTests.root + "/.build/release/breakwater")
        process.currentDirectoryURL = URL(filePath: BarFileTests.root)
        process.arguments = command.split(separator: " ").map(String.init)
        let errors = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus != 0)
        #expect(text.contains(message), "\(text)")
    }

    @Test("LAB-073: a leverage that leaves more equity than there can be is refused, not trapped over")
    func leverage() throws {
        let venue = try DeleveragingEvent.Venue()
        let text = "account,notional,pnl,leverage\na,1000000,0,0.0000001\n"
        #expect { try AccountsFile.parse(text, file: "a.csv", in: venue.currency) } throws: {
            "\($0)".contains("a.csv:2: leverage")
        }
    }
}
