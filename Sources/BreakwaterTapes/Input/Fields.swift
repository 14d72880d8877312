package import BreakwaterCore
package import Yams

/// One object of a file, read key by key; what nobody asked for is refused in the end.
package struct Fields {
    package let place: Place
    /// The place its parser counts lines from.
    private let base: Place
    private var values: [(key: String, node: Node, read: Bool)] = []

    package init(_ node: Node, at parent: Place) throws(BadInput) {
        base = parent
        place = Place(file: parent.file, line: parent.line + (node.mark?.line ?? 1) - 1)
        guard case .mapping(let mapping) = node else {
            throw place.refuse(nil, node.scalar?.string, "an object with keys and values")
        }
        for (key, value) in mapping {
            guard let name = key.scalar?.string else { throw place.refuse(nil, nil, "keys that are words") }
            values.append((name, value, false))
        }
    }

    package var keys: [String] { values.map(\.key) }

    /// Whether the value of `key` is an object, or a list.
    package func isObject(_ key: String) -> Bool { values.first { $0.key == key }?.node.mapping != nil }
    package func isList(_ key: String) -> Bool { values.first { $0.key == key }?.node.sequence != nil }

    /// Where the value of `key` stands, for messages.
    package func refuse(_ key: String, _ value: String?, _ expected: String) -> BadInput {
        place.refuse(key, value, expected)
    }

    private mutating func take(_ key: String) -> Node? {
        guard let index = values.firstIndex(where: { $0.key == key }) else { return nil }
        values[index].read = true
        return values[index].node
    }

    private mutating func scalar(_ key: String, _ expected: String) throws(BadInput) -> Node.Scalar? {
        guard let node = take(key) else { return nil }
        guard case .scalar(let scalar) = node else { throw refuse(key, nil, expected + ", not a list or an object") }
        return scalar
    }

    /// The text of a key, or `nil` where it is absent.
    package mutating func text(_ key: String, expected: String = "a text") throws(BadInput) -> String? {
        try scalar(key, expected)?.string
    }

    package mutating func requiredText(_ key: String, expected: String = "a text") throws(BadInput) -> String {
        guard let text = try text(key, expected: expected) else { throw missing(key, expected) }
        return text
    }

    /// The name of an account, symbol or the like.
    package mutating func name(_ key: String) throws(BadInput) -> String? {
        let expected = "a name of up to 64 letters, digits, or any of . _ - @"
        guard let name = try text(key, expected: expected) else { return nil }
        let allowed = name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [45, 46, 64, 95].contains(byte)
        }
        guard allowed, !name.isEmpty, name.utf8.count <= 64 else { throw refuse(key, name, expected) }
        return name
    }

    package mutating func requiredName(_ key: String) throws(BadInput) -> String {
        guard let name = try name(key) else { throw missing(key, "a name") }
        return name
    }

    /// A number: a decimal in quotes, or a bare whole number.
    package mutating func decimal(_ key: String, expected: String = "a decimal number in quotes") throws(BadInput)
        -> ExactDecimal?
    {
        guard let scalar = try scalar(key, expected) else { return nil }
        guard let decimal = ExactDecimal(scalar.string) else { throw refuse(key, scalar.string, expected) }
        guard scalar.style != .plain || !scalar.string.contains(".") else {
            throw refuse(
                key, scalar.string,
                "decimals in quotes, as \"\(scalar.string)\", so that no program on the way rounds them")
        }
        return decimal
    }

    package mutating func requiredDecimal(_ key: String, expected: String = "a decimal number in quotes")
        throws(BadInput)
        -> ExactDecimal
    {
        guard let decimal = try decimal(key, expected: expected) else { throw missing(key, expected) }
        return decimal
    }

    package mutating func rate(_ key: String) throws(BadInput) -> Rate? {
        let expected = "a rate between -100% and 100%, such as \"0.5%\", of at most nine decimals"
        guard let text = try text(key, expected: expected) else { return nil }
        guard let rate = Rate(text: text) else { throw refuse(key, text, expected) }
        return rate
    }

    package mutating func requiredRate(_ key: String) throws(BadInput) -> Rate {
        guard let rate = try rate(key) else { throw missing(key, "a rate such as \"0.5%\"") }
        return rate
    }

    package mutating func duration(_ key: String) throws(BadInput) -> BreakwaterCore.Duration? {
        let expected = "a length of time such as 30s, 10m, 8h or 1d"
        guard let text = try text(key, expected: expected) else { return nil }
        guard let duration = BreakwaterCore.Duration(text: text) else { throw refuse(key, text, expected) }
        return duration
    }

    package mutating func flag(_ key: String) throws(BadInput) -> Bool? {
        guard let text = try text(key, expected: "true or false") else { return nil }
        guard text == "true" || text == "false" else { throw refuse(key, text, "true or false") }
        return text == "true"
    }

    package mutating func leverage(_ key: String) throws(BadInput) -> Leverage? {
        let expected = "a leverage from 1 to 1000 of at most two decimals"
        guard let decimal = try decimal(key, expected: expected) else { return nil }
        guard let leverage = Leverage(text: "\(decimal)") else { throw refuse(key, "\(decimal)", expected) }
        return leverage
    }

    /// One of a fixed set of words.
    package mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws(BadInput) -> Choice?
    where Choice.RawValue == String {
        let expected = "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
        guard let text = try text(key, expected: expected) else { return nil }
        guard let choice = Choice(rawValue: text) else { throw refuse(key, text, expected) }
        return choice
    }

    package mutating func requiredChoice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws(BadInput)
        -> Choice
    where Choice.RawValue == String {
        guard let choice: Choice = try choice(key) else {
            throw missing(key, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    package mutating func object(_ key: String) throws(BadInput) -> Fields? {
        guard let node = take(key) else { return nil }
        return try Fields(node, at: base)
    }

    /// A list of objects; a single key that is no list is refused.
    package mutating func objects(_ key: String) throws(BadInput) -> [Fields]? {
        guard let node = take(key) else { return nil }
        guard case .sequence(let items) = node else { throw refuse(key, node.scalar?.string, "a list") }
        var objects: [Fields] = []
        for item in items { objects.append(try Fields(item, at: base)) }
        return objects
    }

    /// A list of words; a single word is a list of one.
    package mutating func words(_ key: String) throws(BadInput) -> [String] {
        guard let node = take(key) else { return [] }
        if let text = node.scalar?.string { return text.split(separator: " ").map(String.init) }
        guard case .sequence(let items) = node else { throw refuse(key, nil, "a list of words") }
        var words: [String] = []
        for item in items {
            guard let word = item.scalar?.string else { throw refuse(key, nil, "a list of words") }
            words.append(word)
        }
        return words
    }

    /// Every key not yet read, with its text; for objects whose keys are names.
    package mutating func rest() throws(BadInput) -> [(key: String, value: String)] {
        var rest: [(String, String)] = []
        for index in values.indices where !values[index].read {
            values[index].read = true
            guard let text = values[index].node.scalar?.string else {
                throw refuse(values[index].key, nil, "a single value, not a list or an object")
            }
            rest.append((values[index].key, text))
        }
        return rest
    }

    package func missing(_ key: String, _ expected: String) -> BadInput {
        refuse(key, nil, "\(expected), but the key is missing")
    }

    /// Refuses keys that nothing has read.
    package func finish(_ what: String) throws(BadInput) {
        if let unknown = values.first(where: { !$0.read }) {
            throw refuse(unknown.key, nil, "only keys that \(what) has; this is none of them")
        }
    }
}
