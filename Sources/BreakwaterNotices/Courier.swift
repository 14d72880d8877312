internal import BreakwaterCore
internal import BreakwaterVenue
internal import CCurl
internal import Foundation

/// Folds what happened into the outbox and sends what is due, many transfers at a time; all on one thread.
///
/// Of each receiver one message is on its way at a time. A mail server that cannot be spoken to is left alone for a
/// while, longer each time, and then tried with one message.
@safe final class Courier {
    private let notices: Notices
    private let letters: Letters
    /// libcurl's handle of all transfers together.
    private let multi: UnsafeMutableRawPointer
    private let complain: @Sendable (String) -> Void
    /// By the address of libcurl's handle.
    private var transfers: [UInt: Transfer] = [:]
    /// What was found and sent and is not in the database yet.
    private var happenings: [Happening] = []
    private var outcomes: [(delivery: Delivery, outcome: Outcome)] = []
    private var folded: Int64
    private var foldedAt = Date.distantPast
    private var prunedAt = Date.distantPast
    /// When the next message is due of those that are not yet.
    private var nextDue: Timestamp?
    private var mailPause = (failures: 0, until: Timestamp.zero)
    private var isFailing = false

    private static let mailsAtOnce = 4
    private static let hooksAtOnce = 32
    /// How far the fold has come is written this often at least.
    private static let progress = 1.0
    /// What is on its way has this long when everything stops.
    private static let parting = 2.0

    init(
        _ notices: Notices, _ letters: Letters, _ bell: Bell, _ complain: @escaping @Sendable (String) -> Void
    ) {
        self.notices = notices
        self.letters = letters
        unsafe multi = bell.multi
        self.complain = complain
        folded = (try? notices.store.last()) ?? 0
    }

    private var now: Timestamp { Venue.systemClock() }

    func run() {
        curl_block_broken_pipes()
        var end: Date?
        while true {
            let isStopping = tend()
            if isStopping, end == nil { end = Date(timeIntervalSinceNow: Self.parting) }
            if let end, isIdle || Date() > end { break }
            wait(isStopping: isStopping)
        }
        for transfer in transfers.values { unsafe curl_multi_remove_handle(multi, transfer.handle) }
        transfers = [:]
    }

    /// Nothing is on its way, and everything is written.
    private var isIdle: Bool {
        transfers.isEmpty && outcomes.isEmpty && happenings.isEmpty && folded == notices.last
    }

    /// Does what there is to do now; what the database refuses is tried again.
    ///
    /// - Returns: whether everything is about to stop.
    private func tend() -> Bool {
        let found = notices.drain()
        happenings += found.happenings
        do {
            try fold(through: found.last, found.isStopping)
            drive()
            try settle()
            if !found.isStopping { try begin() }
            if isFailing { complain("the outbox of warnings can be written again") }
            isFailing = false
        } catch {
            if !isFailing { complain("the outbox of warnings cannot be written: \(error)") }
            isFailing = true
        }
        return found.isStopping
    }

    private func fold(through last: Int64, _ isStopping: Bool) throws {
        let isDue = last > folded && (isStopping || Date().timeIntervalSince(foldedAt) >= Self.progress)
        guard !happenings.isEmpty || isDue else { return }
        try notices.store.fold(happenings, through: last, at: now)
        happenings = []
        folded = last
        foldedAt = Date()
    }

