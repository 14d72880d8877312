public import BreakwaterCore
import Foundation

/// Looks through rulebooks and contracts for what would lose money by itself, and for risks that nothing covers.
///
/// Files are read leniently first, so that one fault does not hide the next, and then as they would be loaded.
public struct Linter: Sendable {
    /// What the tables are held against.
    public struct Stress: Sendable {
        /// How far the price gaps through a position at its trigger.
        public var gap: Rate
        /// The insurance fund, in each contract's settlement currency.
        public var fund: ExactDecimal?
        /// What one side of the book holds, in each contract's settlement currency.
        public var depth: ExactDecimal?

        public init(gap: Rate, fund: ExactDecimal? = nil, depth: ExactDecimal? = nil) {
            self.gap = gap
            self.fund = fund
            self.depth = depth
        }
    }

    let stress: Stress

    public init(_ stress: Stress) { self.stress = stress }

    /// Every rulebook and contract that comes with the program, by name.
    public static var shippedFiles: [String] {
        ["Rulebooks", "Contracts"].flatMap { name -> [String] in
            guard let folder = DataFolder.all(name).first else { return [] }
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let start = FileManager.default.currentDirectoryPath + "/"
            let shown = folder.hasPrefix(start) ? String(folder.dropFirst(start.count)) : folder
            return files.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(shown)/\($0)" }
        }
    }

    /// What there is to say about `files`, file by file, errors first in each.
    public func findings(in files: [String]) -> [LintFinding] {
        var documents: [Document] = []
        var unreadable: [String: LintFinding] = [:]
        for file in files {
            do throws(BadInput) {
                documents.append(try Document(file))
            } catch {
                unreadable[file] = LintFinding(error)
            }
        }
        let contracts = documents.compactMap(\.contract)
        return files.flatMap { file -> [LintFinding] in
            guard let document = documents.first(where: { $0.file == file }) else { return [unreadable[file]!] }
            let found = findings(in: document, beside: contracts)
            return LintFinding.Severity.allCases.flatMap { severity in found.filter { $0.severity == severity } }
        }
    }

    private func findings(in document: Document, beside contracts: [TierSource]) -> [LintFinding] {
        var found = document.tables(contracts).flatMap(tableFindings)
        found += clips(of: document, contracts)
        if let error = document.loadError, !found.contains(where: { $0.severity == .error && $0.says(error) }) {
            found.append(LintFinding(error))
        }
        return found
    }
}

extension LintFinding {
    /// Whether it is about the same fault as a refusal on load.
    fileprivate func says(_ error: BadInput) -> Bool { key == error.key && error.key != nil }
}
