import BreakwaterCore
import Foundation
import Testing

@testable import BreakwaterVenue

/// A venue in a process of its own that is killed again and again under load.
@Suite("Venue: killed", .serialized)
struct KillTests {
    @Test("VEN-030: killed 200 times at any moment, it loses nothing acknowledged and does nothing twice")
    func killed() throws {
        let scratch = try Scratch()
        let data = scratch("data")
        var audit: Audit?
        var numbers = SystemRandomNumberGenerator()
        var next: Int64 = 1
        for round in 0..<200 {
            let hammer = try Hammer(data, from: next, output: scratch("said"))
            // Most are killed at work, some while they start.
            if round % 5 != 4 { hammer.waitUntilReady() }
            usleep(.random(in: 0...40_000, using: &numbers))
            hammer.kill()
            let said = try hammer.said()
            guard FileManager.default.fileExists(atPath: VenueFolder.format(in: data)) else { continue }
            let journal = try SQLiteJournal(reading: VenueFolder.journal(in: data))
            let known = audit ?? Audit(journal.rulebook)
            audit = known
            try known.take(journal, said)
            let (hash, names) = (known.replica.exchange.stateHash, known.replica.clientOrders.bytes)
            var report = RecoveryReport()
            let recovery = Recovery(journal: journal, snapshots: SnapshotFolder(VenueFolder.snapshots(in: data)))
            let recovered = try recovery.replica(through: journal.last, &report)
            try #require(recovered.exchange.stateHash == hash, "round \(round)")
            try #require(recovered.clientOrders.bytes == names, "round \(round)")
            // Some of what was acknowledged is asked for again.
            next = max(1, (said.acknowledged.map(\.number).max() ?? next - 1) - 19)
        }
        #expect(audit?.acknowledged ?? 0 > 2_000)
        #expect(audit?.refused ?? 0 > 200)
        let problems = try Verification(of: data).problems
        #expect(problems.filter { !$0.contains("no complete transaction") } == [])
    }

    @Test("VEN-031: what each flush left on the disk is enough to go on from")
    func flushed() throws {
        let scratch = try Scratch()
        let shim = try Self.shim(in: scratch.path)
        for round in 0..<6 {
            let (data, kept) = (scratch("data\(round)"), scratch("kept\(round)"))
            try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
            let hammer = try Hammer(
                data, from: 1, output: scratch("said"),
                environment: ["LD_PRELOAD": shim, "FLUSHED_FROM": data, "FLUSHED_TO": kept])
            hammer.waitUntilReady()
            usleep(UInt32(100_000 + 250_000 * round))
            hammer.kill()
            let said = try hammer.said()
            #expect(said.acknowledged.count > 100)
            let crashed = scratch("crashed\(round)")
            try Self.materialise(kept, of: data, in: crashed)
            let journal = try SQLiteJournal(reading: VenueFolder.journal(in: crashed))
            let audit = Audit(journal.rulebook)
            try audit.take(journal, said)
            let hash = audit.replica.exchange.stateHash
            let (venue, _) = try Venue.open(crashed, rulebook: journal.rulebook) { replica in
                #expect(replica.exchange.stateHash == hash)
            }
            venue.stop()
        }
    }

    private static func shim(in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "cc", "-shared", "-fPIC", "-O1", "-o", folder + "/flushed.so",
            Repository.path("Tests/BreakwaterVenueTests/Support/flushed.c"), "-ldl", "-lpthread",
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return folder + "/flushed.so"
    }

    /// Builds the folder that a machine which lost its power would find: files as they were flushed last, under the names
    /// that were flushed last.
    private static func materialise(_ kept: String, of data: String, in target: String) throws {
        for (folder, list) in [("", "names"), ("/snapshots", "names-snapshots")] {
            try FileManager.default.createDirectory(atPath: target + folder, withIntermediateDirectories: true)
            guard let text = try? String(contentsOfFile: kept + "/" + list, encoding: .utf8) else { continue }
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: " ", maxSplits: 1)
                let bytes = (try? Bytes.of("\(kept)/file-\(parts[0])")) ?? []
                try Bytes.write(bytes, to: "\(target)\(folder)/\(parts[1])")
            }
        }
    }
}

/// What a hammer said before it was killed.
struct Said {
    var acknowledged: [(sequence: Int64, number: Int64, digest: String)] = []
    var refused = 0
    var faults: [Substring] = []
}

/// The venue in its own process.
struct Hammer {
    private let process = Process()
    private let output: String

    init(_ data: String, from number: Int64, output: String, environment: [String: String] = [:]) throws {
        self.output = output
        try Bytes.write([], to: output)
        process.executableURL = Repository.root.appending(path: ".build/release/breakwater-guard")
        process.arguments = ["hammer", data, String(number)]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle.standardError
        try process.run()
    }

    func waitUntilReady() {
        for _ in 0..<5_000 where process.isRunning {
            if let text = try? String(contentsOfFile: output, encoding: .utf8), text.contains("ready ") { return }
            usleep(1_000)
        }
        Issue.record("not ready")
    }

    func kill() {
        #expect(process.isRunning)
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Every line it finished.
    func said() throws -> Said {
        let text = try String(contentsOfFile: output, encoding: .utf8)
        var said = Said()
        for line in text[..<(text.lastIndex(of: "\n") ?? text.startIndex)].split(separator: "\n") {
            let parts = line.split(separator: " ")
            if parts[0] == "refused" {
                said.refused += 1
            } else if let sequence = Int64(parts[0]), let number = Int64(parts[1]) {
                said.acknowledged.append((sequence, number, String(parts[2])))
            } else if parts[0] != "ready" {
                said.faults.append(line)
            }
        }
        return said
    }
}

/// Goes through a journal from the beginning, and holds it against what was said of it.
final class Audit {
    private(set) var replica: Replica
    private(set) var acknowledged = 0
    private(set) var refused = 0
    /// The names of orders that were placed.
    private var placed: Set<String> = []

    init(_ rulebook: Rulebook) { replica = Replica(rulebook: rulebook) }

    func take(_ journal: SQLiteJournal, _ said: Said) throws {
        #expect(said.faults == [])
        var digests: [Int64: (number: String, digest: String)] = [:]
        var names: [String] = []
        try journal.forEachBatch(from: replica.sequence + 1) { batch in
            try replica.replay(batch) { execution in
                digests[execution.sequence] = (execution.origin.actor, Self.digest(execution))
                guard case .placeOrder(let request) = execution.command, execution.rejection == nil else { return }
                #expect(request.id == OrderID(execution.sequence))
                names.append(execution.origin.clientOrderID)
            }
        }
        for name in names { #expect(placed.insert(name).inserted, "\(name) was placed twice") }
        for line in said.acknowledged {
            let kept = digests[line.sequence]
            #expect(kept?.number == "hammer:\(line.number)" && kept?.digest == line.digest, "command \(line.sequence)")
        }
        acknowledged += said.acknowledged.count
        refused += said.refused
    }

    private static func digest(_ execution: Execution) -> String {
        var journal = JournalWriter()
        journal.append(execution.command, at: execution.time)
        journal.append(execution.origin.actor)
        journal.append(execution.origin.clientOrderID)
        return journal.bytes.reduce(into: UInt64(14_695_981_039_346_656_037)) { digest, byte in
            digest = (digest ^ UInt64(byte)) &* 1_099_511_628_211
        }.description
    }
}
