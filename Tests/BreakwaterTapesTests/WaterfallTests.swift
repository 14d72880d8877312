import BreakwaterCore
import BreakwaterTapes
import Testing

/// Adding a venue is adding a file: one written here is read and lived by; one that contradicts itself is refused.
@Suite("Rulebooks and waterfalls")
struct WaterfallTests {
    /// A venue of no name: three slices, then a takeover below half of MM, a fund that absorbs, pro rata for the rest.
    private static let rules = """
        name: harbour
        crossMargin: portfolio
        basis: mark
        riskLimit: byValue
        trigger: reaches
        insuranceFund: perCurrency
        closeOut: {im: 1/3, notional: 2%}
        waterfall:
          - {stage: cancelOrders}
          - {stage: partial, close: 40%, cooldown: 30s, duringCooldown: wait, above: 1/2, slippage: 5%}
          - {stage: takeover, below: 1/2, patience: 0s, offer: false}
          - {stage: insuranceFund, mode: absorb, capital: 50%}
          - {stage: autoDeleverage, policy: proRata}

        """

    private static let tape = """
        - do: list
          contract: {symbol: X, kind: linear, settle: USDT, tick: "0.01", multiplier: "1", maxLeverage: "10",
            tiers: progressive, riskLimits: [{upTo: "1000000", im: "10%", mm: "5%"}]}
        - {do: deposit, account: ann, currency: USDT, amount: "100"}
        - {do: deposit, account: bob, currency: USDT, amount: "100000"}
        - {do: deposit, account: cat, currency: USDT, amount: "100000"}
        - {do: mark, symbol: X, price: "100"}
        - {do: trade, symbol: X, buyer: ann, seller: bob, size: "10", price: "100"}
        - {do: order, account: cat, symbol: X, id: c1, side: buy, type: limit, size: "100", price: "94.5"}

        """

    private func runner(_ more: String) throws -> TapeRunner {
        let rulebook = try RulebookFile.parse(Self.rules, file: "harbour.yaml")
        var runner = TapeRunner(try Tape.parse(Self.tape + more, file: "tape.yaml", rulebook: rulebook))
        runner.run()
        return runner
    }

    @Test("RUL-001: a rulebook written in a test closes its slices one by one, each after its cooldown")
    func written() throws {
        // 100 + 10 (94.7 - 100) = 47 against 47.35: 4 of 10 go at 94.5, 0.8 below the mark; 46.2 against 28.41 is healthy.
        // At 89.9: 46.2 + 6 (89.9 - 94.7) = 17.4 against 26.97, above half of it: the next 40 %, 3 of 6, wait for 30 s.
        let first = try runner("- {do: mark, symbol: X, price: \"94.7\"}\n")
        #expect(first.records.all.map(\.outcome) == [.saved])
        #expect(first.records.all[0].loss.trader == Amount(22_000_000))
        let second = try runner(
            """
            - {do: mark, symbol: X, price: "94.7"}
            - {do: mark, symbol: X, price: "89.9"}
            - {do: expect, account: ann, symbol: X, size: "6", state: partial}
            - {do: wait, for: 29s}
            - {do: expect, account: ann, symbol: X, size: "6", state: partial}
            - {do: wait, for: 1s}
            - {do: expect, account: ann, symbol: X, size: "3"}

            """)
        #expect(second.failures.map(\.description) == [])
        #expect(second.exchange.brokenInvariants() == [])
    }

    @Test("RUL-002: below half of MM it takes over, and the fund absorbs within its half")
    func takesOver() throws {
        // 100 + 10 (92 - 100) = 20 < half of 46: taken over at zero equity, 90 a piece, and worth 92: the fund pays nothing.
        let runner = try runner(
            """
            - {do: cancelAll, account: cat}
            - {do: mark, symbol: X, price: "92"}
            - {do: expect, account: ann, symbol: X, size: "0", liquidated: "true", state: insuranceFund}
            - {do: expect, account: ann, currency: USDT, wallet: "0"}

            """)
        #expect(runner.failures.map(\.description) == [])
        #expect(runner.records.all.map(\.outcome) == [.insuranceFund])
        #expect(runner.exchange.brokenInvariants() == [])
    }

