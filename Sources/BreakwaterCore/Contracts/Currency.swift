/// A currency that wallets, funds and fees are kept in.
public struct Currency: Sendable, Hashable {
    public let name: String
    /// Digits after the point of its smallest unit: 8 for XBT, 6 for USDT.
    public let decimals: Int

    public init(name: String, decimals: Int) {
        self.name = name
        self.decimals = decimals
    }

    /// Those every venue here knows; others are listed by command.
    public static let common = [
        Currency(name: "XBT", decimals: 8), Currency(name: "USDT", decimals: 6), Currency(name: "USDC", decimals: 6),
        Currency(name: "BTC", decimals: 8), Currency(name: "ETH", decimals: 8), Currency(name: "USD", decimals: 6),
    ]

    /// `decimal` in smallest units, or `nil` where it is finer than the unit or beyond `Limits.money`.
    public func amount(_ decimal: ExactDecimal) -> Amount? {
        guard let units = decimal.scaled(toPlaces: decimals), units.magnitude <= Limits.money else { return nil }
        return Amount(Int64(units))
    }

    public func decimal(_ amount: Amount) -> ExactDecimal { ExactDecimal(digits: amount.wide, places: decimals) }
    public func decimal(_ amount: Int128) -> ExactDecimal { ExactDecimal(digits: amount, places: decimals) }
}
