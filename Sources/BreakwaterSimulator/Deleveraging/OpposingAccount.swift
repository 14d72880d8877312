public import BreakwaterCore
public import BreakwaterTapes

/// One account on the side that would be deleveraged, as somebody recorded it.
public struct OpposingAccount: Sendable, Equatable {
    public let name: String
    /// What its position is worth at the mark, unsigned.
    public let notional: Amount
    /// Unrealised, since entry: gained (+) or lost (-).
    public let profit: Amount
    /// What the account is worth with that profit.
    public let equity: Amount
    /// As recorded, or notional over equity.
    public let leverage: ExactDecimal

    public init(name: String, notional: Amount, profit: Amount, equity: Amount, leverage: ExactDecimal) {
        self.name = name
        self.notional = notional
        self.profit = profit
        self.equity = equity
        self.leverage = leverage
    }
}

/// Reads accounts: a heading with `account`, `notional`, `pnl`, and `equity` or `leverage` or both; then a row an account.
public enum AccountsFile {
    /// More would make a page that nobody reads.
    static let most = 10_000
    private static let columns = ["account", "notional", "pnl", "leverage", "equity"]

    public static func read(_ path: String, in currency: Currency) throws(BadInput) -> [OpposingAccount] {
        try parse(try CSVTable.text(of: path), file: path, in: currency)
    }

    public static func parse(_ text: String, file: String, in currency: Currency) throws(BadInput) -> [OpposingAccount]
    {
        let table = CSVTable(text, file: file)
        try check(table.heading, file: file)
        var accounts: [OpposingAccount] = []
        var names: Set<String> = []
        for (line, cells) in try table.rows() {
            let row = Row(
                file: file, line: line, values: zip(table.heading, cells).map { ($0, $1) }, currency: currency)
            let account = try row.account()
            guard names.insert(account.name).inserted else {
                throw row.refuse("account", "each account once")
            }
            accounts.append(account)
        }
        guard (1...most).contains(accounts.count) else {
            throw BadInput(file: file, expected: "1 to \(most) accounts below the heading, not \(accounts.count)")
        }
        return accounts
    }

    private static func check(_ heading: [String], file: String) throws(BadInput) {
        for (place, name) in heading.enumerated() where !columns.contains(name) || heading[..<place].contains(name) {
            throw BadInput(
                file: file, line: 1, value: name, expected: "each of \(columns.joined(separator: ", ")) once at most")
        }
        for name in columns.prefix(3) where !heading.contains(name) {
            throw BadInput(file: file, line: 1, key: name, expected: "a column of that name in the heading")
        }
        guard heading.contains("leverage") || heading.contains("equity") else {
            throw BadInput(file: file, line: 1, key: "equity", expected: "a column of that name, or leverage")
        }
    }
}

/// One row of the file, with its place for messages.
private struct Row {
    let file: String
    let line: Int
    let values: [(key: String, value: String)]
    let currency: Currency

    private func text(_ key: String) -> String? { values.first { $0.key == key }?.value }

    func refuse(_ key: String, _ expected: String) -> BadInput {
        BadInput(file: file, line: line, key: key, value: text(key), expected: expected)
    }

    private func amount(_ key: String, _ expected: String) throws(BadInput) -> Amount {
        guard let amount = text(key).flatMap(ExactDecimal.init).flatMap(currency.amount),
            amount.magnitude.raw <= Limits.value
        else { throw refuse(key, expected) }
        return amount
    }

    func account() throws(BadInput) -> OpposingAccount {
        guard let name = text("account"), !name.isEmpty, name.utf8.count <= 64 else {
            throw refuse("account", "a name of up to 64 characters")
        }
        let notional = try amount("notional", "what the position is worth at the mark, above zero")
        guard notional > .zero else { throw refuse("notional", "what the position is worth at the mark, above zero") }
        let profit = try amount("pnl", "an amount of at most \(currency.decimals) decimals, negative for a loss")
        let leverage = try text("leverage").map { text throws(BadInput) in
            guard let leverage = ExactDecimal(text), leverage.isPositive else {
                throw refuse("leverage", "a leverage above zero")
            }
            return leverage
        }
        let equity: Amount
        if text("equity") != nil {
            equity = try amount("equity", "what the account is worth, its PnL included, above zero")
        } else {
            // notional / leverage, rounded up so that nobody comes out more leveraged than recorded.
            let (top, bottom) = (notional.wide * Self.power(leverage!.places), leverage!.digits)
            let backing = divide(top, by: bottom, .up)
            guard backing <= Int128(Limits.value) else {
                throw refuse("leverage", "a leverage with which the equity is no more than any account can have")
            }
            equity = Amount(Int64(backing))
        }
        guard equity > .zero, equity >= profit else {
            throw refuse(
                text("equity") == nil ? "leverage" : "equity",
                "an equity above zero and no less than the PnL: what backs a position is the one less the other")
        }
        return OpposingAccount(
            name: name, notional: notional, profit: profit, equity: equity,
            leverage: leverage ?? decimal(notional.wide, over: equity.wide, places: 2))
    }

    private static func power(_ places: Int) -> Int128 { (0..<places).reduce(1) { power, _ in power * 10 } }
}
