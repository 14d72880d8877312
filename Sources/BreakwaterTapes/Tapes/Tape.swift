public import BreakwaterCore

/// A tape read and resolved: every line checked, every name a number, before the first command runs.
public struct Tape: Sendable {
    public let file: String
    public let rulebook: Rulebook
    public let steps: [Step]

    /// One line of a tape.
    public struct Step: Sendable {
        public let line: Int
        public let time: Timestamp
        public let action: Action
    }

    public enum Action: Sendable {
        /// Usually one; opening an account goes with its first deposit.
        case execute([Command])
        case expect(Expectation)
    }

    /// Reads a tape file.
    ///
    /// - Parameter rulebook: replaces the tape's own choice; without either the tape runs under `bitmex`.
    public static func read(_ path: String, rulebook: Rulebook? = nil) throws(BadInput) -> Tape {
        try parse(try Document.text(ofFile: path), file: path, rulebook: rulebook)
    }

    public static func parse(_ text: String, file: String, rulebook: Rulebook? = nil) throws(BadInput) -> Tape {
        var compiler = TapeCompiler(override: rulebook)
        for object in try Document.objects(in: text, file: file) { try compiler.add(object) }
        return Tape(file: file, rulebook: try compiler.chosenRulebook(), steps: compiler.steps)
    }
}

/// What a tape expects of the state at one of its lines.
public struct Expectation: Sendable {
    public let line: Int
    public let account: AccountID?
    public let currency: CurrencyID?
    public let contract: ContractID?
    public let side: PositionSide
    public let figures: [(key: String, expected: String)]
}
