public import BreakwaterTapes

/// What a value of an API must be: checked on the way in, described as JSON Schema in the OpenAPI document.
public struct Schema: Sendable {
    indirect enum Shape: Sendable {
        case text(TextRule)
        case choice([String])
        case integer(ClosedRange<Int>)
        case decimal(DecimalRule)
        case flag
        case list(Schema, ClosedRange<Int>)
        case object([Field])
        case map(Schema)
        case either([Schema])
        case anything
    }

    /// A member of an object.
    public struct Field: Sendable {
        public let name: String
        let schema: Schema
        let isRequired: Bool

        public static func required(_ name: String, _ schema: Schema) -> Field {
            Field(name: name, schema: schema, isRequired: true)
        }
        public static func optional(_ name: String, _ schema: Schema) -> Field {
            Field(name: name, schema: schema, isRequired: false)
        }
    }

    var shape: Shape
    var summary: String?
    var example: JSONValue?
    var name: String?
    var isNullable = false
    var fallback: JSONValue?

    init(_ shape: Shape) { self.shape = shape }

    /// Text of so many Unicode scalars, each from `alphabet`.
    public static func text(_ length: ClosedRange<Int> = 0...4096, of alphabet: Alphabet = .printable) -> Schema {
        Schema(.text(TextRule(length: length, alphabet: alphabet)))
    }

    /// One of these words.
    public static func choice(_ words: String...) -> Schema { Schema(.choice(words)) }
    public static func choice(_ words: [String]) -> Schema { Schema(.choice(words)) }

    /// A whole number within `range`; in a query, digits with an optional minus.
    public static func integer(_ range: ClosedRange<Int> = Int.min...Int.max) -> Schema { Schema(.integer(range)) }

    /// A decimal in an answer: text such as `"42105.27"`, never floating point.
    public static let decimal = Schema(.decimal(DecimalRule(isSigned: true, takesIntegers: false)))

    /// A decimal asked of a client: text, or a whole number, at most 19 digits before the point and 18 after it.
    public static func decimalInput(signed: Bool = false) -> Schema {
        Schema(.decimal(DecimalRule(isSigned: signed, takesIntegers: true)))
    }

    /// A moment in UTC as ISO 8601: `2022-01-21T09:30:00.000Z`.
    public static let time = Schema(.text(TextRule(length: 20...35, alphabet: .time, format: "date-time")))

    /// True or false.
    public static let flag = Schema(.flag)

    public static func list(of items: Schema, count: ClosedRange<Int> = 0...100_000) -> Schema {
        Schema(.list(items, count))
    }

    /// An object of exactly these members; any other member is refused.
    public static func object(_ fields: Field...) -> Schema { Schema(.object(fields)) }
    public static func object(_ fields: [Field]) -> Schema { Schema(.object(fields)) }

    /// An object whose keys are names (symbols, currencies, accounts) and whose values are all of one shape.
    public static func map(of values: Schema) -> Schema { Schema(.map(values)) }

    /// A value that fits at least one of these.
    public static func either(_ schemas: Schema...) -> Schema { Schema(.either(schemas)) }

    /// Any JSON whatever.
    public static let anything = Schema(.anything)

    /// This schema as a component of the document, which others refer to by `name`.
    public func named(_ name: String) -> Schema { changed { $0.name = name } }
    /// This schema with a sentence on what the value means and in which unit.
    public func about(_ summary: String) -> Schema { changed { $0.summary = summary } }
    public func example(_ example: JSONValue) -> Schema { changed { $0.example = example } }
    public func example(_ example: Int) -> Schema { changed { $0.example = .integer(example) } }
    /// This schema, or null.
    public var nullable: Schema { changed { $0.isNullable = true } }
    /// The value that stands in where none is sent.
    public func defaulting(to value: JSONValue) -> Schema { changed { $0.fallback = value } }
    public func defaulting(to value: Int) -> Schema { changed { $0.fallback = .integer(value) } }

    private func changed(_ change: (inout Schema) -> Void) -> Schema {
        var schema = self
        change(&schema)
        return schema
    }
}

/// The length and the characters of a text.
struct TextRule: Sendable {
    var length: ClosedRange<Int>
    var alphabet: Alphabet
    var format: String?
}

/// How a decimal may be written.
struct DecimalRule: Sendable {
    static let wholeDigits = 19
    static let fractionDigits = 18

    var isSigned: Bool
    var takesIntegers: Bool

    var pattern: String {
        "^\(isSigned ? "-?" : "")[0-9]{1,\(Self.wholeDigits)}(\\.[0-9]{1,\(Self.fractionDigits)})?$"
    }

    /// Whether `text` is written as this rule asks; exponents, signs of plus, blanks and bare points are not.
    func allows(_ text: String) -> Bool {
        var whole = 0
        var fraction = -1
        var isFirst = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): if fraction < 0 { whole += 1 } else { fraction += 1 }
            case UInt8(ascii: "-") where isFirst && isSigned: break
            case UInt8(ascii: ".") where fraction < 0 && whole > 0: fraction = 0
            default: return false
            }
            isFirst = false
        }
        return (1...Self.wholeDigits).contains(whole) && fraction != 0 && fraction <= Self.fractionDigits
    }
}

/// The characters a text may be made of.
public struct Alphabet: Sendable {
    /// The characters in words, for messages.
    let words: String
    /// The characters as the inside of a bracket expression, for patterns.
    let bracket: String
    private let contains: @Sendable (Unicode.Scalar) -> Bool

    /// - Parameters:
    ///   - words: how a message names the characters: "letters and digits".
    ///   - bracket: the same as a regular expression's character class, without its brackets.
    public init(_ words: String, bracket: String, _ contains: @escaping @Sendable (Unicode.Scalar) -> Bool) {
        self.words = words
        self.bracket = bracket
        self.contains = contains
    }

    func allows(_ scalar: Unicode.Scalar) -> Bool { contains(scalar) }

    /// Everything but control characters.
    public static let printable = Alphabet("characters that are not control characters", bracket: #"^\x00-\x1f\x7f"#) {
        $0.value >= 0x20 && $0.value != 0x7f
    }
    /// Symbols, currencies and other names of the venue.
    public static let name = Alphabet("letters, digits, '.', '_', ':', '/' and '-'", bracket: "A-Za-z0-9._:/\\-") {
        $0.isASCII && ($0.isLetter || $0.isDigit || "._:/-".unicodeScalars.contains($0))
    }
    public static let digits = Alphabet("digits", bracket: "0-9") { $0.isDigit }
    public static let hexadecimal = Alphabet("hexadecimal digits", bracket: "0-9a-fA-F") {
        $0.isDigit || ("a"..."f").contains($0) || ("A"..."F").contains($0)
    }
    static let time = Alphabet("digits, '-', ':', '.', '+', 'T' and 'Z'", bracket: "0-9TZ:.+\\-") {
        $0.isDigit || "TZ:.+-".unicodeScalars.contains($0)
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
