import BreakwaterCore

/// Several runs of the same tape or simulation, under several rulebooks or deleveraging policies, side by side.
public struct Comparison: Sendable {
    private let subject: String
    private let runs: [ComparedRun]
    private let namesPositions: Bool
    private let command: String

    /// - Parameters:
    ///   - subject: what was run, in a few words.
    ///   - namesPositions: whether every liquidated position is listed, as fits a tape but no large population.
    ///   - command: how to have it again.
    public init(of subject: String, _ runs: [ComparedRun], namesPositions: Bool, command: String) {
        self.subject = subject
        self.runs = runs
        self.namesPositions = namesPositions
        self.command = command
    }

    public var json: JSONValue {
        [
            "subject": .string(subject),
            "inputs": ["version": .string(ProgramVersion.text), "command": .string(command)],
            "runs": .array(runs.map { $0.json(mostDeleveraged: namesPositions ? 1_000 : 20) }),
            "liquidated": .array(namesPositions ? liquidated : []),
        ]
    }

    /// One row for each position that any run liquidated, in order of first appearance: where each run did so.
    private var liquidated: [JSONValue] {
        var order: [Position] = []
        var seen: [Position: [[JSONValue]]] = [:]
        for (number, run) in runs.enumerated() {
            for record in run.records {
                let key = record.trigger.key
                let position = Position(account: run.venue[key.account], name: run.venue.name(of: key))
                if seen[position] == nil {
                    order.append(position)
                    seen[position] = Array(repeating: [], count: runs.count)
                }
                seen[position]![number].append([
                    "mark": .decimal(run.contract(of: record).decimal(record.trigger.mark)),
                    "time": .string(record.time.iso), "outcome": .string(record.outcome.rawValue),
                ])
            }
        }
        return order.map { position in
            [
                "account": .string(position.account), "position": .string(position.name),
                "byRun": .array(seen[position]!.map { .array($0) }),
            ]
        }
    }

    private struct Position: Hashable {
        let account: String
        let name: String
    }
}

/// What a comparison shows of each run and currency, in the order it is shown.
enum ComparisonFigure {
    /// Where in a currency's figures it stands, and what it is called.
    static let all: [(path: [String], name: String)] =
        [
            (["liquidationsBegun"], "liquidations begun"), (["positionsLost"], "positions lost"),
            (["accounts"], "accounts"),
            (["notional"], "notional"), (["firstMark"], "first liquidation at mark"), (["firstTime"], "at"),
        ] + LossBearer.all.map { (["loss", $0.key], "loss: \($0.name)") } + [
            (["loss", "total"], "loss in all"), (["deleveragings"], "deleveragings"),
            (["deleveragedAccounts"], "accounts deleveraged"), (["givenUp"], "profit given up"),
            (["deficit"], "deficit"), (["overshoot"], "overshoot"), (["fundAtEnd"], "fund at the end"),
        ]
}

extension JSONValue {
    /// The value at the end of a path of keys; null where there is none.
    subscript(path path: [String]) -> JSONValue { path.reduce(self) { $0[$1] ?? .null } }
}
