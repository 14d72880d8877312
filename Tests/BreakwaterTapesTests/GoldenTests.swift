import BreakwaterCore
import BreakwaterJournal
import BreakwaterTapes
import Foundation
import Testing

/// Journals that are kept, with the state each must end in: in every build, on every machine, until somebody means to
/// change it. `make golden` writes both anew.
@Suite("Golden journals")
struct GoldenTests {
    static let folder = Repository.path("Tests/Golden")
    private static let isWriting = ProcessInfo.processInfo.environment["BREAKWATER_GOLDEN"] == "write"

    static func tape(_ venue: String, seed: UInt64, others: [String] = []) throws -> Tape {
        let rulebook = try RulebookFile.read(Repository.path("Rulebooks/\(venue).yaml"))
        let text = RandomTape.text(seed: seed, commands: 2_000, venue: rulebook, others: others)
        return try Tape.parse(text, file: "\(venue)-\(seed).jsonl", rulebook: rulebook)
    }

    @Test(
        "GOLD-001: every golden journal ends in its state", .enabled(if: !isWriting),
        arguments: VenuePropertyTests.venues)
    func replay(venue: String) throws {
        let file = URL(filePath: "\(Self.folder)/\(venue).journal")
        let journal = try JournalFile(bytes: [UInt8](Data(contentsOf: file)))
        let hash = try journal.replayed().stateHash
        let hashes = try String(contentsOfFile: Self.folder + "/hashes.txt", encoding: .utf8).split(separator: "\n")
        let wanted = try #require(hashes.first { $0.hasSuffix(" \(venue).journal") })
        #expect(UInt64(wanted.prefix(16), radix: 16) == hash, "make golden writes it anew where this is meant")
    }

    @Test("GOLD-003: every invariant holds after each of its commands", arguments: VenuePropertyTests.venues)
    func invariants(venue: String) throws {
        let file = URL(filePath: "\(Self.folder)/\(venue).journal")
        let journal = try JournalFile(bytes: [UInt8](Data(contentsOf: file)))
        var exchange = Exchange(rulebook: journal.rulebook)
        var (number, broken) = (0, [String]())
        try journal.forEachCommand { command, time in
            number += 1
            exchange.execute(command, at: time)
            if broken.isEmpty { broken = exchange.brokenInvariants().map { "command \(number): \($0)" } }
        }
        #expect(broken == [])
    }

    @Test("GOLD-002: the golden journals are written", .enabled(if: isWriting), arguments: VenuePropertyTests.venues)
    func write(venue: String) throws {
        let journal = try Self.tape(venue, seed: 1).journal(batch: 500)
        try Data(journal.bytes).write(to: URL(filePath: "\(Self.folder)/\(venue).journal"))
    }
}
