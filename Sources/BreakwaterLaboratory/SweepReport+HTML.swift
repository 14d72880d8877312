internal import BreakwaterCore
internal import BreakwaterSimulator
internal import BreakwaterTapes

/// The report as one page, complete without script or network.
extension SweepReport {
    public var html: String {
        let json = json
        let runs = sweep.points.count * sweep.seeds.count
        let subtitle: HTML = """
            \(counted(runs, "run")): \(counted(sweep.points.count, "combination")) of values, each with \
            \(counted(sweep.seeds.count, "seed"))
            """
        let summary: HTML =
            "<p class=\"summary\">\(items(json["points"]).count == 1 ? sentence(items(json["points"])[0]) : "") </p>"
        var sections = [
            Page.Section(
                "fund", "How large the fund has to be",
                """
                Each run needed some smallest fund: with that one it would have gone just the same, with a smaller one it \
                would not. Shown is which share of the runs a fund of each size would have been enough for.
                """, content: fundChart + fundTable(json))
        ]
        if sweep.points.count > 1 {
            sections.append(
                Page.Section(
                    "least", "What loses least",
                    """
                    What liquidations lost beyond their traders’ margin: by the fund, providers, deleveraged positions, winners and \
                    the venue. Differences are those on the same seeds; those whose interval holds zero cannot be told apart.
                    """, content: rankingTable(json)))
            sections.append(
                Page.Section(
                    "sensitivity", "What each parameter changes",
                    "Against its first value, everything else and the seed being the same; whiskers are 95 % intervals.",
                    content: sensitivity(json)))
        }
        sections.append(Page.Section("inputs", "Inputs and how to reproduce this", content: inputs))
        return Page(kind: "sweep", title: sweep.name, subtitle: subtitle, summary: summary, sections: sections).text
    }

    // MARK: Fund

    private func sentence(_ point: JSONValue) -> String {
        let words = [verdict(point), reservation(point)].compactMap { $0 }.joined(separator: ". ")
        return words.prefix(1).uppercased() + words.dropFirst() + "."
    }

    /// The colours of points, in turn.
    private static let styles: [ChartStyle] = [.fund, .long, .short, .deleveraged, .trader, .interest]

    private var fundChart: HTML {
        let most = sweep.points.indices.flatMap { needs(at: $0) }.filter { $0 != .max }.max() ?? 0
        let (height, low, high) = (260.0, Int128(0), Int128(max(1, most)))
        let scale = ValueScale(from: low, to: high, places: currency.decimals, labels: .short)
        func x(_ value: Int64) -> Double { scale.share(of: Int128(value)) * 1000 }
        var shapes = HTML.none
        for point in sweep.points.indices.prefix(Self.styles.count) {
            let sorted = needs(at: point).sorted()
            var path: HTML = "M0 \(height)"
            for (rank, value) in sorted.enumerated() where value != .max {
                let y = (1 - Double(rank + 1) / Double(sorted.count)) * height
                path += "H\(x(value))V\(y)"
            }
            shapes += "<path class=\"line \(Self.styles[point].rawValue)\" d=\"\(path)H1000\"/>\n"
        }
        let rows = [0, 25, 50, 75, 100].map { percent -> HTML in
            let y = (1 - Double(percent) / 100) * height
            return """
                <line class="grid" x1="0" x2="100%" y1="\(y)" y2="\(y)"/><text class="value" x="-8" y="\(y + 4)">\(percent) %</text>

                """
        }
        let columns = scale.marks.map { tick -> HTML in
            let x = scale.share(of: tick.value) * 100
            return """
                <line class="grid time" x1="\(x)%" x2="\(x)%" y1="0" y2="\(height)"/>\
                <text class="time" x="\(x)%" y="\(height + 18)">\(tick.label)</text>

                """
        }
        let keys = sweep.points.indices.prefix(Self.styles.count).map {
            Figure.Key(Self.styles[$0], .line, name(of: sweep.points[$0].values))
        }
        let plot: HTML = """
            <div class="plot"><svg role="img" aria-label="Share of runs a fund of each size is enough for" width="100%" height="\(height + 24)">
            \(rows.joined())\(columns.joined())\
            <svg viewBox="0 0 1000 \(height)" width="100%" height="\(height)" preserveAspectRatio="none">
            \(shapes)</svg></svg></div>

            """
        return Figure(
            "Runs that a fund of so much is enough for", unit: currency.name, keys: sweep.points.count > 1 ? keys : [],
            content: plot
        ).markup
    }

    private func name(of values: [String]) -> String {
        values.isEmpty
            ? "the scenario" : zip(sweep.parameters, values).map { "\($0.key) \($1)" }.joined(separator: ", ")
    }

