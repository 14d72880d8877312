import BreakwaterCore
import BreakwaterTapes

/// The same as one self-contained page.
extension DeleveragingReport {
    public var html: String {
        let side = event.liquidatesLongs ? "long" : "short"
        return Page(
            kind: "deleveraging",
            title: "Who pays for a deficit of \(grouped(money(event.deficit))) \(currency.name)",
            subtitle: """
                <span>\(counted(event.accounts.count, "account"))</span><span>a bankrupt \(side) of \
                \(.money(money(event.notional), currency.name))</span><span>\(event.source)</span>
                """,
            summary: lead,
            sections: [
                Page.Section(
                    "haircuts", "Haircuts",
                    """
                    What each account gave up of its profit, those with the largest profit first. Every policy covers the same \
                    deficit with the same closing; they differ in whom they ask.
                    """, content: charts),
                Page.Section(
                    "figures", "Figures",
                    """
                    Gini's coefficient is 0 where everybody with a profit gives the same share of it and near 1 where one gives \
                    all. Rank correlations are Spearman's: 1 where the haircut rises with the leverage or profit, -1 where it falls.
                    """, content: table),
                Page.Section(
                    "accounts", "Accounts", "Those of which most was taken under any policy.", content: accounts),
                Page.Section("event", "The event", content: facts),
            ]
        ).text
    }

    /// Which policy asked fewest and which spread it most evenly.
    private var lead: HTML {
        let named = zip(trials.map(\.policy.rawValue), figures).map { (name: $0, figures: $1) }
        guard let few = named.min(by: { $0.figures.touched < $1.figures.touched }),
            let many = named.max(by: { $0.figures.touched < $1.figures.touched })
        else { return .none }
        let span: HTML =
            few.figures.touched == many.figures.touched
            ? "<p><b>Every policy touches \(counted(few.figures.touched, "account")).</b></p>"
            : """
            <p><b>\(few.name) touches \(counted(few.figures.touched, "account"))</b>, \(many.name) \
            \(many.figures.touched.grouped); \(figures[0].fewest.grouped) would do.</p>
            """
        let even = named.filter { $0.figures.gini != nil }
        guard let flat = even.min(by: { $0.figures.gini! < $1.figures.gini! }), even.count > 1 else {
            return "<div class=\"lead\">\(span)</div>"
        }
        return """
            <div class="lead">\(span)<p>\(flat.name) spreads it most evenly: shared by all profits alike it would be \
            \(percent(flat.figures.evenHaircut)) of each, and its largest haircut is \
            \(percent(flat.figures.largestHaircut)).</p></div>
            """
    }

    private func percent(_ billionths: Int128) -> String {
        let value = decimal(billionths * 100, over: DeleveragingFigures.billion, places: 2)
        return "\(value) %"
    }

    private var table: HTML {
        var table = Table("Figures by policy", [.words(currency.name)] + trials.map { .figures($0.policy.rawValue) })
        let columns = trials.indices.map(rows)
        for row in columns[0].indices {
            table.add([.text(columns[0][row].name)] + columns.map { .figure($0[row].value) })
        }
        table.add([.text("state")] + trials.map { .markup("<code>\($0.stateHash)</code>") })
        return table.markup
    }

    /// Accounts in groups that a chart can show, those with the largest profit first.
    private var groups: [[Int]] {
        let order = event.accounts.indices.sorted {
            let (a, b) = (event.accounts[$0].profit, event.accounts[$1].profit)
            return a != b ? a > b : $0 < $1
        }
        let count = min(order.count, 120)
        return (0..<count).map { group in
            Array(order[group * order.count / count..<(group + 1) * order.count / count])
        }
    }

    /// The share that a group gave up of its profits in all, in billionths.
    private func haircut(_ group: [Int], _ trial: DeleveragingTrial) -> Int128 {
        let profit = group.reduce(Int128(0)) { $0 + max(0, event.accounts[$1].profit.wide) }
        let forgone = group.reduce(Int128(0)) { $0 + trial.outcomes[$1].forgone.wide }
        return profit > 0 ? divide(forgone * DeleveragingFigures.billion, by: profit, .nearest) : 0
    }

    private static let crosshair = "accounts"

    private var charts: HTML {
        let groups = groups
        let haircuts = trials.map { trial in groups.map { haircut($0, trial) } }
        let quarter = DeleveragingFigures.billion / 4
        let highest = haircuts.joined().max() ?? 0
        // Whole quarters, one at least, on one scale for all.
        let top = max(1, divide(highest, by: quarter, .up)) * quarter
        let plots = trials.indices.map { place -> HTML in
            let figures = figures[place]
            return Figure(
                trials[place].policy.rawValue, unit: "haircut, %", keys: [],
                caption: """
                    \(counted(figures.touched, "account")) touched, largest haircut \(percent(figures.largestHaircut)), the top \
                    ten bear \(percent(figures.topTenShare)), Gini \(.figure(.decimal(figures.gini))).
                    """, content: plot(haircuts[place], top: top, trials[place].policy.rawValue)
            ).markup
        }
        return plots.joined() + data(groups).markup
    }

