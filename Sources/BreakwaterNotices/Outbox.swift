internal import BreakwaterCore
internal import BreakwaterGateway
internal import GRDB

/// Messages from the moment something happened to the moment somebody has accepted them.
extension NoticeStore {
    /// For so long a warning is worth sending; one that is older when it is folded is not queued at all.
    static let lifetime = Duration.seconds(86_400)
    /// A position's liquidation that begins anew within this time, without a warning in between, is no news.
    private static let sameLiquidation = Duration.seconds(600)
    /// Nobody reads more mail than this in an hour.
    static let mailsAnHour = 60
    /// What was sent or given up is shown for so long.
    private static let kept = Duration.seconds(30 * 86_400)

    /// Queues what happened for those who want it, and notes how far the fold has come, both or neither.
    func fold(_ happenings: [Happening], through sequence: Int64, at now: Timestamp) throws {
        try database.write { database in
            for index in happenings.indices {
                try queue(happenings[index], before: happenings[(index + 1)...], at: now, database)
            }
            try database.execute(sql: "UPDATE progress SET sequence = ?", arguments: [sequence])
        }
    }

    private func queue(
        _ happening: Happening, before later: ArraySlice<Happening>, at now: Timestamp, _ database: Database
    ) throws {
        guard let preferences = try Self.preferences(of: happening.account, database),
            try isNews(happening, database)
        else { return }
        // Of what one command did to a position, the worst is told that its owner wants to know.
        let isOutdone = later.prefix { $0.sequence == happening.sequence }.contains {
            $0.isOfOne(with: happening) && $0.level > happening.level && preferences.levels.contains($0.level)
        }
        guard preferences.levels.contains(happening.level), !isOutdone, now < happening.time + Self.lifetime else {
            return
        }
        for channel in Channel.allCases {
            guard let target = preferences.target(channel) else { continue }
            try Self.queue(happening, channel, target, now, database)
        }
    }

    /// Whether a liquidation is another than the one that was told last. Warnings are: the core arms them again only
    /// once a buffer has recovered by more than it fell.
    private func isNews(_ happening: Happening, _ database: Database) throws -> Bool {
        guard happening.level == .liquidation, let contract = happening.contract else {
            try database.execute(
                sql: "DELETE FROM begun WHERE account = ? AND (contract = ? OR ? IS NULL)",
                arguments: [happening.account.raw, happening.contract?.raw, happening.contract?.raw])
            return true
        }
        let told = try Int64.fetchOne(
            database, sql: "SELECT time FROM begun WHERE account = ? AND contract = ?",
            arguments: [happening.account.raw, contract.raw])
        guard told.map({ happening.time > Timestamp($0) + Self.sameLiquidation }) ?? true else { return false }
        try database.execute(
            sql: "INSERT OR REPLACE INTO begun VALUES (?, ?, ?)",
            arguments: [happening.account.raw, contract.raw, happening.time.raw])
        return true
    }

    private static func queue(
        _ happening: Happening, _ channel: Channel, _ target: String, _ now: Timestamp, _ database: Database
    ) throws {
        let isTooMuch = try channel == .mail && mails(of: happening.account, since: now, database) >= mailsAnHour
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO messages (
                    name, channel, target, account, kind, contract, currency, buffer, mark, liquidation, sequence,
                    time, created, state, attempts, next, problem, ended
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
                """,
            arguments: [
                happening.name, channel.rawValue, target, happening.account.raw, happening.level.rawValue,
                happening.contract?.raw, happening.currency?.raw, happening.buffer?.percent?.description,
                happening.mark?.raw, happening.liquidation?.raw, happening.sequence,
                happening.time.raw, now.raw, isTooMuch ? "dropped" : "waiting", now.raw,
                isTooMuch ? "more than \(mailsAnHour) in an hour" : nil, isTooMuch ? now.raw : nil,
            ])
    }

    private static func mails(of account: AccountID, since now: Timestamp, _ database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM messages
                WHERE account = ? AND channel = 'mail' AND created > ? AND state <> 'dropped' AND sequence IS NOT NULL
                """,
            arguments: [account.raw, (now + .seconds(-3_600)).raw])!
    }

    /// Queues what tells of no event.
    static func queue(
        _ kind: Delivery.Kind, _ channel: Channel, _ target: String, _ account: AccountID, _ now: Timestamp,
        _ database: Database
    ) throws -> String {
        let name = Secrets.text(length: 32)
        try database.execute(
            sql: """
                INSERT INTO messages (name, channel, target, account, kind, time, created, state, attempts, next)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?)
                """,
            arguments: [
                name, channel.rawValue, target, account.raw, kind.rawValue, now.raw, now.raw, now.raw,
            ])
        return name
    }

