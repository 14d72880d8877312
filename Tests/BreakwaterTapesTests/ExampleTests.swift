import Foundation
import Testing

/// The examples that people begin with, run as they would run them.
@Suite("EX: examples")
struct ExampleTests {
    private func run(_ program: String, _ arguments: [String] = []) throws -> (status: Int32, lines: [Substring]) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = Repository.root
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self).split(separator: "\n"))
    }

    @Test("EX-001: an exchange in thirty lines liquidates the one on the wrong side, and says so")
    func embed() throws {
        let told = try run(Repository.path(".build/release/Embed"))
        #expect(told.status == 0)
        #expect(
            told.lines.dropLast() == [
                "second 7: ann is long, to be liquidated at 39400",
                "ann lost 800 and bob gave up 200 of 1000",
            ])
        #expect(told.lines.last?.hasPrefix("conserved: true, state ") == true)
        let text = try String(contentsOfFile: Repository.path("Examples/Embed/main.swift"), encoding: .utf8)
        let code = text.split(separator: "\n").filter { !$0.hasPrefix("//") }
        #expect(code.count <= 34, "thirty lines are \(code.count) by now")
    }

    @Test("EX-002: the notebook asks how large a fund would have done, and its answer holds")
    func notebook() throws {
        let told = try run("python3", ["Examples/Notebook/fund_size.py"])
        #expect(told.status == 0)
        let answer = try #require(
            told.lines.last?.wholeMatch(
                of: /a fund of (\d+) USDT spares everybody; with (\d+) there are still (\d+) who pay/),
            "\(told.lines)")
        #expect(Int(answer.1)! == Int(answer.2)! + 1)
        #expect(Int(answer.3)! > 0)
        #expect(told.lines.first == "4320 minutes, from a high of 43527.0 to a low of 33979.0: 21.9 % down")
    }
}
