/// A tier table's requirements as figures that can be told and checked, outside of any position.
extension Tiers {
    /// IM of a position of `size` worth `value`, before its leverage is considered; rounded up.
    ///
    /// - Parameter row: the row a stepped table takes; the other kinds find theirs by value or size.
    public func initialMargin(worth value: Amount, size: Size = .zero, row: Int) -> Amount {
        requirement(.initial, value: value, size: size, row: row)
    }

    /// MM of a position of `size` worth `value`; rounded up.
    public func maintenanceMargin(worth value: Amount, size: Size = .zero, row: Int) -> Amount {
        requirement(.maintenance, value: value, size: size, row: row)
    }

    /// What row `row` alone asks of `value`, in billionths of a smallest unit, whether or not it covers that value.
    ///
    /// Two neighbours of a progressive table ask the same at the limit between them.
    public func exactMaintenance(of value: Amount, atRow row: Int) -> Int128 {
        limits[row].maintenance.wide * value.wide - limits[row].maintenanceDeduction
    }
}

extension RiskLimit {
    /// What a progressive table takes off value x MM rate, in whole units, rounded down; zero in stepped tables.
    public var wholeMaintenanceDeduction: Amount {
        Amount(Int64(divide(maintenanceDeduction, by: Rate.one.wide, .down)))
    }
}

extension Concentration {
    /// The IM rate for `size`.
    public func rate(for size: Size) -> Rate { initialRate(for: size) }
}

extension Contract {
    /// The unsigned value of `size` at `price`, rounded up: the notional that margin on mark value is asked for.
    public func notional(of size: Size, at price: Price) -> Amount { valuation.notional(of: size, at: price) }
}
