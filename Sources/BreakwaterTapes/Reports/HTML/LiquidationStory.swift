import BreakwaterCore

/// One liquidation told from its record: what set it off, what each stage did, and who bore the loss.
struct LiquidationStory {
    private let record: JSONValue

    init(_ record: JSONValue) { self.record = record }

    var markup: HTML {
        """
        <article class="story">
        <div class="figure-head"><h3>\(headline)</h3><span class="outcome \(style.rawValue)">\(outcome?.words ?? text("outcome"))</span></div>
        \(trigger)<ol class="stages">
        <li><b>Triggered</b> <time>\(text("time"))</time> <p>\(triggerSentence)</p></li>
        \(groups.map(markup).joined(separator: "\n"))
        </ol>
        \(loss)</article>

        """
    }

    private func text(_ key: String) -> String { record[key]?.plain ?? "–" }

    private var isLong: Bool { !text("size").hasPrefix("-") }

    private var headline: HTML {
        let size = ExactDecimal(text("size").drop { $0 == "-" }).map { HTML.figure($0) } ?? "\(text("size"))"
        return """
            <span class="unit">#\(text("id"))</span> \(text("account")), \
            <span class="side"><i class="swatch \(isLong ? "circle long" : "diamond short")"></i>\(isLong ? "long" : "short")</span> \
            \(size) \(text("position"))
            """
    }

    private var outcome: LiquidationRecord.Outcome? { LiquidationRecord.Outcome(rawValue: text("outcome")) }

    /// The colour of who bore the last of it.
    private var style: ChartStyle {
        switch outcome {
        case .insuranceFund, .liquiditySupport: .fund
        case .autoDeleverage, .clawback: .deleveraged
        case .open: .long
        case .saved, .closedInMarket, nil: .trader
        }
    }

    private var triggerSentence: HTML {
        """
        At mark \(.figure(record["mark"])) its margin was \(.figure(record["margin"])) against an MM of \
        \(.figure(record["maintenanceMargin"])), a shortfall of \(.figure(record["shortfall"])).
        """
    }

    private var trigger: HTML {
        let keys = ["mode", "leverage", "riskLimit", "entryPrice", "settledPrice", "marginBehind"]
        let facts = keys.map { "<span>\($0.words) <b>\(.figure(record[$0]))</b></span>" as HTML }
        return "<p class=\"trigger\">\(facts.joined(separator: " "))</p>\n"
    }
}

/// The stages, those of one kind in a row told together.
extension LiquidationStory {
    private var groups: [[JSONValue]] {
        var groups: [[JSONValue]] = []
        for step in record["stages"]?.items ?? [] {
            if let last = groups.last?.last, last["stage"] == step["stage"] {
                groups[groups.count - 1].append(step)
            } else {
                groups.append([step])
            }
        }
        return groups
    }

    private func markup(_ steps: [JSONValue]) -> HTML {
        guard let first = steps.first, let last = steps.last else { return .none }
        let name = first["stage"]?.plain ?? "–"
        let (began, ended) = (first["time"]?.plain ?? "–", last["time"]?.plain ?? "–")
        let time = began == ended ? began : "\(began) to \(ended)"
        let title = Self.titles[name] ?? name.heading
        return """
            <li><b>\(title)</b> <time>\(time)</time> \(steps.count == 1 ? figures(of: first) : table(of: steps, named: title))</li>
            """
    }

    /// What a step did, without what its title says already.
    private func members(of step: JSONValue) -> [(key: String, value: JSONValue)] {
        step.members.filter { $0.key != "stage" && $0.key != "time" }
    }

    private func figures(of step: JSONValue) -> HTML {
        let figures = members(of: step).map {
            "<span>\($0.key.words) <b>\(Self.value($0.value, of: $0.key))</b></span>" as HTML
        }
        return figures.isEmpty ? .none : "<p class=\"trigger\">\(figures.joined(separator: " "))</p>"
    }

