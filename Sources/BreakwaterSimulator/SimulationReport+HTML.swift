import BreakwaterCore
import BreakwaterTapes

/// The report as a page for people: one file, complete without script or network. The same run gives the same bytes.
extension SimulationReport {
    public var html: String { WebPage(self).text }

    /// What the sections of the page draw on, worked out once. Totals are read from the JSON report, so that both agree.
    struct WebPage {
        let plan: SimulationPlan
        let outcome: SimulationOutcome
        let report: SimulationReport
        let json: JSONValue
        /// Records of those who lost their position, in order of time.
        let liquidated: [LiquidationRecord]
        /// The columns that all charts share.
        let columns: TimeColumns

        init(_ report: SimulationReport) {
            self.report = report
            plan = report.plan
            outcome = report.outcome
            json = report.json
            liquidated = report.outcome.liquidated
            columns = TimeColumns(from: plan.bars[0].time, to: plan.end, atMost: 160)
        }
    }
}

extension SimulationReport.WebPage {
    var text: String {
        Page(
            kind: "simulation", title: title, subtitle: subtitle, summary: summary + tiles,
            sections: [
                Page.Section("price", "Price and liquidations", priceIntroduction, content: priceChart),
                Page.Section(
                    "course", "Course of the run",
                    content: liquidationChart + deleverageChart + fundChart + interestChart),
                Page.Section("cascade", "What the cascade did", cascadeIntroduction, content: cascadeContent),
                Page.Section("loss", "Where the loss went", lossIntroduction, content: lossFigures),
                Page.Section("leverage", "By leverage", leverageIntroduction, content: leverageTable),
                Page.Section("deleveraging", "Auto-deleveraging", deleveragingIntroduction, content: deleveragingTable),
                Page.Section("largest", "Largest liquidations", largestIntroduction, content: largestTable),
                Page.Section("inputs", "Inputs and how to reproduce this", content: inputs),
            ].filter { !$0.isEmpty }
        ).text
    }

    /// A value of the JSON report.
    func value(_ path: String...) -> JSONValue {
        var value = json
        for key in path {
            guard let member = value[key] else {
                preconditionFailure("no \(path.joined(separator: ".")) in the report")
            }
            value = member
        }
        return value
    }

    func money(_ path: String...) -> HTML {
        .money(path.reduce(json) { $0[$1] ?? .null }, plan.currency.name)
    }

    func decimal(_ amount: Amount) -> ExactDecimal { plan.currency.decimal(amount) }
    func decimal(_ amount: Int128) -> ExactDecimal { plan.currency.decimal(amount) }
    func decimal(_ price: Price) -> ExactDecimal { plan.contract.decimal(price) }
    func decimal(_ size: Size) -> ExactDecimal { plan.contract.decimal(size) }
}

extension SimulationPlan {
    /// When the run ends: the last bar is as long as the one before it, and its prices are spread over a minute.
    var end: Timestamp {
        let last = bars[bars.count - 1].time
        let length = bars.count > 1 ? last - bars[bars.count - 2].time : .zero
        return last + max(Duration(length.raw), .seconds(60))
    }
}

extension LiquidationRecord {
    var isLong: Bool { trigger.size > .zero }

    /// `long` or `short`, which is also the style it is drawn in.
    var side: ChartStyle { isLong ? .long : .short }
}
