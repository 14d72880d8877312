internal import Crypto
internal import Foundation

/// A file that a result depends on, with the text that was read from it.
public struct InputFile: Sendable, Equatable {
    /// As it was asked for.
    public let name: String
    public let contents: String
    public let kind: Kind

    public enum Kind: Sendable {
        /// Keys and values, short enough to be shown.
        case document
        /// Rows, which a report names by their hash alone.
        case table
    }

    package init(name: String, contents: String, kind: Kind) {
        self.name = name
        self.contents = contents
        self.kind = kind
    }
}

extension String {
    /// The SHA-256 of the text in UTF-8, in hexadecimal.
    package var sha256: String {
        let digits = Array("0123456789abcdef")
        return String(SHA256.hash(data: Data(utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
