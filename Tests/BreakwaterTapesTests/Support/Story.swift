import BreakwaterCore
import BreakwaterTapes
import Testing

/// A short tape inside a test, judged like a scenario: its expectations, its refusals, and a whole ledger all along.
enum Story {
    /// One contract at 1,000 in ticks of 0.01, 10x with an MM of 1 %; Ann, Bob and Cat with 1,000 each, and a rich maker.
    static let opening = """
        - do: list
          contract: {symbol: X, kind: linear, settle: USDT, tick: "0.01", maxLeverage: "10", tiers: stepped,
            riskLimits: [{upTo: "1000000", im: "10%", mm: "1%"}]}
        - {do: deposit, account: ann, currency: USDT, amount: "1000"}
        - {do: deposit, account: bob, currency: USDT, amount: "1000"}
        - {do: deposit, account: cat, currency: USDT, amount: "1000"}
        - {do: deposit, account: maker, currency: USDT, amount: "1000000"}
        - {do: mark, symbol: X, price: 1000}

        """

    /// Plays `lines` after the opening under BitMEX's rulebook as `change` leaves it, and returns the venue.
    static func play(_ lines: String, _ change: (inout Rulebook) throws -> Void = { _ in }) throws -> TapeRunner {
        var rulebook = try PropertyTests.rulebook(portfolio: false)
        try change(&rulebook)
        var runner = TapeRunner(try Tape.parse(opening + lines, file: "story.yaml", rulebook: rulebook))
        var broken: [String] = []
        runner.run { exchange, step in broken += exchange.brokenInvariants().map { "line \(step.line): \($0)" } }
        #expect(runner.failures.map(\.description) == [])
        #expect(runner.unexpectedRefusals == [])
        #expect(broken == [])
        return runner
    }

    static let contract = ContractID(0)
    static let ann = AccountID(0)

    /// A price in the contract's ticks.
    static func price(_ text: String) -> Price { Price(ExactDecimal(text)!.steps(of: ExactDecimal("0.01")!)!) }

    static func mark(_ text: String) -> Command { .mark([MarkPrice(contract, price(text))]) }
}

extension [Event] {
    /// What conditional orders, liquidations and trading made of a command, in order: one word each.
    var plot: [String] {
        compactMap { event in
            switch event {
            case .orderTriggered: "triggered"
            case .orderAccepted(let order): order.condition == nil ? "accepted" : "waits"
            case .orderCancelled(_, let reason): "cancelled: \(reason)"
            case .stopBeyondLiquidation: "beyond liquidation"
            case .traded: "traded"
            case .liquidation(_, _, .started): "liquidation"
            case .liquidation(_, _, .takenOver): "taken over"
            case .breakerTripped: "tripped"
            case .breakerEnded: "ended"
            case .auctionOpened: "auction"
            case .auctionEnded: "uncrossed"
            case .rejected(let rejection): "refused: \(rejection.code)"
            default: nil
            }
        }
    }
}
