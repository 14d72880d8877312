public import BreakwaterCore
public import BreakwaterTapes
import Foundation

/// Reads the files that something is made of, and notes each of them, so that a report can say what to have to make it again.
///
/// What is read a second time is what was read at first: the combinations of a sweep all stand on the same files.
public struct InputFiles {
    /// Each file that was asked for since `restart`, in that order.
    public private(set) var all: [InputFile] = []
    private var texts: [String: String] = [:]

    public init() {}

    /// Begins a new list; the texts stay.
    mutating func restart() { all = [] }

    /// Has `text` stand for the file at `path`.
    mutating func hold(_ text: String, at path: String) { texts[path] = text }

    /// A file of keys and values.
    mutating func document(_ name: String, at path: String) throws(BadInput) -> String {
        let text = if let text = texts[path] { text } else { try Document.text(ofFile: path) }
        note(InputFile(name: name, contents: text, kind: .document), at: path)
        return text
    }

    /// Rows; a file that ends in .gz is unpacked.
    public mutating func table(_ name: String, at path: String) throws(BadInput) -> String {
        let text = if let text = texts[path] { text } else { try CSVTable.text(of: path) }
        note(InputFile(name: name, contents: text, kind: .table), at: path)
        return text
    }

    /// Rows of a file in `folder`, or in the working directory where it is not there.
    mutating func table(_ name: String, beside folder: String) throws(BadInput) -> (text: String, path: String) {
        let path = DataFolder.path(name, beside: folder)
        return (try table(name, at: path), path)
    }

    /// A contract by its name or file.
    public mutating func contract(_ name: String, beside folder: String? = nil) throws(BadInput) -> (Contract, Currency)
    {
        let path = try ContractFile.path(of: name, beside: folder)
        return try ContractFile.read(try Document.object(in: try document(name, at: path), file: path))
    }

    /// A rulebook by its name or file, with values that stand in place of the file's.
    public mutating func rulebook(
        _ name: String, beside folder: String? = nil, changing changes: [DocumentChange] = []
    ) throws(BadInput) -> Rulebook {
        let path = try RulebookLibrary.path(of: name, beside: folder)
        return try RulebookFile.parse(try document(name, at: path), file: path, changing: changes)
    }

    private mutating func note(_ file: InputFile, at path: String) {
        hold(file.contents, at: path)
        if !all.contains(file) { all.append(file) }
    }
}
