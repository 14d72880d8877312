internal import BreakwaterCore
public import BreakwaterGateway
internal import BreakwaterVenue
public import BreakwaterWeb

/// The dialect of Binance's USD-M futures, so that programs written for those trade here unmodified.
///
/// A thin translation: every rule lives in the core, every figure comes from it or from the history. Only linear
/// contracts are shown, because the dialect has no shape for the values of others.
///
/// ```swift
/// let dialect = BinanceDialect(gateway, limits: limits)
/// site.rawRoutes += dialect.rawRoutes
/// site.sockets += dialect.sockets
/// site.errorShapes += dialect.errorShapes
/// await dialect.run()
/// ```
public final class BinanceDialect: Sendable {
    private let gateway: Gateway
    private let door: Door
    private let operations: [Operation]
    private let countdowns: Countdowns
    private let keys: ListenKeys
    private let timed: TimedStreams
    private let accounts: AccountStreams
    /// Every WebSocket: streams at each of the paths clients know, and requests.
    public let sockets: [SocketRoute]

    /// Speaks for a venue, and listens to its feeds from now on.
    ///
    /// - Parameter limits: how much may be asked for.
    public init(_ gateway: Gateway, limits: BinanceLimits = BinanceLimits()) {
        self.gateway = gateway
        let listings = Listings(gateway.venue.names)
        let (hubs, keys, countdowns) = (StreamHubs(), ListenKeys(), Countdowns())
        let markets = MarketStreams(hubs, listings, gateway.books)
        let accounts = AccountStreams(gateway, listings, hubs, keys, markets)
        let orderDesk = OrderDesk(gateway: gateway, listings: listings)
        let accountDesk = AccountDesk(gateway: gateway, listings: listings, orders: orderDesk)
        let marketDesk = MarketDesk(gateway: gateway, listings: listings, limits: limits)
        operations =
            marketDesk.generalOperations + marketDesk.tickerOperations + marketDesk.tradeOperations
            + marketDesk.riskOperations + orderDesk.orderOperations + orderDesk.batchOperations
            + orderDesk.algoOperations + countdowns.operations(listings) + accountDesk.balanceOperations
            + accountDesk.settingOperations + accountDesk.statementOperations + keys.operations(accounts)
        door = Door(gateway, limits)
        sockets =
            StreamSockets(hubs: hubs, listings: listings, keys: keys).routes
            + [RequestSocket(door, operations, limits).route]
        timed = TimedStreams(gateway, listings, hubs, markets)
        self.keys = keys
        self.countdowns = countdowns
        self.accounts = accounts
        gateway.feeds.attach(markets as any MarketSink)
        gateway.books.attach(markets)
        gateway.feeds.attach(accounts as any AccountSink)
    }

    /// Every call over HTTP.
    public var rawRoutes: [RawRoute] {
        let door = door
        return operations.map { operation in
            RawRoute(operation.method, path: operation.path, pace: operation.pace) { call in
                await door.answer(operation, call)
            }
        }
    }

    /// How the shell's own refusals look below this dialect's paths.
    public var errorShapes: [ErrorShape] {
        ["/fapi/", "/sapi/", "/api/v3/"].map { prefix in
            ErrorShape(below: prefix) { Fault($0).reply }
        }
    }

    /// Does what is done at intervals until the task is cancelled: streams told by the clock, dead man's switches, keys
    /// that end.
    public func run() async {
        var told: [String: TimedStreams.Told] = [:]
        var turn = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(250))
            turn += 1
            let now = gateway.now
            countdowns.fire(at: now, on: gateway.venue)
            for key in keys.takeExpired(at: now) { accounts.expire(key, at: now) }
            await timed.tell(turn, &told)
        }
    }
}
