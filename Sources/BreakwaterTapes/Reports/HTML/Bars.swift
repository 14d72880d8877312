/// Bars that stand in lines of text and cells of tables.
package enum Bars {
    /// A part of a whole, the whole drawn to its own share of the longest whole beside it.
    package static func part(_ part: Int, of whole: Int, longest: Int, _ style: ChartStyle) -> HTML {
        """
        <span class="track" aria-hidden="true"><span class="whole" style="width:\(percent(Int128(whole), of: Int128(longest)))%">\
        <span class="\(style.rawValue)" style="width:\(percent(Int128(part), of: Int128(whole)))%"></span></span></span>
        """
    }

    /// Several parts that make up a whole, one behind the other.
    package static func stack(_ parts: [(amount: Int128, style: ChartStyle)]) -> HTML {
        let total = parts.reduce(0) { $0 + max($1.amount, 0) }
        let pieces = parts.filter { $0.amount > 0 }.map { part -> HTML in
            "<span class=\"\(part.style.rawValue)\" style=\"width:\(percent(part.amount, of: total))%\"></span>"
        }
        return "<span class=\"stack\" aria-hidden=\"true\">\(pieces.joined())</span>"
    }

    /// One amount from a line at zero, gains to its left; all bars beside each other share the scale.
    package static func signed(_ amount: Int128, from low: Int128, to high: Int128, _ style: ChartStyle) -> HTML {
        let span = high - low
        let (start, length) = (
            percent(min(amount, 0) - low, of: span), percent(amount < 0 ? -amount : amount, of: span)
        )
        let bar: HTML =
            amount == 0
            ? .none : "<span class=\"\(style.rawValue)\" style=\"left:\(start)%;width:max(\(length)%,1px)\"></span>"
        return """
            <span class="signed" aria-hidden="true">\(bar)<i style="left:\(percent(-low, of: span))%"></i></span>
            """
    }

    private static func percent(_ part: Int128, of whole: Int128) -> Double {
        whole > 0 ? Double(part) / Double(whole) * 100 : 0
    }
}
