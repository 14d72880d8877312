/// Values by path: one look-up for fixed paths, a walk along the segments for those with parameters.
struct PathTable<Value: Sendable>: Sendable {
    private struct Node: Sendable {
        var fixed: [Substring: Node] = [:]
        /// What follows a parameter; one node at most.
        var parameter: [Node] = []
        var value: Value?
        var rest: Value?
    }

    /// A value with the parameters that its template found in a path, still percent-encoded.
    struct Match {
        let value: Value
        let parameters: [Substring]
    }

    private var fixed: [String: Value] = [:]
    private var root = Node()

    /// Changes the value for `template`, `nil` where there is none yet.
    ///
    /// - Returns: the names of the template's parameters, in order.
    @discardableResult
    mutating func change(_ template: String, _ change: (inout Value?) -> Void) -> [String] {
        guard template.contains("{") else {
            change(&fixed[template])
            return []
        }
        var names: [String] = []
        Self.change(template.split(separator: "/")[...], below: &root, &names, change)
        return names
    }

    private static func change(
        _ segments: ArraySlice<Substring>, below node: inout Node, _ names: inout [String],
        _ change: (inout Value?) -> Void
    ) {
        guard let segment = segments.first else { return change(&node.value) }
        guard segment.hasPrefix("{"), segment.hasSuffix("}") else {
            return Self.change(segments.dropFirst(), below: &node.fixed[segment, default: Node()], &names, change)
        }
        let name = segment.dropFirst().dropLast()
        if name.hasSuffix("...") {
            names.append(String(name.dropLast(3)))
            return change(&node.rest)
        }
        names.append(String(name))
        if node.parameter.isEmpty { node.parameter.append(Node()) }
        Self.change(segments.dropFirst(), below: &node.parameter[0], &names, change)
    }

    /// What stands at `path`: a fixed path before one with parameters, fixed segments before parameters.
    func match(_ path: String) -> Match? {
        if let value = fixed[path] { return Match(value: value, parameters: []) }
        guard path.first == "/" else { return nil }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return match(segments[...], path, at: root, [])
    }

    private func match(_ segments: ArraySlice<Substring>, _ path: String, at node: Node, _ found: [Substring]) -> Match?
    {
        guard let segment = segments.first else { return node.value.map { Match(value: $0, parameters: found) } }
        if let next = node.fixed[segment], let match = match(segments.dropFirst(), path, at: next, found) {
            return match
        }
        if let next = node.parameter.first, !segment.isEmpty,
            let match = match(segments.dropFirst(), path, at: next, found + [segment])
        {
            return match
        }
        return node.rest.map { Match(value: $0, parameters: found + [path[segment.startIndex...]]) }
    }
}

/// Text out of the form it has in paths and queries.
enum PercentEncoding {
    /// The text of `encoded`; `nil` where an escape is broken or the bytes are not UTF-8.
    static func decode(_ encoded: Substring, plusIsBlank: Bool) -> String? {
        let plain = encoded.utf8.allSatisfy { $0 != UInt8(ascii: "%") && (!plusIsBlank || $0 != UInt8(ascii: "+")) }
        if plain { return String(encoded) }
        var bytes: [UInt8] = []
        var rest = encoded.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
    }
}
