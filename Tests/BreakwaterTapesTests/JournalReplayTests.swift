import BreakwaterCore
import BreakwaterJournal
import BreakwaterTapes
import Foundation
import Testing

/// What a tape does, a journal of its commands does again: the same events and the same state, to the bit.
@Suite("Journal: replay")
struct JournalReplayTests {
    @Test("JRN-010: every scenario replays from its journal", arguments: ScenarioTests.files)
    func scenarios(file: String) throws { try replays(try Tape.read(file)) }

    @Test(
        "JRN-011: so does every random stream, through changes of rulebook", arguments: VenuePropertyTests.venues,
        VenuePropertyTests.seeds.prefix(3))
    func streams(venue: String, seed: UInt64) throws {
        try replays(try GoldenTests.tape(venue, seed: seed, others: VenuePropertyTests.venues))
    }

    private func replays(_ tape: Tape) throws {
        let journal = try JournalFile(bytes: tape.journal(batch: 50).bytes)
        var exchange = Exchange(rulebook: tape.rulebook)
        var twin = Exchange(rulebook: journal.rulebook)
        var entries: [(Command, Timestamp)] = []
        try journal.forEachCommand { entries.append(($0, $1)) }
        let steps = tape.steps.flatMap { step -> [(Tape.Step, Command)] in
            guard case .execute(let commands) = step.action else { return [] }
            return commands.map { (step, $0) }
        }
        try #require(entries.count == steps.count)
        for ((step, command), (copy, time)) in zip(steps, entries) {
            exchange.execute(command, at: step.time)
            twin.execute(copy, at: time)
            #expect(exchange.events == twin.events, "\(tape.file):\(step.line)")
        }
        #expect(exchange.stateHash == twin.stateHash)
        let replayed = try journal.replayed().stateHash
        #expect(replayed == exchange.stateHash)
    }

    @Test("JRN-012: a journal cut short or changed by a bit is refused, with the place")
    func damaged() throws {
        let bytes = try Tape.read(Repository.path("Scenarios/karen.yaml")).journal(batch: 3).bytes
        var whole = 0
        for length in bytes.indices {
            do {
                _ = try JournalFile(bytes: Array(bytes[..<length]))
                whole += 1
            } catch { #expect(error.offset <= length) }
        }
        // Cut between two batches it is a shorter journal.
        #expect(whole > 1 && whole < 20)
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                #expect(throws: JournalFault.self) { try JournalFile(bytes: changed) }
            }
        }
        #expect(throws: JournalFault(at: 0, .noJournal)) { try JournalFile(bytes: []) }
    }
}

extension Tape {
    /// Its commands as a journal, `batch` to a batch.
    func journal(batch: Int) -> JournalFile {
        var file = JournalFile(rulebook: rulebook)
        var writer = JournalWriter()
        var count = 0
        for step in steps {
            guard case .execute(let commands) = step.action else { continue }
            for command in commands {
                writer.append(command, at: step.time)
                count += 1
                guard count.isMultiple(of: batch) else { continue }
                file.append(writer)
                writer.clear()
            }
        }
        file.append(writer)
        return file
    }
}
