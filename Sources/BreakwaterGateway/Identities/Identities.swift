public import BreakwaterCore
internal import Foundation
internal import GRDB
internal import Synchronization

/// Who there is: people, the accounts they own, their keys and sessions. In a database of its own, because no risk
/// figure depends on it; what they do to the venue stands in the journal.
public final class Identities: Sendable {
    let database: DatabaseQueue
    let vault: Vault
    /// Keys that have been used, with what checking a signature needs.
    let keys = Mutex<[String: KnownKey]>([:])
    /// Sessions that have been used, by the digest of their token.
    let sessions = Mutex<[String: KnownSession]>([:])
    private let watchers = Mutex<[@Sendable (Revocation) -> Void]>([])

    /// Opens the identities in `folder`, or begins them.
    public init(folder: String) throws {
        vault = try Vault(file: folder + "/identities.key")
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA foreign_keys = ON")
        }
        database = try DatabaseQueue(path: folder + "/identities.sqlite", configuration: configuration)
        try Self.migrator.migrate(database)
    }

    /// Has `watcher` told whenever somebody may do less than before, so that open connections can be closed.
    public func watch(_ watcher: @escaping @Sendable (Revocation) -> Void) { watchers.withLock { $0.append(watcher) } }

    func tell(_ revocation: Revocation) {
        for watcher in watchers.withLock({ $0 }) { watcher(revocation) }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE users (
                        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, salt BLOB, hash BLOB,
                        rounds INTEGER, created INTEGER NOT NULL
                    );
                    CREATE TABLE accounts (
                        account INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, name TEXT NOT NULL UNIQUE
                    );
                    CREATE TABLE keys (
                        id TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, account INTEGER, role TEXT NOT NULL,
                        label TEXT NOT NULL, secret BLOB NOT NULL, created INTEGER NOT NULL
                    );
                    CREATE TABLE sessions (
                        digest TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES users, csrf TEXT NOT NULL,
                        expires INTEGER NOT NULL
                    );
                    CREATE TABLE claims (digest TEXT PRIMARY KEY);
                    CREATE TABLE requests (
                        id INTEGER PRIMARY KEY, account INTEGER NOT NULL, currency INTEGER NOT NULL,
                        amount INTEGER NOT NULL, direction TEXT NOT NULL, status TEXT NOT NULL, note TEXT NOT NULL,
                        created INTEGER NOT NULL, decided INTEGER, decider TEXT
                    );
                    """)
        }
        migrator.registerMigration("2") { database in
            // The last command before the one that moves the money; NULL where nobody has begun to move it.
            try database.execute(sql: "ALTER TABLE requests ADD COLUMN begun INTEGER")
        }
        return migrator
    }
}

/// That a key was removed, a session ended, or a user's role changed.
public struct Revocation: Sendable, Equatable {
    public let user: Int64
    /// The one key or session concerned; `nil` for all of the user's.
    public let actor: String?

    /// Whether it concerns what `principal` was let in for.
    public func concerns(_ principal: Principal) -> Bool {
        principal.user == user && (actor == nil || principal.actor == actor)
    }
}

/// A person or program that signed up.
public struct User: Sendable {
    public let id: Int64
    public let name: String
    public let role: Role
    public let created: Timestamp
    /// Its accounts in order of opening, the main one first.
    public let accounts: [OwnedAccount]
}

public struct OwnedAccount: Sendable, Equatable {
    public let account: AccountID
    public let name: String
}
