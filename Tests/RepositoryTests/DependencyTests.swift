import Testing

@Suite("Repository: dependencies")
struct DependencyTests {
    /// What the files of each target may import: nothing in the core, everything in the command line.
    static let allowed: [String: Set<String>] = [
        "BreakwaterCore": [],
        "BreakwaterJournal": ["BreakwaterCore"],
        "BreakwaterWorkloads": ["BreakwaterCore"],
        "BreakwaterGuard": [
            "BreakwaterCore", "BreakwaterJournal", "BreakwaterVenue", "BreakwaterWorkloads", "Foundation",
        ],
        "BreakwaterVenue": ["BreakwaterCore", "BreakwaterJournal", "Foundation", "GRDB", "Synchronization"],
        "BreakwaterTapes": ["BreakwaterCore", "Foundation", "Yams"],
        "BreakwaterSimulator": ["BreakwaterCore", "BreakwaterTapes", "Crypto", "Foundation"],
        "BreakwaterLaboratory": [
            "BreakwaterCore", "BreakwaterSimulator", "BreakwaterTapes", "Dispatch", "Foundation", "GRDB",
            "Synchronization",
        ],
        "BreakwaterWeb": [
            "BreakwaterTapes", "Foundation", "HummingbirdCore", "HummingbirdTLS", "Logging", "NIOCore", "NIOHTTP1",
            "NIOPosix", "NIOSSL", "NIOWebSocket", "Synchronization",
        ],
        "BreakwaterHistory": [
            "BreakwaterCore", "BreakwaterVenue", "Foundation", "GRDB", "GRDBSQLite", "Synchronization",
        ],
        "BreakwaterGateway": [
            "BreakwaterCore", "BreakwaterHistory", "BreakwaterVenue", "Crypto", "CryptoExtras", "Foundation", "GRDB",
            "Synchronization",
        ],
        "BreakwaterNotices": [
            "BreakwaterCore", "BreakwaterGateway", "BreakwaterTapes", "BreakwaterVenue", "CCurl", "Crypto",
            "Foundation", "GRDB", "Synchronization",
        ],
        "CCurl": [],
        "BreakwaterBinance": [
            "BreakwaterCore", "BreakwaterGateway", "BreakwaterHistory", "BreakwaterTapes", "BreakwaterVenue",
            "BreakwaterWeb", "Foundation", "Synchronization",
        ],
        "BreakwaterServer": [
            "BreakwaterBinance", "BreakwaterCore", "BreakwaterGateway", "BreakwaterHistory", "BreakwaterNotices",
            "BreakwaterSimulator", "BreakwaterTapes", "BreakwaterVenue", "BreakwaterWeb", "Dispatch", "Foundation",
            "Logging",
            "Synchronization",
        ],
        "BreakwaterCommands": [
            "ArgumentParser", "BreakwaterCore", "BreakwaterLaboratory", "BreakwaterNotices", "BreakwaterServer",
            "BreakwaterSimulator", "BreakwaterTapes", "BreakwaterVenue", "BreakwaterWeb", "Foundation",
            "Synchronization", "UnixSignals", "Yams",
        ],
    ]

    @Test("REP-001: the table of allowed imports names every target, and no other")
    func tableIsComplete() throws {
        #expect(try Repository.folders(in: "Sources") == Self.allowed.keys.sorted())
    }

    @Test("REP-002: dependencies point inward")
    func importsAreAllowed() throws {
        var outward: [String] = []
        for target in try Repository.folders(in: "Sources") {
            for file in try Repository.swiftFiles(in: "Sources/\(target)") {
                let modules = try Repository.lines(of: file).compactMap(importedModule)
                let forbidden = modules.filter { Self.allowed[target]?.contains($0) != true }
                outward += forbidden.map { "\(file) imports \($0)" }
            }
        }
        #expect(outward == [])
    }

    @Test(
        "REP-003: every spelling of an import is seen",
        arguments: [
            ("import Foundation", "Foundation"),
            ("public import BreakwaterCore", "BreakwaterCore"),
            ("    @testable import BreakwaterCore", "BreakwaterCore"),
            ("@_spi(Inside) @preconcurrency internal import Dispatch", "Dispatch"),
            ("import struct Foundation.Date", "Foundation"),
            ("import class Foundation.Process  // for the shell", "Foundation"),
            ("/// What to import first.", nil),
            ("let important = 1", nil),
        ])
    func importIsSeen(line: String, module: String?) {
        #expect(importedModule(line[...]) == module)
    }

    private func importedModule(_ line: Substring) -> String? {
        guard line.contains("import ") else { return nil }
        let attributes = /\s*(?:@\w+(?:\([^)]*\))?\s+)*/
        let access = /(?:(?:public|package|internal|fileprivate|private)\s+)?/
        let kind = /(?:(?:struct|class|enum|actor|protocol|typealias|func|var|let|macro)\s+)?/
        guard let start = line.prefixMatch(of: attributes)?.range.upperBound,
            let word = line[start...].prefixMatch(of: access)?.range.upperBound,
            let keyword = line[word...].prefixMatch(of: /import\s+/)?.range.upperBound,
            let name = line[keyword...].prefixMatch(of: kind)?.range.upperBound
        else { return nil }
        return line[name...].prefixMatch(of: /\w+/).map { String($0.output) }
    }
}
