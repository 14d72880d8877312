public import BreakwaterCore
internal import GRDB

/// Which part of a list is asked for.
///
/// ```swift
/// let last = try await history.fills(of: account, page: Page(limit: 50))
/// let older = try await history.fills(of: account, page: Page(before: last.last?.id.raw, limit: 50))
/// ```
public struct Page: Sendable {
    /// The first and last moment, both included.
    public var from: Timestamp?
    public var until: Timestamp?
    /// The number of a row that those asked for come after, or before: of its event, order or liquidation.
    public var after: Int64?
    public var before: Int64?
    public var limit: Int
    /// Newest first; otherwise oldest first.
    public var isDescending: Bool

    public init(
        from: Timestamp? = nil, until: Timestamp? = nil, after: Int64? = nil, before: Int64? = nil, limit: Int = 500,
        isDescending: Bool = true
    ) {
        self.from = from
        self.until = until
        self.after = after
        self.before = before
        self.limit = limit
        self.isDescending = isDescending
    }

    public static let newest = Page()
    public static let all = Page(limit: .max, isDescending: false)
}

/// The conditions of one query.
struct Selection {
    private(set) var conditions: [String] = []
    private(set) var arguments: [(any DatabaseValueConvertible)?] = []
    private var order = ""

    /// What rows are numbered by.
    enum Numbering {
        case event
        /// By the sequence number of the command.
        case order
        /// By another number, in which no time can be looked up.
        case own
    }

    mutating func require(_ condition: String, _ values: (any DatabaseValueConvertible)?...) {
        conditions.append(condition)
        arguments += values
    }

    /// Only rows whose `column` is `value`, where there is one.
    mutating func match(_ column: String, _ value: (some DatabaseValueConvertible)?) {
        if let value { require("\(column) = ?", value) }
    }

    /// Only what the page holds; times are looked up in the minutes' first events, so that no others are read.
    ///
    /// - Parameter tie: what decides between rows of one event.
    mutating func turn(
        to page: Page, by id: String = "id", _ numbering: Numbering = .event, time: String = "time",
        tie: String? = nil, in database: Database
    ) throws {
        if let after = page.after { require("\(id) > ?", after) }
        if let before = page.before { require("\(id) < ?", before) }
        if let from = page.from {
            require("\(time) >= ?", from.raw)
            let first = try Self.event(database, "start <= ? ORDER BY start DESC", from)
            bound(id, ">=", first, numbering)
        }
        if let until = page.until {
            require("\(time) <= ?", until.raw)
            let next = try Self.event(database, "start > ? ORDER BY start", until)
            bound(id, "<=", next, numbering)
        }
        let order = [id, tie].compactMap { $0 }.map { "\($0) \(page.isDescending ? "DESC" : "ASC")" }
        finish(" ORDER BY \(order.joined(separator: ", ")) LIMIT ?", max(0, page.limit))
    }

    /// Sets what follows the conditions, which are complete then.
    mutating func finish(_ order: String, _ limit: Int) {
        self.order = order
        arguments.append(limit)
    }

    private mutating func bound(_ id: String, _ comparison: String, _ event: EventID?, _ numbering: Numbering) {
        guard let event else { return }
        let bound: Int64? =
            switch numbering {
            case .event: event.raw
            case .order: event.sequence
            case .own: nil
            }
        guard let bound else { return }
        require("\(id) \(comparison) ?", bound)
    }

    private static func event(_ database: Database, _ clauses: String, _ time: Timestamp) throws -> EventID? {
        let statement = try database.cachedStatement(sql: "SELECT id FROM minutes WHERE \(clauses) LIMIT 1")
        return try Int64.fetchOne(statement, arguments: [time.raw]).map { EventID(raw: $0) }
    }

    var clauses: String {
        (conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")) + order
    }
}

extension History {
    /// The rows that a selection leaves.
    func rows<Row: Stored>(
        _ type: Row.Type, _ select: @escaping @Sendable (inout Selection, Database) throws -> Void
    ) async throws -> [Row] {
        try await database.read { database in
            var selection = Selection()
            try select(&selection, database)
            return try Row.fetch(selection.clauses, selection.arguments, from: database)
        }
    }
}
