import BreakwaterCore
import BreakwaterTapes

/// The tables of the page: by leverage, of the deleveraged and of the largest liquidations.
extension SimulationReport.WebPage {
    private static let largestShown = 25
    private static let deleveragesShown = 20

    var leverageIntroduction: HTML {
        "How many traders entered at each leverage, and how many of them lost their position to the liquidation engine."
    }

    var leverageTable: HTML {
        let counts = report.leverageCounts
        let longest = counts.map(\.entered).max() ?? 0
        var table = Table(
            "Traders entered and liquidated, by leverage",
            [
                .words("Leverage"), .bars("Liquidated of entered"), .figures("Entered"), .figures("Liquidated"),
                .figures("Share"),
            ])
        for row in counts {
            table.add([
                .text("\(row.leverage.decimal)x"),
                .markup(Bars.part(row.liquidated, of: row.entered, longest: longest, .long)),
                .count(row.entered), .count(row.liquidated),
                .text(percentage(Int128(row.liquidated), of: Int128(row.entered))),
            ])
        }
        let entered = counts.reduce(0) { $0 + $1.entered }
        let liquidated = counts.reduce(0) { $0 + $1.liquidated }
        table.close(with: [
            .text("All"), .text(""), .count(entered), .count(liquidated),
            .text(percentage(Int128(liquidated), of: Int128(entered))),
        ])
        return table.markup
    }

    var deleveragingIntroduction: HTML {
        guard !outcome.deleverages.isEmpty else { return "Nobody was auto-deleveraged." }
        let more = outcome.deleverages.count - Self.deleveragesShown
        return """
            Opposing positions closed against the liquidation engine \(deleveragePrice), and what that was below their value at \
            the mark. \
            \(more > 0 ? "The \(Self.deleveragesShown) that gave up most; the total counts all \(outcome.deleverages.count.grouped)." : "")
            """
    }

    private var deleveragePrice: String {
        let own = "at a liquidated trader’s bankruptcy price"
        return plan.rulebook.autoDeleverage?.price == .previousMark
            ? "at the mark before, or \(own) where the fund could not pay the difference" : own
    }

    /// A column that tells contracts apart where there are several.
    private var contractColumn: [Table.Column] { plan.others.isEmpty ? [] : [.words("Contract")] }
    private func contractCell(_ contract: Contract) -> [Table.Cell] {
        plan.others.isEmpty ? [] : [.text(contract.symbol)]
    }

    var deleveragingTable: HTML {
        guard !outcome.deleverages.isEmpty else { return .none }
        let ranked = outcome.deleverages.enumerated().sorted {
            ($0.element.forgone, $1.offset) > ($1.element.forgone, $0.offset)
        }
        var table = Table(
            "Auto-deleveraged positions",
            [.words("Account")] + contractColumn + [
                .words("Time"), .words("For liquidation"), .figures("Size closed"),
                .figures("Forgone, \(plan.currency.name)"),
            ])
        for (_, event) in ranked.prefix(Self.deleveragesShown) {
            let contract = outcome.contract(event.contract)
            table.add(
                [.text(report.venue[event.account])] + contractCell(contract) + [
                    .text(event.time.dayAndTime), .text("\(event.liquidation.raw)"),
                    .figure(contract.decimal(event.size)), .figure(decimal(event.forgone)),
                ])
        }
        table.close(
            with: [.text("All \(outcome.deleverages.count.grouped)")] + contractColumn.map { _ in .text("") } + [
                .text(""), .text(""), .text(""), .figure(value("autoDeleveraging", "forgone")),
            ])
        return table.markup
    }

    /// Liquidations by notional, the largest first; ties in order of time.
    var byNotional: [LiquidationRecord] {
        liquidated.map { (record: $0, notional: outcome.notional($0)) }
            .sorted { ($0.notional, $1.record.id) > ($1.notional, $0.record.id) }.map(\.record)
    }

    var largestIntroduction: HTML {
        liquidated.isEmpty
            ? "There was none."
            : """
            By notional at the mark. Margin and MM are those at the trigger; the last three columns are what each bore, a \
            fund’s gain being negative. Amounts in \(plan.currency.name).
            """
    }

    var largestTable: HTML {
        guard !liquidated.isEmpty else { return .none }
        var table = Table(
            "The largest liquidations",
            [.words("Account")] + contractColumn + [
                .words("Time"), .figures("Size"), .figures("Leverage"), .figures("Notional"),
                .figures("Mark"), .figures("Margin"), .figures("MM"), .words("Outcome"), .figures("Trader bore"),
                .figures("Fund bore"), .figures("Deleveraged"),
            ])
        for record in byNotional.prefix(Self.largestShown) {
            let (trigger, contract) = (record.trigger, outcome.contract(of: record))
            table.add(
                [.markup(name(of: record))] + contractCell(contract) + [
                    .text(record.time.dayAndTime), .figure(contract.decimal(trigger.size)),
                    .text("\(trigger.leverage.decimal)x"), .figure(decimal(outcome.notional(record))),
                    .figure(contract.decimal(trigger.mark)), .figure(decimal(trigger.stance.margin)),
                    .figure(decimal(trigger.stance.maintenance)), .text(record.outcome.words),
                    .figure(decimal(record.loss.trader)), .figure(decimal(record.loss.fund)),
                    .figure(decimal(record.loss.deleveraged)),
                ])
        }
        return table.markup
    }

    /// The account, with the mark that its side has in the charts.
    private func name(of record: LiquidationRecord) -> HTML {
        """
        <span class="side"><i class="swatch \(record.isLong ? "circle" : "diamond") \(record.side.rawValue)" \
        title="\(record.side.rawValue)"></i>\(report.venue[record.trigger.key.account])</span>
        """
    }
}
