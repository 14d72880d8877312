/// Markup that may stand in a page as it is.
///
/// A literal is markup; text interpolated into it is escaped, while markup and numbers go in as they are. So a name can
/// never become markup, and nobody has to remember to escape: `let cell: HTML = "<td>\(account)</td>"`.
package struct HTML: Sendable, Equatable {
    package private(set) var markup: String

    package static let none: HTML = ""

    package var isEmpty: Bool { markup.isEmpty }

    package static func + (left: HTML, right: HTML) -> HTML { HTML(trusted: left.markup + right.markup) }

    package static func += (left: inout HTML, right: HTML) { left.markup += right.markup }

    /// For markup made here, never for text from outside.
    fileprivate init(trusted markup: String) { self.markup = markup }
}

extension HTML: ExpressibleByStringInterpolation {
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity + interpolationCount * 8)
        }

        package mutating func appendLiteral(_ literal: String) { markup += literal }

        package mutating func appendInterpolation(_ text: some StringProtocol) {
            for character in text.unicodeScalars {
                switch character {
                case "&": markup += "&amp;"
                case "<": markup += "&lt;"
                case ">": markup += "&gt;"
                case "\"": markup += "&quot;"
                case "'": markup += "&#39;"
                default: markup.unicodeScalars.append(character)
                }
            }
        }

        package mutating func appendInterpolation(_ html: HTML) { markup += html.markup }

        package mutating func appendInterpolation(_ number: Int) { markup += String(number) }

        /// A position in pixels or per cent, with at most one decimal and a point in every locale. Floating point is for
        /// positions only: figures come as decimals.
        package mutating func appendInterpolation(_ position: Double) { markup += position.positionText }
    }

    package init(stringLiteral markup: String) { self.init(trusted: markup) }

    package init(stringInterpolation: StringInterpolation) { self.init(trusted: stringInterpolation.markup) }
}

extension HTML {
    /// The content of a `script` element that holds data: JSON in which no end tag can be hidden.
    package static func data(_ json: JSONValue) -> HTML {
        HTML(
            trusted: json.text(pretty: false).split(separator: "<", omittingEmptySubsequences: false).joined(
                separator: "\\u003c"))
    }
}

extension Sequence<HTML> {
    /// All of them in a row.
    package func joined(separator: HTML = .none) -> HTML {
        HTML(trusted: map(\.markup).joined(separator: separator.markup))
    }
}

extension Double {
    fileprivate var positionText: String {
        precondition(isFinite && magnitude < 1e9, "a position of \(self)")
        let tenths = Int((self * 10).rounded())
        let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
    }
}
