import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

/// Mutated tapes: each is either refused with a clear reason, or runs with the ledger whole. Nothing crashes or hangs.
@Suite("Fuzzing the tape parser")
struct FuzzTests {
    static let shards = Array(0..<20)
    static let tapesPerShard = Repository.isSoak ? 500_000 : 5_000

    @Test("FUZZ-001: 100,000 mutated tapes are refused clearly or run whole", arguments: shards)
    func mutatedTapes(shard: Int) throws {
        let rulebook = try PropertyTests.rulebook(portfolio: shard % 2 == 1)
        // A crash leaves the seed it happened at in this file.
        let diary = URL(filePath: Repository.path(".build/fuzz-\(shard).seed"))
        for number in 0..<Self.tapesPerShard {
            let seed = UInt64(shard) << 32 | UInt64(number)
            if number % 50 == 0 { try Data("seeds from \(seed)\n".utf8).write(to: diary) }
            var mutation = Mutation(seed: seed)
            let (text, file) = mutation.tape(portfolio: shard % 2 == 1)
            if let complaint = Self.complaint(text, file: file, rulebook) {
                Issue.record("seed \(seed): \(complaint)\n\(text)")
                return
            }
        }
        try? FileManager.default.removeItem(at: diary)
    }

    /// What is wrong with how a tape was taken, or `nil`.
    private static func complaint(_ text: String, file: String, _ rulebook: Rulebook) -> String? {
        do {
            var runner = TapeRunner(try Tape.parse(text, file: file, rulebook: rulebook))
            runner.run()
            let broken = runner.exchange.brokenInvariants()
            return broken.isEmpty ? nil : broken.joined(separator: "; ")
        } catch let error {
            let message = error.description
            return error.file == file && !error.expected.isEmpty && message.hasPrefix(file)
                ? nil : "unclear refusal: \(message)"
        }
    }
}

/// Makes one mutated tape from a seed.
private struct Mutation {
    private var dice: Dice

    private static let scenarios = ScenarioTests.files.map { file in
        (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init) ?? []
    }
    private static let values = [
        "0", "-1", "1", "NaN", "1e9", "\"1e9\"", "\"\"", "null", "true", "[]", "{}", "\"0.000000001\"", "\"-0.5\"",
        "\"99999999999999999999999999999\"", "\"9223372036854775807\"", "\"1000000000000\"", "\"999999999999\"",
        "\"100000000\"",
        "\"1000000000\"", "\"0.1\"", "100%", "\"100%\"", "karen", "ETHUSDT", "\"\\ud83d\"", "+30s",
        "9999-12-31T23:59:59Z", "1d",
        "short", "isolated", "*a", "&a x", "!!binary x", "\"\\u0000\"",
    ]

    init(seed: UInt64) { dice = Dice(seed: seed) }

    mutating func tape(portfolio: Bool) -> (text: String, file: String) {
        let lines = dice.isTrue(percent: 50)
        var text: String
        if lines {
            text = RandomTape.text(seed: dice.next() % 500, commands: 12, portfolio: portfolio)
        } else {
            let scenario = dice.pick(Self.scenarios)
            text = scenario.prefix(12 + dice.below(12)).joined(separator: "\n")
        }
        for _ in 0...dice.below(4) { text = mutated(text) }
        return (text, Repository.path("Scenarios/" + (lines ? "fuzz.jsonl" : "fuzz.yaml")))
    }

    private mutating func mutated(_ text: String) -> String {
        switch dice.below(5) {
        case 0: return withBytesChanged(text)
        case 1: return withLinesMoved(text)
        case 2: return String(decoding: Array(text.utf8).prefix(dice.below(text.utf8.count + 1)), as: UTF8.self)
        default: return withValueReplaced(text)
        }
    }

    private mutating func withBytesChanged(_ text: String) -> String {
        var bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return text }
        for _ in 0...dice.below(3) {
            let index = dice.below(bytes.count)
            switch dice.below(3) {
            case 0: bytes[index] = UInt8(dice.below(256))
            case 1: bytes.insert(dice.pick(Array("{}[],:\"'-#&*!%@\\\n\t 09.x".utf8)), at: index)
            default: bytes.remove(at: index)
            }
            if bytes.isEmpty { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func withLinesMoved(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1 else { return text }
        let index = dice.below(lines.count)
        switch dice.below(3) {
        case 0: lines.remove(at: index)
        case 1: lines.insert(lines[index], at: dice.below(lines.count))
        default: lines.swapAt(index, dice.below(lines.count))
        }
        return lines.joined(separator: "\n")
    }

    /// Replaces what stands behind one colon by a value that should not, or barely, be there.
    private mutating func withValueReplaced(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let colons = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") }
        guard !colons.isEmpty else { return text }
        let start = dice.pick(colons) + 1
        let end =
            bytes[start...].firstIndex { [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "\n")].contains($0) }
            ?? bytes.count
        return String(decoding: bytes[..<start], as: UTF8.self) + " " + dice.pick(Self.values)
            + String(decoding: bytes[end...], as: UTF8.self)
    }
}
