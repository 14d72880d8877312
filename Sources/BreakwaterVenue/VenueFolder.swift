internal import Foundation
internal import Synchronization

/// A venue's folder: `format` says which version of it this is, `journal.sqlite` holds the commands, `snapshots` states
/// to start from, and `lock` keeps a second process out.
public final class VenueFolder: Sendable {
    public let path: String
    private let lock: Mutex<FileHandle?>

    public static let version = 1
    private static let title = "breakwater venue "

    public static func journal(in path: String) -> String { path + "/journal.sqlite" }
    static func snapshots(in path: String) -> String { path + "/snapshots" }
    static func format(in path: String) -> String { path + "/format" }

    public var journal: String { Self.journal(in: path) }
    var snapshots: SnapshotFolder { SnapshotFolder(Self.snapshots(in: path)) }

    /// Opens a folder for one process alone, and makes it where there is none or an empty one.
    public init(_ path: String) throws {
        self.path = path
        try Disk.makeFolder(path)
        let others = Disk.names(in: path).filter { $0 != "lock" }
        guard Disk.exists(Self.format(in: path)) || others.isEmpty else { throw DataFault.noVenue(folder: path) }
        lock = Mutex(try Self.locked(path))
        if others.isEmpty {
            try Self.writeFormat(in: path)
        } else {
            try Self.checkFormat(in: path)
        }
        try Disk.makeFolder(Self.snapshots(in: path))
    }

    /// Lets other processes have it.
    public func release() {
        lock.withLock { file in
            try? file?.close()
            file = nil
        }
    }

    deinit { release() }

    static func writeFormat(in path: String) throws {
        try Disk.write(Array("\(title)\(version)\n".utf8), to: format(in: path))
    }

    /// Whether a folder is one of a venue, and of a version that this program reads.
    public static func checkFormat(in path: String) throws {
        let file = format(in: path)
        guard Disk.exists(file) else { throw DataFault.noVenue(folder: path) }
        let text = String(decoding: try Disk.read(file), as: UTF8.self).trimmingCharacters(in: .newlines)
        guard text == "\(title)\(version)" else {
            throw DataFault.incompatible(
                file: file, found: text.hasPrefix(title) ? "version \(text.dropFirst(title.count))" : "\"\(text)\"",
                expected: "version \(version)")
        }
    }

    /// The lock is the kernel's, and ends with the process; what the file says is for people.
    private static func locked(_ path: String) throws -> FileHandle {
        let file = path + "/lock"
        guard Disk.exists(file) || FileManager.default.createFile(atPath: file, contents: nil),
            let handle = FileHandle(forUpdatingAtPath: file)
        else {
            throw DataFault.unreadable(file: file, why: "it cannot be written")
        }
        guard flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            let owner = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
            throw DataFault.inUse(folder: path, by: Int(owner.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data("\(ProcessInfo.processInfo.processIdentifier)\n".utf8))
        return handle
    }
}
