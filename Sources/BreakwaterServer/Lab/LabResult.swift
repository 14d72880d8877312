internal import BreakwaterCore
internal import BreakwaterSimulator
internal import BreakwaterTapes

/// What a finished run is kept as: figures and series to draw, and its reports as files.
struct LabResult: Sendable {
    /// One rulebook's simulation.
    struct Part: Sendable {
        let name: String
        /// The report without its hours, which the series show finer.
        let figures: JSONValue
        let series: JSONValue
        let html: String
        let json: String
        let compared: ComparedRun

        init(_ name: String, _ simulation: borrowing Simulation) {
            self.name = name
            let report = SimulationReport(simulation)
            let contents = report.json
            figures = .object(contents.members.filter { $0.key != "hours" })
            json = contents.text(pretty: true) + "\n"
            html = report.html
            series = LabColumns(simulation.plan.bars).series(of: simulation.outcome, in: simulation.plan.currency)
            compared = ComparedRun(
                name, simulation.exchange, simulation.outcome.records,
                refused: simulation.outcome.refusals.values.reduce(0, +))
        }
    }

    let parts: [Part]
    let comparison: JSONValue
    let columns: JSONValue

    init(_ parts: [Part], of order: LabOrder) {
        self.parts = parts
        let plan = order.jobs[0].plan
        comparison = Comparison(of: plan, under: order.jobs.map(\.name), parts.map(\.compared)).json
        columns = LabColumns(plan.bars).json(plan.contract)
    }

    /// What the page shows.
    var json: JSONValue {
        [
            "columns": columns, "comparison": comparison,
            "runs": .array(
                parts.map { part in
                    .object(
                        [(key: "rulebook", value: .string(part.name)), (key: "figures", value: part.figures)]
                            + part.series.members)
                }),
        ]
    }

    /// One rulebook's report, or all of them side by side where none is named and there are several.
    func report(of name: String?) -> (html: String, json: String, name: String)? {
        guard let name else {
            if parts.count == 1 { return (parts[0].html, parts[0].json, parts[0].name) }
            return (ComparisonPage(comparison).text, comparison.text(pretty: true) + "\n", "comparison")
        }
        return parts.first { $0.name == name }.map { ($0.html, $0.json, $0.name) }
    }
}

/// The bars of a path, gathered into as many columns as a chart of the page can show.
struct LabColumns {
    private static let most = 240

    private let bars: [Bar]
    private let count: Int

    init(_ bars: [Bar]) {
        self.bars = bars
        count = min(bars.count, Self.most)
    }

    private func column(ofBar bar: Int) -> Int { bar * count / bars.count }

    /// When each begins, and what the price did in it.
    func json(_ contract: Contract) -> JSONValue {
        var gathered: [(time: Timestamp, low: Price, high: Price, close: Price)] = []
        for (place, bar) in bars.enumerated() {
            if column(ofBar: place) == gathered.count {
                gathered.append((bar.time, bar.low, bar.high, bar.close))
            } else {
                let last = gathered.count - 1
                gathered[last].low = min(gathered[last].low, bar.low)
                gathered[last].high = max(gathered[last].high, bar.high)
                gathered[last].close = bar.close
            }
        }
        func prices(_ price: (Int) -> Price) -> JSONValue {
            .array(gathered.indices.map { .decimal(contract.decimal(price($0))) })
        }
        return [
            "time": .array(gathered.map { .string($0.time.iso) }), "low": prices { gathered[$0].low },
            "high": prices { gathered[$0].high }, "close": prices { gathered[$0].close },
        ]
    }

    /// What was liquidated in each column, what was given up in deleveraging, and what the fund held at its end.
    func series(of outcome: SimulationOutcome, in currency: Currency) -> JSONValue {
        var (longs, shorts, forgone) = (zeros, zeros, zeros)
        for record in outcome.liquidated {
            let place = column(at: record.time)
            if record.trigger.size > .zero {
                longs[place] += outcome.notional(record).wide
            } else {
                shorts[place] += outcome.notional(record).wide
            }
        }
        for event in outcome.deleverages { forgone[column(at: event.time)] += event.forgone.wide }
        var fund = zeros
        for (place, bar) in outcome.bars.enumerated() { fund[column(ofBar: place)] = bar.fund.wide }
        func money(_ amounts: [Int128]) -> JSONValue { .array(amounts.map { .decimal(currency.decimal($0)) }) }
        return [
            "longs": money(longs), "shorts": money(shorts), "deleveraged": money(forgone), "fund": money(fund),
        ]
    }

    private var zeros: [Int128] { Array(repeating: 0, count: count) }

    /// The column of the last bar that had begun by then.
    private func column(at time: Timestamp) -> Int {
        var (low, high) = (0, bars.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if bars[middle].time <= time { low = middle } else { high = middle }
        }
        return column(ofBar: low)
    }
}
