internal import BreakwaterCore

/// JSON written straight into bytes, member by member; decimals are texts, as this dialect has them.
struct JSONText: Sendable {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

    /// An object as the whole text.
    init(capacity: Int = 512, object body: (inout JSONText) throws -> Void) rethrows {
        self.init(capacity: capacity)
        try object(body)
    }

    /// A list as the whole text.
    init<Items: Sequence>(
        capacity: Int = 512, list items: Items, _ body: (inout JSONText, Items.Element) throws -> Void
    ) rethrows {
        self.init(capacity: capacity)
        try list(items, body)
    }

    mutating func object(_ body: (inout JSONText) throws -> Void) rethrows {
        open(UInt8(ascii: "{"))
        try body(&self)
        close(UInt8(ascii: "}"))
    }

    /// The same for members that have to be waited for.
    mutating func object(waiting body: nonisolated(nonsending) (inout JSONText) async throws -> Void) async rethrows {
        open(UInt8(ascii: "{"))
        try await body(&self)
        close(UInt8(ascii: "}"))
    }

    mutating func list<Items: Sequence>(
        _ items: Items, _ body: (inout JSONText, Items.Element) throws -> Void
    ) rethrows {
        open(UInt8(ascii: "["))
        for item in items { try body(&self, item) }
        close(UInt8(ascii: "]"))
    }

    mutating func object(_ name: StaticString, _ body: (inout JSONText) throws -> Void) rethrows {
        key(name)
        try object(body)
    }

    mutating func list<Items: Sequence>(
        _ name: StaticString, _ items: Items, _ body: (inout JSONText, Items.Element) throws -> Void
    ) rethrows {
        key(name)
        try list(items, body)
    }

    /// The same for texts.
    mutating func list(_ name: StaticString, _ texts: [String]) { list(name, texts) { $0.add($1) } }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }
}

/// Members of an object.
extension JSONText {
    mutating func put(_ name: StaticString, _ text: String) {
        key(name)
        add(text)
    }

    /// A word that needs no escapes.
    mutating func put(_ name: StaticString, word: StaticString) {
        key(name)
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(word)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func put(_ name: StaticString, _ number: some BinaryInteger) {
        key(name)
        add(Int64(number))
    }

    mutating func put(_ name: StaticString, _ flag: Bool) {
        key(name)
        separate()
        append(flag ? "true" : "false")
    }

    /// A decimal as text; "0" where there is none.
    mutating func put(_ name: StaticString, _ decimal: ExactDecimal?) {
        key(name)
        add(decimal)
    }

    /// A decimal as a JSON number.
    mutating func put(_ name: StaticString, number decimal: ExactDecimal) {
        key(name)
        separate()
        append(decimal)
    }

    /// A moment in milliseconds since the epoch.
    mutating func put(_ name: StaticString, _ time: Timestamp) { put(name, time.milliseconds) }

    mutating func putNull(_ name: StaticString) {
        key(name)
        separate()
        append("null")
    }

    /// A member whose value is JSON already.
    mutating func put(_ name: StaticString, json: JSONText) {
        key(name)
        add(json)
    }
}

/// Items of a list.
extension JSONText {
    mutating func add(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case ..<0x20: bytes += #"\u00"#.utf8 + [Self.digit(byte >> 4), Self.digit(byte & 15)]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func add(_ number: Int64) {
        separate()
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        append(number.magnitude, atLeast: 1)
    }

    /// A decimal as text; "0" where there is none.
    mutating func add(_ decimal: ExactDecimal?) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        if let decimal { append(decimal) } else { bytes.append(UInt8(ascii: "0")) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Text that is JSON already.
    mutating func add(_ json: JSONText) {
        separate()
        bytes += json.bytes
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private mutating func append(_ decimal: ExactDecimal) {
        guard let magnitude = UInt64(exactly: decimal.digits.magnitude), decimal.places < 19 else {
            bytes += "\(decimal)".utf8
            return
        }
        if decimal.digits < 0 { bytes.append(UInt8(ascii: "-")) }
        guard decimal.places > 0 else { return append(magnitude, atLeast: 1) }
        append(magnitude, atLeast: decimal.places + 1)
        bytes.insert(UInt8(ascii: "."), at: bytes.count - decimal.places)
    }

    /// Decimal digits, filled up with zeros in front.
    private mutating func append(_ number: UInt64, atLeast count: Int) {
        let start = bytes.count
        var rest = number
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0 || bytes.count - start < count
        bytes[start...].reverse()
    }
}

extension Timestamp {
    /// Milliseconds since the epoch.
    var milliseconds: Int64 { raw / 1_000 }

    init(milliseconds: Int64) { self.init(milliseconds * 1_000) }
}
