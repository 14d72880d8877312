internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Positions: how one stands, what it is backed by, and closing it.
extension NativeAPI {
    private static let path = "/v1/accounts/{account}/positions/{symbol}"
    private static let settings = Schema.object(
        .required("mode", .choice("cross", "isolated")), .required("leverage", .decimal),
        .required("riskLimit", .decimal.nullable), .required("open", Statements.position.nullable)
    ).named("PositionSettings")

    static let leverage: [Schema.Field] = [
        .required("leverage", .decimalInput()), .optional("mode", .choice("cross", "isolated")),
    ]
    static let margin: [Schema.Field] = [.required("amount", .decimalInput(signed: true))]
    static let riskLimit: [Schema.Field] = [.required("limit", .decimalInput())]

    var positionRoutes: [Route] {
        [
            position(.get, "", "position", "A position and its settings, open or not.", nil, Self.settings) {
                key, _, _ in
                try await venue.read { exchange in
                    let settings = exchange.settings(of: key)
                    let money = exchange.directory[exchange.directory[key.contract].settle]
                    return [
                        "mode": .string(settings.mode.rawValue), "leverage": .decimal(settings.leverage.decimal),
                        "riskLimit": .decimal(settings.riskLimit.map(money.decimal)),
                        "open": exchange.positionStatement(key)?.report(in: exchange.directory) ?? .null,
                    ]
                }
            },
            change(
                .put, "/leverage", "setLeverage", "Set leverage, margin mode, or both.", Self.leverage, leverageCommand),
            change(
                .post, "/margin", "moveMargin", "Add margin (+) to an isolated position, or take some back (-).",
                Self.margin, marginCommand),
            change(
                .put, "/risk-limit", "setRiskLimit", "Choose the tier that ends at a value.", Self.riskLimit,
                riskLimitCommand),
            change(.post, "/close", "close", "Close the position at market.", []) { key, _, _ in .close(key) },
        ]
    }

    // MARK: What a call asks of a position

    func leverageCommand(_ key: PositionKey, _ terms: Contract, _ call: Call) throws -> Command {
        .setLeverage(
            key, try Leverage(try call.decimal("leverage"), "leverage"),
            call.textIfGiven("mode").flatMap(MarginMode.init(rawValue:)))
    }

    func marginCommand(_ key: PositionKey, _ terms: Contract, _ call: Call) throws -> Command {
        let money = names { $0[terms.settle] }
        return .moveMargin(key, try money.amount(try call.decimal("amount"), signed: true))
    }

    func riskLimitCommand(_ key: PositionKey, _ terms: Contract, _ call: Call) throws -> Command {
        let money = names { $0[terms.settle] }
        return .setRiskLimit(key, upTo: try money.amount(try call.decimal("limit"), "limit"))
    }

    private func position(
        _ method: Method, _ path: String, _ operation: String, _ summary: String, _ body: Schema?, _ answer: Schema,
        _ handler: @escaping @Sendable (PositionKey, Contract, Call) async throws -> JSONValue
    ) -> Route {
        route(
            method, Self.path + path, operation, summary, tag: "Positions",
            parameters: [Inputs.account, Inputs.symbol, Inputs.positionSide], body: body,
            answers: [Response(200, summary, answer), .notFound] + (method == .get ? [] : [.refused, .conflict]),
            needs: method == .get ? .look : .trade
        ) { call in
            let (key, terms) = try key(call, for: method == .get ? .look : .trade)
            return Reply(json: try await handler(key, terms, call))
        }
    }

    /// A route that changes a position by one command, and answers how it stands then.
    private func change(
        _ method: Method, _ path: String, _ operation: String, _ summary: String, _ body: [Schema.Field],
        _ command: @escaping @Sendable (PositionKey, Contract, Call) throws -> Command
    ) -> Route {
        let answer = Schema.object(
            .required("sequence", .integer()), .required("time", .time),
            .required("position", Statements.position.nullable)
        ).named("PositionAnswer")
        return position(method, path, operation, summary, .object(body), answer) { key, terms, call in
            let done = try await perform(try command(key, terms, call), for: principal(call))
            let position = try await venue.read { exchange in
                exchange.positionStatement(key)?.report(in: exchange.directory) ?? .null
            }
            return .object(done.json.members + [(key: "position", value: position)])
        }
    }
}
