import ArgumentParser
import BreakwaterCore
import BreakwaterTapes
import BreakwaterVenue

/// `breakwater verify`: a venue's journal replayed and held against everything it must agree with.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay a venue's journal and check it: checksums, gaps, snapshots, conservation, invariants.",
        discussion: """
            The venue may be running; what it writes meanwhile is left for the next time. Ends with 1 where anything is \
            wrong, with 2 where the folder is not a venue's.

            EXAMPLES
              breakwater verify data
              breakwater verify backup --json
            """)

    @Argument(help: "The venue's folder.") var folder: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let result = try usable {
            var progress: Progress?
            defer { progress?.finish() }
            return try Verification(of: folder) { done, total in
                if progress == nil { progress = Progress("verifying \(folder)", of: Int(total)) }
                progress?.reach(Int(done))
            }
        }
        Console.print(json ? result.json.text(pretty: true) : result.text)
        if !result.problems.isEmpty { throw ExitCode(1) }
    }
}

extension ParsableCommand {
    /// Runs `body`, with a folder that cannot be used for bad input.
    func usable<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let fault as DataFault { throw ValidationError("\(fault)") }
    }
}

extension Verification {
    private var hash: String {
        let digits = String(stateHash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    fileprivate var text: String {
        var lines = problems.map { "FAIL \($0)" }
        lines.append(
            "commands \(first) to \(last) in \(batches) batches, \(snapshots) snapshots, invariants looked at "
                + "\(inspections) times")
        lines += books.map { "\($0.currency): \($0.books.put) units came in, \($0.books.held) are held" }
        lines.append("state \(hash)")
        lines.append(problems.isEmpty ? "ok" : "\(problems.count) found wrong")
        return lines.joined(separator: "\n")
    }

    fileprivate var json: JSONValue {
        .object([
            (key: "first", value: .integer(Int(first))), (key: "last", value: .integer(Int(last))),
            (key: "batches", value: .integer(batches)), (key: "snapshots", value: .integer(snapshots)),
            (key: "inspections", value: .integer(inspections)), (key: "stateHash", value: .string(hash)),
            (
                key: "conservation",
                value: .object(
                    books.map { entry in
                        (
                            key: entry.currency,
                            value: .object([
                                (key: "in", value: .string("\(entry.books.put)")),
                                (key: "held", value: .string("\(entry.books.held)")),
                                (key: "difference", value: .string("\(entry.books.difference)")),
                            ])
                        )
                    })
            ),
            (key: "problems", value: .array(problems.map { .string($0) })),
        ])
    }
}
