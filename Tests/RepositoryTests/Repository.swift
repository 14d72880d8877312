import Foundation

/// The checkout this file was compiled from, as files and text.
enum Repository {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A source archive has no history; what asks git which files belong to the project is skipped there.
    static var isCheckout: Bool { exists(".git") }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// The names of the folders directly in `path`, sorted.
    static func folders(in path: String) throws -> [String] {
        try FileManager.default
            .contentsOfDirectory(at: root.appending(path: path), includingPropertiesForKeys: [.isDirectoryKey])
            .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent).sorted()
    }

    /// Every Swift file in `path` and below, as paths from the root, sorted.
    static func swiftFiles(in path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: path).path)
            .filter { $0.hasSuffix(".swift") }.map { "\(path)/\($0)" }.sorted()
    }

    /// Every file that is in git or about to be: not yet added, but not ignored either.
    static func projectFiles() throws -> [String] {
        let listing = try run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        guard listing.status == 0 else { throw Failure(description: listing.output) }
        return listing.output.split(separator: "\0").map(String.init).filter(exists)
    }

    /// The text of a file, or `nil` where it is not UTF-8.
    static func text(of path: String) throws -> String? {
        String(data: try Data(contentsOf: root.appending(path: path)), encoding: .utf8)
    }

    static func lines(of path: String) throws -> [Substring] {
        try text(of: path)?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    }

    /// Runs a command at the root and returns all it printed.
    static func run(_ command: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = root
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    struct Failure: Error, CustomStringConvertible { let description: String }
}
