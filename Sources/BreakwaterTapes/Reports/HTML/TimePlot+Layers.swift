package import BreakwaterCore

/// What can be drawn on a plot.
extension TimePlot {
    /// A band between a lowest and a highest value at each time: a price with its wicks.
    package mutating func range(_ points: [(time: Timestamp, low: Int128, high: Int128)], _ style: ChartStyle) {
        guard !points.isEmpty else { return }
        let upper = points.map { point($0.time, $0.high) }
        let lower = points.reversed().map { point($0.time, $0.low) }
        draw("<path class=\"range \(style.rawValue)\" d=\"M\((upper + lower).joined(separator: "L"))Z\"/>")
    }

    /// Values that hold until the next, filled down to `base`.
    package mutating func steps(_ points: [(time: Timestamp, value: Int128)], above base: Int128, _ style: ChartStyle) {
        guard let first = points.first, let last = points.last else { return }
        var path: HTML = "M\(point(first.time, first.value))"
        for (before, next) in zip(points, points.dropFirst()) where next.value != before.value {
            path += "H\(x(next.time))V\(y(next.value))"
        }
        path += "H\(x(last.time))"
        let floor = y(base)
        draw("<path class=\"fill \(style.rawValue)\" d=\"\(path)V\(floor)H\(x(first.time))Z\"/>")
        draw("<path class=\"line \(style.rawValue)\" d=\"\(path)\"/>")
    }

    /// One bar a column, from `base` to its value; a column without one is left empty.
    package mutating func bars(_ heights: [Int128], from base: Int128, _ style: ChartStyle) {
        let gap = 1000 / Double(columns.count) * 0.12
        var path = HTML.none
        for (column, value) in heights.enumerated() where value != base {
            let (left, right) = (x(columns.start(of: column)) + gap, x(columns.start(of: column + 1)) - gap)
            path += "M\(left) \(y(base))V\(y(value))H\(right)V\(y(base))Z"
        }
        if !path.isEmpty { draw("<path class=\"bar \(style.rawValue)\" d=\"\(path)\"/>") }
    }

    /// A dashed line at one value, named at its right end.
    package mutating func reference(_ value: Int128, _ text: String, above: Bool) {
        let y = y(value)
        place("<line class=\"reference\" x1=\"0\" x2=\"100%\" y1=\"\(y)\" y2=\"\(y)\"/>")
        place("<text class=\"note last\" x=\"100%\" y=\"\(y + (above ? -6 : 15))\">\(text)</text>")
    }

    /// A mark of its own size, with a description that shows when it is pointed at.
    package mutating func mark(_ mark: Mark, at time: Timestamp, _ value: Int128, _ style: ChartStyle, title: String) {
        let radius = mark.radius
        let shape: HTML =
            switch mark.shape {
            case .circle: "<circle r=\"\(radius)\"/>"
            case .diamond: "<path d=\"M0 \(-radius)L\(radius) 0 0 \(radius) \(-radius) 0Z\"/>"
            }
        place(
            """
            <svg class="mark \(style.rawValue)\(mark.isRing ? " ring" : "")" x="\(columns.share(of: time) * 100)%" \
            y="\(y(value))"><g>\(shape)<title>\(title)</title></g></svg>
            """)
    }

    /// Words beside a point, on the side of it that has room.
    package mutating func note(_ text: String, at time: Timestamp, _ value: Int128, above: Bool) {
        let share = columns.share(of: time)
        let side = share > 0.85 ? " last" : share < 0.15 ? " first" : ""
        place(
            """
            <circle class="dot" cx="\(share * 100)%" cy="\(y(value))" r="2.5"/>\
            <text class="note\(side)" x="\(share * 100)%" y="\(y(value) + (above ? -9 : 18))">\(text)</text>
            """)
    }

    package struct Mark {
        package enum Shape {
            case circle
            case diamond
        }

        let shape: Shape
        let radius: Double
        let isRing: Bool

        package init(_ shape: Shape, radius: Double, isRing: Bool = false) {
            self.shape = shape
            self.radius = radius
            self.isRing = isRing
        }

        /// A radius that makes area grow with value, from `least` up to `most` pixels for the largest value.
        package static func radius(of value: Int128, largest: Int128, least: Double, most: Double) -> Double {
            guard largest > 0 else { return least }
            return max(least, (Double(value) / Double(largest)).squareRoot() * most)
        }
    }

    private func point(_ time: Timestamp, _ value: Int128) -> HTML { "\(x(time)) \(y(value))" }
}
