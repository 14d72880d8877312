import BreakwaterCore
import BreakwaterTapes
import Foundation
import Testing

@Suite("Reports")
struct ReportTests {
    private func report(_ file: String) throws -> [String: Any] {
        let result = try Repository.run(["run", "Scenarios/" + file, "--report", "json"])
        #expect(result.status == 0, "\(result.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    private func keys(_ value: Any?) -> Set<String> { Set((value as? [String: Any] ?? [:]).keys) }
    private func member(_ value: Any?, _ path: String...) -> Any? {
        path.reduce(value) { ($0 as? [String: Any])?[$1] }
    }

    @Test("REPORT-001: the JSON report has the shape other programs are written against")
    func shape() throws {
        let report = try report("karen.yaml")
        #expect(
            keys(report).isSuperset(of: [
                "rulebook", "time", "stateHash", "accounts", "contracts", "insurance", "liquidations", "conservation",
            ]))
        #expect(
            keys(member(report, "accounts", "karen", "wallets", "USDT"))
                == ["balance", "available", "initialMargin", "maintenanceMargin", "equity", "buffer"])
        #expect(
            keys(member(report, "accounts", "karen", "positions", "ETHUSDT")).isSuperset(of: [
                "size", "mode", "leverage", "entryPrice", "settledPrice", "markPrice", "liquidationPrice",
                "bankruptcyPrice", "margin", "drawn", "initialMargin", "maintenanceMargin", "unrealisedPnl",
                "realisedPnl", "buffer", "state", "adlRank",
            ]))
        #expect(
            keys(member(report, "contracts", "ETHUSDT"))
                == ["mark", "index", "last", "openInterest", "fundingRate", "stale"])
        #expect(keys(member(report, "conservation", "USDT")) == ["in", "held", "difference"])
        #expect(member(report, "conservation", "USDT", "difference") as? String == "0")
        #expect(member(report, "contracts", "ETHUSDT", "index") is NSNull)
        #expect(member(report, "accounts", "karen", "positions", "ETHUSDT", "size") as? String == "30")
        #expect(member(report, "accounts", "karen", "positions", "ETHUSDT", "entryPrice") as? String == "966.67")
        #expect(member(report, "accounts", "karen", "positions", "ETHUSDT", "adlRank") is NSNumber)
        // The maker's short cannot go bankrupt below 34,000; its size is signed.
        #expect(member(report, "accounts", "maker", "positions", "ETHUSDT", "size") as? String == "-30")
    }

    @Test("REPORT-002: a liquidation tells what set it off, each stage, and who bore the loss")
    func liquidation() throws {
        let records = try #require(try report("bryan.yaml")["liquidations"] as? [[String: Any]])
        #expect(records.count == 2)
        let first = records[0]
        #expect(first["account"] as? String == "bryan")
        #expect(first["symbol"] as? String == "XBTUSDT")
        #expect(first["mark"] as? String == "21600")
        #expect(first["margin"] as? String == "200")
        #expect(first["maintenanceMargin"] as? String == "200")
        #expect(member(first, "loss", "trader") as? String == "600")
        let stages = (first["stages"] as? [[String: Any]])?.compactMap { $0["stage"] as? String }
        #expect(stages == ["takeover"])
    }

    @Test("REPORT-003: sides of a hedged pair are keyed by side, and what exists no more is left out")
    func hedge() throws {
        let hedge =
            BadInputTests.start + """
                {"do":"hedge","account":"ann","on":true}
                {"do":"trade","symbol":"ETHUSDT","buyer":"ann","seller":"bob","size":"2","price":"1000","buyerPosition":"long"}
                {"do":"trade","symbol":"ETHUSDT","buyer":"bob","seller":"ann","size":"1","price":"1000","sellerPosition":"short"}
                """
        var runner = TapeRunner(
            try Tape.parse(hedge, file: "hedge.jsonl", rulebook: try PropertyTests.rulebook(portfolio: false)))
        runner.run()
        let positions = runner.report["accounts"]?["ann"]?["positions"]
        #expect(positions?["ETHUSDT:long"]?["size"] == "2")
        #expect(positions?["ETHUSDT:short"]?["size"] == "-1")
        let bryan = try report("bryan.yaml")
        #expect(keys(member(bryan, "accounts", "bryan", "positions")) == [])
    }

    @Test("REPORT-004: every event is one JSON object with a time and a name")
    func events() throws {
        let lines = try Repository.withFolder { folder in
            let result = try Repository.run(["run", "Scenarios/bryan.yaml", "--events", folder + "/events.jsonl"])
            #expect(result.status == 0)
            return try String(contentsOfFile: folder + "/events.jsonl", encoding: .utf8).split(separator: "\n")
        }
        var names: Set<String> = []
        for line in lines {
            let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(event["time"] is String)
            names.insert(try #require(event["event"] as? String))
        }
        #expect(
            names.isSuperset(of: [
                "listed", "deposited", "traded", "positionChanged", "marked", "settled", "liquidation", "warned",
            ]))
    }

    @Test(
        "REPORT-005: times print and read back as ISO 8601",
        arguments: [
            "1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2022-01-20T00:00:15.250Z", "2100-03-01T12:00:00.000001Z",
            "9999-12-31T23:59:59.999999Z",
        ])
    func times(text: String) {
        #expect(Timestamp(iso: text)?.iso == text)
    }

    @Test(
        "REPORT-006: what is no time is refused",
        arguments: [
            "2022-02-29T00:00:00Z", "2022-13-01T00:00:00Z", "2022-01-20T24:00:00Z", "2022-01-20T00:00:00", "20220120",
            "",
            "2022-01-20T00:00:00.Z", "1969-12-31T23:59:59Z", "2022-01-20T00:00:00.1234567Z", "2022-01-2xT00:00:00Z",
        ])
    func noTimes(text: String) {
        #expect(Timestamp(iso: text) == nil)
    }
}