    /// Lets libcurl read and write, and takes what has ended.
    private func drive() {
        var running: Int32 = 0
        unsafe curl_multi_perform(multi, &running)
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle else {
                continue
            }
            let result = unsafe curl_result(message)
            unsafe curl_multi_remove_handle(multi, handle)
            guard let transfer = transfers.removeValue(forKey: UInt(bitPattern: handle)) else { continue }
            let outcome = transfer.outcome(result) { pauseMail() }
            if transfer.delivery.channel == .mail { noteMail(outcome) }
            outcomes.append((transfer.delivery, outcome))
        }
    }

    /// Leaves the mail server alone for a second, twice as long each time, up to a minute.
    private func pauseMail() -> Timestamp {
        if now > mailPause.until {
            mailPause.failures += 1
            mailPause.until = now + .seconds(min(60, 1 << Int64(min(mailPause.failures, 7) - 1)))
        }
        return mailPause.until
    }

    private func noteMail(_ outcome: Outcome) {
        switch outcome {
        case .serverDown(let problem, _):
            if mailPause.failures == 1 { complain("mail cannot be sent: \(problem); it waits and is tried again") }
        case .accepted, .again, .refused, .hopeless:
            if mailPause.failures > 0 { complain("mail is sent again") }
            mailPause = (0, .zero)
        }
    }

    private func settle() throws {
        guard !outcomes.isEmpty else { return }
        let states = try notices.store.settle(outcomes, at: now)
        for (settled, state) in zip(outcomes, states) { notices.count(settled.delivery.channel, state) }
        outcomes = []
    }

    private func begin() throws {
        if Date().timeIntervalSince(prunedAt) > 3_600 {
            try notices.store.prune(at: now)
            prunedAt = Date()
        }
        let now = now
        // After a failure, one message finds out whether the server is there again.
        let mails = now < mailPause.until ? 0 : mailPause.failures > 0 ? 1 : Self.mailsAtOnce
        if notices.options.mail != nil { try begin(.mail, atMost: mails, at: now) }
        try begin(.webhook, atMost: Self.hooksAtOnce, at: now)
        nextDue = try notices.store.nextDue(after: now)
    }

    private func begin(_ channel: Channel, atMost limit: Int, at now: Timestamp) throws {
        // What has ended and is not written yet is not due, whatever the database says.
        let begun = transfers.values.map(\.delivery) + outcomes.map(\.delivery)
        let flying = Set(begun.filter { $0.channel == channel }.map(\.row))
        guard flying.count < limit else { return }
        // Whoever has one on its way may have the next one queued behind it, by another number.
        let due = try notices.store.due(channel, at: now, limit: limit + flying.count)
        for delivery in due.filter({ !flying.contains($0.row) }).prefix(limit - flying.count) {
            guard let transfer = try transfer(delivery, at: now) else { continue }
            unsafe transfers[UInt(bitPattern: transfer.handle)] = transfer
            unsafe curl_multi_add_handle(multi, transfer.handle)
        }
    }

    /// The message on its way; `nil` where it cannot go.
    private func transfer(_ delivery: Delivery, at now: Timestamp) throws -> Transfer? {
        switch delivery.channel {
        case .mail:
            guard let server = notices.options.mail else { return nil }
            let (subject, lines) = try letters.letter(delivery)
            let mail = Mail(
                from: server.sender, to: delivery.target, id: delivery.id, time: delivery.created, subject: subject,
                lines: lines)
            return .mail(delivery, mail, through: server)
        case .webhook:
            guard let secret = try notices.store.secret(of: delivery.account) else {
                outcomes.append((delivery, .hopeless("its secret cannot be read: make a new one")))
                return nil
            }
            return .webhook(
                delivery, letters.json(delivery), secret: secret, at: now,
                allowsPrivate: notices.options.allowsPrivateWebhooks)
        }
    }

    /// Sleeps until libcurl has something to do, a message is due, or somebody rings.
    private func wait(isStopping: Bool) {
        var patience: Int64 = isStopping || isFailing ? 100 : 1_000
        for moment in [nextDue, mailPause.failures > 0 ? mailPause.until : nil] {
            if let moment { patience = min(patience, max(10, (moment.raw - now.raw) / 1_000 + 1)) }
        }
        unsafe curl_multi_poll(multi, nil, 0, Int32(patience), nil)
    }
}

/// Wakes the courier, from any thread while there is one.
@safe struct Bell: @unchecked Sendable {
    // libcurl lets every thread ring; for everything else it is the courier's.
    fileprivate let multi: UnsafeMutableRawPointer

    private static let library: CURLcode = curl_begin()

    init() {
        precondition(Self.library == CURLE_OK, "libcurl does not start: \(Self.library.rawValue)")
        unsafe multi = curl_multi_init()!
        unsafe curl_multi_set_number(multi, CURLMOPT_MAXCONNECTS, 64)
    }

    func ring() { unsafe curl_multi_wakeup(multi) }

    /// Ends it; nobody may ring any more.
    func close() { unsafe curl_multi_cleanup(multi) }
}
