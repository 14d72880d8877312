public import BreakwaterCore
public import BreakwaterTapes
import Foundation

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
    public static func read(_ path: String, for contract: Contract) throws(BadInput) -> [Bar] {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw BadInput(file: path, expected: "a CSV file of bars that can be read")
        }
        return try parse(text, file: path, for: contract)
    }

    public static func parse(_ text: String, file: String, for contract: Contract) throws(BadInput) -> [Bar] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        let heading = lines.popFirst().map(fields) ?? []
        guard heading.prefix(5) == ["timestamp", "open", "high", "low", "close"] else {
            throw BadInput(
                file: file, line: 1, value: heading.joined(separator: ","),
                expected: "the heading timestamp,open,high,low,close,volume")
        }
        var bars: [Bar] = []
        for (number, line) in zip(2..., lines) where !line.isEmpty {
            let bar = try bar(fields(line), heading.count, file: file, line: number, contract)
            if let last = bars.last, bar.time <= last.time {
                throw BadInput(
                    file: file, line: number, key: "timestamp", value: bar.time.iso,
                    expected: "a time after \(last.time.iso)")
            }
            bars.append(bar)
        }
        guard !bars.isEmpty else { throw BadInput(file: file, expected: "at least one bar below the heading") }
        return bars
    }

    private static func fields(_ line: Substring) -> [String] {
        (line.hasSuffix("\r") ? line.dropLast() : line).split(separator: ",", omittingEmptySubsequences: false).map(
            String.init)
    }

    private static func bar(
        _ row: [String], _ columns: Int, file: String, line: Int, _ contract: Contract
    ) throws(BadInput) -> Bar {
        guard row.count == columns else {
            throw BadInput(file: file, line: line, value: row.joined(separator: ","), expected: "\(columns) columns")
        }
        guard let time = Timestamp(iso: row[0]) ?? Timestamp(iso: row[0] + "Z") else {
            throw BadInput(
                file: file, line: line, key: "timestamp", value: row[0],
                expected: "a UTC time such as 2022-01-20 00:00:00")
        }
        func price(_ column: Int) throws(BadInput) -> Price {
            guard let decimal = ExactDecimal(row[column]), let ticks = decimal.steps(of: contract.tick), ticks > 0,
                ticks <= Limits.ticksOrLots
            else {
                throw BadInput(
                    file: file, line: line, key: ["timestamp", "open", "high", "low", "close"][column],
                    value: row[column],
                    expected: "a price above zero, in whole ticks of \(contract.tick)")
            }
            return Price(ticks)
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
