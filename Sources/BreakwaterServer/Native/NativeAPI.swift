internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterNotices
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Which part of a list is asked for.
typealias Page = BreakwaterHistory.Page

/// The native API: everything the venue can do and knows, one route each. The page uses nothing else.
struct NativeAPI: Sendable {
    let gateway: Gateway
    let notices: Notices
    let options: Options
    let passwords = Passwords()
    let lab = Lab()
    /// What accounts and addresses may have sent without anything having happened.
    let noticePace = TokenBuckets(.init(perSecond: 1, burst: 60))

    struct Options: Sendable {
        /// What a faucet gives at a time, by currency; without any there is no faucet.
        var faucet: [String: String] = [:]
        /// Whether people may sign up.
        var allowsSignUp = true
    }

    var routes: [Route] {
        venueRoutes + marketRoutes + sessionRoutes + keyRoutes + accountRoutes + positionRoutes + orderRoutes
            + previewRoutes + moneyRoutes + historyRoutes + liquidationRoutes + storyRoutes + standingRoutes
            + administrationRoutes + riskRoutes + labRoutes + noticeRoutes
    }

    var venue: Venue { gateway.venue }

    /// The history, once it holds everything that is durable by now.
    func history() async throws -> History {
        try await gateway.history.caughtUp(to: venue.last)
        return gateway.history
    }

    /// Looks names up.
    func names<Answer>(_ question: (Directory) throws -> sending Answer) rethrows -> sending Answer {
        try venue.names.look(question)
    }

    /// A route whose faults are told in the API's one shape.
    func route(
        _ method: Method, _ path: String, _ operation: String, _ summary: String, tag: String,
        parameters: [Parameter] = [], body: Schema? = nil, answers: [Response], needs right: Right? = nil,
        weight: Int = 1, _ handler: @escaping @Sendable (Call) async throws -> Reply
    ) -> Route {
        Route(
            method, path, operation: operation, summary: summary, tag: tag, parameters: parameters, body: body,
            responses: answers, access: right.map { .signedIn($0.rawValue) } ?? .everyone, weight: weight
        ) { call in
            do {
                return try await handler(call)
            } catch let denial as Denial {
                throw Refusal(denial)
            } catch let fault as VenueFault {
                throw Refusal(fault)
            } catch is HistoryFault {
                throw Refusal.unavailable(
                    "The venue's history cannot be read; what was asked for may have been done all the same.",
                    retryAfter: 10)
            } catch let term as UnfitTerm {
                throw Refusal(term)
            } catch let input as BadInput {
                throw Refusal(input)
            }
        }
    }

    // MARK: Who asks, and about what

    func principal(_ call: Call) -> Principal {
        guard let principal = call.caller as? Principal else {
            preconditionFailure("\(call.method) \(call.path) asks for a caller but lets everyone in")
        }
        return principal
    }

    /// The account in the path, which must be the caller's own; risk admins may look at anybody's.
    func account(_ call: Call, for right: Right) throws -> AccountID {
        let name = call.text("account")
        let principal = principal(call)
        guard let account = names({ $0.account(named: name) }),
            principal.accounts.contains(account) || right == .look && principal.role.allows(.administer)
        else { throw Refusal.notFound("You have no account \(name).", field: "account") }
        return account
    }

    func contract(_ call: Call) throws -> (id: ContractID, terms: Contract) {
        try contract(named: call.text("symbol"))
    }

    func contract(named symbol: String) throws -> (id: ContractID, terms: Contract) {
        let found = names { directory in directory.contract(named: symbol).map { ($0, directory[$0]) } }
        guard let found else { throw Refusal.notFound("No contract \(symbol) is listed.", field: "symbol") }
        return found
    }

    func contractIfGiven(_ call: Call) throws -> (id: ContractID, terms: Contract)? {
        try call.textIfGiven("symbol").map { try contract(named: $0) }
    }

    func currency(named name: String) throws -> (id: CurrencyID, terms: Currency) {
        let found = names { directory in directory.currency(named: name).map { ($0, directory[$0]) } }
        guard let found else { throw Refusal.notFound("There is no currency \(name).", field: "currency") }
        return found
    }

    /// The position a call names by account, symbol and, in hedge mode, side.
    func key(_ call: Call, for right: Right) throws -> (key: PositionKey, contract: Contract) {
        let account = try account(call, for: right)
        let contract = try contract(call)
        let side = call.textIfGiven("position").flatMap(PositionSide.init(rawValue:)) ?? .net
        return (PositionKey(account, contract.id, side), contract.terms)
    }

    /// Executes a command; a refusal by the core is thrown.
    func perform(_ command: Command, for principal: Principal, clientOrderID: String = "") async throws -> Execution {
        let done = try await venue.perform(command, from: principal.origin(clientOrderID: clientOrderID))
        if let rejection = done.rejection { throw names { Refusal(rejection, in: $0) } }
        return done
    }

    /// Executes a command of somebody who runs the venue, which is listed among their actions, refused ones too.
    func administer(_ command: Command, as principal: Principal, note: String = "") async throws -> Execution {
        let done = try await venue.perform(command, from: .administration(principal.actor, note: note))
        if let rejection = done.rejection { throw names { Refusal(rejection, in: $0) } }
        return done
    }

    /// Puts into the journal what somebody who runs the venue does that no command is for.
    func note(_ deed: String, as principal: Principal) async throws {
        _ = try await administer(.wait, as: principal, note: deed)
    }
}

/// Inputs that many routes share.
enum Inputs {
    static let name = Schema.text(1...64, of: .name)
    static let account = Parameter.path("account", name.about("The name of an account of the caller's."))
    static let symbol = Parameter.path("symbol", name.about("A contract's symbol.").example("BTCUSDT"))
    static let symbolFilter = Parameter.query("symbol", name.about("Only this contract's."))
    static let positionSide = Parameter.query(
        "position", Schema.choice("net", "long", "short").about("In hedge mode, the side that is meant."))
    static let limit = Parameter.query("limit", Schema.integer(1...1_000).defaulting(to: 100))
    static let before = Parameter.query(
        "before", Schema.integer(1...Int.max).about("Only what has a lower number, to page on."))
    static let after = Parameter.query(
        "after", Schema.integer(0...Int.max).about("Only what has a higher number; oldest first then."))
    static let from = Parameter.query("from", Schema.time.about("Not before this moment."))
    static let until = Parameter.query("until", Schema.time.about("Not after this moment."))
    static let page = [limit, before, after, from, until]
}
