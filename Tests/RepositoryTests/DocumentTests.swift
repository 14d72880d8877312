import Foundation
import Testing

@Suite("Repository: documents", .enabled(if: Repository.isCheckout, "needs git to know which files are the project's"))
struct DocumentTests {
    @Test("REP-008: every relative link in a document leads to a file")
    func linksLeadSomewhere() throws {
        var broken: [String] = []
        for document in try Repository.projectFiles() where document.hasSuffix(".md") {
            let folder = URL(filePath: document, relativeTo: Repository.root).deletingLastPathComponent()
            for target in relativeLinks(in: try Repository.lines(of: document)) {
                let file = folder.appending(path: target.removingPercentEncoding ?? target)
                if !FileManager.default.fileExists(atPath: file.path) { broken.append("\(document): \(target)") }
            }
        }
        #expect(broken == [])
    }

    @Test("REP-013: every data file that a command's help names is there")
    func helpNamesFiles() throws {
        var missing: [String] = []
        for source in try Repository.projectFiles() where source.hasPrefix("Sources/BreakwaterCommands/") {
            for word in try Repository.lines(of: source).flatMap({ $0.split { " \",()".contains($0) } })
            where ["Scenarios/", "Examples/", "Rulebooks/", "Contracts/"].contains(where: word.hasPrefix)
                && !word.contains("*")
            {
                let file = URL(filePath: String(word), relativeTo: Repository.root)
                if !FileManager.default.fileExists(atPath: file.path) { missing.append("\(source): \(word)") }
            }
        }
        #expect(missing == [])
    }

    @Test("REP-009: no file of the project names a path of somebody's machine")
    func pathsAreRelative() throws {
        var found: [String] = []
        for file in try Repository.projectFiles() {
            for (index, line) in try Repository.lines(of: file).enumerated() where namesMachinePath(line) {
                found.append("\(file):\(index + 1): \(line)")
            }
        }
        #expect(found == [])
    }

    @Test("REP-010: links outside code and to this repository are seen")
    func linkIsSeen() {
        let document: [Substring] = [
            "See [the design](docs/DESIGN.md#shape), [a site](https://example.com/x) and [below](#below).",
            "![Chart](chart.svg \"A chart\") and [mail](mailto:desk@example.com).", "```", "[not](a-link.md)", "```",
            "[later]: docs/LATER.md",
        ]
        #expect(relativeLinks(in: document) == ["docs/DESIGN.md", "chart.svg", "docs/LATER.md"])
    }

    @Test(
        "REP-011: an absolute path is told from a folder of the same name",
        arguments: [
            (["cd ", "home", "me/breakwater"], true), (["file://", "root", ".profile"], true),
            (["", "work", "main"], true), (["see docs", "work", "plan.md"], false),
            (["https://example.com", "home", "index"], false), (["${folder}", "work", "out"], false),
        ])
    func machinePathIsSeen(parts: [String], isOne: Bool) {
        #expect(namesMachinePath(parts.joined(separator: "/")[...]) == isOne)
    }

    private func relativeLinks(in lines: [Substring]) -> [String] {
        var targets: [Substring] = []
        var inCode = false
        for line in lines {
            if line.starts(with: /\s*```/) { inCode.toggle() }
            if inCode { continue }
            targets += line.matches(of: /\]\(([^)\s]+)/).map(\.1)
            if let reference = line.prefixMatch(of: /\[[^\]]+\]:\s*(\S+)/) { targets.append(reference.1) }
        }
        return targets.compactMap { target in
            let path = target.prefix { $0 != "#" }
            return path.isEmpty || path.starts(with: /[A-Za-z][A-Za-z0-9+.\-]*:/) ? nil : String(path)
        }
    }

    private func namesMachinePath(_ line: Substring) -> Bool {
        line.utf8.contains(UInt8(ascii: "/")) && line.contains(/(?:^|[^\w.\-})])\/(?:work|root|home)\//)
    }
}
