import BreakwaterTapes
import BreakwaterWeb
import Foundation
import Testing

/// The heatmap of the API against that of the command line, which reads the folder of the venue that answers.
@Suite("HEAT: a running venue's folder", .serialized)
struct HeatmapTests {
    @Test("HEAT-005: read from its folder, a running venue has the heatmap and cascades that it tells over the wire")
    func folder() async throws {
        try await NativeVenue.serving { venue in
            let chief = try await venue.administrator()
            try await venue.list(by: chief)
            for name in ["ann", "bea", "cid"] {
                let person = try await venue.person(name)
                try await venue.deposit(name == "ann" ? "3000" : "100000", to: name, by: chief)
                for (side, size, price) in Self.orders[name] ?? [] {
                    try await venue.place(NativeVenue.order(side, size, price), for: name, by: person)
                }
            }
            let heat = try await venue.get("/v1/contracts/BTCUSDT/heatmap")
            #expect(heat["buckets"]?.items.isEmpty == false)
            let told = try await Task.detached { [folder = venue.folder] in try Self.heatmap(of: folder) }.value
            let map = try #require(told["contracts"]?.items.first)
            #expect(map["mark"] == heat["mark"])
            #expect(map["buckets"] == heat["buckets"])
            for (side, name) in [("down", "falling"), ("up", "rising")] {
                let cascade = try await venue.get("/v1/admin/contracts/BTCUSDT/cascade?side=\(side)", by: chief)
                #expect(map[name]?["steps"] == cascade["steps"])
                #expect(map[name]?["end"] == cascade["end"])
            }
            // Ann's long is liquidated first; the bid below it holds her 1 BTC.
            #expect(map["falling"]?["end"]?["price"]?.word == "37000", "\(map)")
            #expect(map["falling"]?["end"]?["forced"]?.word == "1")
        }
    }

    /// Ann buys from Bea; Cid bids far below.
    private static let orders: [String: [(String, String, String)]] = [
        "ann": [("buy", "1", "40000")], "bea": [("sell", "1", "40000")], "cid": [("buy", "1.5", "37000")],
    ]

    private static func heatmap(of folder: String) throws -> JSONValue {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = root.appending(path: ".build/release/breakwater")
        process.arguments = ["heatmap", "--data", folder, "--json"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try JSONReader.read(Array(text))
    }
}
