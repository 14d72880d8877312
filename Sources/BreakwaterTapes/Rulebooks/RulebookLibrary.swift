public import BreakwaterCore
import Foundation

/// Finds rulebooks by name: `bitmex` is `Rulebooks/bitmex.yaml`.
///
/// The folder is looked for above the working directory, then above the program itself; `BREAKWATER_RULEBOOKS` names
/// another one.
public enum RulebookLibrary {
    /// Reads a rulebook by its name, or from a file where `reference` is a path.
    public static func load(_ reference: String, beside folder: String? = nil) throws(BadInput) -> Rulebook {
        if reference.contains("/") || reference.hasSuffix(".yaml") {
            let beside = folder.map { $0 + "/" + reference }
            if let beside, !reference.hasPrefix("/"), FileManager.default.fileExists(atPath: beside) {
                return try RulebookFile.read(beside)
            }
            return try RulebookFile.read(reference)
        }
        for folder in folders {
            let path = folder + "/" + reference + ".yaml"
            if FileManager.default.fileExists(atPath: path) { return try RulebookFile.read(path) }
        }
        throw BadInput(
            file: reference,
            expected: "a rulebook: \(names.isEmpty ? "a file ending in .yaml" : names.joined(separator: ", ") + ", or a file ending in .yaml")")
    }

    /// The names of the rulebooks that can be found.
    public static var names: [String] {
        let files = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
        return Set(files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }).sorted()
    }

    private static var folders: [String] {
        if let named = ProcessInfo.processInfo.environment["BREAKWATER_RULEBOOKS"] { return [named] }
        let program = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath().deletingLastPathComponent()
        return [FileManager.default.currentDirectoryPath, program.path].flatMap(ancestors).map { $0 + "/Rulebooks" }
            .filter { FileManager.default.fileExists(atPath: $0) }
    }

    private static func ancestors(_ path: String) -> [String] {
        var paths = [path]
        while paths.last != "/", let last = paths.last, last.contains("/") {
            paths.append(URL(filePath: last).deletingLastPathComponent().path)
            if paths.count > 64 { break }
        }
        return paths
    }
}
