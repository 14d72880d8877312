import BreakwaterCore

/// The rules of a tier table.
extension Linter {
    func tableFindings(_ table: TierSource) -> [LintFinding] {
        let rows = table.tiers.limits
        switch table.tiers {
        case .stepped, .progressive:
            guard !rows.isEmpty else {
                return [table.finding(.error, "riskLimits", "limits-grow", "there is no risk limit at all")]
            }
            return rows.indices.flatMap { rowFindings(table, $0) } + continuity(of: table) + reach(of: table)
                + gap(through: table) + takeover(of: table)
        case .concentration(let terms): return concentration(table, terms)
        }
    }

    /// IM above MM, MM above fees, nothing that falls as limits grow.
    private func rowFindings(_ table: TierSource, _ number: Int) -> [LintFinding] {
        let rows = table.tiers.limits
        let row = rows[number]
        var found: [LintFinding] = []
        func add(_ key: String, _ rule: String, _ message: String, _ figure: Rate) {
            found.append(
                table.finding(
                    .error, "riskLimits[\(number)].\(key)", rule, message, row: number, figure: figure.decimal))
        }
        if row.initial <= row.maintenance {
            add(
                "im", "im-above-mm", "IM \(row.initial.percent) is not above MM \(row.maintenance.percent)", row.initial
            )
        }
        if row.maintenance <= .zero {
            add("mm", "mm-above-zero", "MM \(row.maintenance.percent) asks for nothing", row.maintenance)
        }
        if let fees = table.fees, row.maintenance <= max(fees.taker, fees.liquidation) {
            let fee = max(fees.taker, fees.liquidation)
            add(
                "mm", "fee-below-mm",
                "MM \(row.maintenance.percent) does not pay the fee of closing, \(fee.percent)", row.maintenance)
        }
        guard number > 0 else { return found }
        let before = rows[number - 1]
        if row.upTo <= before.upTo {
            found.append(
                table.finding(
                    .error, "riskLimits[\(number)].upTo", "limits-grow",
                    "the limit \(table.money(row.upTo)) is not above the one before, \(table.money(before.upTo))",
                    row: number, figure: table.currency.decimal(row.upTo)))
        }
        if row.initial < before.initial {
            add("im", "rates-grow", "IM falls from \(before.initial.percent) to \(row.initial.percent)", row.initial)
        }
        if row.maintenance < before.maintenance {
            add(
                "mm", "rates-grow", "MM falls from \(before.maintenance.percent) to \(row.maintenance.percent)",
                row.maintenance)
        }
        return found
    }

    /// What happens to MM at each limit: stepped tables jump, progressive ones must not.
    private func continuity(of table: TierSource) -> [LintFinding] {
        let rows = table.tiers.limits
        var found: [LintFinding] = []
        for number in rows.indices.dropLast() {
            let limit = rows[number].upTo
            let below = table.tiers.maintenanceMargin(worth: limit, row: number)
            let above = table.tiers.maintenanceMargin(worth: limit + Amount(1), row: number + 1)
            let key = "riskLimits[\(number + 1)].mm"
            switch table.tiers {
            case .stepped:
                found.append(
                    table.finding(
                        .note, key, "tier-jump",
                        "one unit above \(table.money(limit)) MM jumps from \(table.money(below)) to "
                            + "\(table.money(above)), by \(table.money(above - below))",
                        row: number + 1, figure: table.currency.decimal(above - below)))
            case .progressive:
                let sides = (number...number + 1).map { table.tiers.exactMaintenance(of: limit, atRow: $0) }
                guard sides[0] != sides[1] || !(0...1).contains((above - below).raw) else { continue }
                found.append(
                    table.finding(
                        .error, key, "tier-continuity",
                        "at \(table.money(limit)) MM is \(table.money(below)), one unit above \(table.money(above))",
                        row: number + 1, figure: table.currency.decimal(above - below)))
            case .concentration: break
            }
        }
        if case .progressive = table.tiers, found.isEmpty, rows.count > 1 {
            found.append(
                table.finding(
                    .note, "riskLimits", "tier-continuity",
                    "MM is equal to the unit just below and just above \(counted(rows.count - 1, "limit"))"))
        }
        return found
    }

    /// A leverage the lowest tier's IM does not allow is never reached.
    private func reach(of table: TierSource) -> [LintFinding] {
        guard let most = table.maxLeverage, let row = table.tiers.limits.first, row.initial > .zero,
            Int128(most.raw) * row.initial.wide > 100 * Rate.one.wide
        else { return [] }
        let reached = decimal(Rate.one.wide, over: row.initial.wide, places: 2)
        return [
            table.finding(
                .note, "maxLeverage", "leverage-reach",
                "\(most.decimal)x is never reached: the lowest IM, \(row.initial.percent), allows \(reached)x",
                figure: reached)
        ]
    }

    /// A curve has no limits to jump at; its lowest MM must pay the fees.
    private func concentration(_ table: TierSource, _ terms: Concentration) -> [LintFinding] {
        var found: [LintFinding] = []
        let (part, whole) = (terms.maintenance.part, terms.maintenance.whole)
        let lowest = Rate(Int64(divide(terms.base.wide * Int128(part), by: Int128(whole), .down)))
        if terms.base <= .zero || terms.slope <= .zero || terms.scale <= .zero {
            found.append(
                table.finding(.error, "concentration", "rates-grow", "im, slope and scale must all be above zero"))
        }
        if let fees = table.fees, lowest <= max(fees.taker, fees.liquidation) {
            let fee = max(fees.taker, fees.liquidation)
            found.append(
                table.finding(
                    .error, "concentration.mm", "fee-below-mm",
                    "the lowest MM, \(lowest.percent), does not pay the fee of closing, \(fee.percent)",
                    figure: lowest.decimal))
        }
        guard lowest < stress.gap else { return found }
        found.append(
            table.finding(
                .note, "concentration", "gap-fund",
                "a gap of \(stress.gap.percent) exceeds the lowest MM, \(lowest.percent); a curve has no largest "
                    + "position, so that the fund's share cannot be told",
                figure: lowest.decimal))
        return found
    }
}

extension TierSource {
    func money(_ amount: Amount) -> String { "\(currency.decimal(amount).grouped) \(currency.name)" }

    func finding(
        _ severity: LintFinding.Severity, _ key: String, _ rule: String, _ message: String, row: Int? = nil,
        figure: ExactDecimal? = nil
    ) -> LintFinding {
        LintFinding(
            severity: severity, file: file, line: row.map(line(ofRow:)) ?? line, key: keyPrefix + key, rule: rule,
            message: message, figure: figure.map { "\($0)" })
    }
}

extension Rate {
    /// `0.5 %`
    var percent: String { "\(ExactDecimal(digits: wide, places: 7)) %" }
}
