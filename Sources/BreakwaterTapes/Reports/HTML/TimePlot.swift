import BreakwaterCore

/// A chart over time, as wide as the page and of fixed height, so that its text keeps its size on every screen.
///
/// Shapes are drawn on a surface 1,000 wide that is stretched to the width there is; marks and text are placed on it
/// in per cent and are not stretched. Plots with the same columns share a crosshair.
package struct TimePlot {
    let columns: TimeColumns
    let values: ValueScale
    let height: Double
    private let label: String
    private let crosshair: String
    private var shapes = HTML.none
    private var marks = HTML.none

    /// - Parameters:
    ///   - label: what is to be seen, in a sentence.
    ///   - crosshair: the name of the `CrosshairData` its columns are read from.
    package init(_ label: String, columns: TimeColumns, values: ValueScale, height: Double, crosshair: String) {
        self.label = label
        self.columns = columns
        self.values = values
        self.height = height
        self.crosshair = crosshair
    }

    func x(_ time: Timestamp) -> Double { columns.share(of: time) * 1000 }
    func y(_ value: Int128) -> Double { (1 - values.share(of: value)) * height }

    /// Adds to what is stretched with the plot.
    mutating func draw(_ shape: HTML) { shapes += shape + "\n" }

    /// Adds to what stands on the plot in its own proportions.
    mutating func place(_ mark: HTML) { marks += mark + "\n" }

    package var markup: HTML {
        """
        <div class="plot" data-crosshair="\(crosshair)">
        <svg role="img" aria-label="\(label)" width="100%" height="\(height + 24)">
        \(grid)\
        <svg viewBox="0 0 1000 \(height)" width="100%" height="\(height)" preserveAspectRatio="none">
        \(shapes)</svg>
        \(marks)</svg>
        </div>

        """
    }

    private var grid: HTML {
        let values = values.ticks.map { tick -> HTML in
            let y = y(tick)
            return """
                <line class="grid\(tick == 0 ? " zero" : "")" x1="0" x2="100%" y1="\(y)" y2="\(y)"/>\
                <text class="value" x="-8" y="\(y + 4)">\(self.values.label(of: tick))</text>

                """
        }
        return values.joined() + columns.ticks.enumerated().map(timeTick).joined()
    }

    /// A time's line and label; every second label gives way on narrow screens.
    private func timeTick(number: Int, time: Timestamp) -> HTML {
        let x = columns.share(of: time) * 100
        let midnight = time.clock == "00:00"
        let line: HTML =
            "<line class=\"grid time\(midnight ? " day" : "")\" x1=\"\(x)%\" x2=\"\(x)%\" y1=\"0\" y2=\"\(height)\"/>"
        let style = (midnight ? " day" : "") + (number % 2 == 1 ? " spare" : "")
        let anchor = x < 2 ? " first" : x > 98 ? " last" : ""
        return line + """
            <text class="time\(style)\(anchor)" x="\(x)%" y="\(height + 18)">\(midnight ? time.day : time.clock)</text>

            """
    }
}
