import BreakwaterCore

/// The explanation for people at a terminal, told from its JSON.
public struct ExplanationText {
    private let json: JSONValue

    public init(_ json: JSONValue) { self.json = json }

    public var text: String {
        let told = json["liquidations"]!.items
        let begun = json["begun"]!.plain
        let head =
            "\(json["tape"]!.plain) under rulebook \(json["rulebook"]!.plain): "
            + (begun == "0" ? "nothing was liquidated." : "\(begun) begun, \(told.count) told here.")
        var parts = [head] + told.map { LiquidationText($0).text }
        if let hidden = json["notShown"], hidden.plain != "0" {
            parts.append("\(hidden.plain) more are not told: name one with --liquidation, or an --account.")
        }
        return parts.joined(separator: "\n\n")
    }
}

/// One liquidation in sentences.
private struct LiquidationText {
    private let record: JSONValue

    init(_ record: JSONValue) { self.record = record }

    var text: String {
        let lines =
            [heading, prices, backing, tier, requirement, trigger].map { "  " + $0 } + ["  stages:"]
            + stages.map { "    " + $0 } + ["  " + loss] + counterfactual.map { "  " + $0 }
        return ([title] + lines).joined(separator: "\n")
    }

    private func value(_ path: String...) -> String {
        var value = record
        for key in path { value = value[key] ?? .null }
        return value.plain
    }

    private var currency: String { value("currency") }

    private var isLong: Bool { !value("size").hasPrefix("-") }

    private var title: String {
        let size = isLong ? value("size") : String(value("size").dropFirst())
        return "#\(value("id")) \(value("account")), \(isLong ? "long" : "short") \(size) \(value("position")), "
            + "\(value("time")), line \(value("line"))"
    }

    private var heading: String {
        let opened =
            record["opened"] == .null
            ? "" : " It was opened by line \(value("opened", "line")) at \(value("opened", "time"))."
        return "position:    \(value("mode")), \(value("leverage"))x, entered at \(value("entryPrice")), "
            + "settled at \(value("settledPrice")).\(opened)"
    }

    private var prices: String {
        let sources = record["prices"]!["sources"]!.members.map { "\($0.key) \($0.value.plain)" }
        let index =
            record["prices"]!["index"] == .null
            ? "no index was given." : "index \(value("prices", "index")) from \(sources.joined(separator: ", "))."
        return "prices:      mark \(value("prices", "mark")); \(index)"
    }

    private var backing: String {
        let behind =
            switch value("backing", "kind") {
            case "assigned": "assigned to it"
            case "portfolio": "of the account's equity without this position's PnL"
            case _ where record["backing"]!["drawn"] == nil: "behind it"
            default: "behind it (IM \(value("backing", "initialMargin")) and \(value("backing", "drawn")) drawn)"
            }
        return "margin:      \(value("backing", "behind")) \(behind), and an unrealised PnL of "
            + "\(value("backing", "unrealisedPnl")) (\(value("backing", "markValue")) at mark less "
            + "\(value("backing", "settledValue")) settled), make \(value("backing", "margin")) \(currency)."
    }

    private var tier: String {
        if record["tier"]!["mmShare"] != nil {
            return "tier:        by concentration, IM \(percent("im")), MM \(value("tier", "mmShare")) of it."
        }
        let deduction =
            record["tier"]!["deduction"].map { ", \($0.plain) \(currency) deducted" } ?? ""
        return "tier:        row \(value("tier", "row")) of \(value("tier", "rows")), \(value("tier", "table")), "
            + "up to \(value("tier", "upTo")) \(currency): IM \(percent("im")), MM \(percent("mm"))\(deduction)."
    }

    private func percent(_ key: String) -> String {
        guard let rate = ExactDecimal(value("tier", key)) else { return value("tier", key) }
        return "\(ExactDecimal(digits: rate.digits * 100, places: rate.places)) %"
    }

