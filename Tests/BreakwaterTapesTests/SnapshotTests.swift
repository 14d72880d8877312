import BreakwaterCore
import BreakwaterJournal
import BreakwaterTapes
import Foundation
import Testing

/// An exchange restored from its snapshot goes on as the one it was taken of: event for event, to the same state.
@Suite("Snapshot")
struct SnapshotTests {
    typealias Entry = (command: Command, time: Timestamp)

    @Test(
        "SNP-001: every golden journal goes on from any cut as if there were none", arguments: VenuePropertyTests.venues
    )
    func golden(venue: String) throws {
        let file = URL(filePath: "\(GoldenTests.folder)/\(venue).journal")
        let journal = try JournalFile(bytes: [UInt8](Data(contentsOf: file)))
        var entries: [Entry] = []
        try journal.forEachCommand { entries.append(($0, $1)) }
        try goesOn(entries, journal.rulebook, cuts: stride(from: 0, to: entries.count, by: 97), venue)
    }

    @Test(
        "SNP-002: so does every random stream, through changes of rulebook", arguments: VenuePropertyTests.venues,
        VenuePropertyTests.seeds.prefix(4))
    func streams(venue: String, seed: UInt64) throws {
        let tape = try VenuePropertyTests.tape(venue, seed: seed, others: VenuePropertyTests.venues)
        try goesOn(tape.entries, tape.rulebook, cuts: stride(from: 50, to: 900, by: 61), "\(venue), seed \(seed)")
    }

    @Test(
        "SNP-003: and streams with resting orders, breakers and auctions", arguments: PropertyTests.seeds.prefix(8),
        Breaker.Action.allCases)
    func protections(seed: UInt64, action: Breaker.Action) throws {
        var rulebook = try PropertyTests.rulebook(portfolio: seed.isMultiple(of: 2))
        rulebook.priceBand = Rate(30_000_000)
        rulebook.breaker = try Breaker(
            move: Rate(40_000_000), within: .seconds(120), action: action, length: .seconds(60))
        let text = RandomTape.text(seed: seed, commands: 700, portfolio: seed.isMultiple(of: 2), protected: true)
        let tape = try Tape.parse(text, file: "seed-\(seed).jsonl", rulebook: rulebook)
        try goesOn(tape.entries, rulebook, cuts: stride(from: 20, to: 700, by: 43), "seed \(seed)")
    }

    /// Replaces the exchange by what its snapshot restores at every cut, beside one that is left as it is.
    private func goesOn(
        _ entries: [Entry], _ rulebook: Rulebook, cuts: StrideTo<Int>, _ name: String
    ) throws {
        var exchange = Exchange(rulebook: rulebook)
        var restored = Exchange(rulebook: rulebook)
        let cuts = Set(cuts)
        for (number, entry) in entries.enumerated() {
            if cuts.contains(number) {
                let bytes = restored.snapshot()
                restored = try Exchange.restored(from: bytes)
                try #require(restored.stateHash == exchange.stateHash, "\(name), cut before \(number)")
                try #require(restored.snapshot() == bytes, "\(name), cut before \(number)")
                try #require(restored.brokenInvariants() == [], "\(name), cut before \(number)")
            }
            exchange.execute(entry.command, at: entry.time)
            restored.execute(entry.command, at: entry.time)
            try #require(restored.events == exchange.events, "\(name), command \(number)")
        }
        #expect(restored.stateHash == exchange.stateHash, "\(name)")
    }

    @Test("SNP-004: bytes cut short or changed are read or refused, and never stop the program", arguments: 0..<6)
    func corrupt(shard: Int) throws {
        let venue = VenuePropertyTests.venues[shard]
        let tape = try VenuePropertyTests.tape(venue, seed: 2, others: VenuePropertyTests.venues)
        var exchange = Exchange(rulebook: tape.rulebook)
        for entry in tape.entries.prefix(400) { exchange.execute(entry.command, at: entry.time) }
        let whole = exchange.snapshot()
        for length in stride(from: 0, to: whole.count, by: 1 + whole.count / 500) {
            #expect(throws: JournalFault.self) { try Self.read(Array(whole[..<length])) }
        }
        var dice = Dice(seed: UInt64(shard))
        var refused = 0
        for _ in 0..<4_000 {
            var bytes = whole
            for _ in 0...dice.below(3) {
                bytes[2 + dice.below(whole.count - 2)] = dice.isTrue(percent: 30) ? 0xff : UInt8(dice.below(256))
            }
            do { try Self.read(bytes) } catch {
                refused += 1
                #expect(error.offset >= 0 && error.offset <= bytes.count)
            }
        }
        #expect(refused > 400)
    }

    private static func read(_ bytes: [UInt8]) throws(JournalFault) {
        let exchange = try Exchange.restored(from: bytes)
        #expect(exchange.stateHash != 0)
    }

    @Test("SNP-006: a snapshot of version 1 is read, and goes on as its journal does")
    func olderVersion() throws {
        let file = URL(filePath: "\(GoldenTests.folder)/binance.journal")
        let journal = try JournalFile(bytes: [UInt8](Data(contentsOf: file)))
        var entries: [Entry] = []
        try journal.forEachCommand { entries.append(($0, $1)) }
        let old = [UInt8](try Data(contentsOf: URL(filePath: "\(GoldenTests.folder)/binance-1.snapshot")))
        #expect(old[1] == 1)
        var restored = try Exchange.restored(from: old)
        var exchange = Exchange(rulebook: journal.rulebook)
        for entry in entries.prefix(1_200) { exchange.execute(entry.command, at: entry.time) }
        #expect(restored.stateHash == exchange.stateHash)
        #expect(restored.snapshot()[1] == 2)
        for entry in entries.dropFirst(1_200) {
            exchange.execute(entry.command, at: entry.time)
            restored.execute(entry.command, at: entry.time)
            try #require(restored.events == exchange.events)
        }
        #expect(restored.stateHash == exchange.stateHash)
    }

    @Test("SNP-007: from version 2 on restrictions are kept", arguments: Restriction.allCases)
    func restrictions(restriction: Restriction) throws {
        var exchange = Exchange(rulebook: try PropertyTests.rulebook(portfolio: false))
        exchange.execute(.openAccount(name: "ann"), at: .zero)
        exchange.execute(.restrict(AccountID(0), restriction), at: .zero)
        let restored = try Exchange.restored(from: exchange.snapshot())
        #expect(restored.restriction(of: AccountID(0)) == restriction)
        #expect(restored.stateHash == exchange.stateHash)
    }

    @Test("SNP-005: a snapshot of a version that is not known is refused, with its number")
    func unknownVersion() throws {
        var bytes = Exchange(rulebook: try PropertyTests.rulebook(portfolio: false)).snapshot()
        bytes[1] = 99
        #expect(throws: JournalFault(at: 1, .unknownVersion(99))) { try Self.read(bytes) }
    }
}

extension Tape {
    /// Its commands with their times.
    var entries: [SnapshotTests.Entry] {
        steps.flatMap { step -> [SnapshotTests.Entry] in
            guard case .execute(let commands) = step.action else { return [] }
            return commands.map { ($0, step.time) }
        }
    }
}
