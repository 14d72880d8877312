import Foundation
package import Yams

/// A place in a file, for messages.
package struct Place: Equatable, Sendable {
    package let file: String
    package let line: Int

    package func refuse(_ key: String?, _ value: String?, _ expected: String) -> BadInput {
        BadInput(file: file, line: line, key: key, value: value, expected: expected)
    }
}

/// Reads the two spellings of our files: JSON Lines, one object a line, and YAML.
///
/// Both go through one parser, which keeps every scalar as it was written: JSON is YAML's flow style, and numbers
/// must not pass through floating point on their way in.
package enum Document {
    package static func text(ofFile path: String) throws(BadInput) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw BadInput(file: path, expected: "a file that can be read")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw BadInput(file: path, expected: "text in UTF-8")
        }
        return text
    }

    /// The objects of a tape, with the line each begins on.
    static func objects(in text: String, file: String) throws(BadInput) -> [Fields] {
        file.hasSuffix(".jsonl") ? try lines(text, file: file) : try list(text, file: file)
    }

    /// The one object of a YAML file.
    package static func object(in text: String, file: String) throws(BadInput) -> Fields {
        guard let node = try compose(text, at: Place(file: file, line: 1)) else {
            throw BadInput(file: file, expected: "keys and values, but the file is empty")
        }
        return try Fields(node, at: Place(file: file, line: 1))
    }

    private static func lines(_ text: String, file: String) throws(BadInput) -> [Fields] {
        var objects: [Fields] = []
        for (index, line) in text.fileLines.enumerated() {
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            let place = Place(file: file, line: index + 1)
            guard (try? JSONSerialization.jsonObject(with: Data(line.utf8))) is [String: Any],
                let node = try compose(String(line), at: place)
            else { throw place.refuse(nil, String(line), "one JSON object on each line") }
            objects.append(try Fields(node, at: place))
        }
        return objects
    }

    private static func list(_ text: String, file: String) throws(BadInput) -> [Fields] {
        let start = Place(file: file, line: 1)
        guard let node = try compose(text, at: start) else { return [] }
        guard case .sequence(let items) = node else {
            throw start.refuse(nil, nil, "a list of commands, each a line that begins with -")
        }
        var objects: [Fields] = []
        for item in items { objects.append(try Fields(item, at: start)) }
        return objects
    }

    package static func compose(_ text: String, at place: Place) throws(BadInput) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw BadInput(
                file: place.file, line: line(of: error, in: place),
                expected: "well-formed YAML or JSON (\(reason(error)))")
        } catch {
            throw place.refuse(nil, nil, "well-formed YAML or JSON")
        }
    }

    private static func line(of error: YamlError, in place: Place) -> Int {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            place.line + mark.line - 1
        case .duplicatedKeysInMapping(_, let context): place.line + context.mark.line - 1
        case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded: place.line
        }
    }

    private static func reason(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .reader(let problem, _, _, _): problem
        case .duplicatedKeysInMapping(let keys, _): "each key once, but \(keys.joined(separator: ", ")) stands twice"
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded: "it cannot be parsed"
        }
    }
}
