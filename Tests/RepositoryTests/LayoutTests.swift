import Testing

@Suite("Repository: layout")
struct LayoutTests {
    @Test("REP-006: every Swift file is formatted as `make format` leaves it")
    func filesAreFormatted() throws {
        let lint = try Repository.run(
            "swift", "format", "lint", "--strict", "--parallel", "--recursive", "Sources", "Tests",
            "Benchmarks/Sources",
            "Benchmarks/Package.swift", "Package.swift")
        #expect(lint.status == 0, "\(lint.output)")
    }

    @Test("REP-007: no Swift file is longer than 400 lines")
    func filesAreShort() throws {
        var long: [String] = []
        for file in try ["Sources", "Tests", "Benchmarks/Sources"].flatMap(Repository.swiftFiles) {
            let count = try Repository.text(of: file)?.count { $0 == "\n" } ?? 0
            if count > 400 { long.append("\(file) has \(count) lines") }
        }
        #expect(long == [])
    }
}
