internal import BreakwaterTapes

extension Schema {
    /// This schema in JSON Schema as OpenAPI 3.1 has it; named schemas inside are referred to.
    func description() -> JSONValue {
        if let name {
            let reference: JSONValue = .object([("$ref", .string("#/components/schemas/\(name)"))])
            return isNullable ? ["anyOf": [reference, ["type": "null"]]] : reference
        }
        return body(orNull: isNullable)
    }

    /// The description itself, where a name stands for it elsewhere.
    func component() -> JSONValue { body(orNull: false) }

    private func body(orNull: Bool) -> JSONValue {
        var members = constraints
        if orNull {
            members = members.map { member in
                switch member {
                case ("type", .string(let type)): ("type", .array([.string(type), "null"]))
                case ("type", .array(let types)): ("type", .array(types + ["null"]))
                case ("enum", .array(let words)): ("enum", .array(words + [.null]))
                case ("anyOf", .array(let schemas)): ("anyOf", .array(schemas + [["type": "null"]]))
                default: member
                }
            }
        }
        if let summary { members.append(("description", .string(summary))) }
        if let example { members.append(("examples", .array([example]))) }
        if let fallback { members.append(("default", fallback)) }
        return .object(members)
    }

    private var constraints: [(key: String, value: JSONValue)] {
        switch shape {
        case .text(let rule):
            var members: [(key: String, value: JSONValue)] = [
                ("type", "string"), ("minLength", .integer(rule.length.lowerBound)),
                ("maxLength", .integer(rule.length.upperBound)),
                ("pattern", .string("^[\(rule.alphabet.bracket)]*$")),
            ]
            if let format = rule.format { members.append(("format", .string(format))) }
            return members
        case .choice(let words): return [("type", "string"), ("enum", .array(words.map(JSONValue.string)))]
        case .integer(let range):
            return [
                ("type", "integer"), ("format", "int64"), ("minimum", .integer(range.lowerBound)),
                ("maximum", .integer(range.upperBound)),
            ]
        case .decimal(let rule):
            let text: (key: String, value: JSONValue) = ("pattern", .string(rule.pattern))
            guard rule.takesIntegers else { return [("type", "string"), text] }
            return [
                ("type", ["string", "integer"]), text, ("minimum", .integer(rule.isSigned ? Int.min : 0)),
                ("maximum", .integer(Int.max)),
            ]
        case .flag: return [("type", "boolean")]
        case .list(let items, let count):
            return [
                ("type", "array"), ("items", items.description()), ("minItems", .integer(count.lowerBound)),
                ("maxItems", .integer(count.upperBound)),
            ]
        case .object(let fields):
            let required = fields.filter { $0.isRequired && $0.schema.fallback == nil }.map {
                JSONValue.string($0.name)
            }
            return [
                ("type", "object"),
                ("properties", .object(fields.map { ($0.name, $0.schema.description()) })),
                ("required", .array(required)), ("additionalProperties", .bool(false)),
            ]
        case .map(let values): return [("type", "object"), ("additionalProperties", values.description())]
        case .either(let schemas): return [("anyOf", .array(schemas.map { $0.description() }))]
        case .anything: return []
        }
    }

    /// Adds every named schema in this one to `components`.
    ///
    /// - Precondition: one name stands for one schema.
    func collect(into components: inout [String: JSONValue]) {
        if let name {
            let description = component()
            if let known = components[name] {
                precondition(known == description, "two different schemas are named \(name)")
                return
            }
            components[name] = description
        }
        switch shape {
        case .list(let items, _): items.collect(into: &components)
        case .map(let values): values.collect(into: &components)
        case .object(let fields): for field in fields { field.schema.collect(into: &components) }
        case .either(let schemas): for schema in schemas { schema.collect(into: &components) }
        case .text, .choice, .integer, .decimal, .flag, .anything: break
        }
    }
}
