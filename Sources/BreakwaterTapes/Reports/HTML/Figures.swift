package import BreakwaterCore

extension ExactDecimal {
    /// Every digit, with commas between groups of three: `-1,234,567.89`.
    package var grouped: String {
        let (sign, whole, fraction) = parts
        return sign + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// The sign, the grouped digits before the point and the digits behind it.
    var parts: (sign: String, whole: String, fraction: Substring) {
        let digits = description.split(separator: ".")
        let unsigned = isNegative ? digits[0].dropFirst() : digits[0]
        var whole = ""
        for (index, digit) in unsigned.enumerated() {
            if index > 0, (unsigned.count - index) % 3 == 0 { whole += "," }
            whole.append(digit)
        }
        return (isNegative ? "-" : "", whole, digits.count > 1 ? digits[1] : "")
    }
}

extension Int {
    /// With commas between groups of three digits.
    package var grouped: String { ExactDecimal(digits: Int128(self)).grouped }
}

extension HTML {
    /// A decimal with every digit, its fraction set back so that the size is seen first.
    ///
    /// - Parameter alignedTo: how many decimals its column shows; the missing ones take up room, but are no text.
    package static func figure(_ decimal: ExactDecimal, alignedTo decimals: Int = 0) -> HTML {
        let (sign, whole, fraction) = decimal.parts
        let missing = decimals - fraction.count
        let room = missing > 0 ? String(repeating: "0", count: missing) : ""
        if fraction.isEmpty, room.isEmpty { return "\(sign)\(whole)" }
        let padding: HTML = room.isEmpty ? .none : " data-room=\"\(fraction.isEmpty ? "." : "")\(room)\""
        // Below one, the fraction is all there is to see.
        let style = whole == "0" && !fraction.isEmpty ? "fraction leading" : "fraction"
        return "\(sign)\(whole)<span class=\"\(style)\"\(padding)>\(fraction.isEmpty ? "" : ".")\(fraction)</span>"
    }

    /// A report's value: decimals as figures, null as a dash, all else as text.
    package static func figure(_ value: JSONValue?) -> HTML {
        guard let value, value != .null else { return "<span class=\"none\">–</span>" }
        return ExactDecimal(value.plain).map { figure($0) } ?? "\(value.plain)"
    }

    /// An amount with its currency.
    package static func money(_ value: JSONValue?, _ currency: String) -> HTML {
        "<span class=\"money\">\(figure(value)) <span class=\"unit\">\(currency)</span></span>"
    }
}

/// `part` in per cent of `whole` with one decimal, ties away from zero: `47.2 %`; a dash where there is no whole.
package func percentage(_ part: Int128, of whole: Int128) -> String {
    guard whole != 0 else { return "–" }
    let (sign, digits, fraction) = decimal(part * 100, over: whole, places: 1).parts
    return "\(sign)\(digits).\(fraction.isEmpty ? "0" : fraction) %"
}
