internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterVenue
internal import Foundation
internal import GRDB

/// The outbox and everybody's preferences, in a database of their own: `notices.sqlite` in the venue's folder.
final class NoticeStore: Sendable {
    let database: DatabaseQueue
    let vault: Vault

    init(folder: String) throws {
        vault = try Vault(file: folder + "/identities.key")
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            // What was sent must not be forgotten.
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        database = try DatabaseQueue(path: folder + "/notices.sqlite", configuration: configuration)
        try Self.migrator(beginningAfter: { try Self.lastCommand(in: folder) }).migrate(database)
    }

    /// The last command of the journal there is; 0 where a venue begins.
    private static func lastCommand(in folder: String) throws -> Int64 {
        let file = VenueFolder.journal(in: folder)
        guard FileManager.default.fileExists(atPath: file) else { return 0 }
        let journal = try SQLiteJournal(reading: file)
        defer { journal.close() }
        return journal.last
    }

    /// The number of the last command that is folded.
    func last() throws -> Int64 {
        try database.read { try Int64.fetchOne($0, sql: "SELECT sequence FROM progress")! }
    }

    func close() { try? database.close() }

    private static func migrator(beginningAfter last: @escaping @Sendable () throws -> Int64) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE progress (sequence INTEGER NOT NULL) STRICT;
                    -- The code that confirms the address, NULL once it has; the secret as the vault sealed it.
                    CREATE TABLE preferences (
                        account INTEGER PRIMARY KEY, mail TEXT, code TEXT, webhook TEXT, secret BLOB,
                        levels TEXT NOT NULL
                    ) STRICT;
                    -- Liquidations that were told and not armed again by a warning since.
                    CREATE TABLE begun (
                        account INTEGER NOT NULL, contract INTEGER NOT NULL, time INTEGER NOT NULL,
                        PRIMARY KEY (account, contract)
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE messages (
                        id INTEGER PRIMARY KEY, name TEXT NOT NULL, channel TEXT NOT NULL, target TEXT NOT NULL,
                        account INTEGER NOT NULL, kind TEXT NOT NULL, contract INTEGER, currency INTEGER,
                        buffer TEXT, mark INTEGER, liquidation INTEGER, sequence INTEGER,
                        time INTEGER NOT NULL, created INTEGER NOT NULL, state TEXT NOT NULL,
                        attempts INTEGER NOT NULL, next INTEGER NOT NULL, problem TEXT, ended INTEGER,
                        UNIQUE (name, channel)
                    ) STRICT;
                    CREATE INDEX waiting ON messages (channel, target, id) WHERE state = 'waiting';
                    CREATE INDEX messages_of_account ON messages (account, id);
                    """)
            try database.execute(sql: "INSERT INTO progress VALUES (?)", arguments: [try last()])
        }
        return migrator
    }
}
