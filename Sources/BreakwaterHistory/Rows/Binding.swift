internal import GRDB
internal import GRDBSQLite

/// Binds a statement's values one after the other, without a detour: half of the time that folding a trade takes is
/// binding.
@safe final class Binding {
    private let statement: SQLiteStatement
    private var place: Int32 = 0
    /// SQLite's first complaint.
    fileprivate private(set) var code = SQLITE_OK

    fileprivate init(_ statement: SQLiteStatement) { unsafe self.statement = statement }

    @discardableResult
    func add(_ value: Int64) -> Binding { unsafe note(sqlite3_bind_int64(statement, next(), value)) }

    @discardableResult
    func add(_ text: String) -> Binding {
        // SQLite copies the text before this returns.
        let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        return unsafe note(sqlite3_bind_text(statement, next(), text, Int32(text.utf8.count), copied))
    }

    @discardableResult
    func add(_ value: Int32) -> Binding { add(Int64(value)) }

    @discardableResult
    func add(_ flag: Bool) -> Binding { add(flag ? 1 as Int64 : 0) }

    @discardableResult
    func add(_ value: Int64?) -> Binding { value.map { add($0) } ?? addNull() }

    @discardableResult
    func add(_ value: Int32?) -> Binding { value.map { add($0) } ?? addNull() }

    @discardableResult
    func add(_ flag: Bool?) -> Binding { flag.map { add($0) } ?? addNull() }

    @discardableResult
    func add(_ text: String?) -> Binding { text.map { add($0) } ?? addNull() }

    private func addNull() -> Binding { unsafe note(sqlite3_bind_null(statement, next())) }

    private func next() -> Int32 {
        place += 1
        return place
    }

    private func note(_ code: Int32) -> Binding {
        if self.code == SQLITE_OK { self.code = code }
        return self
    }
}

extension Statement {
    /// Runs a statement that returns no rows with the values that `add` adds.
    func run(in database: Database, _ add: (Binding) -> Void) throws {
        let statement = unsafe sqliteStatement
        unsafe sqlite3_reset(statement)
        let binding = unsafe Binding(statement)
        add(binding)
        guard binding.code == SQLITE_OK else {
            throw DatabaseError(resultCode: ResultCode(rawValue: binding.code), sql: sql)
        }
        let code = unsafe sqlite3_step(statement)
        // So that nothing of the statement is left open when the transaction ends.
        unsafe sqlite3_reset(statement)
        guard code == SQLITE_DONE else {
            let message = unsafe database.sqliteConnection.map { unsafe String(cString: sqlite3_errmsg($0)) }
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: sql)
        }
    }
}
