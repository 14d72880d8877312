import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes
import Foundation
import Testing

@Suite("Bars from CSV")
struct BarFileTests {
    static let contract = try! ContractFile.load(root + "/Contracts/xbtusdt.yaml").0
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let heading = "timestamp,open,high,low,close,volume"

    private func bars(_ rows: String...) throws -> [Bar] {
        try BarFile.parse(([Self.heading] + rows).joined(separator: "\n"), file: "bars.csv", for: Self.contract)
    }

    @Test(
        "SIM-001: a bar that closes at or above its open falls first, else it rises first",
        arguments: [
            ("100,110,90,105", [200, 180, 220, 210]), ("100,110,90,100", [200, 180, 220, 200]),
            ("100,110,90,99.5", [200, 220, 180, 199]),
        ])
    func path(row: String, ticks: [Int64]) throws {
        let bar = try bars("2022-01-20 00:00:00.000000,\(row),1").first
        #expect(bar?.path == ticks.map { Price($0) })
    }

    @Test(
        "SIM-002: a bad row is refused with file, line, key and what was expected",
        arguments: [
            (
                "2022-01-20 00:00:00,100.3,110,90,105,1",
                "bars.csv:2: open: \"100.3\" is not what was expected: a price above zero, in whole ticks of 0.5"
            ),
            (
                "2022-01-20 00:00:00,100,110,90,NaN,1",
                "bars.csv:2: close: \"NaN\" is not what was expected: a price above zero, in whole ticks of 0.5"
            ),
            (
                "2022-01-20 00:00:00,-100,110,90,105,1",
                "bars.csv:2: open: \"-100\" is not what was expected: a price above zero, in whole ticks of 0.5"
            ),
            (
                "2022-01-20 00:00:00,100,104,90,105,1",
                "bars.csv:2: high: \"104\" is not what was expected: a high at or above open and close"
            ),
            (
                "2022-01-20 00:00:00,100,110,101,105,1",
                "bars.csv:2: low: \"101\" is not what was expected: a low at or below open and close"
            ),
            (
                "20 January,100,110,90,105,1",
                "bars.csv:2: timestamp: \"20 January\" is not what was expected: a UTC time such as 2022-01-20 00:00:00"
            ),
            (
                "2022-01-20 00:00:00,100,110",
                "bars.csv:2: \"2022-01-20 00:00:00,100,110\" is not what was expected: 6 columns"
            ),
        ])
    func refusals(row: String, message: String) {
        #expect { try bars(row) } throws: { "\($0)" == message }
    }

    @Test("SIM-003: times must rise, and a file must have a heading and a bar")
    func shape() {
        let row = "2022-01-20 00:00:00,100,110,90,105,1"
        #expect { try bars(row, row) } throws: { "\($0)".contains("bars.csv:3: timestamp") }
        #expect { try bars() } throws: { "\($0)" == "bars.csv: expected at least one bar below the heading" }
        #expect { try BarFile.parse("a,b\n1,2", file: "x", for: Self.contract) } throws: {
            "\($0)".contains("x:1: \"a,b\"")
        }
    }
}
