import ArgumentParser
import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes

/// `breakwater compare`: the same events under several rulebooks or deleveraging policies, side by side.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run one tape or simulation under several rulebooks or ADL policies, and set the results side by side.",
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
        let reference: String
        let policy: AutoDeleveragePolicy?
        var name: String { policy.map { "\(reference) \($0.rawValue)" } ?? reference }

        func applied(to rulebook: Rulebook) throws -> Rulebook {
            guard let policy else { return rulebook }
            guard rulebook.autoDeleverage != nil else {
                throw BadInput(
                    file: reference, key: "waterfall", expected: "an autoDeleverage stage, for --policies to choose of")
            }
            return rulebook.replacing(policy: policy)
        }
    }

    /// Every rulebook under every policy.
    ///
    /// - Parameter fallback: the rulebook that policies are tried on where none is named.
    private func variants(orElse fallback: String) throws -> [Variant] {
        let policies = try chosenPolicies
        let references = chosenRulebooks.isEmpty ? [fallback] : chosenRulebooks
        return references.flatMap { reference in
            policies.isEmpty
                ? [Variant(reference: reference, policy: nil)]
                : policies.map { Variant(reference: reference, policy: $0) }
        }
    }

    private func compareTape(_ file: String) throws -> Comparison {
        let own = chosenRulebooks.isEmpty ? try Tape.read(file).rulebook : nil
        let tapes = try variants(orElse: own?.name ?? "").map { variant in
            let rulebook = try own ?? RulebookLibrary.load(variant.reference)
            return (variant.name, try Tape.read(file, rulebook: try variant.applied(to: rulebook)))
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
        return Comparison(of: file, runs, namesPositions: true)
    }

    private func compareSimulations(_ bars: String) throws -> Comparison {
        let jobs = try variants(orElse: "bitmex").map { variant in
            var plan = try options.plan(bars: bars, rulebook: variant.reference)
            plan.rulebook = try variant.applied(to: plan.rulebook)
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
        let plan = jobs[0].plan
        let subject =
            "\(plan.traders) accounts in \(plan.contract.symbol), seed \(plan.seed), \(plan.bars.count) bars from "
            + "\(plan.bars[0].time.iso) to \(plan.bars[plan.bars.count - 1].time.iso)"
        return Comparison(of: subject, runs, namesPositions: false)
    }
}
