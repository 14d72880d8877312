public import BreakwaterCore
internal import GRDB
internal import Synchronization

/// A session that was just begun. The token goes into a cookie no script can read, the other proof to the page.
public struct Session: Sendable {
    public let token: String
    /// Sent along with every request that changes something, because a cookie comes along by itself.
    public let csrfToken: String
    public let expires: Timestamp
    public let user: User
}

/// A session in use.
struct KnownSession: Sendable {
    let principal: Principal
    let csrfToken: String
    let expires: Timestamp
}

/// Sessions, by which people sign in to the page.
extension Identities {
    private static let lifetime = Duration.seconds(12 * 3_600)

    /// Begins a session for whom name and password belong to.
    public func signIn(name: String, password: String, at time: Timestamp) throws -> Session {
        let user = try user(named: name, password: password)
        let (token, csrf) = (Secrets.text(length: 43), Secrets.text(length: 43))
        let expires = time + Self.lifetime
        try database.write { database in
            try database.execute(sql: "DELETE FROM sessions WHERE expires <= ?", arguments: [time.raw])
            try database.execute(
                sql: "INSERT INTO sessions VALUES (?, ?, ?, ?)",
                arguments: [Secrets.digest(of: token), user.id, csrf, expires.raw])
        }
        return Session(token: token, csrfToken: csrf, expires: expires, user: user)
    }

    public func signOut(token: String) throws {
        let digest = Secrets.digest(of: token)
        let ended = try database.write { database in
            try database.execute(sql: "DELETE FROM sessions WHERE digest = ?", arguments: [digest])
            return sessions.withLock { $0.removeValue(forKey: digest) }
        }
        if let ended { tell(.init(user: ended.principal.user, actor: ended.principal.actor)) }
    }

    /// Who is signed in by `token`.
    ///
    /// - Parameter csrfToken: what came with the request besides the cookie; asked for where `changes` something.
    public func principal(session token: String, csrfToken: String?, changes: Bool, at time: Timestamp) throws
        -> Principal
    {
        let known = try session(token)
        guard known.expires > time else { throw Denial(.noSession, "The session has ended: sign in again.") }
        if changes {
            guard let csrfToken, Secrets.areEqual(csrfToken, known.csrfToken) else {
                throw Denial(
                    .missingCSRFToken, "Requests by a session that change something carry its token in X-CSRF-Token.")
            }
        }
        return known.principal
    }

    /// The second proof of a session, for a page that was loaded anew.
    public func csrfToken(session token: String) throws -> String { try session(token).csrfToken }

    private func session(_ token: String) throws -> KnownSession {
        let digest = Secrets.digest(of: token)
        if let known = sessions.withLock({ $0[digest] }) { return known }
        return try database.read { database in
            let known = try session(ofDigest: digest, database)
            sessions.withLock { $0[digest] = known }
            return known
        }
    }

    private func session(ofDigest digest: String, _ database: Database) throws -> KnownSession {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM sessions WHERE digest = ?", arguments: [digest]),
            let user = try Self.user(row["user"], database)
        else { throw Denial(.noSession, "Nobody is signed in: sign in first.") }
        return KnownSession(
            principal: Principal(
                user: user.id, name: user.name, role: user.role, accounts: user.accounts.map(\.account),
                actor: "session:" + user.name, isSession: true),
            csrfToken: row["csrf"], expires: Timestamp(row["expires"]))
    }
}

/// The first administrator: a venue has no password to begin with, but a token that can be used once.
extension Identities {
    /// A token that makes its bearer risk admin, once; `nil` where there is a risk admin already. Earlier ones end.
    public func adminToken() throws -> String? {
        let token = Secrets.text(length: 43)
        return try database.write { database in
            let admins = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM users WHERE role = ? AND hash IS NOT NULL",
                arguments: [Role.riskAdmin.rawValue])!
            guard admins == 0 else { return nil }
            try database.execute(sql: "DELETE FROM claims")
            try database.execute(sql: "INSERT INTO claims VALUES (?)", arguments: [Secrets.digest(of: token)])
            return token
        }
    }

    /// Whether a token may be used; it is used up by whom `addUser` adds with it.
    public func isAdminToken(_ token: String) throws -> Bool {
        try database.read {
            try Bool.fetchOne(
                $0, sql: "SELECT 1 FROM claims WHERE digest = ?", arguments: [Secrets.digest(of: token)]) ?? false
        }
    }

    /// Uses a token up; refuses one that is not valid, or not any more.
    static func useAdminToken(_ token: String, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM claims WHERE digest = ?", arguments: [Secrets.digest(of: token)])
        guard database.changesCount == 1 else {
            throw Denial(.badToken, "That token is not the one the venue printed, or was used before.")
        }
    }
}
