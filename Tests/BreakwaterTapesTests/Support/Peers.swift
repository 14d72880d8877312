import Foundation

/// ccxt and freqtrade, as Tests/Peers installs and asks them.
struct Peers {
    /// One of Binance's published brackets, by the names freqtrade gives their parts.
    struct Bracket: Decodable {
        let maxNotional: Decimal
        let maintenanceMarginRate: Decimal
        let maxLeverage: Int
    }

    struct Outcome: Decodable {
        let freqtrade: Tally
        let ccxt: Tally
    }

    struct Tally: Decodable {
        let compared: Int
        /// Of them, those to which we give a price.
        let priced: Int
        let beyondOneTick: Int
        let kinds: [String: Int]
        let worst: [Difference]

        var text: String {
            let parts = kinds.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            return "\(compared) compared, \(priced) with a price, \(beyondOneTick) beyond one tick (\(parts)); worst: "
                + worst.prefix(3).map(\.text).joined(separator: "; ")
        }
    }

    struct Difference: Decodable {
        let ticks: Double
        let symbol: String
        let mode: String
        let size: String
        let ours: String?
        let theirs: Double?

        var text: String {
            "\(ticks) ticks: \(mode) \(size) \(symbol), ours \(ours ?? "none"), theirs \(theirs.map { "\($0)" } ?? "none")"
        }
    }

    private let python: String

    /// Installs them unless they are there.
    init() throws {
        python = try Self.run(Repository.path("scripts/peers"), []).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func brackets(of pairs: [String]) throws -> [String: [Bracket]] {
        try answer(["brackets"] + pairs)
    }

    func compare(_ positions: [String]) throws -> Outcome {
        try Repository.withFolder { folder in
            let file = folder + "/positions.jsonl"
            try Data((positions.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: file))
            return try answer(["compare", file])
        }
    }

    private func answer<Answer: Decodable>(_ arguments: [String]) throws -> Answer {
        let text = try Self.run(python, [Repository.path("Tests/Peers/liquidation_prices.py")] + arguments)
        return try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
    }

    /// Runs a program to its end and returns what it printed; its errors go where those of the tests go.
    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        // Importing takes seconds unless the compiled modules may be kept.
        process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "PYTHONDONTWRITEBYTECODE" }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(program) \(arguments): status \(process.terminationStatus)")
        }
        return String(decoding: text, as: UTF8.self)
    }

    struct Failure: Error, CustomStringConvertible { let description: String }
}
