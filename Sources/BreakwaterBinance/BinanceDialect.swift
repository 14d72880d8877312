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
    let gateway: Gateway
    let listings: Listings
    let door: Door
    let limits: BinanceLimits
    private let countdowns = Countdowns()

    /// - Parameter limits: how much may be asked for.
    public init(_ gateway: Gateway, limits: BinanceLimits = BinanceLimits()) {
        self.gateway = gateway
        self.limits = limits
        listings = Listings(gateway.venue.names)
        door = Door(gateway, limits)
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
        ["/fapi/", "/sapi/", "/futures/data/", "/api/v3/"].map { prefix in
            ErrorShape(below: prefix) { Fault($0).reply }
        }
    }

    var operations: [Operation] {
        let orders = OrderDesk(gateway: gateway, listings: listings)
        let accounts = AccountDesk(gateway: gateway, listings: listings, orders: orders)
        let markets = MarketDesk(gateway: gateway, listings: listings, limits: limits)
        return markets.generalOperations + markets.tickerOperations + markets.tradeOperations + markets.riskOperations
            + orders.orderOperations + orders.batchOperations + orders.algoOperations + countdowns.operations(listings)
            + accounts.balanceOperations + accounts.settingOperations + accounts.statementOperations
    }
}
