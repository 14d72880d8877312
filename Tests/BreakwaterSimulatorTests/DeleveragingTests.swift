import BreakwaterCore
import BreakwaterSimulator
import BreakwaterTapes
import Foundation
import Testing

@Suite("ADL laboratory: one event, every policy")
struct DeleveragingTests {
    /// Three shorts at a mark of 1 and a long of 1,500 that is 150 short: it closes at 1.1, 0.1 above the mark.
    private static let three = """
        account,notional,pnl,equity
        ann,1000,500,600
        bea,1000,100,150
        cid,2000,-200,400
        """

    private func event(
        _ text: String = three, deficit: String = "150", notional: String? = "1500", longs: Bool = true
    ) throws -> DeleveragingEvent {
        let venue = try DeleveragingEvent.Venue()
        func amount(_ text: String) -> Amount { venue.currency.amount(ExactDecimal(text)!)! }
        return try DeleveragingEvent(
            AccountsFile.parse(text, file: "three.csv", in: venue.currency), from: "three.csv", liquidatesLongs: longs,
            deficit: amount(deficit), notional: notional.map(amount), in: venue)
    }

    @Test(
        "ADL-001: three accounts by hand, under every policy",
        arguments: [
            // PnL % x leverage: ann 500/1500 x 1000/600 = 0.56, bea 100/1100 x 1000/150 = 0.61, cid has lost.
            // bea is closed whole and gives 100 of 100, ann half and gives 50 of 500. Gini of 0.1 and 1: 0.9 / 2.2.
            (AutoDeleveragePolicy.bitmexRank, ["50", "100", "0"], "0.4091"),
            // entry / mark x leverage: ann 1.5 x 1.67 = 2.5, bea 1.1 x 6.67 = 7.3, cid 0.9 x 5 = 4.5, who has no profit.
            (.hyperliquidIndex, ["0", "100", "50"], "0.5"),
            // PnL / wallet x MM / equity: ann 5 x 0.5/600 = 0.0042, bea 2 x 0.5/150 = 0.0067, cid 0.
            (.binanceRank, ["50", "100", "0"], "0.4091"),
            // ann and bea have a profit and the same size: 750 each. Haircuts 0.15 and 0.75: Gini 0.6 / 1.8.
            (.proRata, ["75", "75", "0"], "0.3333"),
        ])
    func byHand(policy: AutoDeleveragePolicy, forgone: [String], gini: String) throws {
        let event = try event()
        let trial = try DeleveragingTrial(policy, on: event)
        let figures = DeleveragingFigures(trial, of: event)
        let decimals = Currency.common.first { $0.name == "USDT" }!
        #expect(trial.outcomes.map { "\(decimals.decimal($0.forgone))" } == forgone)
        #expect("\(figures.gini!)" == gini)
        #expect(figures.touched == 2)
        // cid alone holds more than 1,500.
        #expect(figures.fewest == 1)
        #expect(figures.losersTouched == (policy == .hyperliquidIndex ? 1 : 0))
        // 150 of 600.
        #expect(figures.evenHaircut == 250_000_000)
        // The more leveraged of two winners gave the larger share, and had the smaller profit.
        #expect("\(figures.withLeverage!)" == "1")
        #expect("\(figures.withProfit!)" == "-1")
        #expect(figures.overshoot == .zero)
        let equity = trial.outcomes.map { "\(decimals.decimal($0.equity))" }
        let expected = zip(["600", "150", "400"], forgone).map { "\(Int($0)! - Int($1)!)" }
        #expect(equity == expected)
    }

