/// Input that cannot be used: where it is, what it says, and what was expected. Nothing of it is applied.
public struct BadInput: Error, Equatable, CustomStringConvertible {
    public let file: String
    /// Counted from 1; `nil` where the whole file is meant.
    public let line: Int?
    public let key: String?
    public let value: String?
    public let expected: String

    public init(file: String, line: Int? = nil, key: String? = nil, value: String? = nil, expected: String) {
        self.file = file
        self.line = line
        self.key = key
        self.value = value
        self.expected = expected
    }

    /// `crash.yaml:12: price: "100.005" is not what was expected: a multiple of the tick 0.01`.
    public var description: String {
        var text = file
        if let line { text += ":\(line)" }
        text += ": "
        if let key { text += "\(key): " }
        text += value.map { "\"\(Self.shortened($0))\" is not what was expected: " } ?? "expected "
        return text + expected
    }

    private static func shortened(_ value: String) -> String {
        let plain = String(String.UnicodeScalarView(value.unicodeScalars.prefix(80).map { $0.value < 32 ? " " : $0 }))
        return plain.unicodeScalars.count < value.unicodeScalars.count ? plain + "…" : plain
    }
}
