import BreakwaterCore
import BreakwaterJournal
import Foundation

/// What guards speed and sameness. `replay` prints the state hash that each journal ends in; the name of a workload runs
/// that, for scripts/instructions to count; `hammer` is a venue for tests to kill.
@main
enum Guard {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "replay": for path in arguments.dropFirst() { try replay(path) }
        case "hammer": try Hammer(arguments.dropFirst()).run()
        case let name?:
            guard let workload = CountedWorkload(rawValue: name) else { fail("no workload \(name)") }
            workload.run()
        case nil: fail("usage: breakwater-guard replay JOURNAL... | \(CountedWorkload.names)")
        }
    }

    private static func replay(_ path: String) throws {
        let journal = try JournalFile(bytes: [UInt8](Data(contentsOf: URL(filePath: path))))
        let hash = try journal.replayed().stateHash
        let digits = String(hash, radix: 16)
        print(String(repeating: "0", count: 16 - digits.count) + digits, URL(filePath: path).lastPathComponent)
    }

    static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data("breakwater-guard: \(message)\n".utf8))
        exit(2)
    }
}
