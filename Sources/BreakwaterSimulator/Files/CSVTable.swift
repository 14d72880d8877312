import BreakwaterCore
import BreakwaterTapes
import Foundation

/// Rows of a CSV file with a heading.
struct CSVTable {
    let file: String
    let heading: [String]
    private let lines: [Substring]

    /// Reads a file; one that ends in .gz is unpacked.
    static func text(of path: String) throws(BadInput) -> String {
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
        var lines = text.fileLines
        heading = Self.cells(lines.removeFirst())
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
        line.isEmpty ? [] : line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
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

extension String {
    /// As CSV wants it: in quotes where it holds a comma, a quote or the end of a line.
    package var csvCell: String {
        guard contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return self }
        return "\"" + replacing("\"", with: "\"\"") + "\""
    }
}
