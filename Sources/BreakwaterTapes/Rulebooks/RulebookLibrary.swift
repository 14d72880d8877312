public import BreakwaterCore
import Foundation

/// Finds rulebooks by name: `bitmex` is `Rulebooks/bitmex.yaml`.
public enum RulebookLibrary {
    /// Reads a rulebook by its name, or from a file where `reference` is a path.
    ///
    /// - Parameter folder: where a relative path is looked for first, that of the tape which names it.
    public static func load(_ reference: String, beside folder: String? = nil) throws(BadInput) -> Rulebook {
        try RulebookFile.read(try path(of: reference, beside: folder))
    }

    /// The file that a rulebook's name, or a path, means.
    package static func path(of reference: String, beside folder: String? = nil) throws(BadInput) -> String {
        if reference.contains("/") || reference.hasSuffix(".yaml") {
            return DataFolder.path(reference, beside: folder)
        }
        guard let path = DataFolder.file(reference + ".yaml", in: "Rulebooks") else {
            let known = names.isEmpty ? "" : names.joined(separator: ", ") + ", or "
            throw BadInput(file: reference, expected: "a rulebook: \(known)a file ending in .yaml")
        }
        return path
    }

    /// The file of a shipped rulebook, as it is written.
    public static func text(named name: String) -> String? {
        guard names.contains(name), let path = DataFolder.file(name + ".yaml", in: "Rulebooks") else { return nil }
        return try? Document.text(ofFile: path)
    }

    /// The names of the rulebooks that can be found.
    public static var names: [String] { DataFolder.names(in: "Rulebooks") }
}
