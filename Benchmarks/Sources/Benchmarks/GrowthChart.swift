import Foundation

/// The cost of a mark by the number of positions, and that of a full scan, both on scales of powers of ten. Its greys
/// and colours can be read on light and on dark paper.
struct GrowthChart {
    private struct Line {
        let name: String
        let colour: String
        /// Positions and microseconds.
        let points: [(positions: Double, cost: Double)]
    }
    private let lines: [Line]

    private static let width = 720.0
    private static let height = 360.0
    private static let (left, right, top, bottom) = (80.0, 130.0, 24.0, 48.0)
    private static let grey = "#7d8590"

    init(_ outcome: Outcome) {
        func line(_ name: String, _ colour: String, _ start: String) -> Line {
            Line(
                name: name, colour: colour,
                points: outcome.figures.compactMap { figure in
                    guard figure.label.hasPrefix(start) else { return nil }
                    return (Double(figure.label.filter(\.isNumber))!, figure.value)
                })
        }
        lines = [line("full scan", "#d97706", "full scan,"), line("a mark", "#3b82f6", "median mark,")]
    }

    var svg: String {
        let points = lines.flatMap(\.points)
        let across = Axis(points.map(\.positions), from: Self.left, to: Self.width - Self.right)
        let up = Axis(points.map(\.cost), from: Self.height - Self.bottom, to: Self.top)
        var parts = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(Int(Self.width)) \#(Int(Self.height))" font-family="system-ui, sans-serif" font-size="13" fill="\#(Self.grey)" role="img" aria-label="Cost of a mark by number of positions">"#
        ]
        for power in up.powers {
            let y = up.place(pow(10, Double(power)))
            parts.append(
                #"<path d="M\#(Self.left) \#(y)H\#(Self.width - Self.right)" stroke="\#(Self.grey)" stroke-opacity=".3"/>"#
            )
            parts.append(#"<text x="\#(Self.left - 8)" y="\#(y + 4)" text-anchor="end">\#(Self.time(power))</text>"#)
        }
        for power in across.powers {
            let text = words(Int(pow(10, Double(power))))
            parts.append(
                #"<text x="\#(across.place(pow(10, Double(power))))" y="\#(Self.height - 26)" text-anchor="middle">\#(text)</text>"#
            )
        }
        parts.append(
            #"<text x="\#((Self.left + Self.width - Self.right) / 2)" y="\#(Self.height - 6)" text-anchor="middle">open positions</text>"#
        )
        for line in lines where !line.points.isEmpty {
            let places = line.points.map { (across.place($0.positions), up.place($0.cost)) }
            let path = places.map { "\($0.0) \($0.1)" }.joined(separator: "L")
            parts.append(#"<path d="M\#(path)" fill="none" stroke="\#(line.colour)" stroke-width="2.5"/>"#)
            for (x, y) in places { parts.append(#"<circle cx="\#(x)" cy="\#(y)" r="4" fill="\#(line.colour)"/>"#) }
            let end = places.last!
            parts.append(#"<text x="\#(end.0 + 12)" y="\#(end.1 + 4)" fill="\#(line.colour)">\#(line.name)</text>"#)
        }
        return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private static func time(_ power: Int) -> String {
        let units = ["ns", "us", "ms", "s"]
        let nanoseconds = power + 3
        let unit = min(max(nanoseconds, 0) / 3, units.count - 1)
        return "\(words(Int(pow(10, Double(nanoseconds - 3 * unit))))) \(units[unit])"
    }

    /// A logarithmic scale over whole powers of ten.
    private struct Axis {
        let powers: ClosedRange<Int>
        private let from: Double
        private let to: Double

        init(_ values: [Double], from: Double, to: Double) {
            let low = Int(log10(values.min()!).rounded(.down))
            powers = low...max(low + 1, Int(log10(values.max()!).rounded(.up)))
            self.from = from
            self.to = to
        }

        func place(_ value: Double) -> Double {
            let share = (log10(value) - Double(powers.lowerBound)) / Double(powers.count - 1)
            return ((from + (to - from) * share) * 10).rounded() / 10
        }
    }
}
