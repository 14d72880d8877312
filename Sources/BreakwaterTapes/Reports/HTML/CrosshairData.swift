/// What a crosshair says about each column: the same rows for all.
package struct CrosshairData {
    private let name: String
    private let rows: [JSONValue]
    private var columns: [JSONValue] = []

    /// - Parameter rows: what each figure is, and the colour of its key if it has one.
    package init(_ name: String, rows: [(text: String, style: ChartStyle?)]) {
        self.name = name
        self.rows = rows.map { [.string($0.text), .string($0.style?.rawValue ?? "")] }
    }

    package mutating func add(_ title: String, _ figures: [String]) {
        precondition(figures.count == rows.count, "\(figures.count) figures for \(rows.count) rows of \(name)")
        columns.append(.array(([title] + figures).map { .string($0) }))
    }

    package var markup: HTML {
        "<script type=\"application/json\" id=\"\(name)\">\(HTML.data(["rows": .array(rows), "columns": .array(columns)]))</script>\n"
    }
}
