internal import BreakwaterCore

/// What a request asks for: the parameters of its query and its form, by name.
struct Inputs: Sendable {
    private var items: [(name: String, value: String)] = []

    init() {}

    init(_ items: [(name: String, value: String)]) { self.items = items }

    /// Reads what stands in `query` and `form`, each percent-encoded.
    init(query: [UInt8], form: [UInt8]) throws(Fault) {
        items.reserveCapacity(12)
        try add(query)
        try add(form)
    }

    private mutating func add(_ encoded: [UInt8]) throws(Fault) {
        var start = 0
        while start < encoded.count {
            let end = encoded[start...].firstIndex(of: UInt8(ascii: "&")) ?? encoded.count
            let part = encoded[start..<end]
            start = end + 1
            if part.isEmpty { continue }
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? end
            guard let name = Self.decode(part[..<equals]), let value = Self.decode(part[equals...].dropFirst()) else {
                throw Fault(-1100, "Illegal characters found in a parameter.")
            }
            guard !items.contains(where: { $0.name == name }) else {
                throw Fault(-1101, "Duplicate values for parameter '\(name.prefix(64))' detected.")
            }
            items.append((name, value))
        }
    }

    /// The text behind its percent signs; `nil` where those are broken or what they give is no UTF-8.
    private static func decode(_ encoded: ArraySlice<UInt8>) -> String? {
        // Mostly it is plain ASCII, which needs no second look.
        if encoded.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "+") }) {
            return String(decoding: encoded, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        var rest = encoded.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hexadecimal), let low = rest.next().flatMap(hexadecimal) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}

/// Looking inputs up, and what is said where they do not fit.
extension Inputs {
    /// A parameter that may be missing; empty is refused.
    func text(_ name: String) throws(Fault) -> String? {
        guard let item = items.first(where: { $0.name == name }) else { return nil }
        guard !item.value.isEmpty else { throw Fault(-1105, "Parameter '\(name)' was empty.") }
        return item.value
    }

    func required(_ name: String) throws(Fault) -> String {
        guard let value = try text(name) else { throw .missing(name) }
        return value
    }

    func integer(_ name: String) throws(Fault) -> Int64? {
        guard let value = try text(name) else { return nil }
        guard let number = Int64(value), number >= 0 else { throw .missing(name) }
        return number
    }

    /// A moment in milliseconds.
    func time(_ name: String) throws(Fault) -> Timestamp? {
        guard let number = try integer(name) else { return nil }
        guard number <= Timestamp.latest.milliseconds else { throw .missing(name) }
        return Timestamp(milliseconds: number)
    }

    func flag(_ name: String) throws(Fault) -> Bool? {
        switch try text(name)?.lowercased() {
        case nil: nil
        case "true": true
        case "false": false
        case .some: throw .missing(name)
        }
    }

    /// How many rows are asked for, at most `most`.
    func limit(_ usual: Int, most: Int) throws(Fault) -> Int {
        guard let number = try integer("limit") else { return usual }
        guard number > 0 else { throw Fault(-1130, "Data sent for parameter 'limit' is not valid.") }
        return Int(min(number, Int64(most)))
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable<String>>(_ name: String, _ type: Choice.Type) throws(Fault) -> Choice? {
        guard let value = try text(name) else { return nil }
        guard let choice = Choice(rawValue: value.uppercased()) else { throw .invalid(name) }
        return choice
    }
}