    private var requirement: String {
        let own = value("requirement", "maintenanceMargin")
        let basis = value("requirement", "basis") == "entry" ? "of entry value" : "of value at mark"
        let rate = record["tier"]!["mm"] == nil ? "for" : "= \(percent("mm")) of"
        let deduction = record["tier"]!["deduction"].map { $0.plain == "0" ? "" : " less \($0.plain)" } ?? ""
        let all =
            value("backing", "kind") == "portfolio"
            ? " All cross positions of the account together need \(value("maintenanceMargin"))." : ""
        return "MM:          \(own) \(currency) \(rate) \(value("requirement", "value")) \(basis)\(deduction).\(all)"
    }

    private var trigger: String {
        let reaches = value("requirement", "trigger") == "reaches"
        return "trigger:     margin \(value("margin")) is \(reaches ? "at or below" : "below") MM "
            + "\(value("maintenanceMargin")): a shortfall of \(value("shortfall")) \(currency)."
    }

    /// How many steps of one kind in a row are told.
    private static let stepsTold = 12

    private var stages: [String] {
        var lines: [String] = []
        var (last, count) = ("", 0)
        func closeGroup() {
            if count > Self.stepsTold {
                lines.append("… and \(count - Self.stepsTold) more of the same, all in --json")
            }
        }
        for step in record["stages"]!.items {
            let name = step["stage"]!.plain
            if name != last {
                closeGroup()
                (last, count) = (name, 0)
            }
            count += 1
            if count <= Self.stepsTold { lines.append(line(step, name)) }
        }
        closeGroup()
        let outcome = LiquidationRecord.Outcome(rawValue: value("outcome"))?.words ?? value("outcome").words
        return lines + ["in the end:  \(outcome)"]
    }

    private func line(_ step: JSONValue, _ name: String) -> String {
        let figures = step.members.filter { $0.key != "stage" && $0.key != "time" && $0.value.plain != "net" }
            .map { "\($0.key.words) \($0.value.told)" }
        let title = LiquidationStory.titles[name] ?? name.heading
        return "\(step["time"]!.plain)  \(title)" + (figures.isEmpty ? "" : ": " + figures.joined(separator: ", "))
    }

    private var loss: String {
        let parts = LossBearer.all.filter { value("loss", $0.key) != "0" }
            .map { "\($0.name) \(value("loss", $0.key))" }
        let funding = value("loss", "funding")
        let paid = funding == "0" ? "" : " Funding of the engine's lot is \(funding) of it."
        let sum = parts.isEmpty ? "nobody lost anything" : parts.joined(separator: " + ")
        return "loss:        \(sum) = \(value("loss", "total")) \(currency).\(paid)"
    }
}

extension JSONValue {
    fileprivate var told: String {
        switch self {
        case .bool(let flag): flag ? "yes" : "no"
        case .null, .integer, .string, .array, .object: plain
        }
    }
}

/// What would have prevented it.
extension LiquidationText {
    private var counterfactual: [String] {
        guard let found = record["counterfactual"] else { return [] }
        func value(_ path: String...) -> String {
            path.reduce(found) { $0[$1] ?? .null }.plain
        }
        let replays = "(\(value("replays")) replays)"
        guard found["extra"] != .null else { return ["otherwise:   \(value("reason")) \(replays)"] }
        let how = value("by") == "deposit" ? "deposited" : "deposited and moved behind the position"
        let less =
            value("oneUnitLess") == "0"
            ? "Without it the position"
            : "With \(value("oneUnitLess")), one unit less, it"
        let moments = value("laterMoments")
        let tried =
            moments == "0"
            ? "the last line before the liquidation"
            : found["everyLaterMomentTried"] == .bool(true)
                ? "after each of the \(moments) lines from there to the liquidation it fails"
                : "after the next line it fails"
        let last =
            "The last moment at which it works is right after line \(value("lastMoment", "line")) at "
            + "\(value("lastMoment", "time")): \(tried)."
        return [
            "otherwise:   \(value("extra")) \(currency) more, \(how) right after line \(value("after", "line")), "
                + "keeps it from being liquidated to the end of the tape.",
            "             \(less) is liquidated at line \(value("oneUnitLessFails", "line")), "
                + "mark \(value("oneUnitLessFails", "mark")).",
            "             \(last) \(replays)",
        ]
    }
}
