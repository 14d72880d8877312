/// A tier table laid out for every mark to look into: one array of rows, nothing to unpack or count references of.
struct TierTable: Sendable {
    private let kind: Kind
    private let rows: [RiskLimit]
    private let concentration: Concentration?

    private enum Kind { case stepped, progressive, concentration }

    init(_ tiers: Tiers) {
        switch tiers {
        case .stepped(let rows): (kind, self.rows, concentration) = (.stepped, rows, nil)
        case .progressive(let rows): (kind, self.rows, concentration) = (.progressive, rows, nil)
        case .concentration(let terms): (kind, rows, concentration) = (.concentration, [], terms)
        }
    }

    /// The first row that covers `value`, or `nil` where it exceeds them all.
    func row(covering value: Amount) -> Int? {
        for row in 0..<rows.count where value <= rows[row].upTo { return row }
        return nil
    }

    /// The largest value allowed: that of the chosen row of a stepped table, or of the last one; `nil` without rows.
    @inline(__always)
    func limit(chosen row: Int?) -> Amount? {
        guard let row, kind == .stepped, !rows.isEmpty else { return rows.last?.upTo }
        return rows[row].upTo
    }

    /// The row that `value` falls in: the last one for what exceeds them all.
    func row(of value: Amount) -> Int { row(covering: value) ?? max(0, rows.count - 1) }

    /// IM: the larger of what the tier and what `leverage` ask for, rounded up.
    @inline(__always)
    func initialMargin(at leverage: Leverage, value: Amount, size: Size, row: Int) -> Amount {
        // A flat rate of at least 1 / leverage asks for at least as much, whatever the value: no need to divide.
        if kind == .stepped, rows[row].initial.raw * leverage.raw >= 100 * Rate.one.raw {
            return rows[row].initial.of(value, .up)
        }
        return max(leverage.margin(for: value), requirement(.initial, value: value, size: size, row: row))
    }

    /// The margin asked at `row` for a position of `size` worth `value`, before its leverage is considered; rounded up.
    @inline(__always)
    func requirement(_ kind: Requirement, value: Amount, size: Size, row: Int) -> Amount {
        if self.kind == .stepped { return rows[row].rate(kind).of(value, .up) }
        return slidingRequirement(kind, value: value, size: size)
    }

    private func slidingRequirement(_ kind: Requirement, value: Amount, size: Size) -> Amount {
        if let concentration {
            let initial = concentration.initialRate(for: size).of(value, .up)
            return kind == .initial ? initial : concentration.maintenance.of(initial, .up)
        }
        let slice = rows[row(of: value)]
        return Amount(
            Int64(divide(slice.rate(kind).wide * value.wide - slice.deduction(kind), by: Rate.one.wide, .up)))
    }
}
