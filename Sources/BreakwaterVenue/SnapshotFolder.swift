internal import Foundation

/// The snapshots of a venue, each named by the sequence number of the last command in it.
struct SnapshotFolder: Sendable {
    let path: String
    static let ending = ".snapshot"

    init(_ path: String) { self.path = path }

    /// One of them by its name alone.
    struct Entry: Sendable {
        let sequence: Int64
        let path: String

        /// Reads and checks it.
        func read() throws -> SnapshotFile {
            let file = try SnapshotFile(try Disk.read(path), from: path)
            guard file.sequence == sequence else {
                throw DataFault.damagedSnapshot(
                    file: path, offset: 21, what: "it holds command \(file.sequence), not \(sequence)")
            }
            return file
        }
    }

    /// Newest first.
    var entries: [Entry] {
        Disk.names(in: path).compactMap { name in
            guard name.hasSuffix(Self.ending), let sequence = Int64(name.dropLast(Self.ending.count)) else {
                return nil
            }
            return Entry(sequence: sequence, path: path + "/" + name)
        }
        .sorted { $0.sequence > $1.sequence }
    }

    func write(_ snapshot: SnapshotFile) throws {
        let digits = String(snapshot.sequence)
        let name = String(repeating: "0", count: max(0, 15 - digits.count)) + digits + Self.ending
        try Disk.write(snapshot.bytes, to: path + "/" + name)
    }

    /// Removes all but the newest, and what was never finished.
    func keep(_ count: Int) {
        for entry in entries.dropFirst(count) { try? FileManager.default.removeItem(atPath: entry.path) }
    }

    func removeUnfinished() {
        for name in Disk.names(in: path) where name.hasSuffix(Disk.unfinished) {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
    }
}
