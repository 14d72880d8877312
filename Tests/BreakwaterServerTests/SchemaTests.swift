import BreakwaterServer
import BreakwaterTapes
import BreakwaterWeb
import Foundation
import Testing

/// The OpenAPI document against what the venue really answers, as Schemathesis finds out.
@Suite("Native API: its own description", .serialized)
struct SchemaTests {
    @Test(
        "NAT-050: Schemathesis finds no 5xx and nothing undocumented, as nobody, as a trader and as a risk admin",
        .timeLimit(.minutes(10)))
    func schemathesis() async throws {
        let soaks = ProcessInfo.processInfo.environment["BREAKWATER_SOAK"] != nil
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let python = try Self.run(root + "/scripts/peers", ["server"], in: root).text
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let noLimits: (inout ServeOptions) -> Void = {
            $0.callerRate = .init(perSecond: 1_000_000, burst: 1_000_000)
            $0.addressRate = .init(perSecond: 1_000_000, burst: 1_000_000)
        }
        try await NativeVenue.serving(noLimits) { venue in
            let arguments = [
                "schema_attack.py", "http://127.0.0.1:\(venue.port)", venue.adminToken ?? "", soaks ? "120" : "24", "7",
            ]
            let outcome = try await Task.detached {
                try Self.run(python, arguments, in: root + "/Tests/Server")
            }.value
            #expect(outcome.status == 0, "\(outcome.text)")
            // What was asked for may have been anything; the books still balance.
            let chief = try await venue.signIn("chief")
            let state = try await venue.get("/v1/admin/state", by: chief)
            for (currency, books) in state["conservation"]?.members ?? [] {
                #expect(books["difference"]?.word ?? "0" == "0", "\(currency): \(books)")
            }
        }
    }

    private static func run(_ program: String, _ arguments: [String], in folder: String) throws
        -> (status: Int32, text: String)
    {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
