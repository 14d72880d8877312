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
        func value(_ keys: String...) -> String {
            let plain = keys.reduce(point) { $0[$1] ?? .null }.plain
            return ExactDecimal(plain)?.grouped ?? plain
        }
        let level = "\(Self.percent(Double(sweep.level.raw) / 1e9)) %"
        let start = "\(value("fund", "start")) \(currency.name)"
        guard point["fund"]?["atLevel"] != .null else {
            return
                "fewer than \(level) of runs pass with \(start), the fund there was; what would be enough cannot be told"
        }
        let enough =
            point["fund"]?["enough"] != .null
            ? "with 95 % confidence \(value("fund", "enough")) is enough"
            : sweep.seeds.count < Statistics.runsNeeded(for: sweep.level)
                ? "no bound with fewer than \(value("fund", "runsNeeded")) runs"
                : "whether \(start) is enough cannot be said with 95 % confidence"
        return "\(level) of runs need at most \(value("fund", "atLevel")) \(currency.name); \(enough)"
    }

    /// What stands behind figures that runs left open.
    func reservation(_ point: JSONValue) -> String? {
        guard let count = point["fund"]?["deleveraged"], count != .integer(0) else { return nil }
        let start = (point["fund"]?["start"]?.plain).flatMap(ExactDecimal.init)?.grouped ?? ""
        return
            "\(count.plain) runs deleveraged with a fund of \(start): whether more would have been enough they do not say"
    }

    /// An interval in brackets.
    private func interval(_ estimate: JSONValue?) -> String {
        guard let low = estimate?["low"], let high = estimate?["high"], low != .null else {
            return "one seed tells no interval"
        }
        return "95 %: \(low.plain) to \(high.plain)"
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
            if let words = reservation(point) { lines.append("    \(words)") }
        }
        return lines
    }

    private func rankingLines(_ least: JSONValue) -> [String] {
        var lines = ["", "What loses least beyond traders' margin, on average a run in \(currency.name)"]
        for row in items(least["beyondTraders"]) {
            func value(_ keys: String...) -> String { keys.reduce(row) { $0[$1] ?? .null }.plain }
            lines.append(
                "  \(value("mean"))  \(name(of: row["parameters"]))  (\(value("more", "mean")) more than the best, "
                    + "\(interval(row["more"])))")
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
                        + "(\(interval(value["change"])))")
            }
        }
        return lines
    }
}
