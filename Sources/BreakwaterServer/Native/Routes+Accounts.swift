internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Accounts: how they stand, their settings, subaccounts.
extension NativeAPI {
    var accountRoutes: [Route] {
        [
            route(
                .get, "/v1/accounts", "accounts", "The caller's accounts and how they stand.", tag: "Accounts",
                answers: [Response(200, "Accounts.", .rows("accounts", Statements.account))], needs: .look
            ) { call in
                var rows: [JSONValue] = []
                for account in principal(call).accounts { rows.append(try await statement(of: account)) }
                return Reply(json: .list("accounts", rows))
            },
            route(
                .post, "/v1/accounts", "openSubaccount", "Open a subaccount, named `user.label`.", tag: "Accounts",
                body: .object(.required("label", .text(1...24, of: .name))),
                answers: [Response(201, "The subaccount.", Statements.account), .conflict, .refused], needs: .trade
            ) { call in
                let principal = try unbound(call)
                guard principal.accounts.count < 20 else {
                    throw Denial(.tooMany, "Nobody has more than 20 accounts.")
                }
                let name = principal.name + "." + call.text("label")
                let account = try await openAccount(name, by: principal.actor)
                try gateway.identities.addAccount(account, name: name, to: principal.user)
                return Reply(status: 201, json: try await statement(of: account))
            },
            route(
                .get, "/v1/accounts/{account}", "account", "Wallets and positions of an account.", tag: "Accounts",
                parameters: [Inputs.account], answers: [Response(200, "The account.", Statements.account), .notFound],
                needs: .look
            ) { call in Reply(json: try await statement(of: try account(call, for: .look))) },
            setting(
                "/hedge", "setHedgeMode", "Hold long and short positions side by side, or not.",
                .required("on", .flag)
            ) { account, call in .setHedged(account, call.flag("on")) },
            setting(
                "/self-trade", "setSelfTradePrevention", "Which order goes when two of the account's would trade.",
                .required("cancel", .choice(SelfTradePrevention.allCases.map(\.rawValue)))
            ) { account, call in .setSelfTrade(account, SelfTradePrevention(rawValue: call.text("cancel"))!) },
            setting(
                "/pairs", "setPairsShrinkTogether",
                "Whether a hedged pair shrinks together when one side is deleveraged.",
                .required("together", .flag)
            ) { account, call in .setPairsShrinkTogether(account, call.flag("together")) },
            route(
                .put, "/v1/accounts/{account}/provider", "provideLiquidity",
                "Take liquidated positions over up to a notional each window; zero ends it.", tag: "Accounts",
                parameters: [Inputs.account],
                body: .object(.required("currency", Inputs.name), .required("capacity", .decimalInput())),
                answers: [.done, .notFound, .refused], needs: .provide
            ) { call in
                let account = try account(call, for: .provide)
                let currency = try currency(named: call.text("currency"))
                let text = try call.decimal("capacity")
                let capacity =
                    ExactDecimal(text)?.digits == 0 ? Amount.zero : try currency.terms.amount(text, "capacity")
                let done = try await perform(
                    .registerProvider(account, currency.id, capacity: capacity), for: principal(call))
                return Reply(json: done.json)
            },
        ]
    }

    private func setting(
        _ path: String, _ operation: String, _ summary: String, _ field: Schema.Field,
        _ command: @escaping @Sendable (AccountID, Call) -> Command
    ) -> Route {
        route(
            .put, "/v1/accounts/{account}" + path, operation, summary, tag: "Accounts", parameters: [Inputs.account],
            body: .object(field), answers: [.done, .notFound, .refused], needs: .trade
        ) { call in
            let account = try account(call, for: .trade)
            return Reply(json: try await perform(command(account, call), for: principal(call)).json)
        }
    }

    /// An account as the core states it.
    func statement(of account: AccountID) async throws -> JSONValue {
        try await venue.read { Self.statement(of: account, in: $0) }
    }

    static func statement(of account: AccountID, in exchange: borrowing Exchange) -> JSONValue {
        let venue = exchange.directory
        let wallets = exchange.walletStatements(of: account).map {
            (key: venue[$0.currency].name, value: $0.report(in: venue))
        }
        let positions = exchange.positionStatements(of: account).map {
            (key: venue.name(of: $0.key), value: $0.report(in: venue))
        }
        return [
            "account": .string(venue[account]), "hedged": .bool(exchange.isHedged(account)),
            "selfTrade": .string(exchange.selfTradePrevention(of: account).rawValue),
            "restriction": .string(exchange.restriction(of: account).rawValue), "wallets": .object(wallets),
            "positions": .object(positions),
        ]
    }
}

extension Call {
    /// A required decimal, whether it was sent as a text or as a whole number.
    func decimal(_ name: String) throws -> String {
        switch self[name] {
        case .string(let text): text
        case .integer(let number): "\(number)"
        default: throw Refusal.invalid("\(name) is missing.", field: name, expected: "a decimal number")
        }
    }

    func decimalIfGiven(_ name: String) throws -> String? { self[name] == nil ? nil : try decimal(name) }
}
