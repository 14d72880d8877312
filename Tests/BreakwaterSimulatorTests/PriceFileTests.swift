import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

@testable import BreakwaterSimulator

@Suite("Price files")
struct PriceFileTests {
    static let bars = BarFileTests.root + "/Examples/btc-perp-1m-2022-01-20-to-22.csv"

    /// A folder for one test, removed after it.
    static func scratch<Value>(_ body: (String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "breakwater-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path)
    }

    /// Runs a Python program with arguments.
    @discardableResult
    static func python(_ arguments: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test("LAB-010: bars packed with gzip are the same bars, however hard they were packed", arguments: [0, 1, 9])
    func packed(level: Int) throws {
        try Self.scratch { folder in
            let file = folder + "/bars.csv.gz"
            let code = """
                import gzip, sys
                text = open(sys.argv[1], 'rb').read()
                open(sys.argv[2], 'wb').write(gzip.compress(text, int(sys.argv[3])))
                """
            #expect(try Self.python("-c", code, Self.bars, file, "\(level)").status == 0)
            let plain = try BarFile.read(Self.bars, for: BarFileTests.contract)
            #expect(try BarFile.read(file, for: BarFileTests.contract) == plain)
            var bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
            bytes[bytes.count / 2] ^= 0x20
            try Data(bytes).write(to: URL(filePath: file))
            #expect(throws: BadInput.self) { try BarFile.read(file, for: BarFileTests.contract) }
            try Data(bytes[..<(bytes.count / 3)]).write(to: URL(filePath: file))
            #expect { try BarFile.read(file, for: BarFileTests.contract) } throws: {
                "\($0)".contains("bars.csv.gz: expected a gzip file")
            }
        }
    }

    @Test("LAB-011: a short text with a fixed code, two members, and what is no gzip")
    func small() throws {
        // `printf a | gzip -n`, twice.
        let member: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 4, 0, 0x43, 0xbe, 0xb7, 0xe8, 1, 0, 0, 0,
        ]
        #expect(try Gzip.unpack(member) == [97])
        #expect(try Gzip.unpack(member + member) == [97, 97])
        #expect(throws: Gzip.Fault.notGzip) { try Gzip.unpack([1, 2, 3]) }
    }

    @Test("LAB-012: ticks become marks one by one, or the last of each stretch")
    func ticks() throws {
        let text = """
            timestamp,price,size
            2026-01-01 00:00:00.100000,100,1
            2026-01-01 00:00:00.900000,100.5,2
            2026-01-01 00:01:01,99,1
            """
        let all = try TickFile.parse(text, file: "t.csv", for: BarFileTests.contract)
        #expect(all.map(\.price.raw) == [200, 201, 198])
        let thinned = try TickFile.parse(text, file: "t.csv", for: BarFileTests.contract, every: .seconds(1))
        #expect(thinned.map(\.price.raw) == [201, 198])
        let bars = Bar.summing(all, every: .seconds(60))
        #expect(
            bars.map { [$0.open, $0.high, $0.low, $0.close].map(\.raw) } == [
                [200, 201, 200, 201], [198, 198, 198, 198],
            ])
        #expect {
            try TickFile.parse(text + "\n2026-01-01 00:00:00,1,1", file: "t.csv", for: BarFileTests.contract)
        } throws: {
            "\($0)".contains("t.csv:5: timestamp")
        }
    }

    @Test("LAB-059: files written on Windows are the same files: carriage returns, a byte order mark")
    func windows() throws {
        func foreign(_ text: String) -> String { "\u{FEFF}" + text.replacingOccurrences(of: "\n", with: "\r\n") }
        let text = try String(contentsOfFile: Self.bars, encoding: .utf8)
        let bars = try BarFile.parse(text, file: "b.csv", for: BarFileTests.contract)
        #expect(try BarFile.parse(foreign(text), file: "b.csv", for: BarFileTests.contract) == bars)

        let venue = try DeleveragingEvent.Venue()
        let accounts = try String(contentsOfFile: BarFileTests.root + "/Examples/Lab/adl-accounts.csv", encoding: .utf8)
        #expect(
            try AccountsFile.parse(foreign(accounts), file: "a.csv", in: venue.currency)
                == AccountsFile.parse(accounts, file: "a.csv", in: venue.currency))

        for file in ["deleveraging.yaml", "positions.yaml"] {
            let yaml = try String(contentsOfFile: ScenarioFileTests.folder + "/" + file, encoding: .utf8)
            let fields = try Document.object(in: foreign(yaml), file: file)
            #expect(fields.keys == (try Document.object(in: yaml, file: file)).keys)
        }
        let line = #"{"verb": "deposit", "account": "alice", "amount": "1"}"#
        let tape = "\(line)\n\n\(line)\n"
        #expect(tape.fileLines == [line[...], "", line[...], ""])
        #expect(foreign(tape).fileLines == tape.fileLines)
        #expect("".fileLines == [""])
        #expect(throws: BadInput.self) { try BarFile.parse("", file: "b.csv", for: BarFileTests.contract) }
    }
}
