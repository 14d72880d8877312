public import BreakwaterTapes

/// Where a value stands, for messages: the part of the request, and the way to the value within it.
struct Place {
    let part: String
    var path = ""

    func member(_ name: String) -> Place { Place(part: part, path: path.isEmpty ? name : "\(path).\(name)") }
    func item(_ index: Int) -> Place { Place(part: part, path: "\(path)[\(index)]") }

    /// The value as the subject of a sentence: "'legs[2].size' in the body".
    var words: String { path.isEmpty ? "the \(part)" : "'\(path)' in the \(part)" }
}

extension Schema {
    /// The same as for a route's inputs, for a value that came another way, such as a message on a socket.
    ///
    /// - Parameter part: what the value is called in messages: "message".
    public func check(_ value: JSONValue, as part: String) throws(Refusal) -> JSONValue {
        try checked(value, at: Place(part: part))
    }

    /// `value` with defaults filled in and decimals as text, if it is what this schema asks for.
    ///
    /// - Throws: a 400 that names the place, what stands there and what was expected.
    func checked(_ value: JSONValue, at place: Place) throws(Refusal) -> JSONValue {
        if isNullable && value == .null { return .null }
        switch (shape, value) {
        case (.anything, _): return value
        case (.text(let rule), .string(let text)): try check(text, rule, at: place)
        case (.choice(let words), .string(let text)):
            if !words.contains(text) { throw unexpected("is \(quoted(text))", at: place) }
        case (.integer(let range), .integer(let number)):
            if !range.contains(number) { throw unexpected("is \(number)", at: place) }
        case (.decimal(let rule), .string(let text)):
            if !rule.allows(text) { throw unexpected("is \(quoted(text))", at: place) }
        case (.decimal(let rule), .integer(let number)):
            guard rule.takesIntegers, number >= 0 || rule.isSigned else { throw unexpected("is \(number)", at: place) }
            return .string(String(number))
        case (.flag, .bool): break
        case (.list(let schema, let count), .array(let items)):
            guard count.contains(items.count) else { throw unexpected("has \(items.count) items", at: place) }
            var checked: [JSONValue] = []
            for (index, item) in items.enumerated() { checked.append(try schema.checked(item, at: place.item(index))) }
            return .array(checked)
        case (.object(let fields), .object(let members)): return try checkedObject(fields, members, at: place)
        case (.map(let schema), .object(let members)):
            var checked: [(key: String, value: JSONValue)] = []
            for (key, value) in members { checked.append((key, try schema.checked(value, at: place.member(key)))) }
            return .object(checked)
        case (.either(let schemas), _):
            for schema in schemas { if let checked = try? schema.checked(value, at: place) { return checked } }
            throw unexpected("is \(kind(of: value))", at: place)
        default: throw unexpected("is \(kind(of: value))", at: place)
        }
        return value
    }

    /// The value that `text`, from a path, a query or a header, stands for; lists are separated by commas.
    func read(_ text: String, at place: Place) throws(Refusal) -> JSONValue {
        switch shape {
        case .integer:
            guard let number = Int(text), text == String(number) else {
                throw unexpected("is \(quoted(text))", at: place)
            }
            return try checked(.integer(number), at: place)
        case .flag:
            guard text == "true" || text == "false" else { throw unexpected("is \(quoted(text))", at: place) }
            return .bool(text == "true")
        case .list(let schema, _):
            var items: [JSONValue] = []
            for item in text.split(separator: ",", omittingEmptySubsequences: false) {
                items.append(try schema.read(String(item), at: place.item(items.count)))
            }
            return try checked(.array(items), at: place)
        case .either(let schemas):
            for schema in schemas { if let value = try? schema.read(text, at: place) { return value } }
            throw unexpected("is \(quoted(text))", at: place)
        case .text, .choice, .decimal, .anything: return try checked(.string(text), at: place)
        case .object, .map: throw unexpected("is \(quoted(text))", at: place)
        }
    }

    private func check(_ text: String, _ rule: TextRule, at place: Place) throws(Refusal) {
        let count = text.unicodeScalars.count
        guard rule.length.contains(count) else { throw unexpected("has \(count) characters", at: place) }
        guard text.unicodeScalars.allSatisfy(rule.alphabet.allows) else {
            throw unexpected("is \(quoted(text))", at: place)
        }
    }

    private func checkedObject(
        _ fields: [Field], _ members: [(key: String, value: JSONValue)], at place: Place
    ) throws(Refusal) -> JSONValue {
        for (key, _) in members where !fields.contains(where: { $0.name == key }) {
            throw .invalid(
                "\(place.member(key).words) is not known here.", field: place.member(key).path,
                expected: "only " + fields.map { "'\($0.name)'" }.joined(separator: ", "))
        }
        var checked: [(key: String, value: JSONValue)] = []
        for field in fields {
            if let value = members.first(where: { $0.key == field.name })?.value {
                checked.append((field.name, try field.schema.checked(value, at: place.member(field.name))))
            } else if let fallback = field.schema.fallback {
                checked.append((field.name, fallback))
            } else if field.isRequired {
                throw field.schema.missing(at: place.member(field.name))
            }
        }
        return .object(checked)
    }

    /// That a value which has to be there is not.
    func missing(at place: Place) -> Refusal {
        .invalid("\(place.words) is missing.", field: place.path, expected: expectation)
    }

    private func unexpected(_ found: String, at place: Place) -> Refusal {
        .invalid("\(place.words) \(found).", field: place.path.isEmpty ? nil : place.path, expected: expectation)
    }

    /// What this schema asks for, in words.
    var expectation: String {
        let words =
            switch shape {
            case .text(let rule): "a text of \(span(rule.length)) characters: \(rule.alphabet.words)"
            case .choice(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
            case .integer(let range):
                range == Int.min...Int.max ? "a whole number" : "a whole number from \(span(range, word: "to"))"
            case .decimal(let rule):
                "a decimal\(rule.isSigned ? "" : " that is not negative") as text, such as \"0.5\", of at most "
                    + "\(DecimalRule.wholeDigits) digits before the point and \(DecimalRule.fractionDigits) after it"
            case .flag: "true or false"
            case .list(_, let count): "a list of \(span(count)) items"
            case .object(let fields): "an object with " + fields.map { "'\($0.name)'" }.joined(separator: ", ")
            case .map: "an object"
            case .either(let schemas): schemas.map(\.expectation).joined(separator: ", or ")
            case .anything: "any JSON"
            }
        return isNullable ? words + ", or null" : words
    }

    private func span(_ range: ClosedRange<Int>, word: String = "to") -> String {
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) \(word) \(range.upperBound)"
    }

    private func quoted(_ text: String) -> String { text.count > 64 ? "\"\(text.prefix(64))…\"" : "\"\(text)\"" }

    private func kind(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "true or false"
        case .integer: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
