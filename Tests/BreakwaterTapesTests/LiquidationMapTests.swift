import Foundation
import Testing

@testable import BreakwaterCore
@testable import BreakwaterTapes

@Suite("HEAT: where liquidations wait")
struct LiquidationMapTests {
    private let contract: Contract

    init() throws { (contract, _) = try ContractFile.load("xbtusdt") }

    private func price(_ text: String) -> Price { Price(ExactDecimal(text)!.steps(of: contract.tick)!) }

    private func exposure(_ size: Int64, _ liquidation: String?) -> Exposure {
        Exposure(
            key: PositionKey(AccountID(index: 0), ContractID(0)), size: Size(size),
            liquidationPrice: liquidation.map { ExactDecimal($0)! }, buffer: nil)
    }

    private func levels(_ levels: [(String, Int64)]) -> [DepthLevel] {
        levels.map { DepthLevel(price: price($0.0), size: Size($0.1)) }
    }

    @Test(
        "HEAT-001: a cascade ends at the nearest price up to which the book holds what is forced up to there",
        arguments: [
            // Longs of 10, 20 and 40 lots at 39,000, 38,000 and 37,000. The first finds its 10 by 39,000.
            ([("39500", 5), ("39000", 5)], "39000", 10),
            // 5 short there; the next level lies before the second liquidation.
            ([("39500", 5), ("38500", 5)], "38500", 10),
            ([("39500", 5), ("38500", 4)], nil, 0),
            // A level at the price of the second counts when the second is forced too: 30 against 5 + 25.
            ([("39500", 5), ("38000", 25)], "38000", 30),
            // One lot less and the third goes too: 70 against 29 and what is below 37,000.
            ([("39500", 5), ("38000", 24), ("36000", 41)], "36000", 70),
            ([("39500", 5), ("38000", 24), ("36000", 40)], nil, 0),
            ([], nil, 0),
        ] as [([(String, Int64)], String?, Int64)])
    func end(bids: [(String, Int64)], end: String?, forced: Int64) throws {
        let longs = [exposure(20, "38000"), exposure(10, "39000"), exposure(40, "37000"), exposure(5, nil)]
        let map = LiquidationMap(contract, mark: price("40000"), longs, bids: levels(bids), asks: [])
        #expect(map.falling.steps.map(\.forced.raw) == [10, 30, 70])
        #expect(map.falling.end == end.map { Cascade.End(price: ExactDecimal($0)!, forced: Size(forced)) })
        #expect(map.rising.steps.isEmpty && map.rising.end == nil)
        // The same the other way up, around 40,000.
        func mirrored(_ price: String) -> String { "\(80_000 - Int64(price)!)" }
        let shorts = [exposure(-20, "42000"), exposure(-10, "41000"), exposure(-40, "43000")]
        let asks = levels(bids.map { (mirrored($0.0), $0.1) })
        let other = LiquidationMap(contract, mark: price("40000"), shorts, bids: [], asks: asks)
        let expected = end.map { Cascade.End(price: ExactDecimal(mirrored($0))!, forced: Size(forced)) }
        #expect(other.rising.end == expected)
    }

    @Test("HEAT-002: positions liquidated at one price are forced together")
    func together() {
        let longs = [exposure(10, "39000"), exposure(10, "39000")]
        let map = LiquidationMap(
            contract, mark: price("40000"), longs, bids: levels([("39500", 10), ("38900", 10)]), asks: [])
        #expect(map.falling.end == Cascade.End(price: ExactDecimal("38900")!, forced: Size(20)))
    }

    @Test("HEAT-003: buckets are a hundredth of the mark wide, their lower edge theirs")
    func buckets() {
        // A mark of 40,000: buckets of 400. 38,800 is the first price of the 97th, 38,799.5 the last of the 96th.
        let map = LiquidationMap(
            contract, mark: price("40000"),
            [exposure(10, "38800"), exposure(3, "38799.99"), exposure(-7, "39199.5"), exposure(1, nil)], bids: [],
            asks: [])
        #expect(
            map.buckets == [
                .init(from: price("38400"), to: price("38800"), longs: Size(3), shorts: .zero),
                .init(from: price("38800"), to: price("39200"), longs: Size(10), shorts: Size(7)),
            ])
    }

    @Test("HEAT-004: the command draws a tape's and a simulation's end, as text, JSON and a page of its own")
    func command() throws {
        try Repository.withFolder { folder in
            let page = folder + "/heat.html"
            let options = [
                "heatmap", "--bars", "Examples/btc-perp-1m-2022-01-20-to-22.csv", "--accounts", "300", "--until",
                "2022-01-20T20:00:00Z",
            ]
            let told = try Repository.run(options + ["--html", page])
            #expect(told.status == 0, "\(told.errors)")
            #expect(told.output.contains("XBTUSDT, mark ") && told.output.contains("█"))
            #expect(told.output.contains("if it falls: ") && told.output.contains("if it rises: "))
            let html = try String(contentsOfFile: page, encoding: .utf8)
            #expect(html.contains("If the mark falls") && !html.contains("http"))
            let json = try Repository.run(options + ["--json"])
            let map = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            let contracts = try #require(map["contracts"] as? [[String: Any]])
            #expect((contracts[0]["buckets"] as? [Any])?.isEmpty == false)
            #expect(((contracts[0]["falling"] as? [String: Any])?["steps"] as? [Any])?.isEmpty == false)
        }
        let tape = try Repository.run(["heatmap", "Scenarios/karen.yaml", "--symbol", "NONE"])
        #expect(tape.status == 2 && tape.errors.contains("--symbol: expected one of"), "\(tape.errors)")
        #expect(try Repository.run(["heatmap", "Scenarios/karen.yaml"]).status == 0)
        for wrong in [
            [], ["Scenarios/karen.yaml", "--data", "x"], ["--data", "/nowhere"], ["x.yaml", "--until", "y"],
        ] {
            #expect(try Repository.run(["heatmap"] + wrong).status == 2, "\(wrong)")
        }
    }
}
