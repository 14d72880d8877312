/// Where money came from, on the left, and where it went, on the right, joined by ribbons as thick as the amounts.
package struct FlowDiagram {
    package struct End {
        let name: String
        let amount: Int128
        let figure: HTML
        let style: ChartStyle

        package init(_ name: String, _ amount: Int128, _ figure: HTML, _ style: ChartStyle) {
            self.name = name
            self.amount = amount
            self.figure = figure
            self.style = style
        }
    }

    private let label: String
    private let sources: [End]
    private let targets: [End]
    /// The part of source `from` that went to target `to`.
    private let flows: [(from: Int, to: Int, amount: Int128)]
    private let total: Int128

    private static let thickness = 150.0
    private static let gap = 24.0
    /// The height a name and its figure take.
    private static let labelHeight = 66.0

    /// - Parameter flows: amounts from sources to targets that use each of them up. Ends without an amount are kept, so
    ///   that a zero is seen to be one.
    package init(_ label: String, from sources: [End], to targets: [End], flows: [(from: Int, to: Int, amount: Int128)])
    {
        total = sources.reduce(0) { $0 + $1.amount }
        precondition(total == targets.reduce(0) { $0 + $1.amount }, "\(label): what came is not what went")
        precondition((sources + targets).allSatisfy { $0.amount >= 0 }, "\(label): an amount below zero")
        self.label = label
        self.sources = sources
        self.targets = targets
        self.flows = flows.filter { $0.amount > 0 }
    }

    package var markup: HTML {
        let (left, leftHeight) = layout(sources)
        let (right, rightHeight) = layout(targets)
        let height = max(leftHeight, rightHeight)
        return """
            <div class="flow" role="img" aria-label="\(label)">
            <ul class="ends">\(labels(sources, left))</ul>
            <svg viewBox="0 0 1000 \(height)" height="\(height)" preserveAspectRatio="none" aria-hidden="true">
            \(ribbons(left.map(\.top), right.map(\.top)))\(blocks(sources, left, x: 0))\(blocks(targets, right, x: 984))</svg>
            <ul class="ends targets">\(labels(targets, right))</ul>
            </div>

            """
    }

    private typealias Place = (top: Double, thickness: Double)

    /// Ends stacked so that each has room for its label, and the height they take together.
    private func layout(_ ends: [End]) -> ([Place], height: Double) {
        var top = 0.0
        var places: [Place] = []
        for end in ends {
            let thickness = thickness(of: end.amount)
            places.append((top, thickness))
            top += max(thickness + Self.gap, Self.labelHeight)
        }
        return (places, top)
    }

    private func thickness(of amount: Int128) -> Double {
        total == 0 ? 0 : Double(amount) / Double(total) * Self.thickness
    }

    private func labels(_ ends: [End], _ places: [Place]) -> HTML {
        zip(ends, places).map { end, place -> HTML in
            """
            <li class="\(end.style.rawValue)" style="top:\(place.top)px"><b>\(end.name)</b> \
            <span>\(end.figure)</span> <small>\(percentage(end.amount, of: total))</small></li>

            """
        }.joined()
    }

    private func blocks(_ ends: [End], _ places: [Place], x: Double) -> HTML {
        zip(ends, places).map { end, place -> HTML in
            let height = max(place.thickness, 1.5)
            return "<path class=\"bar \(end.style.rawValue)\" d=\"M\(x) \(place.top)h16v\(height)h-16z\"/>\n"
        }.joined()
    }

    private func ribbons(_ left: [Double], _ right: [Double]) -> HTML {
        var (from, to) = (left, right)
        var ribbons = HTML.none
        for flow in flows {
            let thickness = thickness(of: flow.amount)
            let (start, end) = (from[flow.from], to[flow.to])
            ribbons += """
                <path class="ribbon \(sources[flow.from].style.rawValue)" d="M16 \(start)C500 \(start) 500 \(end) 984 \(end)\
                V\(end + thickness)C500 \(end + thickness) 500 \(start + thickness) 16 \(start + thickness)Z"/>

                """
            from[flow.from] += thickness
            to[flow.to] += thickness
        }
        return ribbons
    }
}
