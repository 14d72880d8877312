public import BreakwaterCore
internal import BreakwaterGateway
internal import Foundation
internal import GRDB

/// By which way a message goes.
public enum Channel: String, Sendable, CaseIterable {
    case mail, webhook
}

/// What the owner of an account wants to be told, and where.
public struct NoticePreferences: Sendable, Equatable {
    public internal(set) var mail: MailAddress?
    /// Whether somebody who reads that mail has said so; nothing but the question goes there before.
    public internal(set) var isConfirmed = false
    public internal(set) var webhook: WebhookURL?
    public internal(set) var levels = Set(NoticeLevel.allCases)

    /// Where messages of a channel go now.
    func target(_ channel: Channel) -> String? {
        switch channel {
        case .mail: isConfirmed ? mail?.description : nil
        case .webhook: webhook?.description
        }
    }
}

/// Why a test message was not queued.
public enum NoticeFault: Error, Sendable {
    /// There is no address or URL to send to.
    case noTarget(Channel)
}

extension Notices {
    public func preferences(of account: AccountID) throws -> NoticePreferences { try store.preferences(of: account) }

    /// Changes what an account's owner is told, and where. A new address is asked whether it wants that.
    ///
    /// - Parameter renewsSecret: whether the webhook gets another secret although it stays where it is.
    /// - Returns: the secret that the webhook's messages are signed with from now on, where that is new.
    public func set(
        mail: MailAddress?, webhook: WebhookURL?, levels: Set<NoticeLevel>, renewsSecret: Bool = false,
        of account: AccountID, at now: Timestamp
    ) throws -> String? {
        defer { ring() }
        return try store.set(
            mail: mail, webhook: webhook, levels: levels, renewsSecret: renewsSecret, of: account, at: now)
    }

    /// Notes that whoever reads an account's mail wants it there.
    ///
    /// - Returns: whether `code` is the one that was sent.
    public func confirm(_ code: String, of account: AccountID) throws -> Bool {
        try store.confirm(code, of: account)
    }

    /// Queues a message that tells of nothing; to an address that is not confirmed, the question once more.
    ///
    /// - Returns: its id.
    public func test(_ channel: Channel, of account: AccountID, at now: Timestamp) throws -> String {
        defer { ring() }
        return try store.test(channel, of: account, at: now)
    }

    /// An account's latest messages and what became of them, newest first.
    public func deliveries(of account: AccountID, limit: Int) throws -> [Delivery] {
        try store.deliveries(of: account, limit: limit)
    }
}

extension NoticeStore {
    func preferences(of account: AccountID) throws -> NoticePreferences {
        try database.read { try Self.preferences(of: account, $0) } ?? NoticePreferences()
    }

    static func preferences(of account: AccountID, _ database: Database) throws -> NoticePreferences? {
        let row = try Row.fetchOne(
            database, sql: "SELECT mail, code, webhook, levels FROM preferences WHERE account = ?",
            arguments: [account.raw])
        return row.map { row in
            var preferences = NoticePreferences()
            preferences.mail = (row["mail"] as String?).flatMap { MailAddress($0) }
            preferences.isConfirmed = (row["code"] as String?) == nil && preferences.mail != nil
            preferences.webhook = (row["webhook"] as String?).flatMap { WebhookURL($0) }
            let words: String = row["levels"]
            preferences.levels = Set(words.split(separator: " ").compactMap { NoticeLevel(rawValue: String($0)) })
            return preferences
        }
    }

    func set(
        mail: MailAddress?, webhook: WebhookURL?, levels: Set<NoticeLevel>, renewsSecret: Bool,
        of account: AccountID, at now: Timestamp
    ) throws -> String? {
        try database.write { database in
            let old = try Self.preferences(of: account, database)
            let words = levels.sorted().map(\.rawValue).joined(separator: " ")
            try database.execute(
                sql: """
                    INSERT INTO preferences (account, mail, webhook, levels) VALUES (?, ?, ?, ?)
                    ON CONFLICT (account) DO UPDATE SET mail = excluded.mail, webhook = excluded.webhook,
                        levels = excluded.levels
                    """,
                arguments: [account.raw, mail?.description, webhook?.description, words])
            if mail != old?.mail {
                try Self.drop(.mail, of: account, "the address was changed", at: now, database)
                try database.execute(
                    sql: "UPDATE preferences SET code = ? WHERE account = ?",
                    arguments: [mail == nil ? nil : Secrets.text(length: 16), account.raw])
                if let mail { _ = try Self.queue(.confirmation, .mail, mail.description, account, now, database) }
            }
            if webhook != old?.webhook {
                try Self.drop(.webhook, of: account, "the webhook was changed", at: now, database)
            }
            guard webhook != old?.webhook || renewsSecret else { return nil }
            let secret = webhook == nil ? nil : Secrets.text(length: 43)
            try database.execute(
                sql: "UPDATE preferences SET secret = ? WHERE account = ?",
                arguments: [try secret.map(vault.seal), account.raw])
            return secret
        }
    }

    func confirm(_ code: String, of account: AccountID) throws -> Bool {
        try database.write { database in
            let known = try String.fetchOne(
                database, sql: "SELECT code FROM preferences WHERE account = ?", arguments: [account.raw])
            guard let known, Secrets.areEqual(known, code) else { return false }
            try database.execute(
                sql: "UPDATE preferences SET code = NULL WHERE account = ?", arguments: [account.raw])
            return true
        }
    }

    func test(_ channel: Channel, of account: AccountID, at now: Timestamp) throws -> String {
        try database.write { database in
            let preferences = try Self.preferences(of: account, database) ?? NoticePreferences()
            if channel == .mail, let mail = preferences.mail, !preferences.isConfirmed {
                return try Self.queue(.confirmation, .mail, mail.description, account, now, database)
            }
            guard let target = preferences.target(channel) else { throw NoticeFault.noTarget(channel) }
            return try Self.queue(.test, channel, target, account, now, database)
        }
    }

    /// What whoever reads an account's mail has to know to confirm it.
    func code(of account: AccountID) throws -> String? {
        try database.read {
            try String.fetchOne($0, sql: "SELECT code FROM preferences WHERE account = ?", arguments: [account.raw])
        }
    }

    /// The secret of an account's webhook; `nil` where it cannot be read, because the vault has another key.
    func secret(of account: AccountID) throws -> String? {
        let sealed = try database.read {
            try Data.fetchOne($0, sql: "SELECT secret FROM preferences WHERE account = ?", arguments: [account.raw])
        }
        return sealed.flatMap { try? vault.open($0) }
    }
}
