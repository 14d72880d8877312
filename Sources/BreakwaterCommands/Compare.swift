import ArgumentParser
import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes

/// `breakwater compare`: the same events under several rulebooks or deleveraging policies, side by side.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Run one tape or simulation under several rulebooks or ADL policies, and set the results side by side.",
        discussion: """
            Either a tape or --bars. Without --rulebooks and --policies every rulebook that can be found is compared; \
            with --policies alone the tape's own rulebook, or bitmex, is run under each of them. All runs are \
            deterministic: the same options give the same result, to the byte.

            ADL policies: \(AutoDeleveragePolicy.allCases.map(\.rawValue).joined(separator: ", ")).

            EXAMPLES
              breakwater compare Scenarios/bryan.yaml --rulebooks bitmex,mine.yaml
              breakwater compare --bars Examples/btc-perp-1m-2022-01-20-to-22.csv --html compare.html
              breakwater compare --bars bars.csv --accounts 2000 --fund 0 --policies \(AutoDeleveragePolicy.allCases[0].rawValue)
            """)

    @Argument(help: "A tape: a .yaml or .jsonl file.") var tape: String?
    @Option(help: "Instead of a tape, a CSV of bars to simulate on.") var bars: String?
    @Option(help: "Rulebooks, by name or file, with commas between them.") var rulebooks: String?
    @Option(help: "ADL policies, with commas between them.") var policies: String?
    @OptionGroup(title: "OPTIONS OF A SIMULATION") var options: SimulationOptions
    @Option(help: "Write the comparison as one self-contained page.") var html: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard (tape == nil) != (bars == nil) else {
            throw ValidationError("expected either a tape or --bars, and not both")
        }
        _ = try chosenPolicies
    }

    func run() throws {
        try Console.expectWritable([html])
        let comparison = try tape.map(compareTape) ?? compareSimulations(bars!)
        let contents = comparison.json
        if let html { try Console.write(ComparisonPage(contents).text, to: html) }
        Console.print(json ? contents.text(pretty: true) : ComparisonText(contents).text)
        if let html { Console.complain("wrote \(html)") }
    }

    private var chosenPolicies: [AutoDeleveragePolicy] {
        get throws {
            try Self.words(policies).map { word in
                guard let policy = AutoDeleveragePolicy(rawValue: word) else {
                    let known = AutoDeleveragePolicy.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("--policies: expected some of \(known), not \(word)")
                }
                return policy
            }
        }
    }

    private static func words(_ list: String?) -> [String] {
        (list ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }
    }

    /// The rulebooks asked for; every one there is where neither rulebooks nor policies were named.
    private var chosenRulebooks: [String] {
        let named = Self.words(rulebooks)
        return named.isEmpty && policies == nil ? RulebookLibrary.names : named
    }
}

/// What to run: a rulebook, as it is or with another policy.
extension Compare {
    private struct Variant {
        let name: String
        let reference: String
        let rulebook: Rulebook
    }

    /// Every rulebook under every policy.
    ///
    /// - Parameter fallback: the rulebook that policies are tried on where none is named.
    private func variants(orElse fallback: () throws -> Rulebook) throws -> [Variant] {
        let chosen = chosenRulebooks
        let rulebooks =
            chosen.isEmpty
            ? [try fallback()].map { ($0.name, $0) } : try chosen.map { ($0, try RulebookLibrary.load($0)) }
        let policies = try chosenPolicies
        return try rulebooks.flatMap { reference, rulebook -> [Variant] in
            // Two files may hold rulebooks of one name.
            let name = rulebooks.count { $0.1.name == rulebook.name } > 1 ? reference : rulebook.name
            if policies.isEmpty { return [Variant(name: name, reference: reference, rulebook: rulebook)] }
            guard rulebook.autoDeleverage != nil else {
                throw BadInput(
                    file: reference, key: "waterfall", expected: "an autoDeleverage stage, whose policy can be chosen")
            }
            return policies.map { policy in
                Variant(
                    name: rulebooks.count > 1 ? "\(name) \(policy.rawValue)" : policy.rawValue, reference: reference,
                    rulebook: rulebook.replacing(policy: policy))
            }
        }
    }

    private func compareTape(_ file: String) throws -> Comparison {
        let tapes = try variants { try Tape.read(file).rulebook }.map { variant in
            (variant.name, try Tape.read(file, rulebook: variant.rulebook))
        }
        var progress = Progress("comparing \(file)", of: tapes.count)
        var runs: [ComparedRun] = []
        for (name, tape) in tapes {
            var runner = TapeRunner(tape)
            runner.run()
            runs.append(
                ComparedRun(name, runner.exchange, runner.records, refused: runner.refusals.count))
            progress.reach(runs.count)
        }
        progress.finish()
        return Comparison(of: file, runs, namesPositions: true, command: Console.typed)
    }

    private func compareSimulations(_ bars: String) throws -> Comparison {
        let jobs = try variants { try RulebookLibrary.load("bitmex") }.map { variant in
            var plan = try options.plan(bars: bars, rulebook: variant.reference)
            plan.rulebook = variant.rulebook
            return (name: variant.name, plan: plan)
        }
        let steps = jobs.first.map { Simulation($0.plan).steps } ?? 0
        let runs = Lanes.run("comparing \(jobs.count) simulations", jobs, steps: steps) { job, progress in
            var simulation = Simulation(job.plan)
            simulation.run(progress: progress)
            return ComparedRun(
                job.name, simulation.exchange, simulation.outcome.records,
                refused: simulation.outcome.refusals.values.reduce(0, +))
        }
        return Comparison(of: jobs[0].plan, under: chosenRulebooks, policies: try chosenPolicies.map(\.rawValue), runs)
    }
}
