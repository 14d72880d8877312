import ArgumentParser
import BreakwaterCore
import BreakwaterTapes
import BreakwaterVenue

/// `breakwater backup`: a consistent copy of a venue's folder.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a venue's folder, while it runs or not: journal, snapshots and other databases.",
        discussion: """
            The copy is a venue's folder like the first, and its journal is read through before it counts as one. Ends \
            with 2 where a folder cannot be used.

            EXAMPLES
              breakwater backup data backups/2026-11-21
              breakwater verify backups/2026-11-21
            """)

    @Argument(help: "The venue's folder.") var folder: String
    @Argument(help: "Where the copy goes: a folder that is empty, or none.") var target: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws { try usable { try VenueCopy(of: folder, in: target) }.report(target, json) }
}

/// `breakwater restore`: a backup as a venue's folder again.
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a venue's folder from a backup.",
        discussion: """
            Nothing is replaced: the folder has to be empty, or none. Ends with 2 where a folder cannot be used.

            EXAMPLES
              breakwater restore backups/2026-11-21 data
            """)

    @Argument(help: "The backup.") var backup: String
    @Argument(help: "The venue's folder: one that is empty, or none.") var folder: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws { try usable { try VenueCopy(of: backup, in: folder) }.report(folder, json) }
}

extension VenueCopy {
    fileprivate func report(_ target: String, _ json: Bool) {
        for problem in problems { Console.complain(problem) }
        if json {
            Console.print(
                JSONValue.object([
                    (key: "folder", value: .string(target)), (key: "last", value: .integer(Int(last))),
                    (key: "snapshots", value: .integer(snapshots)),
                    (key: "databases", value: .array(databases.map { .string($0) })),
                    (key: "problems", value: .array(problems.map { .string($0) })),
                ]).text(pretty: true))
        } else {
            Console.print(
                "\(target): commands up to \(last), \(snapshots) snapshots, \(databases.joined(separator: ", "))")
        }
    }
}
