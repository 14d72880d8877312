import ArgumentParser
import BreakwaterCore
import BreakwaterTapes
import BreakwaterVenue

/// `breakwater prune`: a journal without what every snapshot holds already.
struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Drop the commands of a stopped venue's journal that come before its oldest snapshot.",
        discussion: """
            Recovery begins with a snapshot from then on. Commands that are dropped can no longer be replayed, explained \
            or folded into read models: make a backup first. Ends with 2 where the folder cannot be used.

            EXAMPLES
              breakwater backup data backups/2026-11-21
              breakwater prune data
            """)

    @Argument(help: "The venue's folder.") var folder: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let pruning = try usable { try Pruning(of: folder) }
        if json {
            Console.print(
                JSONValue.object([
                    (key: "dropped", value: .integer(Int(pruning.dropped))),
                    (key: "first", value: .integer(Int(pruning.first))),
                    (key: "last", value: .integer(Int(pruning.last))),
                ]).text(pretty: true))
        } else {
            Console.print(
                "\(folder): \(pruning.dropped) commands dropped; the journal holds \(pruning.first) to \(pruning.last)")
        }
    }
}
