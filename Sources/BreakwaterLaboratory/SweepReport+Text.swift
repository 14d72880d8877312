internal import BreakwaterCore
internal import BreakwaterSimulator
internal import BreakwaterTapes

/// The report for people at a terminal.
extension SweepReport {
    public var text: String {
        let json = json
        let runs = sweep.points.count * sweep.seeds.count
        var lines = [
            "\(sweep.name): \(counted(runs, "run")), \(counted(sweep.points.count, "point")), \(counted(sweep.seeds.count, "seed"))"
        ]
        lines.append("")
        lines += fundLines(json)
        if let least = json["losesLeast"], least != .null { lines += rankingLines(least) }
        lines += sensitivityLines(json)
        return lines.joined(separator: "\n")
    }

    func name(of parameters: JSONValue?) -> String {
        guard case .object(let members)? = parameters, !members.isEmpty else { return "the scenario" }
        return members.map { "\($0.key) \($0.value.plain)" }.joined(separator: ", ")
    }

    func items(_ value: JSONValue?) -> [JSONValue] {
        if case .array(let items)? = value { items } else { [] }
    }

    /// What a fund has to hold, in a sentence.
    func verdict(_ point: JSONValue) -> String {
        func value(_ keys: String...) -> String { keys.reduce(point) { $0[$1] ?? .null }.plain }
        let level = "\(Self.percent(Double(sweep.level.raw) / 1e9)) %"
        let enough =
            point["fund"]?["enough"] == .null
            ? "no bound with fewer than \(value("fund", "runsNeeded")) runs"
            : "with 95 % confidence \(value("fund", "enough")) is enough"
        return "\(level) of runs need at most \(value("fund", "atLevel")) \(currency.name); \(enough)"
    }

    private func fundLines(_ json: JSONValue) -> [String] {
        var lines = ["The fund"]
        for point in items(json["points"]) {
            func value(_ keys: String...) -> String { keys.reduce(point) { $0[$1] ?? .null }.plain }
            lines.append("  \(name(of: point["parameters"]))")
            lines.append(
                "    no deleveraging in \(value("withoutDeleveraging", "percent")) % of \(value("runs")) runs "
                    + "(95 %: \(value("withoutDeleveraging", "low")) to \(value("withoutDeleveraging", "high")) %)")
            lines.append("    \(verdict(point))")
            if value("fund", "exhausted") != "0" {
                lines.append(
                    "    the fund of \(value("fund", "start")) ended in \(value("fund", "exhausted")) runs: what they needed is more than it held"
                )
            }
            if value("fund", "deleveragedAnyway") != "0" {
                lines.append(
                    "    \(value("fund", "deleveragedAnyway")) runs deleveraged although the fund had not ended: the book was"
                )
            }
        }
        return lines
    }

    private func rankingLines(_ least: JSONValue) -> [String] {
        var lines = ["", "What loses least beyond traders' margin, on average a run in \(currency.name)"]
        for row in items(least["beyondTraders"]) {
            func value(_ keys: String...) -> String { keys.reduce(row) { $0[$1] ?? .null }.plain }
            lines.append(
                "  \(value("mean"))  \(name(of: row["parameters"]))  (\(value("more", "mean")) more than the best, 95 %: "
                    + "\(value("more", "low")) to \(value("more", "high")))")
        }
        return lines
    }

    private func sensitivityLines(_ json: JSONValue) -> [String] {
        var lines: [String] = []
        for row in items(json["sensitivity"]) {
            lines.append("")
            lines.append("\(row["metric"]!.plain.words) by \(row["key"]!.plain), against the first value")
            for value in items(row["values"]) {
                func figure(_ keys: String...) -> String { keys.reduce(value) { $0[$1] ?? .null }.plain }
                lines.append(
                    "  \(figure("value")): \(figure("mean", "mean")), change \(figure("change", "mean")) "
                        + "(95 %: \(figure("change", "low")) to \(figure("change", "high")))")
            }
        }
        return lines
    }
}
