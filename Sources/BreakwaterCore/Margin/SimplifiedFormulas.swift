/// The formulas that venues print for their users: no draws, no orders, no tiers beyond one rate. Kept beside the real
/// margin so that `calc` can show where they agree with it.
public enum SimplifiedFormulas {
    /// MEXC: long (MM - position margin + entry x size) / size; short (entry x size - MM + position margin) / size.
    ///
    /// Source: seed 002. Its worked number for the long, 51,800, is its short formula on the same figures; this one
    /// gives 48,200.
    ///
    /// - Returns: the price at the contract's display precision, ties away from zero; `nil` where none is above zero.
    public static func mexc(_ contract: Contract, size: Size, entry: Price, positionMargin: Amount, maintenance: Amount)
        -> ExactDecimal?
    {
        let entryValue = contract.executionValue(of: size, at: entry)
        return contract.displayPrice(of: size, worth: (entryValue + maintenance - positionMargin).wide)
    }

    /// perps.studio: long entry x (1 - 1/leverage + MM rate); short entry x (1 + 1/leverage - MM rate).
    ///
    /// Source: seed 003, which calls it approximate.
    public static func perpsStudio(
        _ contract: Contract, size: Size, entry: Price, leverage: Leverage, maintenance: Rate
    ) -> ExactDecimal? {
        // With leverage in hundredths and the rate in billionths, both over leverage x a billion.
        let whole = leverage.wide * Rate.one.wide
        let move = 100 * Rate.one.wide - maintenance.wide * leverage.wide
        let factor = size > .zero ? whole - move : whole + move
        guard factor > 0 else { return nil }
        return decimal(
            entry.wide * contract.tick.digits * factor, over: whole * powerOfTen(contract.tick.places),
            places: contract.display)
    }
}
