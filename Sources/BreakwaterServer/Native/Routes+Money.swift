internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Money in and out: transfers between a user's accounts, requests that a risk admin decides, and the demo's faucet.
extension NativeAPI {
    private static let request = Schema.object(
        .required("id", .integer()), .required("account", .text()), .required("currency", .text()),
        .required("amount", .decimal), .required("direction", .choice("deposit", "withdrawal")),
        .required("status", .choice(MoneyRequest.Status.allCases.map(\.rawValue))), .required("note", .text()),
        .required("created", .time), .required("decided", .time.nullable)
    ).named("MoneyRequest")

    func json(_ request: MoneyRequest) -> JSONValue {
        names { venue in
            let money = venue[request.currency]
            return [
                "id": .integer(Int(request.id)), "account": .string(venue[request.account]),
                "currency": .string(money.name), "amount": .decimal(money.decimal(request.amount)),
                "direction": .string(request.direction.rawValue), "status": .string(request.status.rawValue),
                "note": .string(request.note), "created": .string(request.created.iso),
                "decided": request.decided.map { .string($0.iso) } ?? .null,
            ]
        }
    }

    var moneyRoutes: [Route] {
        [
            route(
                .post, "/v1/transfers", "transfer", "Move money between two of the caller's accounts.", tag: "Money",
                body: .object(
                    .required("from", Inputs.name), .required("to", Inputs.name), .required("currency", Inputs.name),
                    .required("amount", .decimalInput())),
                answers: [.done, .notFound, .refused], needs: .trade
            ) { call in
                let principal = principal(call)
                let (currency, terms) = try currency(named: call.text("currency"))
                let accounts = try ["from", "to"].map { field in
                    guard let account = names({ $0.account(named: call.text(field)) }),
                        principal.accounts.contains(account)
                    else { throw Refusal.notFound("You have no account \(call.text(field)).", field: field) }
                    return account
                }
                let done = try await perform(
                    .transfer(
                        from: accounts[0], to: accounts[1], currency, try terms.amount(try call.decimal("amount"))),
                    for: principal)
                return Reply(json: done.json)
            },
            ask(.deposit, "deposits", "requestDeposit", "Ask for money to be credited."),
            ask(.withdrawal, "withdrawals", "requestWithdrawal", "Ask for money to be paid out."),
            route(
                .get, "/v1/accounts/{account}/requests", "moneyRequests", "Deposits and withdrawals asked for.",
                tag: "Money", parameters: [Inputs.account, Inputs.limit, Inputs.before],
                answers: [Response(200, "Requests.", .rows("requests", Self.request)), .notFound], needs: .look
            ) { call in
                let rows = try gateway.identities.requests(
                    of: [try account(call, for: .look)], status: nil,
                    before: call.integerIfGiven("before").map(Int64.init), limit: call.integer("limit"))
                return Reply(json: .list("requests", rows.map { json($0) }))
            },
            route(
                .post, "/v1/accounts/{account}/faucet", "faucet",
                "Play money, where the venue gives any: what the venue's statement names.", tag: "Money",
                parameters: [Inputs.account], body: .object(.required("currency", Inputs.name)),
                answers: [.done, .notFound, .refused], needs: .trade, weight: 20
            ) { call in
                let account = try account(call, for: .trade)
                let (currency, terms) = try currency(named: call.text("currency"))
                guard let text = options.faucet[terms.name] else {
                    throw Refusal.refused("noFaucet", "This venue gives no \(terms.name) away.", field: "currency")
                }
                let amount = try terms.amount(text)
                let balance = try await venue.read { $0.walletStatement(of: account, in: currency)?.equity ?? .zero }
                guard balance < amount else {
                    throw Refusal.refused(
                        "faucetNotNeeded", "The account still has \(terms.decimal(balance)) \(terms.name).")
                }
                return Reply(json: try await perform(.deposit(account, currency, amount), for: principal(call)).json)
            },
            route(
                .get, "/v1/admin/requests", "allMoneyRequests", "Deposits and withdrawals that anybody asked for.",
                tag: "Administration",
                parameters: [
                    .query("status", .choice(MoneyRequest.Status.allCases.map(\.rawValue))), Inputs.limit,
                    Inputs.before,
                ],
                answers: [Response(200, "Requests.", .rows("requests", Self.request))], needs: .administer
            ) { call in
                let rows = try gateway.identities.requests(
                    of: nil, status: call.textIfGiven("status").flatMap(MoneyRequest.Status.init(rawValue:)),
                    before: call.integerIfGiven("before").map(Int64.init), limit: call.integer("limit"))
                return Reply(json: .list("requests", rows.map { json($0) }))
            },
            route(
                .post, "/v1/admin/requests/{request}", "decideMoneyRequest", "Carry a request out, or refuse it.",
                tag: "Administration", parameters: [.path("request", .integer(1...Int.max))],
                body: .object(.required("decision", .choice("done", "refused"))),
                answers: [Response(200, "Decided.", Self.request), .conflict, .refused, .notFound], needs: .administer
            ) { call in Reply(json: try await decide(call)) },
        ]
    }

    private func ask(
        _ direction: MoneyRequest.Direction, _ path: String, _ operation: String, _ summary: String
    ) -> Route {
        route(
            .post, "/v1/accounts/{account}/" + path, operation, summary, tag: "Money", parameters: [Inputs.account],
            body: .object(
                .required("currency", Inputs.name), .required("amount", .decimalInput()),
                .optional("note", .text(0...200).defaulting(to: ""))),
            answers: [Response(201, "Pending.", Self.request), .notFound, .refused], needs: .trade
        ) { call in
            let account = try account(call, for: .trade)
            let (currency, terms) = try currency(named: call.text("currency"))
            let request = try gateway.identities.addRequest(
                direction, account, currency, try terms.amount(try call.decimal("amount")), note: call.text("note"),
                at: gateway.now)
            return Reply(status: 201, json: json(request))
        }
    }

    /// Takes the request out of what is pending first, so that money moves once; puts it back if the venue refuses. Where
    /// nobody knows whether the money moved, the next start finds out.
    private func decide(_ call: Call) async throws -> JSONValue {
        let principal = principal(call)
        let id = Int64(call.integer("request"))
        let status = MoneyRequest.Status(rawValue: call.text("decision"))!
        let request = try gateway.identities.begin(id, after: venue.last)
        let command: Command =
            switch (status, request.direction) {
            case (.done, .deposit): .deposit(request.account, request.currency, request.amount)
            case (.done, .withdrawal): .withdraw(request.account, request.currency, request.amount)
            case (.refused, _), (.pending, _): .wait
            }
        let deed = status == .done ? MoneyDesk.note(for: id) : "request \(id) refused"
        do {
            _ = try await administer(command, as: principal, note: deed)
        } catch let fault as VenueFault where fault != .overloaded {
            throw fault
        } catch {
            try gateway.identities.putBack(id)
            throw error
        }
        return json(try gateway.identities.finish(id, status, by: principal.actor, at: gateway.now))
    }
}
