import Foundation

/// Finds the folders of data files that come with the program: `Rulebooks`, `Contracts`, `Examples`.
///
/// They are looked for above the working directory, then above the program itself; `BREAKWATER_HOME` names the
/// folder that holds them instead.
public enum DataFolder {
    /// Every folder of that name, nearest first.
    static func all(_ name: String) -> [String] {
        if let home = ProcessInfo.processInfo.environment["BREAKWATER_HOME"] { return [home + "/" + name] }
        let program = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        return [FileManager.default.currentDirectoryPath, program.path].flatMap(ancestors).map { $0 + "/" + name }
            .filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// The first file of that name in any folder called `folder`.
    public static func file(_ name: String, in folder: String) -> String? {
        all(folder).map { $0 + "/" + name }.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// The names of the YAML files in every folder called `folder`, in order of the alphabet.
    static func names(in folder: String) -> [String] {
        let files = all(folder).flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
        return Set(files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }).sorted()
    }

    /// The nearest folder of that name: of the program's data, or of what set-up installed for it.
    public static func folder(_ name: String) -> String? { (all(name) + all(".build/" + name)).first }

    /// A file named beside another one, or where it says.
    package static func path(_ reference: String, beside folder: String?) -> String {
        guard let folder, !reference.hasPrefix("/"), FileManager.default.fileExists(atPath: folder + "/" + reference)
        else { return reference }
        return folder + "/" + reference
    }

    private static func ancestors(_ path: String) -> [String] {
        var paths = [path]
        while let last = paths.last, last != "/", paths.count < 64 {
            paths.append(URL(filePath: last).deletingLastPathComponent().path)
        }
        return paths
    }
}
