public import BreakwaterCore
internal import Foundation
internal import GRDB
internal import Synchronization

/// People: signing up, their passwords, roles and accounts.
extension Identities {
    /// Checks what somebody wants to be called and to sign in with.
    public static func check(name: String, password: String) throws(Denial) {
        let letters = name.utf8.allSatisfy {
            (48...57).contains($0) || (97...122).contains($0) || (65...90).contains($0) || $0 == 95 || $0 == 45
        }
        guard letters, (3...32).contains(name.utf8.count) else {
            throw Denial(.badName, "A name has 3 to 32 letters, digits, - or _.")
        }
        guard (10...200).contains(password.utf8.count) else {
            throw Denial(.weakPassword, "A password has 10 to 200 characters.")
        }
    }

    /// Adds a user who owns an account that the venue has opened.
    ///
    /// - Parameters:
    ///   - password: without one nobody can sign in; keys can still be made, as for the venue's own bots.
    ///   - token: the administrator's, which is used up where the user is added, and only there.
    @discardableResult
    public func addUser(
        _ name: String, password: String?, role: Role, account: AccountID, claiming token: String? = nil,
        at time: Timestamp
    ) throws -> Int64 {
        let hash = try password.map { try PasswordHash(of: $0) }
        return try database.write { database in
            let taken = try Bool.fetchOne(database, sql: "SELECT 1 FROM users WHERE name = ?", arguments: [name])
            guard taken == nil else { throw Denial(.nameTaken, "The name \(name) is taken already.") }
            try database.execute(
                sql: "INSERT INTO users (name, role, salt, hash, rounds, created) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [name, role.rawValue, hash?.salt, hash?.hash, hash?.rounds, time.raw])
            let user = database.lastInsertedRowID
            try Self.add(account, name, to: user, database)
            if let token { try Self.useAdminToken(token, database) }
            return user
        }
    }

    /// Adds an account to those of a user.
    public func addAccount(_ account: AccountID, name: String, to user: Int64) throws {
        try database.write { database in
            try Self.add(account, name, to: user, database)
            forget(user: user)
        }
    }

    private static func add(_ account: AccountID, _ name: String, to user: Int64, _ database: Database) throws {
        let owned = try Bool.fetchOne(
            database, sql: "SELECT 1 FROM accounts WHERE account = ? OR name = ?", arguments: [account.raw, name])
        guard owned == nil else { throw Denial(.nameTaken, "The name \(name) is taken already.") }
        try database.execute(sql: "INSERT INTO accounts VALUES (?, ?, ?)", arguments: [account.raw, user, name])
    }

    /// Gives a user another role. Its sessions end; its keys can do from now on what both its role and theirs allow.
    public func setRole(of user: Int64, to role: Role) throws {
        try database.write { database in
            try database.execute(sql: "UPDATE users SET role = ? WHERE id = ?", arguments: [role.rawValue, user])
            try database.execute(sql: "DELETE FROM sessions WHERE user = ?", arguments: [user])
            forget(user: user)
        }
        tell(Revocation(user: user, actor: nil))
    }

    public func user(named name: String) throws -> User? {
        try database.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM users WHERE name = ?", arguments: [name])
                .map { try Self.user($0, database) }
        }
    }

    public func user(_ id: Int64) throws -> User? {
        try database.read { try Self.user(id, $0) }
    }

    /// Everybody, in order of signing up.
    public func users() throws -> [User] {
        try database.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM users ORDER BY id").map { try Self.user($0, database) }
        }
    }

    /// Who owns an account.
    public func owner(of account: AccountID) throws -> User? {
        try database.read { database in
            let id = try Int64.fetchOne(
                database, sql: "SELECT user FROM accounts WHERE account = ?", arguments: [account.raw])
            return try id.flatMap { try Self.user($0, database) }
        }
    }

    static func user(_ id: Int64, _ database: Database) throws -> User? {
        try Row.fetchOne(database, sql: "SELECT * FROM users WHERE id = ?", arguments: [id])
            .map { try user($0, database) }
    }

    private static func user(_ row: Row, _ database: Database) throws -> User {
        let accounts = try Row.fetchAll(
            database, sql: "SELECT account, name FROM accounts WHERE user = ? ORDER BY account",
            arguments: [row["id"] as Int64])
        return User(
            id: row["id"], name: row["name"], role: Role(rawValue: row["role"])!, created: Timestamp(row["created"]),
            accounts: accounts.map { OwnedAccount(account: AccountID($0["account"]), name: $0["name"]) })
    }

    /// The user whom name and password belong to. Takes as long for a name that nobody has.
    func user(named name: String, password: String) throws -> User {
        let row = try database.read {
            try Row.fetchOne($0, sql: "SELECT salt, hash, rounds FROM users WHERE name = ?", arguments: [name])
        }
        var fits = false
        if let row, let salt = row["salt"] as Data?, let hash = row["hash"] as Data? {
            fits = try PasswordHash(salt: salt, hash: hash, rounds: row["rounds"]).fits(password)
        } else {
            _ = try PasswordHash(of: password)
        }
        guard fits, let user = try user(named: name) else {
            throw Denial(.wrongPassword, "Name and password do not belong together.")
        }
        return user
    }

    /// Forgets what is remembered of a user's keys and sessions, so that a change counts at once.
    func forget(user: Int64) {
        keys.withLock { keys in keys = keys.filter { $0.value.principal.user != user } }
        sessions.withLock { sessions in sessions = sessions.filter { $0.value.principal.user != user } }
    }
}
