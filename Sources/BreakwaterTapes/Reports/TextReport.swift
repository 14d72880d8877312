import BreakwaterCore

/// The report for people at a terminal.
public struct TextReport {
    private let json: JSONValue
    private let refusals: [String]
    private let file: String

    /// - Parameter refusals: the sentences of refused commands, each with its place.
    public init(_ json: JSONValue, refusals: [String], file: String) {
        self.json = json
        self.refusals = refusals
        self.file = file
    }

    public var text: String {
        [header, wallets, positions, liquidations, venue, refused].compactMap(\.self).joined(separator: "\n\n")
    }

    private var header: String {
        "\(file) under rulebook \(json["rulebook"]!.plain), at \(json["time"]!.plain), state \(json["stateHash"]!.plain)"
    }

    private var wallets: String? {
        var table = TextTable(
            ["account", "currency", "balance", "available", "IM", "MM", "equity", "buffer %"], numbersFrom: 2)
        for account in json["accounts"]!.members {
            for wallet in account.value["wallets"]!.members {
                let keys = ["balance", "available", "initialMargin", "maintenanceMargin", "equity", "buffer"]
                table.add([account.key, wallet.key] + keys.map { wallet.value[$0]!.cell })
            }
        }
        return table.isEmpty ? nil : table.text
    }

    private var positions: String? {
        let keys = [
            "size", "mode", "leverage", "entryPrice", "settledPrice", "markPrice", "liquidationPrice",
            "bankruptcyPrice",
            "margin", "unrealisedPnl", "buffer", "state", "adlRank",
        ]
        var table = TextTable(
            [
                "account", "position", "size", "mode", "leverage", "entry", "settled", "mark", "liquidation",
                "bankruptcy",
                "margin", "unrealised", "buffer %", "state", "ADL",
            ], numbersFrom: 2)
        for account in json["accounts"]!.members {
            for position in account.value["positions"]!.members {
                table.add([account.key, position.key] + keys.map { position.value[$0]!.cell })
            }
        }
        return table.isEmpty ? nil : table.text
    }

    /// Who bore anything in any liquidation; those who always may, in any case.
    private var bearers: [String] {
        let records = json["liquidations"]!.items
        return ["trader", "fund", "providers", "deleveraged", "clawedBack", "venue"].filter { bearer in
            ["trader", "fund", "deleveraged"].contains(bearer)
                || records.contains { $0["loss"]![bearer]!.plain != "0" }
        }
    }

    private var liquidations: String? {
        var table = TextTable(
            ["liquidation", "account", "position", "time", "mark", "size", "outcome"] + bearers.map(\.words),
            numbersFrom: 4)
        for record in json["liquidations"]!.items {
            table.add(
                ["id", "account", "position", "time", "mark", "size", "outcome"].map { record[$0]!.cell }
                    + bearers.map { record["loss"]![$0]!.cell })
        }
        return table.isEmpty ? nil : table.text
    }

    private var venue: String {
        var lines: [String] = []
        for contract in json["contracts"]!.members {
            lines.append(
                "\(contract.key): "
                    + contract.value.members.map { "\($0.key) \($0.value.cell)" }.joined(separator: ", "))
        }
        for books in json["conservation"]!.members {
            let fund = json["insurance"]![books.key]!.cell
            lines.append(
                "\(books.key): insurance fund \(fund), in \(books.value["in"]!.cell), held \(books.value["held"]!.cell), "
                    + "difference \(books.value["difference"]!.cell)")
        }
        return lines.joined(separator: "\n")
    }

    private var refused: String? {
        guard !refusals.isEmpty else { return nil }
        let more = refusals.count > 20 ? ["… and \(refusals.count - 20) more"] : []
        return (refusals.prefix(20) + more).joined(separator: "\n")
    }
}

extension JSONValue {
    public var members: [(key: String, value: JSONValue)] {
        if case .object(let members) = self { members } else { [] }
    }
    public var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }

    /// As a table shows it: bare text, a dash for null.
    public var plain: String { cell }

    var cell: String {
        switch self {
        case .null: "-"
        case .string(let text): text
        case .bool, .integer, .array, .object: text(pretty: false)
        }
    }
}

/// Columns that line up: words to the left, numbers to the right.
public struct TextTable {
    private var rows: [[String]]
    private let numbersFrom: Int

    public init(_ titles: [String], numbersFrom: Int) {
        rows = [titles]
        self.numbersFrom = numbersFrom
    }

    public var isEmpty: Bool { rows.count == 1 }

    public mutating func add(_ row: [String]) { rows.append(row) }

    public var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column < numbersFrom ? cell + space : space + cell
            }.joined(separator: "  ").trimmedEnd
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