@Suite("Position calculator")
struct CalcTests {
    private func calc(_ arguments: String) throws -> [String: String] {
        let result = try Repository.run(["calc", "--json"] + arguments.split(separator: " ").map(String.init))
        #expect(result.status == 0, "\(result.errors)")
        let figures = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
        return figures.compactMapValues { $0 as? String }
    }

    @Test("CALC-001: MEXC's trade: 48,200 by engine and formula, not the 51,800 of its page")
    func mexc() throws {
        let long = try calc("--side long --size 0.1 --entry 50000 --leverage 25 --mm 0.4%")
        #expect(long["liquidationPrice"] == "48200")
        #expect(long["mexcLiquidationPrice"] == "48200")
        #expect(long["initialMargin"] == "200")
        #expect(long["maintenanceMargin"] == "20")
        let short = try calc("--side short --size 0.1 --entry 50000 --leverage 25 --mm 0.4%")
        #expect(short["mexcLiquidationPrice"] == "51800")
    }

    @Test("CALC-002: perps.studio's two formulas: entry x (1 -+ 1/10 +- 0.5 %)")
    func perpsStudio() throws {
        #expect(
            try calc("--side long --size 1 --entry 50000 --leverage 10 --mm 0.5%")["simplifiedLiquidationPrice"]
                == "45250")
        #expect(
            try calc("--side short --size 1 --entry 50000 --leverage 10 --mm 0.5%")["simplifiedLiquidationPrice"]
                == "54750")
    }

    @Test("CALC-003: Karen's first position, from her wallet")
    func karen() throws {
        let figures = try calc("--side long --size 20 --entry 1000 --leverage 50 --mm 1% --mode cross --wallet 10000")
        #expect(figures["liquidationPrice"] == "510")
        #expect(figures["bankruptcyPrice"] == "500")
    }

    @Test("CALC-004: the 100 XBT position as a quanto contract at 97, as an inverse one at 97.09")
    func xbt100() throws {
        let quanto =
            "--side long --size 100 --entry 100 --leverage 25 --mm 1% --kind quanto --multiplier 0.01 --settle XBT"
        #expect(try calc(quanto)["liquidationPrice"] == "97")
        let inverse = "--side long --size 10000 --entry 100 --leverage 25 --mm 1% --kind inverse --settle XBT"
        #expect(try calc(inverse)["liquidationPrice"] == "97.09")
    }

    @Test("CALC-005: leaving the fee over moves the price toward the entry: (900 + 5) / (1 - 0.1 %)")
    func fees() throws {
        // 1000 - 1000/10 + 1000 x 0.5 % = 905; with a fee of 0.1 % of the value there: 905 / 0.999 = 905.9059….
        let figures = try calc("--side long --size 1 --entry 1000 --leverage 10 --mm 0.5% --taker-fee 0.1%")
        #expect(figures["liquidationPrice"] == "905")
        #expect(figures["liquidationPriceWithFees"] == "905.91")
    }
}
