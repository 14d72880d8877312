import BreakwaterCore
import BreakwaterWorkloads
import Foundation

@testable import BreakwaterVenue

/// The repository these tests were compiled from.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func path(_ relative: String) -> String { root.appending(path: relative).path }

    /// Whether the long runs were asked for.
    static let isSoak = ProcessInfo.processInfo.environment["BREAKWATER_SOAK"] == "1"
}

/// A folder for one test's files, removed with it.
final class Scratch {
    let path = FileManager.default.temporaryDirectory.appending(path: "breakwater-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { path + "/" + name }
}

/// Files as bytes.
enum Bytes {
    static func of(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }
    static func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    static func change(_ path: String, at place: Int) throws {
        var bytes = try of(path)
        bytes[place] ^= 0x10
        try write(bytes, to: path)
    }
}

extension Venue {
    /// Sends commands of the workload's opening and flow, and returns when all are durable.
    func work(_ count: Int, from start: Int = 0) async throws {
        // A venue opened again takes no new risk before there is a fresh mark.
        let fresh = Command.mark([MarkPrice(ContractID(0), Price(OrderFlow.middle))])
        let commands = start == 0 ? OrderFlow.opening() : [fresh]
        let flow = OrderFlow(seed: UInt64(start + 1), count: count)
        for command in commands + flow.filling.map(OrderFlow.command) + flow.steps.map(OrderFlow.command) {
            submit(command, from: Origin("test")) { _ in }
        }
        _ = try await perform(.wait, from: Origin("test"))
    }

    func stateHash() async throws -> UInt64 { try await read { $0.stateHash } }
}

/// The replica that the journal in a folder leads to from the venue's beginning.
func replayed(_ folder: String, through last: Int64 = .max) throws -> Replica {
    let journal = try SQLiteJournal(reading: VenueFolder.journal(in: folder))
    var replica = Replica(rulebook: journal.rulebook)
    try journal.forEachBatch(from: 1) { try replica.replay($0, through: last) }
    return replica
}
