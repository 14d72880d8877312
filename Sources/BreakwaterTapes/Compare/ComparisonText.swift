import BreakwaterCore

/// The comparison for people at a terminal: figures down, runs across, and bars for the totals.
public struct ComparisonText {
    private let json: JSONValue
    private let runs: [JSONValue]
    private let names: [String]

    public init(_ json: JSONValue) {
        self.json = json
        runs = json["runs"]!.items
        names = runs.map { $0["name"]!.plain }
    }

    public var text: String {
        let currencies = runs.first?["currencies"]?.members.map(\.key) ?? []
        var parts = [json["subject"]!.plain]
        for currency in currencies {
            parts.append(table(of: currency))
            parts.append(bars("loss in all", ["loss", "total"], currency))
            parts.append(bars("notional of positions lost", ["notional"], currency))
        }
        parts += [liquidated, deleveraged].compactMap(\.self)
        return parts.joined(separator: "\n\n")
    }

    private func table(of currency: String) -> String {
        var table = TextTable([currency] + names, numbersFrom: 1)
        for (path, name) in ComparisonFigure.all {
            table.add([name] + runs.map { ($0["currencies"]![currency] ?? .null)[path: path].grouped })
        }
        table.add(["refused commands"] + runs.map { $0["refusedCommands"]!.grouped })
        table.add(["state"] + runs.map { $0["stateHash"]!.plain })
        return table.text
    }

    private func bars(_ title: String, _ path: [String], _ currency: String) -> String {
        let rows = zip(names, runs).map { name, run in
            (name, ExactDecimal((run["currencies"]![currency] ?? .null)[path: path].plain) ?? ExactDecimal(digits: 0))
        }
        return "\(title), \(currency)\n" + TerminalBars.text(rows)
    }

    /// Whom each run liquidated, and at which mark.
    private var liquidated: String? {
        let rows = json["liquidated"]!.items
        guard !rows.isEmpty else { return nil }
        var table = TextTable(["liquidated at mark", "position"] + names, numbersFrom: 2)
        for row in rows {
            table.add([row["account"]!.plain, row["position"]!.plain] + row["byRun"]!.items.map(Self.marks))
        }
        return table.text
    }

    /// The marks of one position's liquidations in one run; `saved` where it lived on.
    static func marks(_ times: JSONValue) -> String {
        let marks = times.items.map { $0["mark"]!.plain + ($0["outcome"] == "saved" ? " saved" : "") }
        if marks.isEmpty { return "-" }
        return marks.prefix(3).joined(separator: ", ") + (marks.count > 3 ? " and \(marks.count - 3) more" : "")
    }

    /// Who gave up how much, those who gave up most in any run first.
    private var deleveraged: String? {
        let rows = DeleveragedRows(runs).rows
        guard !rows.isEmpty else { return nil }
        var table = TextTable(["given up by", "position"] + names, numbersFrom: 2)
        for row in rows.prefix(20) {
            table.add([row.account, row.position] + row.givenUp.map { $0.map(\.grouped) ?? "-" })
        }
        return table.text + (rows.count > 20 ? "\n… and \(rows.count - 20) more, in --json" : "")
    }
}

/// Deleveraged positions across runs.
struct DeleveragedRows {
    struct Row {
        let account: String
        let position: String
        /// By run; `nil` where it was not deleveraged, or was not among those named.
        var givenUp: [ExactDecimal?]
    }

    private(set) var rows: [Row] = []

    init(_ runs: [JSONValue]) {
        var places: [String: Int] = [:]
        for (number, run) in runs.enumerated() {
            for item in run["deleveraged"]!.items {
                let (account, position) = (item["account"]!.plain, item["position"]!.plain)
                let name = account + " " + position
                if places[name] == nil {
                    places[name] = rows.count
                    rows.append(
                        Row(account: account, position: position, givenUp: runs.map { _ in nil }))
                }
                rows[places[name]!].givenUp[number] = ExactDecimal(item["givenUp"]!.plain)
            }
        }
        rows = rows.enumerated().sorted {
            let (a, b) = (Self.most($0.element), Self.most($1.element))
            return a != b ? a > b : $0.offset < $1.offset
        }.map(\.element)
    }

    private static func most(_ row: Row) -> ExactDecimal {
        row.givenUp.compactMap(\.self).max() ?? ExactDecimal(digits: 0)
    }
}

/// Horizontal bars of blocks, all on one scale; amounts at or below zero have none.
enum TerminalBars {
    static func text(_ rows: [(name: String, amount: ExactDecimal)], width: Int = 40) -> String {
        let places = rows.map(\.amount.places).max() ?? 0
        let amounts = rows.map { $0.amount.scaled(toPlaces: places) ?? 0 }
        let (longest, room) = (amounts.max() ?? 0, rows.map(\.name.count).max() ?? 0)
        return zip(rows, amounts).map { row, amount in
            let eighths =
                longest > 0 && amount > 0 ? Int(divide(amount * Int128(width * 8), by: longest, .up)) : 0
            let partial = eighths % 8 == 0 ? "" : String("▏▎▍▌▋▊▉"[eighths % 8 - 1])
            let bar = String(repeating: "█", count: eighths / 8) + partial
            let label = row.name + String(repeating: " ", count: room - row.name.count)
            return "  \(label)  \(bar)\(bar.isEmpty ? "" : " ")\(row.amount.grouped)"
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate subscript(offset: Int) -> Character { self[index(startIndex, offsetBy: offset)] }
}

extension JSONValue {
    /// Numbers in groups of three digits, everything else as a table shows it.
    var grouped: String { ExactDecimal(plain)?.grouped ?? plain }
}
