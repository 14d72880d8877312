internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterVenue
internal import BreakwaterWeb

/// One call of the dialect, as a value: answered over HTTP, and some of them over a socket as well.
struct Operation: Sendable {
    typealias Handler = @Sendable (Request) async throws -> JSONText

    let method: Method
    let path: String
    let security: Security
    /// What it uses up of an address's limit.
    let weight: Int
    /// What it counts for in an account's limit of orders.
    let orders: Int
    let pace: Pace
    let handler: Handler

    enum Security: Sendable {
        case none
        /// A key, without a signature.
        case key
        /// A signature, by a key that may look.
        case look
        /// A signature, by a key that may trade.
        case trade
    }

    init(
        _ method: Method, _ path: String, _ security: Security = .none, weight: Int = 1, orders: Int = 0,
        pace: Pace = .long, handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.security = security
        self.weight = weight
        self.orders = orders
        self.pace = pace
        self.handler = handler
    }
}

/// A request that was let in.
struct Request: Sendable {
    let inputs: Inputs
    /// Who asks; `nil` where anybody may.
    let principal: Principal?
    let now: Timestamp

    /// The account it is about, which every operation with a key has.
    var account: AccountID {
        guard let account = principal?.account else { preconditionFailure("no account behind a request with a key") }
        return account
    }

    func origin(clientOrderID: String = "") -> Origin {
        principal?.origin(clientOrderID: clientOrderID) ?? Origin("binance", clientOrderID: clientOrderID)
    }
}

/// How much may be asked for. The defaults are the original's.
public struct BinanceLimits: Sendable {
    /// Weight of all requests from one address in a minute.
    public var weightPerMinute = 2_400
    /// Orders of one account in a minute.
    public var ordersPerMinute = 1_200

    public init() {}
}
