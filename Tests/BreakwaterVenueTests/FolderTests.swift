import BreakwaterCore
import BreakwaterWorkloads
import Foundation
import Testing

@testable import BreakwaterVenue

@Suite("Venue: its folder")
struct FolderTests {
    private func options(every: Int64) -> VenueOptions {
        var options = VenueOptions()
        options.snapshotEvery = every
        return options
    }

    @Test("VEN-010: a venue opened again stands where it stopped, but for marks that are stale until fresh ones come")
    func opensAgain() async throws {
        let scratch = try Scratch()
        let (venue, first) = try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
        #expect(first.last == 0 && first.snapshot == nil && first.problems.isEmpty)
        try await venue.work(3_000)
        let (last, hash) = (venue.last, try await venue.stateHash())
        venue.stop()
        #expect(try SnapshotFolder(VenueFolder.snapshots(in: scratch("data"))).entries.first?.read().stateHash == hash)

        let (again, report) = try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
        #expect(report.last == last && report.snapshot == last && report.replayed == 0)
        #expect(again.last == last + 2)
        let statement = try await again.read { $0.contractStatement(ContractID(0)) }
        #expect(statement.stale)
        _ = try await again.perform(.mark([MarkPrice(ContractID(0), Price(80_000))]), from: Origin("test"))
        #expect(try await again.read { !$0.contractStatement(ContractID(0)).stale })
        let end = try await again.stateHash()
        again.stop()
        #expect(try replayed(scratch("data")).exchange.stateHash == end)
    }

