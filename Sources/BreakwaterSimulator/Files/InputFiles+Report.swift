package import BreakwaterTapes

/// How reports name the files they depend on.
extension [InputFile] {
    /// Each with its SHA-256, and its text where it is a document.
    package var json: JSONValue {
        .array(
            map { file in
                var members = [
                    (key: "name", value: JSONValue.string(file.name)),
                    (key: "sha256", value: .string(file.contents.sha256)),
                ]
                if file.kind == .document { members.append((key: "text", value: .string(file.contents))) }
                return .object(members)
            })
    }

    /// The same, documents to be unfolded.
    package var markup: HTML {
        guard !isEmpty else { return .none }
        var facts = Facts()
        for file in self { facts.add(file.name, "SHA-256 <code>\(file.contents.sha256)</code>") }
        let documents = filter { $0.kind == .document }.map { file -> HTML in
            "<details><summary>\(file.name)</summary>\n<pre>\(file.contents)</pre>\n</details>\n"
        }
        return "<h3>Files</h3>\n\(facts.markup)\(documents.joined())"
    }
}