    private func table(of steps: [JSONValue], named title: String) -> HTML {
        let keys = members(of: steps[0]).map(\.key)
        guard !keys.isEmpty else { return "<p>\(steps.count.grouped) times</p>" }
        var table = Table(title, keys.map { Self.names.contains($0) ? .words($0.words) : .figures($0.words) })
        for step in steps {
            table.add(keys.map { Self.names.contains($0) ? .text(step[$0]?.plain ?? "–") : .figure(step[$0]) })
        }
        return table.markup
    }

    private static func value(_ value: JSONValue, of key: String) -> HTML {
        switch value {
        case .bool(let flag): flag ? "yes" : "no"
        case .null, .integer, .string, .array, .object: names.contains(key) ? "\(value.plain)" : .figure(value)
        }
    }

    /// Keys whose values are words even where they look like numbers.
    private static let names: Set<String> = ["account", "position"]

    /// What a stage did, in words; stages without an entry go by their name.
    static let titles = [
        "takeover": "Taken over by the liquidation engine", "closeInMarket": "Closed in the market",
        "insuranceFund": "Insurance fund aggressed the book", "fundExhausted": "Insurance fund or book exhausted",
        "autoDeleverage": "Auto-deleveraged", "autoDeleverageSkipped": "Passed over in auto-deleveraging",
        "funding": "Funding of the engine’s lot", "waiting": "Waits in the engine",
        "saved": "Saved: margin above MM again", "cancelOrders": "Orders cancelled",
        "stepDown": "Risk limit stepped down", "stepDownWithOrders": "Risk limit stepped down, orders counted",
        "fillOrKill": "FillOrKill sent", "closed": "Closed", "partial": "Part closed in the market",
        "marketClose": "Closed in the market by force", "remainderKept": "Margin left over kept by the fund",
        "convertCollateral": "Collateral sold", "paused": "Waits with its trader",
        "liquiditySupport": "Taken over by a provider",
        "liquiditySupportSkipped": "A provider could not bear it", "absorbed": "Absorbed by the insurance fund",
        "fundPaid": "Insurance fund paid the loss at mark", "closedAtMark": "Closed at mark",
        "clawback": "Clawed back from a winner", "clawbackEnded": "Clawback ended",
    ]
}

/// Who bore the loss.
extension LiquidationStory {
    private var loss: HTML {
        guard let loss = record["loss"] else { return .none }
        let bearers = LossBearer.all.filter { $0.isUsual || loss[$0.key].map { $0.plain != "0" } ?? false }
        let parts = bearers.map { ($0, ExactDecimal(loss[$0.key]?.plain ?? "") ?? ExactDecimal(digits: 0)) }
        let keys = parts.map { bearer, amount -> HTML in
            let name = amount.isNegative ? "\(bearer.name), gained" : bearer.name
            return "<li><i class=\"swatch square \(bearer.style.rawValue)\"></i>\(name) <b>\(.figure(amount))</b></li>"
        }
        return """
            <div class="loss-bar">\(Bars.stack(Self.amounts(parts.map { ($0.1, $0.0.style) })))\
            <ul class="key">\(keys.joined())<li>loss in all <b>\(.figure(loss["total"]))</b></li>\(funding)</ul></div>

            """
    }

    /// Funding that the engine's lot paid or received, where there was any: it is among what others bore.
    private var funding: HTML {
        guard let paid = record["loss"]?["funding"], paid.plain != "0" else { return .none }
        return "<li>of which funding <b>\(.figure(paid))</b></li>"
    }

    /// The amounts in one unit, so that they can be drawn side by side; a gain takes no room.
    private static func amounts(_ parts: [(amount: ExactDecimal, style: ChartStyle)]) -> [(
        amount: Int128, style: ChartStyle
    )] {
        let places = parts.map(\.amount.places).max() ?? 0
        return parts.map { ($0.amount.scaled(toPlaces: places) ?? 0, $0.style) }
    }
}
