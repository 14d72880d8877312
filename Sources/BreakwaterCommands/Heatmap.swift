import ArgumentParser
import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes
import BreakwaterVenue

/// `breakwater heatmap`: where liquidations wait, and how far the book would carry them.
struct Heatmap: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show where liquidations wait, and where a cascade of them would come to rest.",
        discussion: """
            From the end of a tape, from a simulation, or from a venue's folder, which is only read: the venue may be \
            running, and what it is asked over HTTP is the same (GET /v1/contracts/{symbol}/heatmap, \
            /v1/admin/contracts/{symbol}/cascade).

            EXAMPLES
              breakwater heatmap Scenarios/coinbase-close-out.yaml
              breakwater heatmap --bars Examples/btc-perp-1m-2022-01-20-to-22.csv --until 2022-01-21T12:00:00Z --html heat.html
              breakwater heatmap --data out/venue --symbol BTCUSDT
            """)

    @Argument(help: "A tape: a .yaml or .jsonl file.") var tape: String?
    @Option(help: "Instead of a tape, a CSV of bars to simulate on.") var bars: String?
    @Option(help: "Instead of a tape, a venue's folder.") var data: String?
    @Option(help: "The rulebook of a simulation. (default: bitmex)") var rulebook: String?
    @Option(help: "Simulate no further than this moment, such as 2022-01-21T12:00:00Z.") var until: String?
    @OptionGroup(title: "OPTIONS OF A SIMULATION") var options: SimulationOptions
    @Option(help: "Only this contract.") var symbol: String?
    @Option(help: "Write the map as one self-contained page.") var html: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard [tape, bars, data].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("expected one of a tape, --bars and --data")
        }
        guard until == nil || bars != nil else { throw ValidationError("--until belongs to --bars") }
        if bars == nil { try options.refuse(with: rulebook, "a tape and a venue are as they are") }
    }

    func run() throws {
        try Console.expectWritable([html])
        let (maps, source) = try read()
        if let html { try Console.write(LiquidationMapPage(maps, of: source, command: Console.typed).text, to: html) }
        let contents: JSONValue = [
            "version": .string(ProgramVersion.text), "command": .string(Console.typed), "source": .string(source),
            "contracts": .array(maps.map(\.json)),
        ]
        Console.print(
            json
                ? contents.text(pretty: true) : maps.map { LiquidationMapText($0).text }.joined(separator: "\n\n"))
        if let html { Console.complain("wrote \(html)") }
    }

    private func read() throws -> (maps: [LiquidationMap], source: String) {
        if let tape {
            var runner = TapeRunner(try Tape.read(tape))
            runner.run()
            return (try maps(of: runner.exchange), "the end of \(tape)")
        }
        if let data {
            return try usable {
                let replica = try Replica(reading: data)
                return (try maps(of: replica.exchange), "\(data) after command \(replica.sequence)")
            }
        }
        let plan = try options.plan(bars: bars!, rulebook: rulebook)
        let end = try until.map { text in
            guard let end = Timestamp(iso: text), end > plan.bars[0].time else {
                throw ValidationError("--until: expected a moment after \(plan.bars[0].time.iso), not \(text)")
            }
            return end
        }
        let bars = plan.bars.filter { $0.time < end ?? .latest }
        var simulation = Simulation(plan)
        var progress = Progress("simulating", of: bars.count * 4)
        simulation.run(until: end ?? .latest) { progress.reach($0) }
        progress.finish()
        return (
            try maps(of: simulation.exchange),
            "\(counted(plan.traders, "account")) under \(plan.rulebook.name) after \(bars[bars.count - 1].time.iso)"
        )
    }

    private func maps(of exchange: borrowing Exchange) throws -> [LiquidationMap] {
        var maps: [LiquidationMap] = []
        for (place, contract) in exchange.directory.contracts.enumerated()
        where symbol == nil || symbol == contract.symbol {
            maps.append(LiquidationMap(of: ContractID(index: place), in: exchange))
        }
        guard !maps.isEmpty else {
            let known = exchange.directory.contracts.map(\.symbol).joined(separator: ", ")
            throw ValidationError("--symbol: expected one of \(known), not \(symbol ?? "none")")
        }
        return maps
    }
}
