public import BreakwaterCore
internal import Crypto
internal import Foundation
internal import GRDB
internal import Synchronization

/// A key as its owner sees it. Its secret is shown once, when it is made.
public struct APIKey: Sendable {
    public let id: String
    public let role: Role
    /// The one account it may speak for; `nil` for all of its owner's.
    public let account: AccountID?
    public let label: String
    public let created: Timestamp
}

/// A key in use.
struct KnownKey: Sendable {
    let principal: Principal
    /// Signs with the key's secret, which has been mixed in already.
    let signing: HMAC<SHA256>
}

/// Keys, by which programs sign what they ask for.
extension Identities {
    /// Makes a key; its secret cannot be asked for again.
    public func makeKey(
        for user: User, role: Role, account: AccountID?, label: String, at time: Timestamp
    ) throws -> (key: APIKey, secret: String) {
        guard role.isWithin(user.role) else {
            throw Denial(.forbidden, "A key cannot do more than its owner, who is a \(user.role.rawValue).")
        }
        if let account, !user.accounts.contains(where: { $0.account == account }) {
            throw Denial(.forbidden, "That account is not \(user.name)'s.")
        }
        let (id, secret) = (Secrets.text(length: 64), Secrets.text(length: 64))
        let sealed = try vault.seal(secret)
        try database.write { database in
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM keys WHERE user = ?", arguments: [user.id])!
            guard count < 100 else { throw Denial(.tooMany, "Nobody has more than 100 keys: remove one first.") }
            try database.execute(
                sql: "INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [id, user.id, account?.raw, role.rawValue, label, sealed, time.raw])
        }
        return (APIKey(id: id, role: role, account: account, label: label, created: time), secret)
    }

    public func keys(of user: Int64) throws -> [APIKey] {
        try database.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM keys WHERE user = ? ORDER BY created, id", arguments: [user]
            ).map { row in
                APIKey(
                    id: row["id"], role: Role(rawValue: row["role"])!,
                    account: (row["account"] as Int32?).map { AccountID($0) }, label: row["label"],
                    created: Timestamp(row["created"]))
            }
        }
    }

    /// Removes a key at once; `false` where the user has no such key.
    public func removeKey(_ id: String, of user: Int64) throws -> Bool {
        let removed = try database.write { database in
            try database.execute(sql: "DELETE FROM keys WHERE id = ? AND user = ?", arguments: [id, user])
            guard database.changesCount > 0 else { return false }
            keys.withLock { $0[id] = nil }
            return true
        }
        if removed { tell(.init(user: user, actor: Self.actor(ofKey: id))) }
        return removed
    }

    /// Who holds the key that signed `message` with the HMAC-SHA256 `signature`, in hexadecimal digits.
    public func principal(
        key id: String, signature: String, of message: [UInt8]
    ) throws -> Principal {
        let known = try knownKey(id)
        var signing = known.signing
        signing.update(data: message)
        // Compared in a time that does not depend on how much of it is right.
        guard let code = Self.bytes(ofHexadecimal: signature), signing.finalize() == code else {
            throw Denial(.badSignature, "The signature is not that of this request by this key.")
        }
        return known.principal
    }

    /// Who holds a key, where a request need not be signed.
    public func principal(key id: String) throws -> Principal { try knownKey(id).principal }

    private func knownKey(_ id: String) throws -> KnownKey {
        if let known = keys.withLock({ $0[id] }) { return known }
        // Remembered while the database is held, so that nothing is remembered from before a change.
        return try database.read { database in
            let known = try knownKey(id, database)
            keys.withLock { $0[id] = known }
            return known
        }
    }

    private func knownKey(_ id: String, _ database: Database) throws -> KnownKey {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM keys WHERE id = ?", arguments: [id]),
            let user = try Self.user(row["user"], database)
        else { throw Denial(.unknownKey, "There is no such key.") }
        let account = (row["account"] as Int32?).map { AccountID($0) }
        let role = Role(rawValue: row["role"])!
        return KnownKey(
            principal: Principal(
                user: user.id, name: user.name, role: role.isWithin(user.role) ? role : user.role,
                accounts: account.map { [$0] } ?? user.accounts.map(\.account), actor: Self.actor(ofKey: id),
                isSession: false, isBound: account != nil),
            signing: HMAC(key: SymmetricKey(data: Data(try vault.open(row["secret"]).utf8))))
    }

    private static func actor(ofKey id: String) -> String { "key:" + id.prefix(8) }

    /// The bytes of pairs of hexadecimal digits of either case; `nil` for anything else.
    private static func bytes(ofHexadecimal text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        var high: UInt8?
        for byte in text.utf8 {
            let digit: UInt8
            switch byte {
            case 48...57: digit = byte - 48
            case 65...70: digit = byte - 55
            case 97...102: digit = byte - 87
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
            if bytes.count > 32 { return nil }
        }
        return high == nil && bytes.count == 32 ? bytes : nil
    }
}
