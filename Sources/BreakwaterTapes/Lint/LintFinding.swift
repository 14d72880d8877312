/// One thing that a rulebook or contract says and that is wrong, doubtful or worth knowing.
public struct LintFinding: Sendable, Equatable {
    public enum Severity: String, Sendable, CaseIterable {
        /// It cannot be used, or loses money by itself.
        case error
        /// It can be used, but the risk it takes is not covered.
        case warning
        /// Worth knowing, and as it should be.
        case note
    }

    public let severity: Severity
    public let file: String
    /// Counted from 1; `nil` where the whole file is meant.
    public let line: Int?
    public let key: String?
    /// The rule's stable name: `im-above-mm`.
    public let rule: String
    public let message: String
    /// The one number the finding turns on, as a decimal.
    public let figure: String?

    public var json: JSONValue {
        [
            "severity": .string(severity.rawValue), "file": .string(file),
            "line": line.map { .integer($0) } ?? .null, "key": key.map { .string($0) } ?? .null,
            "rule": .string(rule), "figure": figure.map { .string($0) } ?? .null, "message": .string(message),
        ]
    }

    /// `error    Contracts/x.yaml:12: riskLimits[0].im (im-above-mm): …`
    public var text: String {
        let place = file + (line.map { ":\($0)" } ?? "")
        let severity = severity.rawValue + String(repeating: " ", count: 9 - severity.rawValue.count)
        return "\(severity)\(place): \(key.map { "\($0) " } ?? "")(\(rule)): \(message)"
    }
}

extension LintFinding {
    /// Input that cannot be read is a finding like any other.
    init(_ error: BadInput) {
        // The place stands in the finding's own columns.
        let said = error.value.map { "\"\($0)\" is not what was expected: " } ?? "expected "
        self.init(
            severity: .error, file: error.file, line: error.line, key: error.key, rule: "load",
            message: said + error.expected, figure: nil)
    }
}
