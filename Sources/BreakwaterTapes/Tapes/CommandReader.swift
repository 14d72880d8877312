public import BreakwaterCore

/// Reads one command in the tape schema (docs/TAPES.md) for a venue that is running, by the names it has now.
public struct CommandReader {
    /// What a running venue is told this way. Orders have doors of their own; time passes by itself.
    public static let verbs = [
        "currency", "list", "deposit", "withdraw", "fund", "leverage", "margin", "riskLimit", "hedge", "selfTrade",
        "cancelAll", "close", "trade", "mark", "index", "funding", "settle", "halt", "resume", "rulebook", "provider",
        "pairs", "event", "tiers", "auction", "uncross", "restart", "transfer", "restrict",
    ]

    /// The commands that a JSON object stands for: one, or two where a deposit opens its account.
    public static func read(
        _ json: String, venue: Directory, rulebook: Rulebook, at time: Timestamp
    ) throws(BadInput) -> [Command] {
        let place = "command.jsonl"
        var compiler = TapeCompiler(running: venue, under: rulebook, at: time)
        guard let object = try Document.objects(in: json, file: place).first else {
            throw BadInput(file: place, expected: "a JSON object with a verb in `do`")
        }
        var copy = object
        if let verb = try copy.text("do"), !verbs.contains(verb) {
            throw object.refuse("do", verb, "one of \(verbs.joined(separator: ", "))")
        }
        guard !object.keys.contains("at") else {
            throw object.refuse("at", nil, "no time: commands run when they come")
        }
        guard !object.keys.contains("file") else { throw object.refuse("file", nil, "the name of a shipped rulebook") }
        try compiler.add(object)
        return compiler.steps.flatMap { step in
            guard case .execute(let commands) = step.action else { return [Command]() }
            return commands
        }
    }
}
