public import BreakwaterCore
internal import GRDB

/// A wish to bring money in or take it out, which a risk admin carries out or refuses.
public struct MoneyRequest: Sendable {
    public enum Direction: String, Sendable, CaseIterable {
        case deposit, withdrawal
    }

    public enum Status: String, Sendable, CaseIterable {
        case pending, done, refused
    }

    public let id: Int64
    public let account: AccountID
    public let currency: CurrencyID
    public let amount: Amount
    public let direction: Direction
    public let status: Status
    public let note: String
    public let created: Timestamp
    public let decided: Timestamp?
}

extension Identities {
    public func addRequest(
        _ direction: MoneyRequest.Direction, _ account: AccountID, _ currency: CurrencyID, _ amount: Amount,
        note: String, at time: Timestamp
    ) throws -> MoneyRequest {
        try database.write { database in
            let open = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM requests WHERE account = ? AND status = 'pending'",
                arguments: [account.raw])!
            guard open < 20 else { throw Denial(.tooMany, "No more than 20 requests of an account can be pending.") }
            try database.execute(
                sql: """
                    INSERT INTO requests (account, currency, amount, direction, status, note, created)
                    VALUES (?, ?, ?, ?, 'pending', ?, ?)
                    """,
                arguments: [account.raw, currency.raw, amount.raw, direction.rawValue, note, time.raw])
            return try Self.request(database.lastInsertedRowID, database)!
        }
    }

    /// Requests, newest first.
    ///
    /// - Parameters:
    ///   - accounts: whose; `nil` for everybody's.
    ///   - before: only those with lower numbers, to page on.
    public func requests(
        of accounts: [AccountID]?, status: MoneyRequest.Status?, before: Int64?, limit: Int
    ) throws -> [MoneyRequest] {
        try database.read { database in
            var (clauses, arguments) = (["id < ?"], StatementArguments([before ?? .max]))
            if let accounts {
                clauses.append("account IN (\(accounts.map { "\($0.raw)" }.joined(separator: ",")))")
            }
            if let status {
                clauses.append("status = ?")
                arguments += [status.rawValue]
            }
            let sql =
                "SELECT * FROM requests WHERE \(clauses.joined(separator: " AND ")) ORDER BY id DESC LIMIT \(limit)"
            return try Row.fetchAll(database, sql: sql, arguments: arguments).map(Self.request)
        }
    }

    /// Takes a pending request to be decided, so that nobody decides it twice.
    ///
    /// What becomes of it is told by `finish`, or by `putBack`; where neither comes, because everything stopped in
    /// between, it is among `unfinishedRequests` afterwards.
    ///
    /// - Parameter sequence: the number of the last command before the one that will carry it out.
    public func begin(_ id: Int64, after sequence: Int64) throws -> MoneyRequest {
        try database.write { database in
            try database.execute(
                sql: "UPDATE requests SET begun = ? WHERE id = ? AND status = 'pending' AND begun IS NULL",
                arguments: [sequence, id])
            guard database.changesCount == 1, let request = try Self.request(id, database) else {
                throw Denial(.notPending, "There is no pending request of that number.")
            }
            return request
        }
    }

    /// Notes how a request that was begun was decided.
    @discardableResult
    public func finish(_ id: Int64, _ status: MoneyRequest.Status, by actor: String, at time: Timestamp) throws
        -> MoneyRequest
    {
        try database.write { database in
            try database.execute(
                sql: "UPDATE requests SET status = ?, decided = ?, decider = ?, begun = NULL WHERE id = ?",
                arguments: [status.rawValue, time.raw, actor, id])
            return try Self.request(id, database)!
        }
    }

    /// Makes a request pending again whose money the venue did not move.
    public func putBack(_ id: Int64) throws {
        try database.write {
            try $0.execute(sql: "UPDATE requests SET begun = NULL WHERE id = ?", arguments: [id])
        }
    }

    /// Requests that were begun and neither finished nor put back, with the last command before theirs.
    public func unfinishedRequests() throws -> [(id: Int64, after: Int64)] {
        try database.read { database in
            try Row.fetchAll(database, sql: "SELECT id, begun FROM requests WHERE begun IS NOT NULL").map {
                ($0["id"], $0["begun"])
            }
        }
    }

    private static func request(_ id: Int64, _ database: Database) throws -> MoneyRequest? {
        try Row.fetchOne(database, sql: "SELECT * FROM requests WHERE id = ?", arguments: [id]).map(request)
    }

    private static func request(_ row: Row) -> MoneyRequest {
        MoneyRequest(
            id: row["id"], account: AccountID(row["account"]), currency: CurrencyID(row["currency"]),
            amount: Amount(row["amount"]), direction: .init(rawValue: row["direction"])!,
            status: .init(rawValue: row["status"])!, note: row["note"], created: Timestamp(row["created"]),
            decided: (row["decided"] as Int64?).map { Timestamp($0) })
    }
}