    @Test("VEN-011: snapshots are written beside the trading, and three of them are kept")
    func keepsSnapshots() async throws {
        let scratch = try Scratch()
        let (venue, _) = try Venue.open(
            scratch("data"), rulebook: WorkloadVenue.rulebook(), options: options(every: 1_000))
        let folder = SnapshotFolder(VenueFolder.snapshots(in: scratch("data")))
        for round in 0..<6 {
            try await venue.work(1_500, from: round * 1_500)
            let wanted = venue.last - 1_500
            for _ in 0..<200 where (folder.entries.first?.sequence ?? 0) < wanted {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect((folder.entries.first?.sequence ?? 0) >= wanted)
        }
        #expect(folder.entries.count <= 4)
        venue.stop()
        #expect(folder.entries.count == 3)
        for entry in folder.entries {
            let hash = try replayed(scratch("data"), through: entry.sequence).exchange.stateHash
            #expect(try entry.read().stateHash == hash)
        }
    }

    @Test("VEN-012: of damaged snapshots the next older one is taken, and each is reported with its place")
    func damagedSnapshots() async throws {
        let scratch = try Scratch()
        var hash: UInt64 = 0
        for round in 0..<3 {
            let (venue, _) = try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
            try await venue.work(500, from: round * 500)
            hash = try await venue.stateHash()
            venue.stop()
        }
        let entries = SnapshotFolder(VenueFolder.snapshots(in: scratch("data"))).entries
        #expect(entries.count == 3)
        try Bytes.change(entries[0].path, at: 3_000)
        try Bytes.write(Array(try Bytes.of(entries[1].path).dropLast(7)), to: entries[1].path)
        var report = RecoveryReport()
        let journal = try SQLiteJournal(reading: VenueFolder.journal(in: scratch("data")))
        let recovery = Recovery(journal: journal, snapshots: SnapshotFolder(VenueFolder.snapshots(in: scratch("data"))))
        let replica = try recovery.replica(through: journal.last, &report)
        #expect(replica.exchange.stateHash == hash)
        #expect(report.snapshot == entries[2].sequence && report.problems.count == 2)
        for (problem, entry) in zip(report.problems, entries) {
            #expect(problem.hasPrefix("\(entry.path) is damaged at byte "))
        }
        try Bytes.change(entries[2].path, at: 40)
        report = RecoveryReport()
        let anew = try recovery.replica(through: journal.last, &report)
        #expect(anew.exchange.stateHash == hash && report.snapshot == nil && report.problems.count == 3)
    }

    @Test("VEN-013: a folder in use is refused, with the process that has it")
    func inUse() throws {
        let scratch = try Scratch()
        let (venue, _) = try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
        let process = Int(ProcessInfo.processInfo.processIdentifier)
        #expect(throws: DataFault.inUse(folder: scratch("data"), by: process)) {
            try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
        }
        venue.stop()
        try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook()).venue.stop()
    }

    @Test("VEN-014: a folder of another version, or of something else, is refused and left as it is")
    func incompatible() throws {
        let scratch = try Scratch()
        try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook()).venue.stop()
        try Bytes.write(Array("breakwater venue 7\n".utf8), to: scratch("data/format"))
        #expect(
            throws: DataFault.incompatible(
                file: scratch("data/format"), found: "version 7", expected: "version \(VenueFolder.version)")
        ) { try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook()) }
        try FileManager.default.createDirectory(atPath: scratch("other"), withIntermediateDirectories: true)
        try Bytes.write([1], to: scratch("other/thesis.tex"))
        #expect(throws: DataFault.noVenue(folder: scratch("other"))) {
            try Venue.open(scratch("other"), rulebook: WorkloadVenue.rulebook())
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch("other")) == ["thesis.tex"])
    }

    @Test("VEN-015: a snapshot that knows more than the journal is a loss, and said to be one")
    func loss() async throws {
        let scratch = try Scratch()
        let (venue, _) = try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
        try await venue.work(200)
        let last = venue.last
        venue.stop()
        let replica = try replayed(scratch("data"))
        let folder = SnapshotFolder(VenueFolder.snapshots(in: scratch("data")))
        try folder.write(
            SnapshotFile(
                replica.exchange.snapshot(), names: replica.clientOrders.bytes, sequence: last + 9,
                stateHash: replica.exchange.stateHash))
        #expect(throws: DataFault.loss(what: folder.entries[0].path, sequence: last + 9, journal: last)) {
            try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
        }
        #expect(throws: DataFault.loss(what: "Ahead", sequence: last + 9, journal: last)) {
            try FileManager.default.removeItem(atPath: folder.entries[0].path)
            return try Venue.open(
                scratch("data"), rulebook: WorkloadVenue.rulebook(), followers: [Ahead(last: last + 9)])
        }
    }

    @Test(
        "VEN-016: a follower that keeps what it sees is shown what it missed, once and in order", arguments: [0, 700])
    func missed(known: Int64) async throws {
        let scratch = try Scratch()
        let (venue, _) = try Venue.open(
            scratch("data"), rulebook: WorkloadVenue.rulebook(), options: options(every: 1_000))
        try await venue.work(2_500)
        venue.stop()
        let follower = Counting(known)
        let (again, _) = try Venue.open(
            scratch("data"), rulebook: WorkloadVenue.rulebook(), followers: [follower])
        try await again.work(100, from: 2_500)
        let last = again.last
        again.stop()
        #expect(follower.last == last)
        #expect(follower.events > 0)
    }

    @Test("VEN-017: an order's name is known after a restart")
    func names() async throws {
        let scratch = try Scratch()
        let (venue, _) = try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
        try await venue.work(10)
        let request = OrderRequest(
            key: PositionKey(AccountID(7), ContractID(0)), id: .none, side: .buy, size: Size(1), price: Price(70_000))
        let placed = try await venue.perform(.placeOrder(request), from: Origin("test", clientOrderID: "mine"))
        #expect(placed.rejection == nil)
        venue.stop()
        let (again, _) = try Venue.open(scratch("data"), rulebook: WorkloadVenue.rulebook())
        #expect(try await again.order(named: "mine", of: AccountID(7)) == OrderID(placed.sequence))
        let repeated = try await again.perform(.placeOrder(request), from: Origin("test", clientOrderID: "mine"))
        #expect(repeated.rejection == .duplicateOrder)
        again.stop()
    }
}

/// Claims to have seen more than there is.
private struct Ahead: DurableFollower {
    let last: Int64
    func take(_ batch: [Execution]) {}
}

/// Insists on every command in order.
private final class Counting: DurableFollower, @unchecked Sendable {
    private(set) var last: Int64
    private(set) var events = 0

    init(_ last: Int64) { self.last = last }

    func take(_ batch: [Execution]) {
        for execution in batch {
            #expect(execution.sequence == last + 1)
            last = execution.sequence
            events += execution.events.count
        }
    }
}
