import BreakwaterTapes
import Foundation

/// The terminal: results on standard output, everything about them on standard error.
enum Console {
    static func complain(_ text: String) { write(text + "\n", to: .standardError) }

    static func print(_ text: String) { write(text + "\n", to: .standardOutput) }

    /// The command as it was typed.
    static var typed: String {
        (["breakwater"] + CommandLine.arguments.dropFirst().map(\.shellWord)).joined(separator: " ")
    }

    /// Draws on the terminal without ending the line.
    static func sketch(_ text: String) { write(text, to: .standardError) }

    /// A closed pipe ends the output, not the program with a crash. A full disk ends both: what is lost must not look done.
    private static func write(_ text: String, to handle: FileHandle) {
        do { try handle.write(contentsOf: Data(text.utf8)) } catch {
            guard errno == ENOSPC, handle === FileHandle.standardOutput else { return }
            complain("standard output: no space left, so that the result is not whole")
            exit(74)
        }
    }

    /// Refuses reports that could not be written, before work that would be lost is done for them.
    static func expectWritable(_ files: [String?]) throws {
        let manager = FileManager.default
        for path in files.compactMap(\.self) {
            let folder = URL(filePath: path).deletingLastPathComponent().path
            let type = try? manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            guard type != .typeDirectory, manager.isWritableFile(atPath: type == nil ? folder : path) else {
                throw BadInput(file: path, expected: "a file that can be written")
            }
        }
    }

    /// Writes a report to a file.
    static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw BadInput(file: path, expected: "a file that can be written")
        }
    }

    /// Whether a person is watching standard error.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb" }
}

/// A bar for long work: drawn on a terminal, absent in a pipe.
struct Progress {
    private let label: String
    private let total: Int
    private let isShown = Console.isWatched
    private let start = Date()
    private var shownPercent = -1

    init(_ label: String, of total: Int) {
        self.label = label
        self.total = max(1, total)
    }

    mutating func reach(_ count: Int, note: @autoclosure () -> String = "") {
        guard isShown else { return }
        let percent = count * 100 / total
        guard percent != shownPercent else { return }
        shownPercent = percent
        let filled = percent * 30 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        let seconds = Int(Date().timeIntervalSince(start))
        Console.sketch("\r\u{1B}[K\(label) \(bar) \(percent)% \(seconds)s \(note())")
    }

    func finish() {
        if isShown { Console.sketch("\r\u{1B}[K") }
    }
}