    private func fundTable(_ json: JSONValue) -> HTML {
        let level = "\(Self.percent(Double(sweep.level.raw) / 1e9)) %"
        var table = Table(
            "What the fund has to hold",
            [
                .words("Values"), .figures("Runs"), .figures("No deleveraging, %"), .figures("from"), .figures("to"),
                .figures("Median need"), .figures("Need at \(level)"), .figures("Enough, 95 % sure"),
                .figures("Largest need"), .figures("Deleveraged"),
            ])
        for point in items(json["points"]) {
            let (calm, fund) = (point["withoutDeleveraging"]!, point["fund"]!)
            table.add([
                .text(name(of: point["parameters"])), .figure(point["runs"]), .figure(calm["percent"]),
                .figure(calm["low"]), .figure(calm["high"]), .figure(fund["median"]), .figure(fund["atLevel"]),
                .figure(fund["enough"]), .figure(fund["largest"]), .figure(fund["deleveraged"]),
            ])
        }
        let caption: HTML = """
            A bound on the need at \(level) takes \(Statistics.runsNeeded(for: sweep.level).grouped) runs or more; with fewer \
            there is none. Runs that deleveraged count as needing more than the fund they had, whether or not more would have been enough: \
            a need that is not shown is such a one.
            """
        return Figure("What the fund has to hold", unit: currency.name, caption: caption, content: table.markup).markup
    }

    // MARK: Comparisons

    private func rankingTable(_ json: JSONValue) -> HTML {
        let rows = items(json["losesLeast"]?["beyondTraders"])
        var table = Table(
            "Values by what they lose beyond traders' margin",
            [
                .words("Values"), .bars("More than the best"), .figures("Mean a run"), .figures("More"),
                .figures("from"),
                .figures("to"), .words("Told apart"),
            ])
        let whiskers = Whiskers(rows.map { $0["more"]! })
        for row in rows {
            let more = row["more"]!
            table.add([
                .text(name(of: row["parameters"])), .markup(whiskers.row(more, .loss)), .figure(row["mean"]),
                .figure(more["mean"]), .figure(more["low"]), .figure(more["high"]),
                .text(row["isToldApart"] == .bool(true) ? "yes" : "no"),
            ])
        }
        return Figure("Lost beyond traders’ margin", unit: currency.name, content: table.markup).markup
    }

    private func sensitivity(_ json: JSONValue) -> HTML {
        items(json["sensitivity"]).map { row -> HTML in
            let metric = Metric(rawValue: row["metric"]!.plain)!
            let values = items(row["values"])
            let whiskers = Whiskers(values.map { $0["change"]! })
            var table = Table(
                "\(metric.rawValue.words) by \(row["key"]!.plain)",
                [
                    .words(row["key"]!.plain), .bars("Change"), .figures("Mean a run"), .figures("Change"),
                    .figures("from"), .figures("to"),
                ])
            for value in values {
                let (mean, change) = (value["mean"]!, value["change"]!)
                table.add([
                    .text(value["value"]!.plain), .markup(whiskers.row(change, .fund)), .figure(mean["mean"]),
                    .figure(change["mean"]), .figure(change["low"]), .figure(change["high"]),
                ])
            }
            return Figure(
                "\(metric.heading) by \(row["key"]!.plain)", unit: metric.isMoney ? currency.name : "",
                content: table.markup
            ).markup
        }.joined()
    }

    private var inputs: HTML {
        var facts = Facts()
        facts.add("Sweep", "\(sweep.file)")
        for parameter in sweep.parameters { facts.add(parameter.key, "\(parameter.values.joined(separator: ", "))") }
        facts.add("Seeds", "\("\(sweep.seeds[0])") to \("\(sweep.seeds[sweep.seeds.count - 1])")")
        return """
            \(facts.markup(madeBy: "\(command)"))\(sweep.inputs.markup)\
            <p class="introduction">The same files give the same results, to the byte; runs that are there already are not done again.</p>

            """
    }
}

extension RunResult.Metric {
    var heading: String {
        switch self {
        case .beyondTraders: "Lost beyond traders’ margin"
        case .forgone: "Given up in deleveraging"
        case .fundNeeded: "Needed of the fund"
        case .loss: "Lost in liquidations"
        default: rawValue.heading
        }
    }
}

/// Intervals drawn beside each other on one scale.
private struct Whiskers {
    private let low: Double
    private let high: Double

    init(_ rows: [JSONValue]) {
        var ends = [0.0]
        for row in rows { ends += ["mean", "low", "high"].compactMap { Self.number(row[$0]) } }
        (low, high) = (ends.min()!, ends.max()!)
    }

    private static func number(_ value: JSONValue?) -> Double? { (value?.plain).flatMap(Double.init) }

    private func place(_ value: Double) -> Double { high > low ? 2 + (value - low) / (high - low) * 96 : 50 }

    func row(_ row: JSONValue, _ style: ChartStyle) -> HTML {
        let mean = Self.number(row["mean"]) ?? 0
        let (from, to) = (Self.number(row["low"]) ?? mean, Self.number(row["high"]) ?? mean)
        let words = row["low"] == .null ? "" : ", \(row["low"]!.plain) to \(row["high"]!.plain)"
        let zero = place(0)
        return """
            <svg class="plot whisker \(style.rawValue)" width="100%" height="16" style="margin:0" aria-hidden="true">\
            <line class="reference" x1="\(zero)%" x2="\(zero)%" y1="0" y2="16"/>\
            <line class="line" x1="\(place(from))%" x2="\(place(to))%" y1="8" y2="8"/>\
            <circle class="bar" cx="\(place(mean))%" cy="8" r="4"><title>\(row["mean"]!.plain)\(words)</title></circle></svg>
            """
    }
}
