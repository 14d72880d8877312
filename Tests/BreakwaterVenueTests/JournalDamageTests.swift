import BreakwaterCore
import BreakwaterWorkloads
import Foundation
import GRDB
import Testing

@testable import BreakwaterVenue

/// What is no longer what was written is found, with its place, and never passed over.
@Suite("Venue: damaged journals")
struct JournalDamageTests {
    /// A journal of twenty batches of ten commands in `file`.
    private func write(_ file: String) throws {
        let journal = try SQLiteJournal(file, rulebook: WorkloadVenue.rulebook())
        for batch in 0..<20 { try journal.append(Self.batch(Int64(batch) * 10 + 1)) }
        journal.close()
    }

    private static func batch(_ first: Int64) -> JournalBatch {
        var writer = JournalWriter()
        for number in 0..<10 { writer.append(.wait, at: Timestamp(first + Int64(number)), from: Origin("test")) }
        return JournalBatch(first: first, last: first + 9, bytes: writer.bytes)
    }

    private func change(_ file: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: file)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func read(_ file: String, from sequence: Int64 = 1) throws -> Int64 {
        let journal = try SQLiteJournal(reading: file)
        var last = sequence - 1
        try journal.forEachBatch(from: sequence) { last = $0.last }
        return last
    }

    @Test("VEN-020: a journal is read from any command on")
    func readsFromAnywhere() throws {
        let scratch = try Scratch()
        try write(scratch("j"))
        let journal = try SQLiteJournal(reading: scratch("j"))
        for sequence in 1...200 as ClosedRange<Int64> {
            var numbers: [Int64] = []
            try journal.forEachBatch(from: sequence) { batch in
                try batch.forEachCommand { number, _, _, _ in if number >= sequence { numbers.append(number) } }
            }
            #expect(numbers == Array(sequence...200))
        }
        #expect(try read(scratch("j"), from: 201) == 200)
    }

    @Test(
        "VEN-021: a row that was changed is refused, with its command",
        arguments: [
            "UPDATE batches SET bytes = zeroblob(40) WHERE first = 51", "UPDATE batches SET last = 61 WHERE first = 51",
            "UPDATE batches SET checksum = checksum + 1 WHERE first = 51",
            "UPDATE batches SET bytes = 'text' WHERE first = 51",
        ])
    func changedRow(sql: String) throws {
        let scratch = try Scratch()
        try write(scratch("j"))
        try change(scratch("j"), sql)
        let fault = #expect(throws: DataFault.self) { try read(scratch("j")) }
        guard case .damagedBatch(_, let sequence, _) = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(sequence == 51)
    }

    @Test(
        "VEN-022: a row that is gone is a gap, between the commands it is between",
        arguments: [(1, 0, 11), (51, 50, 61), (181, 180, 191)] as [(Int64, Int64, Int64)])
    func missingRow(first: Int64, after: Int64, next: Int64) throws {
        let scratch = try Scratch()
        try write(scratch("j"))
        try change(scratch("j"), "DELETE FROM batches WHERE first = \(first)")
        #expect(throws: DataFault.gap(after: after, next: next)) { try read(scratch("j")) }
    }

