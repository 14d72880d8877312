import BreakwaterCore

/// What the largest position a table allows would ask of fund and book.
extension Linter {
    /// The loss beyond MM of the largest position when the price gaps through its trigger, against the fund.
    ///
    /// Linear and quanto positions lose value x gap; an inverse long, the worse side, loses value x gap / (1 - gap).
    func gap(through table: TierSource) -> [LintFinding] {
        guard let last = table.tiers.limits.last, last.upTo > .zero else { return [] }
        let row = table.tiers.limits.count - 1
        let left = table.tiers.maintenanceMargin(worth: last.upTo, row: row)
        let rest = table.kind == .inverse ? Rate.one - stress.gap : Rate.one
        let loss = Amount(Int64(divide(last.upTo.wide * stress.gap.wide, by: rest.wide, .up)))
        let deficit = max(.zero, loss - left)
        let what =
            "a gap of \(stress.gap.percent) through the largest position, \(table.money(last.upTo)), loses "
            + "\(table.money(loss)) against an MM of \(table.money(left))"
        func finding(_ severity: LintFinding.Severity, _ message: String) -> LintFinding {
            table.finding(
                severity, "riskLimits[\(row)].mm", "gap-fund", what + message, row: row,
                figure: table.currency.decimal(deficit))
        }
        if deficit == .zero { return [finding(.note, ": MM covers it")] }
        guard let fund = stress.fund.flatMap(table.currency.amount) else {
            return [finding(.note, ": \(table.money(deficit)) would be left for the fund")]
        }
        if fund >= deficit {
            return [finding(.note, ": the fund of \(table.money(fund)) covers the \(table.money(deficit)) left")]
        }
        return [
            finding(
                .warning,
                ": the fund of \(table.money(fund)) covers \(percentage(fund.wide, of: deficit.wide)) of the "
                    + "\(table.money(deficit)) left, and \(table.money(deficit - fund)) stay for others")
        ]
    }

    /// The largest position, taken over whole, against what the book holds.
    func takeover(of table: TierSource) -> [LintFinding] {
        guard let largest = table.tiers.limits.last?.upTo else { return [] }
        return against(depth: table, largest, "the largest position", table.line(ofRow: table.rowLines.count - 1)) {
            table.finding(
                $0, "riskLimits[\(table.tiers.limits.count - 1)].upTo", "clip-depth", $1,
                row: table.tiers.limits.count - 1, figure: $2)
        }
    }

    /// What a rulebook's stages close at once, of the largest position of each contract it fits, against the book.
    func clips(of document: Document, _ contracts: [TierSource]) -> [LintFinding] {
        guard document.basis != nil else { return [] }
        let own = document.tables(contracts)
        let others = contracts.filter { contract in
            let stepped = if case .stepped = contract.tiers { true } else { false }
            return stepped == (document.basis == .entry) && !own.contains { $0.symbol == contract.symbol }
        }
        return document.clips.flatMap { clip in
            (own + others).flatMap { table -> [LintFinding] in
                guard let largest = table.tiers.limits.last?.upTo, largest > .zero,
                    let size = size(of: clip.text, largest, in: table.currency)
                else { return [] }
                return against(depth: table, size, "\(clip.text) of the largest \(table.symbol) position", clip.line) {
                    LintFinding(
                        severity: $0, file: document.file, line: clip.line, key: clip.key, rule: "clip-depth",
                        message: $1, figure: "\($2)")
                }
            }
        }
    }

    /// A clip as money: a share of the largest position, or an amount no larger than it.
    private func size(of text: String, _ largest: Amount, in currency: Currency) -> Amount? {
        if text.hasSuffix("%") || text.hasPrefix("0.") {
            return Rate(text: text).flatMap { $0 > .zero ? $0.of(largest, .up) : nil }
        }
        return ExactDecimal(text).flatMap(currency.amount).map { min($0, largest) }
    }

    private func against(
        depth table: TierSource, _ size: Amount, _ what: String, _ line: Int,
        _ finding: (LintFinding.Severity, String, ExactDecimal) -> LintFinding
    ) -> [LintFinding] {
        guard let depth = stress.depth.flatMap(table.currency.amount), depth > .zero else { return [] }
        let times = decimal(size.wide, over: depth.wide, places: 2)
        let message = "\(what), \(table.money(size)), is \(times) times the depth of \(table.money(depth))"
        return [finding(size > depth ? .warning : .note, message, times)]
    }
}
