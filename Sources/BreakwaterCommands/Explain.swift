import ArgumentParser
import BreakwaterTapes

/// `breakwater explain`: why a position was liquidated, what was done, who paid, and what would have prevented it.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain the liquidations of a tape: trigger, stages, loss, and what would have prevented them.",
        discussion: """
            The counterfactual is found by running the tape again with money put in right after the position was \
            opened: the least amount, to the unit, with which it is not liquidated any more, and the last line after \
            which that amount still helps. Without --liquidation all are told, up to --limit.

            EXAMPLES
              breakwater explain Scenarios/bryan.yaml
              breakwater explain Scenarios/bryan.yaml --liquidation 0 --json
              breakwater explain tape.jsonl --account karen --rulebook bitmex --no-counterfactual
            """)

    @Argument(help: "The tape: a .yaml or .jsonl file.") var tape: String
    @Option(help: "The number of one liquidation, counted from 0 in order of time.") var liquidation: Int?
    @Option(help: "Only this account's liquidations.") var account: String?
    @Option(help: "A rulebook's name or file; replaces the tape's own choice.") var rulebook: String?
    @Option(help: "How many liquidations to tell at most.") var limit = 20
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Do not look for what would have prevented it.") var noCounterfactual = false

    func validate() throws {
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit: expected 1 to 100000, not \(limit)")
        }
    }

    func run() throws {
        let rules = try rulebook.map { try RulebookLibrary.load($0) }
        var explanation = try Explanation(
            of: try Tape.read(tape, rulebook: rules), .init(liquidation: liquidation, account: account), limit: limit)
        if !noCounterfactual {
            var progress = Progress("replaying \(tape)", of: explanation.count)
            explanation.findCounterfactuals { progress.reach($0) }
            progress.finish()
        }
        let contents = explanation.json
        Console.print(json ? contents.text(pretty: true) : ExplanationText(contents).text)
    }
}
