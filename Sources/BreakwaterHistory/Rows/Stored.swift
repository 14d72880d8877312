internal import BreakwaterCore
internal import GRDB

/// A row of one of the tables, to and from its columns.
protocol Stored: Sendable {
    static var shape: Shape { get }
    /// Adds the values in the order of the shape's columns.
    func add(to row: Binding)
    init(_ columns: inout Columns)
}

/// A table's name and columns, and the statements that follow from them.
struct Shape: Sendable {
    let table: String
    let columns: [String]
    let insert: String
    /// The same for `together` rows at once.
    let insertTogether: String
    let replace: String
    /// `SELECT` with every column and `FROM`.
    let select: String

    /// SQLite takes far less time for a row that comes with others.
    static let together = 32

    init(_ table: String, _ columns: String...) {
        self.table = table
        self.columns = columns
        let places = "(" + columns.map { _ in "?" }.joined(separator: ", ") + ")"
        insert = "INSERT INTO \(table) VALUES \(places)"
        insertTogether =
            "INSERT INTO \(table) VALUES " + Array(repeating: places, count: Self.together).joined(separator: ", ")
        replace = "INSERT OR REPLACE INTO \(table) VALUES \(places)"
        select = "SELECT " + columns.map { "\(table).\($0)" }.joined(separator: ", ") + " FROM \(table)"
    }
}

extension Stored {
    func insert(into database: Database) throws { try store(Self.shape.insert, in: database) }

    /// Puts the row in the place of the one with its key.
    func replace(in database: Database) throws { try store(Self.shape.replace, in: database) }

    /// Inserts rows in their order.
    static func insert(_ rows: [Self], into database: Database) throws {
        var place = 0
        while rows.count - place >= Shape.together {
            let statement = try database.cachedStatement(sql: shape.insertTogether)
            try statement.run(in: database) { values in
                for row in rows[place..<place + Shape.together] { row.add(to: values) }
            }
            place += Shape.together
        }
        for row in rows[place...] { try row.insert(into: database) }
    }

    private func store(_ sql: String, in database: Database) throws {
        try database.cachedStatement(sql: sql).run(in: database, add)
    }

    /// The rows that `clauses` leave, which follow the table's name.
    static func fetch(_ clauses: String, _ arguments: [(any DatabaseValueConvertible)?], from database: Database) throws
        -> [Self]
    {
        let statement = try database.cachedStatement(sql: shape.select + " " + clauses)
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        var found: [Self] = []
        while let row = try rows.next() {
            var columns = Columns(row)
            found.append(Self(&columns))
        }
        return found
    }
}

/// Reads a row's columns one after the other.
struct Columns {
    private let row: Row
    private var next = 0

    init(_ row: Row) { self.row = row }

    private mutating func value<Value: DatabaseValueConvertible>() -> Value {
        defer { next += 1 }
        return row[next]
    }

    private mutating func optional<Value: DatabaseValueConvertible>() -> Value? {
        defer { next += 1 }
        return row[next]
    }

    mutating func integer() -> Int64 { value() }
    mutating func text() -> String { value() }
    mutating func optionalText() -> String? { optional() }
    mutating func flag() -> Bool { value() }
    mutating func optionalFlag() -> Bool? { optional() }
    mutating func event() -> EventID { EventID(raw: value()) }
    mutating func unit<Unit: UnitInteger>() -> Unit { Unit(value()) }
    mutating func optionalUnit<Unit: UnitInteger>() -> Unit? { optional().map(Unit.init) }
    mutating func id<ID: Identifier>() -> ID { ID(value() as Int32) }
    mutating func optionalID<ID: Identifier>() -> ID? { (optional() as Int32?).map { ID($0) } }
    mutating func order() -> OrderID { OrderID(value()) }
    mutating func optionalOrder() -> OrderID? { optional().map { OrderID($0) } }
    mutating func choice<Choice: RawRepresentable<String>>() -> Choice { Self.choice(value()) }
    mutating func optionalChoice<Choice: RawRepresentable<String>>() -> Choice? {
        guard let text: String = optional() else { return nil }
        return Self.choice(text)
    }

    private static func choice<Choice: RawRepresentable<String>>(_ text: String) -> Choice {
        guard let choice = Choice(rawValue: text) else { preconditionFailure("\(text) is no \(Choice.self)") }
        return choice
    }
}
