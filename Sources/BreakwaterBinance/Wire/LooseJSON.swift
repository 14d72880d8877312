internal import BreakwaterCore

/// JSON as clients of this dialect send it: numbers, even those with fractions, stay the text they were sent as.
indirect enum LooseJSON: Sendable, Equatable {
    case text(String)
    /// A number, `true`, `false` or `null`, as sent.
    case bare(String)
    case list([LooseJSON])
    case object([Member])

    struct Member: Sendable, Equatable {
        let name: String
        let value: LooseJSON
    }

    /// Reads one value that is all of `bytes`; `nil` where it is none, or nested more than eight deep.
    static func read(_ bytes: some Collection<UInt8>) -> LooseJSON? {
        var reader = Reader(bytes: Array(bytes))
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipBlanks()
        return reader.isAtEnd ? value : nil
    }

    subscript(name: String) -> LooseJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// What it would be as a parameter; `nil` for null, lists and objects.
    var parameter: String? {
        switch self {
        case .text(let text): text
        case .bare(let word): word == "null" ? nil : word
        case .list, .object: nil
        }
    }

    /// The members of an object as parameters.
    var parameters: [(name: String, value: String)]? {
        guard case .object(let members) = self else { return nil }
        return members.compactMap { member in member.value.parameter.map { (member.name, $0) } }
    }
}

extension LooseJSON {
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }
        private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func skipBlanks() {
            while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            skipBlanks()
            guard next == byte else { return false }
            position += 1
            return true
        }

        mutating func value(depth: Int) -> LooseJSON? {
            guard depth < 8 else { return nil }
            skipBlanks()
            switch next {
            case UInt8(ascii: "{"): return object(depth: depth)
            case UInt8(ascii: "["): return list(depth: depth)
            case UInt8(ascii: "\""): return text().map(LooseJSON.text)
            default: return bare()
            }
        }

        private mutating func bare() -> LooseJSON? {
            let start = position
            while let byte = next, !",]} \n\r\t".utf8.contains(byte) { position += 1 }
            let word = String(decoding: bytes[start..<position], as: UTF8.self)
            let isNumber = word.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
            guard !word.isEmpty, isNumber || ["true", "false", "null"].contains(word) else { return nil }
            return .bare(word)
        }

        private mutating func list(depth: Int) -> LooseJSON? {
            position += 1
            var items: [LooseJSON] = []
            if take(UInt8(ascii: "]")) { return .list(items) }
            repeat {
                guard let item = value(depth: depth + 1) else { return nil }
                items.append(item)
            } while take(UInt8(ascii: ","))
            return take(UInt8(ascii: "]")) ? .list(items) : nil
        }

        private mutating func object(depth: Int) -> LooseJSON? {
            position += 1
            var members: [Member] = []
            if take(UInt8(ascii: "}")) { return .object(members) }
            repeat {
                skipBlanks()
                guard next == UInt8(ascii: "\""), let name = text(), take(UInt8(ascii: ":")),
                    let value = value(depth: depth + 1), !members.contains(where: { $0.name == name })
                else { return nil }
                members.append(Member(name: name, value: value))
            } while take(UInt8(ascii: ","))
            return take(UInt8(ascii: "}")) ? .object(members) : nil
        }

        private mutating func text() -> String? {
            position += 1
            var text: [UInt8] = []
            while let byte = next {
                position += 1
                switch byte {
                case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let escaped = next else { return nil }
                    position += 1
                    switch escaped {
                    case UInt8(ascii: "n"): text.append(0x0A)
                    case UInt8(ascii: "t"): text.append(0x09)
                    case UInt8(ascii: "r"): text.append(0x0D)
                    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escaped)
                    // No parameter of this dialect has any other character.
                    default: return nil
                    }
                default: text.append(byte)
                }
            }
            return nil
        }
    }
}
