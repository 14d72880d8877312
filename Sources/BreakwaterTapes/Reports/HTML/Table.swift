package import BreakwaterCore

/// A table of words and figures: words to the left, figures to the right with their points in line.
package struct Table {
    package enum Cell {
        case text(String)
        /// A dash where there is none.
        case figure(ExactDecimal?)
        case markup(HTML)

        package static func count(_ number: Int) -> Cell { .figure(ExactDecimal(digits: Int128(number))) }

        /// A report's decimal, or a dash for null.
        package static func figure(_ value: JSONValue?) -> Cell {
            guard let value, value != .null else { return .figure(nil as ExactDecimal?) }
            return ExactDecimal(value.plain).map { .figure($0) } ?? .text(value.plain)
        }
    }

    package enum Column {
        case words(String)
        case figures(String)
        /// Wide enough for bars.
        case bars(String)
    }

    private let caption: String
    private let columns: [Column]
    private var rows: [[Cell]] = []
    private var total: [Cell] = []

    /// - Parameter caption: what the table shows, said to those who cannot see it.
    package init(_ caption: String, _ columns: [Column]) {
        self.caption = caption
        self.columns = columns
    }

    package var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; its first cell is its heading.
    package mutating func add(_ row: [Cell]) {
        precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns of \(caption)")
        rows.append(row)
    }

    /// Closes the table with a row that sums it up.
    package mutating func close(with row: [Cell]) {
        precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns of \(caption)")
        total = row
    }

    /// The table, inside an area that scrolls sideways where the screen is too narrow for it.
    package var markup: HTML {
        let decimals = columns.indices.map(decimals(in:))
        let titles = columns.map { column -> HTML in
            switch column {
            case .words(let title): "<th scope=\"col\">\(title)</th>"
            case .figures(let title): "<th scope=\"col\" class=\"number\">\(title)</th>"
            case .bars(let title): "<th scope=\"col\" class=\"bars\">\(title)</th>"
            }
        }.joined()
        let body = rows.map { row($0, decimals) }.joined(separator: "\n")
        let foot: HTML = total.isEmpty ? .none : "\n<tfoot>\(row(total, decimals))</tfoot>"
        return """
            <div class="scroll" role="region" aria-label="\(caption)" tabindex="0"><table class="\(width)">
            <caption class="unseen">\(caption)</caption>
            <thead><tr>\(titles)</tr></thead>
            <tbody>
            \(body)
            </tbody>\(foot)
            </table></div>

            """
    }

    /// A few short columns would fall apart across the whole page; many need all of it.
    private var width: String {
        let hasBars = columns.contains { if case .bars = $0 { true } else { false } }
        return columns.count > 9 ? "wide" : columns.count <= 5 && !hasBars ? "small" : "full"
    }

    private func row(_ cells: [Cell], _ decimals: [Int]) -> HTML {
        let cells = cells.indices.map { column -> HTML in
            let content = content(of: cells[column], alignedTo: decimals[column])
            if column == 0 { return "<th scope=\"row\"\(attributes(of: column))>\(content)</th>" }
            return "<td\(attributes(of: column))>\(content)</td>"
        }
        return "<tr>\(cells.joined())</tr>"
    }

    private func attributes(of column: Int) -> HTML {
        switch columns[column] {
        case .words: .none
        case .figures: " class=\"number\""
        case .bars: " class=\"bars\""
        }
    }

    private func content(of cell: Cell, alignedTo decimals: Int) -> HTML {
        switch cell {
        case .text(let text): "\(text)"
        case .figure(nil): "<span class=\"none\">–</span>"
        case .figure(let decimal?): .figure(decimal, alignedTo: decimals)
        case .markup(let html): html
        }
    }

    /// How many decimals the longest fraction of a column has.
    private func decimals(in column: Int) -> Int {
        (rows + (total.isEmpty ? [] : [total])).map { row in
            if case .figure(let decimal?) = row[column] { decimal.places } else { 0 }
        }.max() ?? 0
    }
}
