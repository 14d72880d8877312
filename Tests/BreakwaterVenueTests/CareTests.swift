import BreakwaterCore
import BreakwaterJournal
import BreakwaterWorkloads
import Foundation
import GRDB
import Testing

@testable import BreakwaterVenue

/// Verify, backup, restore and prune.
@Suite("Venue: care of its folder")
struct CareTests {
    /// A stopped venue with four runs behind it, and the state it stopped in.
    private func made(_ scratch: Scratch) async throws -> UInt64 {
        var hash: UInt64 = 0
        for round in 0..<4 {
            let (venue, _) = try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
            try await venue.work(600, from: round * 600)
            hash = try await venue.stateHash()
            venue.stop()
        }
        return hash
    }

    @Test("VEN-040: verify goes through everything, and finds what is wrong with its place")
    func verify() async throws {
        let scratch = try Scratch()
        let hash = try await made(scratch)
        let sound = try Verification(of: scratch("data"))
        #expect(sound.problems == [] && sound.stateHash == hash)
        #expect(sound.first == 1 && sound.snapshots == 3 && sound.inspections >= 10)
        #expect(sound.books.map(\.currency) == ["USDT"] && sound.books[0].books.difference == 0)

        let entry = SnapshotFolder(VenueFolder.snapshots(in: scratch("data"))).entries[1]
        let replica = try replayed(scratch("data"), through: entry.sequence - 100)
        // Whole by its checksum, but the state of another command.
        let wrong = SnapshotFile(
            replica.exchange.snapshot(), names: replica.clientOrders.bytes, sequence: entry.sequence,
            stateHash: replica.exchange.stateHash)
        try Bytes.write(wrong.bytes, to: entry.path)
        let problems = try Verification(of: scratch("data")).problems
        #expect(problems.count == 1 && problems.first?.hasPrefix("\(entry.path): state ") == true)

        let queue = try DatabaseQueue(path: scratch("data/journal.sqlite"))
        let first = try await queue.write { database in
            let gone = try Int64.fetchOne(database, sql: "SELECT first FROM batches ORDER BY first LIMIT 1 OFFSET 2")!
            try database.execute(sql: "DELETE FROM batches WHERE first = ?", arguments: [gone])
            return try Int64.fetchOne(
                database, sql: "SELECT min(first) FROM batches WHERE first > ?", arguments: [gone])!
        }
        try queue.close()
        let gaps = try Verification(of: scratch("data")).problems
        #expect(gaps.contains { $0.hasSuffix("to \(first - 1) are missing from the journal") })
        #expect(throws: DataFault.noVenue(folder: scratch.path)) { try Verification(of: scratch.path) }
    }

    @Test("VEN-041: a backup made under load is a venue that stands where the journal stood, and so is one restored")
    func backup() async throws {
        let scratch = try Scratch()
        let (venue, _) = try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
        try await venue.work(500)
        let load = Task { for round in 1..<20 { try await venue.work(500, from: round * 500) } }
        let copy = try VenueCopy(of: scratch("data"), in: scratch("backup"))
        #expect(copy.last > 0 && copy.databases == ["journal.sqlite"] && copy.problems == [])
        try await load.value
        venue.stop()
        #expect(try Verification(of: scratch("backup")).problems == [])
        let restored = try VenueCopy(of: scratch("backup"), in: scratch("restored"))
        #expect(restored.last == copy.last)
        let hash = try replayed(scratch("data"), through: copy.last).exchange.stateHash
        let (again, report) = try Venue.open(scratch("restored"), rulebook: WorkloadVenue.rulebook()) { replica in
            #expect(replica.exchange.stateHash == hash)
        }
        again.stop()
        #expect(report.last == copy.last)
        #expect(throws: DataFault.notEmpty(folder: scratch("restored"))) {
            try VenueCopy(of: scratch("backup"), in: scratch("restored"))
        }
    }

    @Test("VEN-042: a pruned journal begins behind the oldest snapshot, and the venue goes on as if it were whole")
    func prune() async throws {
        let scratch = try Scratch()
        let hash = try await made(scratch)
        let entries = SnapshotFolder(VenueFolder.snapshots(in: scratch("data"))).entries
        let pruning = try Pruning(of: scratch("data"))
        #expect(pruning.dropped == entries[2].sequence && pruning.first == entries[2].sequence + 1)
        let sound = try Verification(of: scratch("data"))
        #expect(sound.problems == [] && sound.stateHash == hash && sound.first == pruning.first)
        // The newest two are lost: the journal behind the oldest is all there is.
        for entry in entries.prefix(2) { try Bytes.change(entry.path, at: 1_000) }
        let (venue, report) = try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook()) { replica in
            #expect(replica.exchange.stateHash == hash)
        }
        venue.stop()
        #expect(report.snapshot == entries[2].sequence && report.problems.count == 2)
    }

    @Test("VEN-018: a venue starts from the snapshot of an older version")
    func olderVersion() throws {
        let scratch = try Scratch()
        let golden = Repository.path("Tests/Golden") + "/"
        let file = try JournalFile(bytes: try Bytes.of(golden + "binance.journal"))
        try VenueFolder(scratch("data")).release()
        let journal = try SQLiteJournal(scratch("data/journal.sqlite"), rulebook: file.rulebook)
        var replica = Replica(rulebook: file.rulebook)
        var hash: UInt64 = 0
        try file.forEachCommand { command, time in
            var writer = JournalWriter()
            writer.append(command, at: time)
            writer.append("tape")
            writer.append("")
            let sequence = replica.sequence + 1
            do {
                let batch = JournalBatch(first: sequence, last: sequence, bytes: writer.bytes)
                try journal.append(batch)
                try replica.replay(batch)
            } catch { Issue.record(error) }
            if sequence == 1_200 { hash = replica.exchange.stateHash }
        }
        journal.close()
        let old = SnapshotFile(
            try Bytes.of(golden + "binance-1.snapshot"), names: [JournalWriter.version], sequence: 1_200,
            stateHash: hash)
        try SnapshotFolder(VenueFolder.snapshots(in: scratch("data"))).write(old)
        let end = replica.exchange.stateHash
        let (venue, report) = try Venue.open(scratch("data"), rulebook: file.rulebook) { recovered in
            #expect(recovered.exchange.stateHash == end)
        }
        venue.stop()
        #expect(report.snapshot == 1_200 && report.replayed == replica.sequence - 1_200 && report.problems == [])
    }
}
