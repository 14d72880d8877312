import BreakwaterCore
import BreakwaterTapes

/// Who bore the loss, and how far liquidations went.
extension SimulationReport.WebPage {
    var lossIntroduction: HTML {
        outcome.records.all.isEmpty
            ? "There was none."
            : """
            What closing the positions lost against the value they were settled at, and who bore it. Margin that better \
            fills than the bankruptcy price left over went to the insurance fund; where fills were worse, the fund paid, \
            and what it could not pay was given up by opposing positions.
            """
    }

    var lossFigures: HTML {
        guard !outcome.records.all.isEmpty else { return .none }
        return """
            \(flow)<div class="columns">
            \(Figure("Who bore it", unit: plan.currency.name, content: bearers).markup)\(stages)</div>
            \(outcomes)
            """
    }

    private var bearers: HTML {
        let (spent, gained) = report.fundFlows
        var table = Table("Who bore the loss", [.words("Borne by"), .figures("Amount")])
        table.add([.text("Traders, by margin given up and forced closing"), .figure(decimal(outcome.loss(\.trader)))])
        table.add([.text("Insurance fund, spent"), .figure(decimal(spent))])
        table.add([.text("Insurance fund, gained"), .figure(decimal(-gained))])
        table.add([
            .text("Deleveraged positions, given up against the mark"), .figure(decimal(outcome.loss(\.deleveraged))),
        ])
        for (name, amount) in others where amount != 0 { table.add([.text(name), .figure(decimal(amount))]) }
        table.close(with: [.text("Loss of the positions liquidated"), .figure(decimal(outcome.loss(\.total)))])
        return table.markup
    }

    /// Bearers that few rulebooks know.
    private var others: [(name: String, amount: Int128)] {
        [
            ("Liquidity providers, paid above the mark", outcome.loss(\.providers)),
            ("Clawed back from winners", outcome.loss(\.clawedBack)), ("The venue’s own debt", outcome.loss(\.venue)),
        ]
    }

    /// The loss as ribbons, where every part of it is above zero.
    private var flow: HTML {
        let (spent, gained) = report.fundFlows
        let (trader, deleveraged) = (outcome.loss(\.trader), outcome.loss(\.deleveraged))
        let closing = outcome.loss(\.total)
        guard trader >= gained, trader > 0, closing >= 0, deleveraged >= 0, others.allSatisfy({ $0.amount == 0 }) else {
            return .none
        }
        func end(_ name: String, _ amount: Int128, _ style: ChartStyle) -> FlowDiagram.End {
            FlowDiagram.End(name, amount, .figure(decimal(amount)), style)
        }
        let diagram = FlowDiagram(
            "Margin of traders, money of the fund and profit of deleveraged positions, against the loss and the fund's gain",
            from: [
                end("Traders’ margin", trader, .trader), end("Spent by the fund", spent, .fund),
                end("Given up in deleveraging", deleveraged, .deleveraged),
            ],
            to: [end("Loss of the positions", closing, .loss), end("Gained by the fund", gained, .fund)],
            flows: [(0, 0, trader - gained), (0, 1, gained), (1, 0, spent), (2, 0, deleveraged)])
        let title = "From those who bore the loss to what became of it"
        return Figure(title, unit: plan.currency.name, content: diagram.markup).markup
    }

    private var stages: HTML {
        let begun = outcome.records.all.count
        var table = Table(
            "Liquidations by stage",
            [.words("Stage"), .bars("Of all begun"), .figures("Liquidations"), .figures("Share")])
        for (name, count) in report.stageCounts {
            table.add([
                .text(name.heading),
                .markup(Bars.part(count, of: begun, longest: begun, name == "autoDeleverage" ? .deleveraged : .trader)),
                .count(count), .text(percentage(Int128(count), of: Int128(begun))),
            ])
        }
        return Figure("Stages of the waterfall that worked on them", content: table.markup).markup
    }

    private var outcomes: HTML {
        let records = outcome.records.all
        var table = Table(
            "Liquidations by outcome",
            [
                .words("Outcome"), .figures("Liquidations"), .figures("Notional"), .figures("Traders bore"),
                .figures("Fund bore"), .figures("Deleveraged"),
            ])
        for outcome in LiquidationRecord.Outcome.allCases {
            table.add([.text(outcome.heading)] + sums(of: records.filter { $0.outcome == outcome }))
        }
        table.close(with: [.text("All")] + sums(of: records))
        let caption: HTML =
            "A saved position stays with its trader, and is not counted as liquidated elsewhere on this page."
        return Figure("Outcomes", unit: plan.currency.name, caption: caption, content: table.markup).markup
    }

    private func sums(of records: [LiquidationRecord]) -> [Table.Cell] {
        func sum(_ amount: (LiquidationRecord) -> Amount) -> Table.Cell {
            .figure(decimal(records.reduce(Int128(0)) { $0 + amount($1).wide }))
        }
        return [
            .count(records.count), sum(outcome.notional), sum(\.loss.trader), sum(\.loss.fund), sum(\.loss.deleveraged),
        ]
    }
}
