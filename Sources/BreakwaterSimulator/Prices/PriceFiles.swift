public import BreakwaterCore
public import BreakwaterTapes
import Foundation

/// Rows of a CSV file with a heading, packed or not.
package struct PriceTable {
    let file: String
    let heading: [String]
    private let lines: [Substring]

    /// Reads a file; one that ends in .gz is unpacked.
    package static func text(of path: String) throws(BadInput) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw BadInput(file: path, expected: "a CSV file that can be read")
        }
        var bytes = [UInt8](data)
        if path.hasSuffix(".gz") {
            do { bytes = try Gzip.unpack(bytes) } catch { throw BadInput(file: path, expected: error.rawValue) }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw BadInput(file: path, expected: "text in UTF-8")
        }
        return text
    }

    init(_ text: String, file: String) {
        self.file = file
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        heading = lines.isEmpty ? [] : Self.cells(lines.removeFirst())
        self.lines = lines
    }

    /// The rows that are not empty, with their lines.
    func rows() throws(BadInput) -> [(line: Int, cells: [String])] {
        var rows: [(line: Int, cells: [String])] = []
        rows.reserveCapacity(lines.count)
        for (number, line) in zip(2..., lines) where !line.isEmpty {
            let cells = Self.cells(line)
            guard cells.count == heading.count else {
                throw BadInput(
                    file: file, line: number, value: cells.joined(separator: ","), expected: "\(heading.count) columns")
            }
            rows.append((number, cells))
        }
        return rows
    }

    private static func cells(_ line: Substring) -> [String] {
        (line.hasSuffix("\r") ? line.dropLast() : line).split(separator: ",", omittingEmptySubsequences: false).map(
            String.init)
    }

    static func time(_ text: String, file: String, line: Int) throws(BadInput) -> Timestamp {
        guard let time = Timestamp(iso: text) ?? Timestamp(iso: text + "Z") else {
            throw BadInput(
                file: file, line: line, key: "timestamp", value: text,
                expected: "a UTC time such as 2022-01-20 00:00:00")
        }
        return time
    }

    static func price(_ text: String, _ key: String, file: String, line: Int, _ contract: Contract) throws(BadInput)
        -> Price
    {
        guard let decimal = ExactDecimal(text), let ticks = decimal.steps(of: contract.tick), ticks > 0,
            ticks <= Limits.ticksOrLots
        else {
            throw BadInput(
                file: file, line: line, key: key, value: text,
                expected: "a price above zero, in whole ticks of \(contract.tick)")
        }
        return Price(ticks)
    }
}

/// Reads ticks or trades: a heading `timestamp,price`, further columns as they like, then a row for each, times not falling.
public enum TickFile {
    /// - Parameter length: of several rows within so long only the last counts; `nil` for all of them.
    public static func read(_ path: String, for contract: Contract, every length: Duration? = nil) throws(BadInput)
        -> [PricePoint]
    {
        try parse(try PriceTable.text(of: path), file: path, for: contract, every: length)
    }

    public static func parse(_ text: String, file: String, for contract: Contract, every length: Duration? = nil)
        throws(BadInput) -> [PricePoint]
    {
        let table = PriceTable(text, file: file)
        guard table.heading.prefix(2) == ["timestamp", "price"] else {
            throw BadInput(
                file: file, line: 1, value: table.heading.joined(separator: ","),
                expected: "the heading timestamp,price, and further columns as they like")
        }
        var points: [PricePoint] = []
        for (line, cells) in try table.rows() {
            let time = try PriceTable.time(cells[0], file: file, line: line)
            let price = try PriceTable.price(cells[1], "price", file: file, line: line, contract)
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
