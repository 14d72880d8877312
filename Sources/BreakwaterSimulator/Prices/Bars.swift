public import BreakwaterCore
public import BreakwaterTapes

/// One bar of market data: what the price did in one interval.
public struct Bar: Sendable, Equatable {
    public let time: Timestamp
    public let open: Price
    public let high: Price
    public let low: Price
    public let close: Price

    /// The order in which a bar's prices are taken to have come: the low first where it closed at or above its open,
    /// else the high first.
    public var path: [Price] { close >= open ? [open, low, high, close] : [open, high, low, close] }
}

/// Reads minute bars: a heading `timestamp,open,high,low,close[,volume]`, then a row a bar, times rising.
public enum BarFile {
    private static let columns = ["timestamp", "open", "high", "low", "close"]

    /// - Parameter path: a file, packed with gzip where it ends in .gz.
    public static func read(_ path: String, for contract: Contract) throws(BadInput) -> [Bar] {
        try parse(try CSVTable.text(of: path), file: path, for: contract)
    }

    public static func parse(_ text: String, file: String, for contract: Contract) throws(BadInput) -> [Bar] {
        let table = CSVTable(text, file: file)
        guard table.heading.prefix(5) == columns[...] else {
            throw BadInput(
                file: file, line: 1, value: table.heading.joined(separator: ","),
                expected: "the heading timestamp,open,high,low,close,volume")
        }
        var bars: [Bar] = []
        for (line, cells) in try table.rows() {
            let bar = try bar(cells, file: file, line: line, contract)
            if let last = bars.last, bar.time <= last.time {
                throw BadInput(
                    file: file, line: line, key: "timestamp", value: bar.time.iso,
                    expected: "a time after \(last.time.iso)")
            }
            bars.append(bar)
        }
        guard !bars.isEmpty else { throw BadInput(file: file, expected: "at least one bar below the heading") }
        return bars
    }

    private static func bar(_ row: [String], file: String, line: Int, _ contract: Contract) throws(BadInput) -> Bar {
        let time = try CSVTable.time(row[0], file: file, line: line)
        func price(_ column: Int) throws(BadInput) -> Price {
            try CSVTable.price(row[column], columns[column], file: file, line: line, contract)
        }
        let bar = Bar(time: time, open: try price(1), high: try price(2), low: try price(3), close: try price(4))
        guard bar.low <= min(bar.open, bar.close) else {
            throw BadInput(
                file: file, line: line, key: "low", value: row[3], expected: "a low at or below open and close")
        }
        guard bar.high >= max(bar.open, bar.close) else {
            throw BadInput(
                file: file, line: line, key: "high", value: row[2], expected: "a high at or above open and close")
        }
        return bar
    }
}
