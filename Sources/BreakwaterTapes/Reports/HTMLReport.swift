import BreakwaterCore

/// The report of a tape's run as a page for people: one file, complete without script or network.
///
/// It reads the JSON report and nothing else, so that both say the same.
public struct HTMLReport {
    private let json: JSONValue
    private let title: String

    public init(_ json: JSONValue, title: String) {
        self.json = json
        self.title = title
    }

    public var text: String {
        var sections: [Page.Section] = []
        if !liquidations.isEmpty {
            sections.append(Page.Section("liquidations", "Liquidations", content: stories))
        }
        sections.append(Page.Section("accounts", "Accounts", content: wallets))
        sections.append(Page.Section("positions", "Positions", content: positions))
        sections.append(Page.Section("venue", "Venue", content: contracts + books))
        return Page(
            kind: "run", title: title, subtitle: subtitle,
            summary: "<div class=\"lead\"><p>\(summary)</p></div>\n\(tiles)", sections: sections
        ).text
    }

    private var accounts: [(key: String, value: JSONValue)] { members("accounts") }
    private var liquidations: [JSONValue] { json["liquidations"]?.items ?? [] }

    private func members(_ key: String) -> [(key: String, value: JSONValue)] { json[key]?.members ?? [] }

    private var subtitle: HTML {
        [
            "rulebook \(json["rulebook"]?.plain ?? "–")", "at \(json["time"]?.plain ?? "–")",
            "state \(json["stateHash"]?.plain ?? "–")",
        ].map { "<span>\($0)</span>" }.joined()
    }

    private var openPositions: Int { accounts.reduce(0) { $0 + ($1.value["positions"]?.members.count ?? 0) } }

    private var summary: HTML {
        let outcomes = LiquidationRecord.Outcome.allCases.compactMap { outcome -> String? in
            let count = liquidations.count { $0["outcome"]?.plain == outcome.rawValue }
            return count == 0 ? nil : "\(count.grouped) \(outcome.words)"
        }
        let liquidated: HTML =
            liquidations.isEmpty
            ? "Nobody was liquidated."
            : "<b>\(counted(liquidations.count, "liquidation"))</b>: \(outcomes.joined(separator: ", "))."
        return
            "\(liquidated) At the end \(counted(accounts.count, "account")) held \(counted(openPositions, "position"))."
    }

    private var tiles: HTML {
        var tiles = Tiles()
        tiles.add("Accounts", "\(accounts.count.grouped)")
        tiles.add("Open positions", "\(openPositions.grouped)")
        tiles.add("Liquidations", "\(liquidations.count.grouped)")
        for (currency, fund) in members("insurance") { tiles.add("Insurance fund", .figure(fund), unit: currency) }
        return tiles.markup
    }
}

/// The tables of how everything stands at the end.
extension HTMLReport {
    /// How many rows a table shows; a page is for reading, and the JSON report has them all.
    private static let mostRows = 500

    /// How many liquidations are told.
    private static let mostStories = 200

    private var stories: HTML {
        let told = liquidations.prefix(Self.mostStories).map { LiquidationStory($0).markup }.joined()
        return told + rest(of: liquidations.count, after: Self.mostStories, "liquidations")
    }

    private var wallets: HTML {
        let keys = ["balance", "available", "initialMargin", "maintenanceMargin", "equity"]
        var table = Table(
            "Wallets at the end",
            [.words("Account"), .words("Currency")]
                + ["Balance", "Available", "IM", "MM", "Equity"].map { .figures($0) } + [.figures("Buffer, %")])
        let rows = accounts.flatMap { account in
            (account.value["wallets"]?.members ?? []).map { (account.key, $0.key, $0.value) }
        }
        for (account, currency, wallet) in rows.prefix(Self.mostRows) {
            table.add([.text(account), .text(currency)] + (keys + ["buffer"]).map { .figure(wallet[$0]) })
        }
        return limited(table, rows.count, "wallets")
    }

    private var positions: HTML {
        let keys = [
            "entryPrice", "settledPrice", "markPrice", "liquidationPrice", "bankruptcyPrice", "margin", "unrealisedPnl",
            "buffer",
        ]
        let titles = ["Entry", "Settled", "Mark", "Liquidation", "Bankruptcy", "Margin", "Unrealised PnL", "Buffer, %"]
        var table = Table(
            "Positions at the end",
            [.words("Account"), .words("Position"), .figures("Size"), .words("Mode"), .figures("Leverage")]
                + titles.map { .figures($0) } + [.words("State"), .figures("ADL")])
        let rows = accounts.flatMap { account in
            (account.value["positions"]?.members ?? []).map { (account.key, $0.key, $0.value) }
        }
        for (account, name, position) in rows.prefix(Self.mostRows) {
            table.add(
                [.text(account), .text(name), .figure(position["size"]), .text(position["mode"]?.plain ?? "–")]
                    + [.text((position["leverage"]?.plain ?? "–") + "x")] + keys.map { .figure(position[$0]) }
                    + [.text((position["state"]?.plain ?? "–").words), .figure(position["adlRank"])])
        }
        return limited(table, rows.count, "positions")
    }

    private func limited(_ table: Table, _ rows: Int, _ things: String) -> HTML {
        if rows == 0 { return "<p class=\"introduction\">There are no \(things).</p>\n" }
        return table.markup + rest(of: rows, after: Self.mostRows, things)
    }

    /// A sentence on what is left out, if anything is.
    private func rest(of all: Int, after shown: Int, _ things: String) -> HTML {
        guard all > shown else { return .none }
        return """
            <p class="introduction">The first \(shown.grouped) of \(all.grouped) \(things); the JSON report has all.</p>

            """
    }

    private var contracts: HTML {
        var table = Table(
            "Contracts at the end",
            [.words("Contract"), .figures("Mark"), .figures("Index"), .figures("Last"), .figures("Open interest")])
        for (symbol, contract) in members("contracts") {
            table.add([.text(symbol)] + ["mark", "index", "last", "openInterest"].map { .figure(contract[$0]) })
        }
        return table.isEmpty ? .none : Figure("Contracts", content: table.markup).markup
    }

    private var books: HTML {
        var table = Table(
            "Money by currency",
            [
                .words("Currency"), .figures("Insurance fund"), .figures("Fees earned"), .figures("Money in"),
                .figures("Money held"), .figures("Difference"),
            ])
        for (currency, books) in members("conservation") {
            table.add(
                [.text(currency), .figure(json["insurance"]?[currency]), .figure(json["fees"]?[currency])]
                    + ["in", "held", "difference"].map { .figure(books[$0]) })
        }
        let caption: HTML =
            "What came in less what went out is what is held: the difference is zero after every command."
        return table.isEmpty ? .none : Figure("Money", caption: caption, content: table.markup).markup
    }
}
