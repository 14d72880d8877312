package import BreakwaterCore

extension String {
    /// A report's key in words: `bankruptcyPrice` becomes `bankruptcy price`.
    package var words: String {
        var words = ""
        for character in self {
            if character.isUppercase, !words.isEmpty { words += " " }
            words += character.lowercased()
        }
        return Self.spellings[words] ?? words
    }

    /// The same as a heading: `cancelOrders` becomes `Cancel orders`.
    package var heading: String {
        let words = words
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// Those words that are not simply the key's own, apart.
    private static let spellings = [
        "auto deleverage": "auto-deleverage", "auto deleverage skipped": "auto-deleverage, passed over",
        "fill or kill": "fill-or-kill", "step down with orders": "step down, with orders",
        "unrealised pnl": "unrealised PnL",
        "realised pnl": "realised PnL", "pre liquidation": "pre-liquidation", "fund gain": "gain of the fund",
    ]
}

extension LiquidationRecord.Outcome {
    /// What became of a liquidation, as in "it was …".
    package var words: String {
        switch self {
        case .open: "still open"
        case .saved: "saved"
        case .closedInMarket: "closed in the market"
        case .liquiditySupport: "taken over by providers"
        case .insuranceFund: "closed by the fund"
        case .autoDeleverage: "auto-deleveraged"
        case .clawback: "closed at mark, with a clawback"
        }
    }

    package var heading: String { words.prefix(1).uppercased() + words.dropFirst() }
}

/// `1 position`, `4,719 positions`
package func counted(_ number: Int, _ thing: String) -> String { "\(number.grouped) \(thing)\(number == 1 ? "" : "s")" }