    /// Gives up what waits to go where it is not wanted any more.
    static func drop(
        _ channel: Channel, of account: AccountID, _ reason: String, at now: Timestamp, _ database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE messages SET state = 'dropped', problem = ?, ended = ?
                WHERE account = ? AND channel = ? AND state = 'waiting'
                """,
            arguments: [reason, now.raw, account.raw, channel.rawValue])
    }

    /// What may be sent now: of each receiver the oldest, so that everybody is told things in their order.
    func due(_ channel: Channel, at now: Timestamp, limit: Int) throws -> [Delivery] {
        try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM messages AS message WHERE state = 'waiting' AND channel = ? AND next <= ? AND id = (
                        SELECT min(id) FROM messages
                        WHERE state = 'waiting' AND channel = message.channel AND target = message.target
                    ) ORDER BY id LIMIT ?
                    """,
                arguments: [channel.rawValue, now.raw, limit]
            ).map(Delivery.init)
        }
    }

    /// Notes how sending went; what was dropped meanwhile stays that, unless it has arrived.
    func settle(_ outcomes: [(delivery: Delivery, outcome: Outcome)], at now: Timestamp) throws -> [Delivery.State] {
        try database.write { database in
            try outcomes.map { delivery, outcome in
                let attempts = delivery.attempts + 1
                let (state, problem, next) = outcome.standing(of: delivery, after: attempts, at: now)
                try database.execute(
                    sql: """
                        UPDATE messages SET state = ?, problem = ?, attempts = ?, next = ?, ended = ?
                        WHERE id = ? AND (state = 'waiting' OR ? = 'sent')
                        """,
                    arguments: [
                        state.rawValue, problem, attempts, next.raw, state == .waiting ? nil : now.raw, delivery.row,
                        state.rawValue,
                    ])
                return state
            }
        }
    }

    /// When the next message is due of those that are not yet.
    func nextDue(after now: Timestamp) throws -> Timestamp? {
        try database.read {
            try Int64.fetchOne(
                $0, sql: "SELECT min(next) FROM messages WHERE state = 'waiting' AND next > ?", arguments: [now.raw]
            ).map { Timestamp($0) }
        }
    }

    func waiting() throws -> [Channel: Int] {
        try database.read { database in
            var counts: [Channel: Int] = [:]
            for channel in Channel.allCases {
                counts[channel] = try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM messages WHERE state = 'waiting' AND channel = ?",
                    arguments: [channel.rawValue])
            }
            return counts
        }
    }

    func deliveries(of account: AccountID, limit: Int) throws -> [Delivery] {
        try database.read {
            try Row.fetchAll(
                $0, sql: "SELECT * FROM messages WHERE account = ? ORDER BY id DESC LIMIT ?",
                arguments: [account.raw, limit]
            ).map(Delivery.init)
        }
    }

    /// Forgets what ended long ago.
    func prune(at now: Timestamp) throws {
        try database.write {
            try $0.execute(
                sql: "DELETE FROM messages WHERE state <> 'waiting' AND ended < ?",
                arguments: [now.raw - Self.kept.raw])
        }
    }
}

/// How sending a message went.
enum Outcome: Sendable {
    case accepted
    /// It may be accepted another time.
    case again(String)
    /// The receiver says that it never will be; it is asked a few times whether it means that.
    case refused(String)
    /// There is no use in trying again.
    case hopeless(String)
    /// The mail server could not be spoken to, whatever the message; until then nothing is sent through it.
    case serverDown(String, until: Timestamp)

    private static let refusals = 4
    private static let longestWait: Int64 = 300

    /// What becomes of a message, why, and when it is tried next.
    func standing(of delivery: Delivery, after attempts: Int, at now: Timestamp) -> (
        state: Delivery.State, problem: String?, next: Timestamp
    ) {
        let next = now + Self.wait(after: attempts)
        switch self {
        case .accepted: return (.sent, nil, now)
        case .hopeless(let problem): return (.failed, problem, now)
        case .refused(let problem) where attempts >= Self.refusals: return (.failed, problem, now)
        case .refused(let problem), .again(let problem):
            return (next < delivery.created + delivery.lifetime ? .waiting : .failed, problem, next)
        case .serverDown(let problem, let end):
            return (end < delivery.created + delivery.lifetime ? .waiting : .failed, problem, end)
        }
    }

    /// One second, doubled with every attempt, up to five minutes.
    static func wait(after attempts: Int) -> Duration { .seconds(min(longestWait, 1 << Int64(min(attempts, 20) - 1))) }
}
