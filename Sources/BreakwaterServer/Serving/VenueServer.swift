internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterNotices
internal import BreakwaterTapes
public import BreakwaterVenue
internal import BreakwaterWeb
public import Logging

/// A venue served: its folder open, every door to it open, and whatever runs beside.
///
/// ```swift
/// let server = try await VenueServer.start(options)
/// print("listening on \(server.url)")
/// …
/// await server.stop()
/// ```
public final class VenueServer: Sendable {
    /// Where clients find it.
    public let url: String
    /// What was found when the folder was opened.
    public let recovery: RecoveryReport
    /// Makes its bearer risk admin, once; `nil` once there is one.
    public let adminToken: String?
    let gateway: Gateway
    private let notices: Notices
    private let web: WebServer
    private let lab: Lab
    private let running: [Task<Void, Never>]

    private init(
        _ gateway: Gateway, _ notices: Notices, web: WebServer, lab: Lab, recovery: RecoveryReport,
        adminToken: String?, running: [Task<Void, Never>]
    ) {
        url = web.url
        self.gateway = gateway
        self.notices = notices
        self.web = web
        self.lab = lab
        self.recovery = recovery
        self.adminToken = adminToken
        self.running = running
    }

    /// Opens the venue in its folder, or begins one, and serves it.
    public static func start(_ options: ServeOptions, logger: Logger = Logger(label: "breakwater")) async throws
        -> VenueServer
    {
        let (feeds, books) = (Feeds(), Books())
        let opened = OpenedFollowers()
        var venueOptions = VenueOptions()
        venueOptions.snapshotEvery = options.snapshotEvery
        venueOptions.complain = { logger.error("\($0)") }
        let (venue, recovery) = try Venue.open(
            options.folder, rulebook: options.rulebook,
            followers: try opened.open(in: options.folder, options.notices) + [feeds, books], options: venueOptions)
        for problem in recovery.problems { logger.warning("\(problem)") }
        let gateway = Gateway(
            venue: venue, history: opened.history!, identities: try Identities(folder: options.folder), feeds: feeds,
            books: books)
        let notices = opened.notices!
        notices.start(names: venue.names) { logger.warning("\($0)") }
        try await begin(feeds, from: gateway)
        try await MoneyDesk.settle(gateway)
        let metrics = Metrics()
        let site = try ServedSite(gateway, notices, options, metrics: metrics)
        let web = try await WebServer.start(site.site, options.web, metrics: metrics, logger: logger)
        var running = [Task { await books.run(on: venue) }] + site.background.map { work in Task { await work() } }
        if let demo = options.demo {
            let market = try await DemoMarket(demo, gateway: gateway)
            running.append(
                Task {
                    do { try await market.run() } catch {
                        if !Task.isCancelled { logger.error("the demo market stopped: \(error)") }
                    }
                })
        }
        return VenueServer(
            gateway, notices, web: web, lab: site.lab, recovery: recovery,
            adminToken: try gateway.identities.adminToken(), running: running)
    }

    /// Takes no more requests, finishes those it has, writes a snapshot, and closes. Within five seconds.
    public func stop() async {
        for task in running { task.cancel() }
        lab.stop()
        await web.stop()
        for task in running { await task.value }
        gateway.venue.stop()
        gateway.history.stop()
        notices.stop()
    }

    /// Fills the feeds with what was open and traded before.
    private static func begin(_ feeds: Feeds, from gateway: Gateway) async throws {
        let history = gateway.history
        try await history.caughtUp(to: gateway.venue.last)
        let (accounts, contracts) = gateway.venue.names.look { ($0.accountNames.count, $0.contracts.count) }
        var open: [LiveOrder] = []
        for account in 0..<accounts {
            open += try await history.openOrders(of: AccountID(index: account)).map(LiveOrder.init)
        }
        var minutes: [[Minute]] = []
        for contract in 0..<contracts {
            let candles = try await history.candles(of: ContractID(index: contract), .oneMinute, limit: 1_440)
            minutes.append(candles.map(Minute.init))
        }
        feeds.begin(openOrders: open, minutes: minutes)
    }
}

/// What follows a venue durably, opened once its folder is this process's.
private final class OpenedFollowers {
    private(set) var history: History?
    private(set) var notices: Notices?

    func open(in folder: String, _ options: NoticeOptions) throws -> [any Follower] {
        let (history, notices) = (try History(folder + "/history.sqlite"), try Notices(folder: folder, options))
        (self.history, self.notices) = (history, notices)
        return [history, notices]
    }
}
