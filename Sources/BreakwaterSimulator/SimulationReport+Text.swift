import BreakwaterCore
import BreakwaterTapes

/// The report for people at a terminal.
extension SimulationReport {
    public var text: String {
        func value(_ keys: String...) -> String {
            keys.reduce(json) { $0[$1]! }.plain
        }
        let currency = plan.currency.name
        var lines = plan.sources.name.map { [$0] } ?? []
        lines += [
            "\(plan.contracts.map(\.symbol).joined(separator: ", ")) under rulebook \(value("inputs", "rulebook")), seed \(value("inputs", "seed")): "
                + "\(value("inputs", "accounts")) accounts, \(value("inputs", "bars")) bars from \(value("inputs", "from")) to \(value("inputs", "to"))",
            "price          open \(value("price", "open")), high \(value("price", "high")), low \(value("price", "low")), close \(value("price", "close"))",
            "trading        \(value("trading", "trades")) trades, volume \(whole("trading", "volume")) \(currency), "
                + "\(whole("trading", "forcedVolume")) of it by the liquidation engine",
            "warnings       \(value("trading", "warnings")) below 80 %, \(value("trading", "dangers")) below 20 %",
            "liquidations   \(value("liquidations", "positionsLost")) positions of \(value("liquidations", "accounts")) accounts "
                + "(\(value("liquidations", "longs")) long, \(value("liquidations", "shorts")) short), worth \(whole("liquidations", "notional")) \(currency)",
        ]
        lines.append("stages         " + stageCounts.map { "\($0.name) \($0.count)" }.joined(separator: ", "))
        lines.append(
            "outcomes       " + outcomeCounts.map { "\($0.outcome.rawValue) \($0.count)" }.joined(separator: ", "))
        lines += [
            "loss           traders \(value("loss", "traders")), fund \(value("loss", "fundSpent")) (gained \(value("loss", "fundGained"))), "
                + (["providers", "deleveraged", "clawedBack", "venue"]).filter {
                    $0 == "deleveraged" || value("loss", $0) != "0"
                }.map { "\($0.words) \(value("loss", $0))" }.joined(separator: ", ") + " \(currency)",
            "fund           start \(value("insuranceFund", "start")), lowest \(value("insuranceFund", "lowest")), end \(value("insuranceFund", "end")) \(currency)",
            "deleveraging   \(value("autoDeleveraging", "events")) times, \(value("autoDeleveraging", "accounts")) accounts, "
                + "\(value("autoDeleveraging", "forgone")) \(currency) forgone",
        ]
        lines += cascadeLines
        lines += [
            "conservation   in \(value("conservation", "in")), held \(value("conservation", "held")), difference \(value("conservation", "difference")) \(currency)",
            "state          \(value("stateHash"))",
        ]
        return lines.joined(separator: "\n")
    }

    /// A figure of the report without its fraction, in groups of three digits.
    private func whole(_ keys: String...) -> String {
        let digits = keys.reduce(json) { $0[$1]! }.plain.prefix { $0 != "." }
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, digit != "-", (digits.count - index) % 3 == 0, grouped != "-" { grouped += "," }
            grouped.append(digit)
        }
        return grouped
    }
}
