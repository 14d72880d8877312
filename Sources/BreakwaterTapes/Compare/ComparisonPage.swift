import BreakwaterCore

/// The comparison as one self-contained page, told from its JSON.
public struct ComparisonPage {
    private let json: JSONValue
    private let runs: [JSONValue]
    private let names: [String]
    private let currencies: [String]

    public init(_ json: JSONValue) {
        self.json = json
        runs = json["runs"]!.items
        names = runs.map { $0["name"]!.plain }
        currencies = runs.first?["currencies"]?.members.map(\.key) ?? []
    }

    public var text: String {
        var sections = [
            Page.Section(
                "loss", "Who bore the loss",
                "What closing the positions lost against their settled value. A bar to the left of the line is a gain.",
                content: currencies.map(losses).joined()),
            Page.Section("notional", "Notional lost", content: currencies.map(notional).joined()),
            Page.Section("figures", "All figures", content: currencies.map(figures).joined()),
        ]
        if !json["liquidated"]!.items.isEmpty {
            sections.append(Page.Section("where", "Who was liquidated where", content: liquidated))
        }
        let deleveraged = DeleveragedRows(runs).rows
        if !deleveraged.isEmpty {
            sections.append(
                Page.Section(
                    "deleveraged", "Who was deleveraged",
                    "What opposing positions gave up against the mark, those that gave up most first.",
                    content: table(of: deleveraged)))
        }
        let inputs = Facts().markup(madeBy: "\(json["inputs"]!["command"]!.plain)")
        sections.append(Page.Section("inputs", "Inputs", content: inputs))
        return Page(
            kind: "comparison", title: json["subject"]!.plain,
            subtitle: names.map { "<span>\($0)</span>" }.joined(), summary: lead, sections: sections
        ).text
    }

    private func value(_ run: JSONValue, _ currency: String, _ path: [String]) -> JSONValue {
        (run["currencies"]![currency] ?? .null)[path: path]
    }

    /// Which run took over most and which lost most, in a sentence for each currency.
    private var lead: HTML {
        let sentences = currencies.compactMap { currency -> HTML? in
            let losses = amounts(currency, ["loss", "total"])
            guard losses.contains(where: { $0 != 0 }), let most = losses.indices.max(by: { losses[$0] < losses[$1] }),
                let least = losses.indices.min(by: { losses[$0] < losses[$1] })
            else { return "<p>Nobody lost a position in \(currency).</p>" }
            if losses[most] == losses[least] {
                return """
                    <p><b>All runs lost the same</b>, \(.money(value(runs[most], currency, ["loss", "total"]), currency)).</p>
                    """
            }
            return """
                <p><b>\(names[most]) lost most</b>, \(.money(value(runs[most], currency, ["loss", "total"]), currency)); \
                \(names[least]) least, \(.money(value(runs[least], currency, ["loss", "total"]), currency)).</p>
                """
        }
        return "<div class=\"lead\">\(sentences.joined())</div>"
    }

    /// One figure of every run in the same whole unit.
    private func amounts(_ currency: String, _ path: [String]) -> [Int128] {
        let decimals = runs.map { ExactDecimal(value($0, currency, path).plain) ?? ExactDecimal(digits: 0) }
        // As fine as any currency is, so that amounts of different paths can be drawn on one scale.
        return decimals.map { $0.scaled(toPlaces: 12) ?? 0 }
    }

    private func losses(_ currency: String) -> HTML {
        let bearers = LossBearer.all.map { bearer in
            (bearer, amounts(currency, ["loss", bearer.key]))
        }.filter { $0.1.contains { $0 != 0 } }
        let all = bearers.flatMap(\.1)
        let (low, high) = (min(0, all.min() ?? 0), max(0, all.max() ?? 0))
        var table = Table(
            "Loss by bearer and run, \(currency)",
            [.words("Run"), .words("Borne by"), .bars(currency), .figures("Amount")])
        for (number, name) in names.enumerated() {
            for (place, (bearer, amounts)) in bearers.enumerated() {
                table.add([
                    .text(place == 0 ? name : ""),
                    .markup(
                        """
                        <span class="side"><i class="swatch square \(bearer.style.rawValue)"></i>\(bearer.name)</span>
                        """),
                    .markup(Bars.signed(amounts[number], from: low, to: high, bearer.style)),
                    .figure(value(runs[number], currency, ["loss", bearer.key])),
                ])
            }
        }
        return table.isEmpty ? "<p>Nothing was lost in \(currency).</p>" : table.markup
    }

    private func notional(_ currency: String) -> HTML {
        let amounts = amounts(currency, ["notional"])
        var table = Table(
            "Notional of positions lost by run, \(currency)",
            [.words("Run"), .bars(currency), .figures("Notional"), .figures("Positions"), .figures("Accounts")])
        for (number, run) in runs.enumerated() {
            table.add([
                .text(names[number]),
                .markup(Bars.signed(amounts[number], from: 0, to: max(1, amounts.max() ?? 1), .long)),
                .figure(value(run, currency, ["notional"])), .figure(value(run, currency, ["positionsLost"])),
                .figure(value(run, currency, ["accounts"])),
            ])
        }
        return table.markup
    }

    private func figures(_ currency: String) -> HTML {
        var table = Table("All figures by run, \(currency)", [.words(currency)] + names.map { .figures($0) })
        for (path, name) in ComparisonFigure.all {
            table.add([.text(name)] + runs.map { .figure(value($0, currency, path)) })
        }
        table.add([.text("refused commands")] + runs.map { .figure($0["refusedCommands"]) })
        table.add([.text("state")] + runs.map { .markup("<code>\($0["stateHash"]!.plain)</code>") })
        return table.markup
    }

    private var liquidated: HTML {
        var table = Table(
            "Marks at which each run liquidated each position",
            [.words("Account"), .words("Position")] + names.map { .figures($0) })
        for row in json["liquidated"]!.items.prefix(500) {
            table.add(
                [.text(row["account"]!.plain), .text(row["position"]!.plain)]
                    + row["byRun"]!.items.map { times in
                        times.items.isEmpty ? .figure(nil as ExactDecimal?) : .text(ComparisonText.marks(times))
                    })
        }
        return table.markup
    }

    private func table(of rows: [DeleveragedRows.Row]) -> HTML {
        var table = Table(
            "What deleveraged positions gave up, by run",
            [.words("Account"), .words("Position")] + names.map { .figures($0) })
        for row in rows.prefix(40) {
            table.add([.text(row.account), .text(row.position)] + row.givenUp.map { .figure($0) })
        }
        return table.markup
    }
}