    private func plot(_ haircuts: [Int128], top: Int128, _ name: String) -> HTML {
        let height = 120.0
        let width = 1000 / Double(haircuts.count)
        let bars = haircuts.enumerated().filter { $0.element > 0 }.map { place, haircut -> HTML in
            let length = max(1, Double(haircut) / Double(top) * height)
            return """
                <rect class="bar deleveraged" x="\(Double(place) * width)" y="\(height - length)" \
                width="\(max(0.1, width - min(1, width / 5)))" height="\(length)"/>

                """
        }
        let steps = top / (DeleveragingFigures.billion / 4)
        let lines = (0...4).filter { steps % 4 == 0 || $0 % 4 == 0 }.map { part -> HTML in
            let y = height - Double(part) / 4 * height
            return """
                <line class="grid\(part == 0 ? " zero" : "")" x1="0" x2="100%" y1="\(y)" y2="\(y)"/>\
                <text class="value" x="-8" y="\(y + 4)">\("\(decimal(top * Int128(part) * 25, over: DeleveragingFigures.billion, places: 2))")</text>

                """
        }
        return """
            <div class="plot" data-crosshair="\(Self.crosshair)">
            <svg role="img" aria-label="Haircuts under \(name), largest profit first" width="100%" height="\(height + 22)">
            \(lines.joined())\
            <svg viewBox="0 0 1000 \(height)" width="100%" height="\(height)" preserveAspectRatio="none">
            \(bars.joined())</svg>
            <text class="first" x="0" y="\(height + 17)">largest profit</text>\
            <text class="last" x="100%" y="\(height + 17)">smallest, then losses</text>
            </svg>
            </div>

            """
    }

    private func data(_ groups: [[Int]]) -> CrosshairData {
        var data = CrosshairData(
            Self.crosshair,
            rows: [("Profit", nil), ("Leverage", nil)] + trials.map { ($0.policy.rawValue, .deleveraged) })
        for group in groups {
            let accounts = group.map { event.accounts[$0] }
            let title =
                accounts.count == 1
                ? accounts[0].name : "\(counted(accounts.count, "account")) from \(accounts[0].name)"
            let profit = accounts.reduce(Int128(0)) { $0 + $1.profit.wide }
            let notional = accounts.reduce(Int128(0)) { $0 + $1.notional.wide }
            let equity = accounts.reduce(Int128(0)) { $0 + $1.equity.wide }
            let leverage = accounts.count == 1 ? accounts[0].leverage : decimal(notional, over: equity, places: 2)
            data.add(
                title,
                [currency.decimal(profit).grouped, "\(leverage)x"]
                    + trials.map { trial in
                        let forgone = group.reduce(Int128(0)) { $0 + trial.outcomes[$1].forgone.wide }
                        return forgone == 0
                            ? "nothing" : "\(percent(haircut(group, trial))), \(currency.decimal(forgone).grouped)"
                    })
        }
        return data
    }

    private var accounts: HTML {
        var table = Table(
            "Accounts by what they gave up",
            [.words("Account"), .figures("Notional"), .figures("PnL"), .figures("Leverage"), .figures("Equity")]
                + trials.map { .figures($0.policy.rawValue) })
        let most = event.accounts.indices.map { place in
            (place: place, most: trials.map(\.outcomes[place].forgone).max() ?? .zero)
        }
        let ranked = most.filter { $0.most > .zero }.sorted {
            $0.most != $1.most ? $0.most > $1.most : $0.place < $1.place
        }
        for (place, _) in ranked.prefix(60) {
            let account = event.accounts[place]
            table.add(
                [
                    .text(account.name), .figure(currency.decimal(account.notional)),
                    .figure(currency.decimal(account.profit)), .figure(account.leverage),
                    .figure(currency.decimal(account.equity)),
                ]
                    + trials.map { trial in
                        let forgone = trial.outcomes[place].forgone
                        return .figure(forgone == .zero ? nil : currency.decimal(forgone))
                    })
        }
        return table.isEmpty ? "<p>Nobody gave anything up.</p>" : table.markup
    }

    private var facts: HTML {
        var facts = Facts()
        facts.add(
            "Accounts",
            "\(event.accounts.count.grouped), holding \(.money(.decimal(currency.decimal(held)), currency.name))")
        facts.add("Profit among them", .money(money(profit), currency.name))
        facts.add(
            "Liquidated",
            "a \(event.liquidatesLongs ? "long" : "short") worth \(.money(money(event.notional), currency.name)) at the mark"
        )
        facts.add("Deficit", .money(money(event.deficit), currency.name))
        facts.add(
            "How",
            """
            Every account is a real one in a real exchange; the bankrupt one is taken over by the liquidation engine and \
            closed against the others at its bankruptcy price, which is all that the rulebook \
            \(event.venue.rulebook.name) knows, once for each policy.
            """)
        let books = trials.map(\.conservation.difference).allSatisfy { $0 == 0 }
        facts.add(
            "Books",
            "<span class=\"\(books ? "check" : "alarm")\">\(books ? "conserved to the last unit" : "not conserved")</span>"
        )
        return facts.markup(madeBy: "\(command)") + files.markup
    }
}