    @Test(
        "ADL-002: whatever the accounts, they give up the deficit to the unit, and nobody else pays", arguments: 1...24)
    func invariants(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        let longs = dice.isTrue(percent: 50)
        var rows = ["account,notional,pnl,leverage,equity"]
        for number in 0..<(5 + dice.below(60)) {
            let cents = 1_000 + dice.below(500_000_000)
            let notional = ExactDecimal(digits: Int128(cents), places: 2)
            // From a loss of half to a profit of nine tenths, to the unit; backed by at least a hundredth.
            let units = cents * 10_000
            let pnl = dice.below(units / 10 * 14) - units / 2
            let equity = max(pnl, 0) + units / 100 + dice.below(units)
            rows.append(
                "a\(number),\(notional),\(ExactDecimal(digits: Int128(pnl), places: 6)),\(1 + dice.below(50)),"
                    + "\(ExactDecimal(digits: Int128(equity), places: 6))")
        }
        let accounts = rows.dropFirst().map { Decimal(string: String($0.split(separator: ",")[1]))! }
        let part = accounts.reduce(0, +) / Decimal(2 + dice.below(6))
        let deficit = ExactDecimal(
            digits: Int128(1 + dice.below(Int64(truncating: part as NSNumber) * 10_000)), places: 6)
        let notional = ExactDecimal(digits: Int128(Int64(truncating: part as NSNumber)))
        let event = try event(
            rows.joined(separator: "\n"), deficit: "\(deficit)", notional: "\(notional)", longs: longs)
        for policy in AutoDeleveragePolicy.allCases {
            let trial = try DeleveragingTrial(policy, on: event)
            let figures = DeleveragingFigures(trial, of: event)
            #expect((figures.uncovered == .zero) == (figures.closed == event.notional), "\(policy), seed \(seed)")
            #expect(figures.overshoot == .zero, "\(policy), seed \(seed)")
            #expect(figures.forgone + figures.uncovered == event.deficit, "\(policy), seed \(seed)")
            #expect(trial.conservation.difference == 0)
            for (account, outcome) in zip(event.accounts, trial.outcomes) {
                #expect(
                    account.equity - outcome.equity == outcome.forgone, "\(account.name) under \(policy), seed \(seed)")
                #expect(outcome.closed <= account.notional)
            }
        }
    }

    @Test("ADL-003: who cannot bear a part is passed over, and what nobody can bear is told")
    func unbearable() throws {
        // A close at 1.5 costs half of what is closed. bea comes first and has 150 for 500; ann has 600 for 500; cid is
        // asked for the other half and has 200 for 250.
        let text = "account,notional,pnl,equity\nann,1000,500,600\nbea,1000,100,150\ncid,1000,-200,200\n"
        let event = try event(text, deficit: "750", notional: "1500")
        let trial = try DeleveragingTrial(.bitmexRank, on: event)
        let figures = DeleveragingFigures(trial, of: event)
        #expect(trial.outcomes.map(\.isSkipped) == [false, true, true])
        #expect(figures.touched == 1)
        #expect(figures.forgone == Amount(500_000_000))
        #expect(figures.uncovered == Amount(250_000_000))
    }

    @Test(
        "ADL-004: a file that cannot be used is refused with its line, its key and what was expected",
        arguments: [
            ("account,notional,pnl\na,1,0\n", 1, "equity"),
            ("account,notional,pnl,equity,mood\na,1,0,1,x\n", 1, nil),
            ("account,pnl,equity\na,0,1\n", 1, "notional"),
            ("account,notional,pnl,equity\na,1,0\n", 2, nil),
            ("account,notional,pnl,equity\na,1,0,1\na,1,0,1\n", 3, "account"),
            ("account,notional,pnl,equity\na,0,0,1\n", 2, "notional"),
            ("account,notional,pnl,equity\na,1e3,0,1\n", 2, "notional"),
            ("account,notional,pnl,equity\na,10.001,0,1\n", 2, "notional"),
            ("account,notional,pnl,equity\na,10,0.0000001,1\n", 2, "pnl"),
            ("account,notional,pnl,equity\na,10,-10,1\n", 2, "pnl"),
            ("account,notional,pnl,equity\na,10,5,4\n", 2, "equity"),
            ("account,notional,pnl,leverage\na,10,5,4\n", 2, "leverage"),
            ("account,notional,pnl,leverage\na,10,0,0\n", 2, "leverage"),
            ("account,notional,pnl,equity\na,10000,0,1\n", 2, "equity"),
        ] as [(String, Int, String?)])
    func refusals(text: String, line: Int, key: String?) throws {
        let fault = #expect(throws: BadInput.self) {
            let event = try event(text, deficit: "0.5", notional: nil)
            _ = try DeleveragingTrial(.proRata, on: event)
        }
        #expect(fault?.file == "three.csv")
        #expect(fault?.line == line)
        #expect(fault?.key == key)
        #expect(fault?.expected.isEmpty == false)
    }

    @Test("ADL-005: leverage stands in for equity, rounded up; the liquidated notional is ten times the deficit")
    func defaults() throws {
        // 1000 / 3 = 333.3333333...
        let event = try event("account,notional,pnl,leverage\na,1000,10,3\n", deficit: "25", notional: nil)
        #expect(event.accounts[0].equity == Amount(333_333_334))
        #expect(event.notional == Amount(250_000_000))
        let all = try self.event("account,notional,pnl,leverage\na,1000,10,3\n", deficit: "250", notional: nil)
        #expect(all.notional == Amount(1_000_000_000))
    }

    @Test("ADL-006: the shipped accounts, as text, JSON, CSV and a page that agree")
    func report() throws {
        let venue = try DeleveragingEvent.Venue()
        let path = try #require(DataFolder.file("adl-accounts.csv", in: "Examples/Lab"))
        let event = try DeleveragingEvent(
            AccountsFile.read(path, in: venue.currency), from: "adl-accounts.csv", liquidatesLongs: true,
            deficit: Amount(20_000_000_000), notional: nil, in: venue)
        let trials = try AutoDeleveragePolicy.allCases.map { try DeleveragingTrial($0, on: event) }
        let report = DeleveragingReport(event, trials, command: "breakwater adl")
        let rows = report.csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(rows.count == event.accounts.count + 1)
        for (place, policy) in (report.json["policies"]?.items ?? []).enumerated() {
            let sum = rows.dropFirst().compactMap { Decimal(string: String($0[5 + 3 * place + 1])) }.reduce(0, +)
            #expect(sum == Decimal(string: policy["forgone"]!.plain))
            #expect(sum == 20_000)
            #expect(report.html.contains(policy["stateHash"]!.plain))
            #expect(report.text.contains(policy["stateHash"]!.plain))
        }
        #expect(!report.html.contains("http"))
        let again = DeleveragingReport(
            event, try AutoDeleveragePolicy.allCases.map { try DeleveragingTrial($0, on: event) },
            command: "breakwater adl")
        #expect(again.html == report.html)
    }
}