    @Test("VEN-023: a journal of another version is refused")
    func version() throws {
        let scratch = try Scratch()
        try write(scratch("j"))
        try change(scratch("j"), "UPDATE venue SET version = 9")
        #expect(throws: DataFault.incompatible(file: scratch("j"), found: "version 9", expected: "version 1")) {
            try SQLiteJournal(scratch("j"), rulebook: WorkloadVenue.rulebook())
        }
        try Bytes.write(Array("not a database, but a text that is long enough to be one".utf8), to: scratch("text"))
        #expect(throws: DataFault.self) { try SQLiteJournal(scratch("text"), rulebook: WorkloadVenue.rulebook()) }
    }

    @Test("VEN-024: pages changed on the disk are found by checksum or by SQLite, wherever they are", arguments: 0..<8)
    func changedPages(shard: Int) throws {
        let scratch = try Scratch()
        try write(scratch("j"))
        let whole = try Bytes.of(scratch("j"))
        var found = 0
        for place in stride(from: shard * 61, to: whole.count, by: 499) {
            try Bytes.write(whole, to: scratch("k"))
            try Bytes.change(scratch("k"), at: place)
            var batches: [[UInt8]] = []
            do {
                let journal = try SQLiteJournal(reading: scratch("k"))
                try journal.forEachBatch(from: 1) { batches.append($0.bytes) }
            } catch { found += 1 }
            // What was handed on is what was written.
            for (number, bytes) in batches.enumerated() { #expect(bytes == Self.batch(Int64(number) * 10 + 1).bytes) }
        }
        #expect(found > 0)
    }

    @Test("VEN-025: SQLite's log, cut anywhere, gives back every transaction before the cut; what is behind it is told")
    func cutLog() throws {
        let scratch = try Scratch()
        let (log, ends) = try writtenLog(scratch)
        for length in stride(from: 33, through: log.count, by: 1_009) + ends {
            try FileManager.default.removeItem(atPath: scratch("copy"))
            try copy(scratch, log: Array(log[..<length]))
            let whole = ends.count { $0 <= length }
            let journal = try SQLiteJournal(reading: scratch("copy/j"))
            #expect(journal.last == Int64(whole) * 10, "cut at \(length)")
            // SQLite is given whole frames; a frame cut short is no frame.
            let frames = (length - 32) / 4_120
            let complete = ends.last { $0 <= length }.map { ($0 - 32) / 4_120 } ?? 0
            #expect((journal.tail != nil) == (frames > complete), "cut at \(length)")
        }
    }

    @Test("VEN-026: a log changed in the middle loses transactions that were complete, and is refused for it")
    func changedLog() throws {
        let scratch = try Scratch()
        let (log, ends) = try writtenLog(scratch)
        for place in stride(from: 40, to: ends[ends.count - 3], by: 2_003) {
            var changed = log
            // Salts tell old frames from new ones: a frame of another salt is the log's end to everybody.
            if (8..<16).contains((place - 32) % 4_120) { continue }
            changed[place] ^= 4
            try FileManager.default.removeItem(atPath: scratch("copy"))
            try copy(scratch, log: changed)
            let fault = #expect(throws: DataFault.self, "\(place)") { try SQLiteJournal(reading: scratch("copy/j")) }
            guard case .damagedLog(_, let offset, let lost) = fault else {
                Issue.record("\(place): \(String(describing: fault))")
                continue
            }
            #expect(offset <= place && lost >= 2)
        }
    }

    /// The log of ten transactions that were never copied into their file, and where each ends; the file stands in `made`.
    private func writtenLog(_ scratch: Scratch) throws -> (log: [UInt8], ends: [Int]) {
        for name in ["made", "copy"] {
            try FileManager.default.createDirectory(atPath: scratch(name), withIntermediateDirectories: true)
        }
        // The tables are in the file already.
        try SQLiteJournal(scratch("made/j"), rulebook: WorkloadVenue.rulebook()).close()
        let journal = try SQLiteJournal(scratch("made/j"), rulebook: WorkloadVenue.rulebook())
        defer { withExtendedLifetime(journal) {} }
        var ends: [Int] = []
        for batch in 0..<10 {
            try journal.append(Self.batch(Int64(batch) * 10 + 1))
            ends.append(try Bytes.of(scratch("made/j-wal")).count)
        }
        return (try Bytes.of(scratch("made/j-wal")), ends)
    }

    private func copy(_ scratch: Scratch, log: [UInt8]) throws {
        try FileManager.default.createDirectory(atPath: scratch("copy"), withIntermediateDirectories: true)
        try Bytes.write(try Bytes.of(scratch("made/j")), to: scratch("copy/j"))
        try Bytes.write(log, to: scratch("copy/j-wal"))
    }
}
