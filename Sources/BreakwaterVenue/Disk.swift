internal import Foundation

/// Files that are there after a crash: written aside, flushed, then given their name, and the name flushed too.
enum Disk {
    static let unfinished = ".partial"

    static func write(_ bytes: [UInt8], to path: String) throws {
        let aside = path + unfinished
        guard FileManager.default.createFile(atPath: aside, contents: nil),
            let file = FileHandle(forWritingAtPath: aside)
        else { throw DataFault.unreadable(file: aside, why: "it cannot be created") }
        do {
            try file.write(contentsOf: Data(bytes))
            try file.synchronize()
            try file.close()
        } catch {
            try? FileManager.default.removeItem(atPath: aside)
            throw error
        }
        guard unsafe rename(aside, path) == 0 else {
            throw DataFault.unreadable(file: path, why: "it cannot be given its name")
        }
        try flush(folder: URL(filePath: path).deletingLastPathComponent().path)
    }

    /// Makes the names in a folder durable.
    static func flush(folder: String) throws {
        guard let handle = FileHandle(forReadingAtPath: folder) else {
            throw DataFault.unreadable(file: folder, why: "no such folder")
        }
        try handle.synchronize()
        try handle.close()
    }

    static func read(_ path: String) throws -> [UInt8] {
        do { return [UInt8](try Data(contentsOf: URL(filePath: path))) } catch {
            throw DataFault.unreadable(file: path, why: error.localizedDescription)
        }
    }

    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func makeFolder(_ path: String) throws {
        guard !exists(path) else { return }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try flush(folder: URL(filePath: path).deletingLastPathComponent().path)
    }
}
