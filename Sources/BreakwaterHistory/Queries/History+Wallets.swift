public import BreakwaterCore
internal import GRDB

/// Money: every movement of a wallet with its cause.
extension History {
    /// An account's lines in one currency or all, those of funding worked out from the sizes its positions had.
    ///
    /// All lines of a wallet add up to its balance when its positions were last told of; `settlement(of:)` gives what
    /// marks have added since.
    public func walletLines(
        of account: AccountID, in currency: CurrencyID? = nil, contract: ContractID? = nil,
        causes: Set<WalletLine.Cause> = Set(WalletLine.Cause.allCases), page: Page = .newest
    ) async throws -> [WalletLine] {
        try await database.read { database in
            var lines: [WalletLine] = []
            if causes != [.funding] {
                var selection = Selection()
                selection.match("account", account.raw)
                selection.match("currency", currency?.raw)
                selection.match("contract", contract?.raw)
                let names = causes.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
                selection.require("cause IN (\(names))")
                try selection.turn(to: page, tie: "cause", in: database)
                lines = try WalletLine.fetch(selection.clauses, selection.arguments, from: database)
            }
            if causes.contains(.funding) {
                lines += try Self.fundingLines(of: account, in: currency, contract, page, from: database)
                lines.sort { page.isDescending ? $0.rank > $1.rank : $0.rank < $1.rank }
            }
            return lines.count > page.limit ? Array(lines.prefix(page.limit)) : lines
        }
    }

    /// What each payment of funding took from an account, or gave it.
    private static func fundingLines(
        of account: AccountID, in currency: CurrencyID?, _ contract: ContractID?, _ page: Page, from database: Database
    ) throws -> [WalletLine] {
        var selection = Selection()
        selection.match("holdings.account", account.raw)
        selection.match("contracts.settle", currency?.raw)
        selection.match("holdings.contract", contract?.raw)
        selection.require("positions.size * funding.per_lot <> 0")
        try selection.turn(
            to: page, by: "funding.id", time: "funding.time", tie: "holdings.position_side", in: database)
        let rows = try Row.fetchCursor(
            database.cachedStatement(sql: fundingLines + selection.clauses),
            arguments: StatementArguments(selection.arguments))
        var lines: [WalletLine] = []
        while let row = try rows.next() {
            var columns = Columns(row)
            let line = WalletLine(
                columns.event(), account, columns.id(), .funding, columns.unit(), at: columns.unit(),
                of: columns.id(), columns.choice())
            lines.append(line)
        }
        return lines
    }

    /// Payments beside the size each position had when they came.
    private static let fundingLines = """
        SELECT funding.id, contracts.settle, -funding.per_lot * positions.size, funding.time, funding.contract,
            holdings.position_side
        FROM holdings
        JOIN contracts ON contracts.id = holdings.contract
        JOIN funding ON funding.contract = holdings.contract
        JOIN positions ON positions.id = (
            SELECT max(p.id) FROM positions AS p
            WHERE p.account = holdings.account AND p.contract = holdings.contract
                AND p.position_side = holdings.position_side AND p.id < funding.id
        )

        """

    /// What a wallet's lines add up to: its balance when a position was last told with it, and the lines since.
    ///
    /// - Parameter sequence: the number of the last command that counts; `nil` for all that the tables hold.
    public func balance(
        of account: AccountID, in currency: CurrencyID, through sequence: Int64? = nil
    ) async throws -> Amount {
        let end = sequence.map { EventID($0 + 1).raw } ?? .max
        return try await database.read { database in
            let told = try Self.lastTold(of: account, in: currency, before: end, from: database)
            let last = try told.flatMap { try PositionRecord.fetch("WHERE id = ?", [$0], from: database).first }
            let since = last?.id.raw ?? -1
            let moved = try Int64.fetchOne(
                database,
                sql: "SELECT sum(amount) FROM wallet_lines WHERE account = ? AND currency = ? AND id > ? AND id < ?",
                arguments: [account.raw, currency.raw, since, end])
            let page = Page(after: since, before: end, limit: .max)
            let funding = try Self.fundingLines(of: account, in: currency, nil, page, from: database)
            return funding.reduce((last?.balance ?? .zero) + Amount(moved ?? 0)) { $0 + $1.amount }
        }
    }

    /// The last event before `end` that told a wallet's balance, with one of its positions.
    private static func lastTold(
        of account: AccountID, in currency: CurrencyID, before end: Int64, from database: Database
    ) throws -> Int64? {
        let newest = try Int64.fetchOne(
            database,
            sql: """
                SELECT max(last) FROM holdings JOIN contracts ON contracts.id = holdings.contract
                WHERE account = ? AND settle = ?
                """, arguments: [account.raw, currency.raw])
        // Nearly always: only commands that came in while somebody asked are looked behind.
        guard let newest, newest >= end else { return newest }
        return try Int64.fetchOne(
            database,
            sql: """
                SELECT max(positions.id) FROM positions JOIN contracts ON contracts.id = positions.contract
                WHERE positions.account = ? AND settle = ? AND positions.id < ?
                """, arguments: [account.raw, currency.raw, end])
    }

    /// The line that is missing to a wallet's present balance: what was realised at mark since its positions were last
    /// told of. `nil` where nothing is missing.
    ///
    /// - Parameters:
    ///   - present: the balance that the exchange states.
    ///   - sequence: the number of the command after which it stated it, up to which the history has caught up.
    public func settlement(
        of account: AccountID, in currency: CurrencyID, present: Amount, after sequence: Int64, at time: Timestamp
    ) async throws -> WalletLine? {
        let rest = present - (try await balance(of: account, in: currency, through: sequence))
        return rest == .zero
            ? nil : WalletLine(EventID(sequence + 1), account, currency, .settlement, rest, at: time)
    }
}

extension WalletLine {
    /// The order of lines, those of one event included.
    fileprivate var rank: (Int64, String, String) { (id.raw, cause.rawValue, positionSide?.rawValue ?? "") }
}
