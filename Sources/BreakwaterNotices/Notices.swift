internal import BreakwaterCore
internal import BreakwaterGateway
public import BreakwaterVenue
internal import Foundation
internal import Synchronization

/// Warnings sent out by mail and webhook: below the warning level of a buffer, below danger, liquidation begun.
///
/// A follower that folds the core's own events and computes no margin. What it finds is put into an outbox together
/// with the number of the last command folded, in one transaction, and leaves the outbox only once a receiver has
/// accepted it. So a message is sent once through any number of clean stops, and after a crash at most once more, by
/// the same id.
///
/// ```swift
/// let notices = try Notices(folder: "data", options)
/// let (venue, _) = try Venue.open("data", …, followers: [history, notices])
/// notices.start(names: venue.names)
/// …
/// venue.stop()
/// notices.stop()
/// ```
public final class Notices: DurableFollower {
    public let options: NoticeOptions
    let store: NoticeStore
    private let news: Mutex<News>
    /// Wakes the thread that folds and sends; `nil` while there is none.
    private let bell = Mutex<Bell?>(nil)
    private let done = DispatchSemaphore(value: 0)
    private let tally = Mutex(NoticeFigures())

    /// Opens the outbox in `folder`, or begins one with what comes after the journal's last command: what happened
    /// before anybody could ask for warnings is not told.
    public init(folder: String, _ options: NoticeOptions = NoticeOptions()) throws {
        self.options = options
        store = try NoticeStore(folder: folder)
        news = Mutex(News(last: try store.last()))
    }

    /// The number of the last command it has seen; what it had to say of those is in the outbox, or about to be.
    public var last: Int64 { news.withLock { $0.last } }

    public func take(_ batch: [Execution]) {
        guard let last = batch.last?.sequence else { return }
        let isWorthWaking = news.withLock { news in
            let before = news.happenings.count
            // By index: an execution taken out is held.
            for index in batch.indices where batch[index].sequence > news.last {
                Happening.fold(batch[index], &news.happenings)
            }
            news.last = max(news.last, last)
            return news.happenings.count > before
        }
        if isWorthWaking { ring() }
    }

    /// Begins to fold and send, on a thread of its own.
    ///
    /// - Parameters:
    ///   - names: those of the venue, in which messages are written.
    ///   - complain: told when mail can no longer be sent, and when it can again.
    public func start(names: Names, complain: @escaping @Sendable (String) -> Void = { _ in }) {
        let bell = Bell()
        self.bell.withLock { $0 = bell }
        Thread.start("notices", standsBack: true) { [self] in
            Courier(self, Letters(names, store, options), bell, complain).run()
            self.bell.withLock { $0 = nil }
            bell.close()
            done.signal()
        }
    }

    /// Puts what it was given into the outbox, waits for what is being sent, and closes.
    public func stop() {
        let runs = bell.withLock { $0 != nil }
        news.withLock { $0.isStopping = true }
        if runs {
            ring()
            done.wait()
        }
        store.close()
    }

    /// How many messages left since the start, failed, and wait.
    public func figures() throws -> NoticeFigures {
        var figures = tally.withLock { $0 }
        figures.waiting = try store.waiting()
        return figures
    }

    /// What was found and is not in the outbox yet.
    func drain() -> (happenings: [Happening], last: Int64, isStopping: Bool) {
        news.withLock { news in
            defer { news.happenings = [] }
            return (news.happenings, news.last, news.isStopping)
        }
    }

    func count(_ channel: Channel, _ state: Delivery.State) { tally.withLock { $0.add(channel, state) } }

    func ring() { bell.withLock { $0?.ring() } }

    private struct News {
        var happenings: [Happening] = []
        var last: Int64
        var isStopping = false
    }
}

/// How many messages were sent and failed since the start, and wait now, by channel.
public struct NoticeFigures: Sendable {
    public private(set) var sent: [Channel: Int] = [:]
    public private(set) var failed: [Channel: Int] = [:]
    public internal(set) var waiting: [Channel: Int] = [:]

    mutating func add(_ channel: Channel, _ state: Delivery.State) {
        switch state {
        case .sent: sent[channel, default: 0] += 1
        case .failed: failed[channel, default: 0] += 1
        case .waiting, .dropped: break
        }
    }
}

/// Where messages go, and by what.
public struct NoticeOptions: Sendable {
    /// The server mail goes through; `nil` where there is none.
    public var mail: MailServer?
    /// Where people find the venue's page, for links: `https://venue.example`.
    public var pageURL: String?
    /// Whether webhooks may be at addresses that are not public: for tests, and networks of one's own.
    public var allowsPrivateWebhooks = false

    public init() {}
}

/// A mail server and how it is spoken to.
public struct MailServer: Sendable {
    /// `smtp://host:587`, encrypted once connected (STARTTLS) where the server offers that, or `smtps://host:465`.
    public var url: String
    public var sender: MailAddress
    /// With a user, nothing is sent unless the connection is encrypted.
    public var user: String?
    public var password: String?
    /// A file of certificates in PEM to trust in place of the system's.
    public var authorities: String?

    public init(url: String, sender: MailAddress) {
        self.url = url
        self.sender = sender
    }
}
