public import BreakwaterCore
public import BreakwaterTapes

/// Reads ticks or trades: a heading `timestamp,price`, further columns as they like, then a row for each, times not falling.
public enum TickFile {
    /// - Parameter length: of several rows within so long only the last counts; `nil` for all of them.
    public static func read(_ path: String, for contract: Contract, every length: Duration? = nil) throws(BadInput)
        -> [PricePoint]
    {
        try parse(try CSVTable.text(of: path), file: path, for: contract, every: length)
    }

    public static func parse(_ text: String, file: String, for contract: Contract, every length: Duration? = nil)
        throws(BadInput) -> [PricePoint]
    {
        let table = CSVTable(text, file: file)
        guard table.heading.prefix(2) == ["timestamp", "price"] else {
            throw BadInput(
                file: file, line: 1, value: table.heading.joined(separator: ","),
                expected: "the heading timestamp,price, and further columns as they like")
        }
        var points: [PricePoint] = []
        for (line, cells) in try table.rows() {
            let time = try CSVTable.time(cells[0], file: file, line: line)
            let price = try CSVTable.price(cells[1], "price", file: file, line: line, contract)
            if let last = points.last {
                guard time >= last.time else {
                    throw BadInput(
                        file: file, line: line, key: "timestamp", value: time.iso,
                        expected: "a time not before \(last.time.iso)")
                }
                if let length, time.raw / length.raw == last.time.raw / length.raw { points.removeLast() }
            }
            points.append(PricePoint(time, price))
        }
        guard !points.isEmpty else { throw BadInput(file: file, expected: "at least one row below the heading") }
        return points
    }
}