    @Test(
        "RUL-003: a waterfall that contradicts itself is refused on its line, with the key and the reason",
        arguments: [
            (
                "{stage: cancelOrders}", "{stage: sink}",
                #"harbour.yaml:9: stage: "sink" is not what was expected: warnings, stepDownWithOrders"#
            ),
            (
                "policy: proRata", "policy: lottery",
                #"harbour.yaml:13: policy: "lottery" is not what was expected: one of"#
            ),
            (
                "  - {stage: cancelOrders}\n", "  - {stage: cancelOrders}\n  - {stage: cancelOrders}\n",
                #"harbour.yaml:10: waterfall: "cancelOrders" is not what was expected: each stage once"#
            ),
            (
                "  - {stage: takeover, below: 1/2, patience: 0s, offer: false}\n",
                "  - {stage: takeover, below: 1/2}\n  - {stage: marketClose, remainder: fund}\n",
                #"harbour.yaml:12: waterfall: "marketClose" is not what was expected: it before the takeover"#
            ),
            (
                "  - {stage: insuranceFund", "  - {stage: clawback, period: 1d}\n  - {stage: insuranceFund",
                #"waterfall: "insuranceFund" is not what was expected: no stage after the clawback"#
            ),
            (
                "{stage: cancelOrders}", "{stage: stepDown}",
                #"harbour.yaml:9: stepDown.riskLimit: "byValue" is not what was expected: chosen"#
            ),
            (
                "below: 1/2, patience", "below: 1/4, patience",
                #"harbour.yaml:11: takeover.below: "1/4" is not what was expected: a partial stage that works down"#
            ),
            (
                "closeOut: {im: 1/3, notional: 2%}", "closeOut: {im: 1/3, notional: 0%}",
                #"closeOut.notional: "0" is not what was expected: a rate between 0 and 100%"#
            ),
            ("above: 1/2", "above: closeOut", #"takeover.below: "1/2" is not what was expected"#),
            (
                "cooldown: 30s, duringCooldown", "duringCooldown",
                #"harbour.yaml:10: duringCooldown: "wait" is not what was expected: a cooldown beside it"#
            ),
            (
                "close: 40%", "close: 100%",
                #"partial.close: "1" is not what was expected: a share between 0 and 100%, or all"#
            ),
            (
                "close: 40%", "close: toTier",
                #"partial.close: "toTier" is not what was expected: basis entry, because only stepped tables"#
            ),
            (
                "insuranceFund: perCurrency\n", "insuranceFund: perCurrency\ntransferMargin: 0%\n",
                #"transferMargin: "0" is not what was expected: a rate from above 0 to 100%"#
            ),
            (
                "insuranceFund: perCurrency\n", "insuranceFund: perCurrency\nforcedFlow: {}\n",
                "forcedFlow: \"{}\" is not what was expected: a depth, a perSecond, or both"
            ),
            (
                "insuranceFund: perCurrency\n",
                "insuranceFund: perCurrency\ntiers: {X: {currency: USDT, tiers: progressive}}\n",
                "riskLimits: expected a list of {upTo, im, mm}, but the key is missing"
            ),
            (
                "insuranceFund: perCurrency\n",
                "insuranceFund: perCurrency\ntemplate: {USDT: {tiers: stepped, riskLimits: [{upTo: 5, im: 2%, mm: 1%}]}}\n",
                #"template[USDT]: "stepped" is not what was expected: progressive or concentration"#
            ),
            (
                "  - {stage: cancelOrders}\n", "  - {stage: convertCollateral, discount: 1%}\n",
                #"harbour.yaml:9: convertCollateral.collateral: "none" is not what was expected: a collateral table"#
            ),
            (
                "trigger: reaches\n",
                "trigger: reaches\ncollateral: {into: USDT, assets: [{currency: BTC, symbol: X, haircut: 0.5%}, {currency: BTC, symbol: X, haircut: 1%}]}\n",
                "a convertCollateral stage, which says what selling it costs"
            ),
        ])
    func contradiction(old: String, new: String, expected: String) throws {
        let text = Self.rules.replacingOccurrence(of: old, with: new)
        #expect(text != Self.rules)
        let error = #expect(throws: BadInput.self) { try RulebookFile.parse(text, file: "harbour.yaml") }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "accepted")")
    }

    @Test(
        "RUL-004: every shipped rulebook can be read, and lists the crash's contract",
        arguments: VenuePropertyTests.venues)
    func shipped(name: String) throws {
        let rulebook = try RulebookFile.read(Repository.path("Rulebooks/\(name).yaml"))
        #expect(rulebook.name == name)
        let (contract, _) = try ContractFile.load(Repository.path("Contracts/xbtusdt.yaml"))
        try rulebook.validate(contract)
    }
}

extension String {
    /// The text with the first occurrence of one part replaced.
    fileprivate func replacingOccurrence(of old: String, with new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return replacingCharacters(in: range, with: new)
    }

    private func replacingCharacters(in range: Range<Index>, with new: String) -> String {
        self[..<range.lowerBound] + new + self[range.upperBound...]
    }
}
