@testable import BreakwaterCore

/// What a contract's terms mean, as fractions straight from DESIGN's three formulas.
extension Terms {
    /// Exact value of `size` lots at `price` ticks in smallest units of money, signed by side.
    func value(of size: Int64, at price: Int64, decimals: Int) -> Fraction {
        let quantity = Fraction(size) * Fraction(lot) * Fraction(multiplier)
        let quote = Fraction(price) * Fraction(tick)
        let units = Fraction.powerOfTen(decimals)
        switch kind {
        case .linear, .quanto: return quantity * quote * units
        case .inverse: return -(quantity / quote * units)
        }
    }

    /// The exact price, in the quote currency, at which `size` lots are worth `value` smallest units.
    func price(of size: Int64, worth value: Int64, decimals: Int) -> Fraction {
        let quantity = Fraction(size) * Fraction(lot) * Fraction(multiplier)
        let money = Fraction(value) / .powerOfTen(decimals)
        switch kind {
        case .linear, .quanto: return money / quantity
        case .inverse: return -(quantity / money)
        }
    }

    /// Terms of the sort that venues list, in any combination.
    static func random(_ kind: ContractKind, from chance: inout SplitMix64) -> Terms {
        while true {
            let terms = anyTerms(kind, from: &chance)
            if (try? terms.contract()) != nil { return terms }
        }
    }

    /// Some of them with a value factor that no contract may have.
    private static func anyTerms(_ kind: ContractKind, from chance: inout SplitMix64) -> Terms {
        var terms = Terms()
        terms.kind = kind
        terms.currency = chance.pick(kind == .linear ? ["USDT", "USDC"] : ["XBT", "ETH", "USDT"])
        terms.tick = chance.pick(["1", "0.5", "0.1", "0.25", "0.05", "0.01", "0.0001", "0.00000001", "5", "12.5"])
        terms.lot = chance.pick(["1", "0.001", "0.0001", "100", "10", "0.5", "0.03"])
        terms.multiplier = chance.pick(["1", "0.01", "0.000001", "10", "0.0001", "3"])
        terms.display = chance.whole(in: 0...8)
        return terms
    }
}
