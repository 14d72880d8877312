public import BreakwaterCore
import Foundation

/// Writes events to a file, one JSON object a line.
public struct EventLog {
    private let path: String
    private let handle: FileHandle
    private var pending = ""

    public init(path: String) throws {
        self.path = path
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else {
            throw BadInput(file: path, expected: "a file that can be written")
        }
        self.handle = handle
    }

    /// Appends what the exchange's last command did.
    public mutating func write(_ exchange: borrowing Exchange) {
        for event in exchange.events {
            pending += event.json(at: exchange.now, in: exchange.directory).text(pretty: false) + "\n"
        }
        if pending.utf8.count > 1 << 20 { flush() }
    }

    private mutating func flush() {
        try? handle.write(contentsOf: Data(pending.utf8))
        pending = ""
    }

    public mutating func close() throws {
        do {
            try handle.write(contentsOf: Data(pending.utf8))
            try handle.close()
        } catch {
            throw BadInput(file: path, expected: "room to write every event")
        }
    }
}
