internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Running the venue. Whatever a risk admin does is a command, and so in the journal with who did it.
extension NativeAPI {
    private static let answer = Schema.object(
        .required(
            "executions",
            .list(
                of: .object(
                    .required("sequence", .integer()), .required("time", .time),
                    .required("events", .list(of: .map(of: .anything))))))
    ).named("Executions")
    private static let user = Schema.object(
        .required("name", .text()), .required("role", .choice(Role.allCases.map(\.rawValue))),
        .required("accounts", .list(of: .text())), .required("created", .time))

    var administrationRoutes: [Route] {
        [
            route(
                .post, "/v1/admin/commands", "command",
                "Any command of the tape schema but orders: list a contract, set a mark or an index price, pay funding, fill the fund, halt, change rules… `do` names it; docs/TAPES.md tells the rest.",
                tag: "Administration", body: .map(of: .anything),
                answers: [Response(200, "Done.", Self.answer), .notFound, .conflict, .refused], needs: .administer
            ) { call in
                let principal = principal(call)
                let rulebook = try await venue.read { $0.rulebook }
                let text = String(decoding: call.bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
                    .joined(separator: " ")
                // Rules change at a moment to come: by the time the command is carried out, now would be in the past.
                let isChangeOfRules = ["rulebook", "tiers"].contains(call.textIfGiven("do"))
                let time = gateway.now + (isChangeOfRules ? .seconds(1) : .seconds(0))
                let commands = try names { directory in
                    try CommandReader.read(text, venue: directory, rulebook: rulebook, at: time)
                }
                var done: [Execution] = []
                for command in commands { done.append(try await administer(command, as: principal)) }
                return Reply(json: executions(done))
            },
            stop(
                "/v1/admin/halt", "haltAll", "The kill switch: halt every contract. Orders can still be cancelled.",
                .haltAll),
            stop("/v1/admin/resume", "resumeAll", "Resume every halted contract.", .resumeAll),
            route(
                .put, "/v1/admin/accounts/{account}/restriction", "restrict",
                "Freeze an account, let it only reduce, or let it go; its orders are cancelled.", tag: "Administration",
                parameters: [Inputs.account],
                body: .object(.required("restriction", .choice(Restriction.allCases.map(\.rawValue)))),
                answers: [.done, .notFound, .refused], needs: .administer
            ) { call in
                guard let account = names({ $0.account(named: call.text("account")) }) else {
                    throw Refusal.notFound("There is no account \(call.text("account")).", field: "account")
                }
                let restriction = Restriction(rawValue: call.text("restriction"))!
                return Reply(json: try await administer(.restrict(account, restriction), as: principal(call)).json)
            },
            route(
                .get, "/v1/admin/users", "users", "Everybody who signed up.", tag: "Administration",
                answers: [Response(200, "Users.", .rows("users", Self.user))], needs: .administer
            ) { _ in Reply(json: .list("users", try gateway.identities.users().map(Self.json))) },
            route(
                .put, "/v1/admin/users/{user}/role", "setRole", "Give a user a role; its sessions end.",
                tag: "Administration",
                parameters: [.path("user", Inputs.name)],
                body: .object(.required("role", .choice(Role.allCases.map(\.rawValue)))),
                answers: [Response(200, "The user.", Self.user), .notFound], needs: .administer
            ) { call in
                guard let user = try gateway.identities.user(named: call.text("user")) else {
                    throw Refusal.notFound("Nobody is called \(call.text("user")).", field: "user")
                }
                let role = Role(rawValue: call.text("role"))!
                try await note("\(user.name) becomes \(role.rawValue)", as: principal(call))
                try gateway.identities.setRole(of: user.id, to: role)
                return Reply(json: Self.json(try gateway.identities.user(user.id)!))
            },
            route(
                .get, "/v1/admin/actions", "actions", "What risk admins did, refused attempts included.",
                tag: "Administration", parameters: Inputs.page,
                answers: [
                    Response(
                        200, "Actions.",
                        .rows(
                            "actions",
                            .object(
                                .required("id", .integer()), .required("actor", .text()), .required("command", .text()),
                                .required("account", .text().nullable), .required("symbol", .text().nullable),
                                .required("text", .text()), .required("rejection", .text().nullable),
                                .required("time", .time))))
                ], needs: .administer
            ) { call in
                try await gateway.history.caughtUp(to: venue.last)
                let rows = try await gateway.history.actions(page: try Page(call))
                return Reply(json: names { venue in .list("actions", rows.map { Self.json($0, venue) }) })
            },
            route(
                .get, "/v1/admin/state", "state",
                "The books: the state's fingerprint, and for each currency what came in against what is held.",
                tag: "Administration",
                answers: [
                    Response(
                        200, "The books.",
                        .object(
                            .required("stateHash", .text()), .required("sequence", .integer()),
                            .required("time", .time),
                            .required("conservation", .map(of: .map(of: .decimal)))))
                ], needs: .administer, weight: 50
            ) { _ in
                let json: JSONValue = try await venue.readNumbered { exchange, sequence in
                    [
                        "stateHash": .string(exchange.stateHashText), "sequence": .integer(Int(sequence)),
                        "time": .string(exchange.now.iso), "conservation": exchange.conservationReport,
                    ]
                }
                return Reply(json: json)
            },
        ]
    }

    private func stop(_ path: String, _ operation: String, _ summary: String, _ command: Command) -> Route {
        route(
            .post, path, operation, summary, tag: "Administration", answers: [Response(200, "Done.", Self.answer)],
            needs: .administer
        ) { call in Reply(json: executions([try await administer(command, as: principal(call))])) }
    }

    private func executions(_ done: [Execution]) -> JSONValue {
        names { venue in
            .list(
                "executions",
                done.map { execution in
                    .object(
                        execution.json.members + [
                            (
                                key: "events",
                                value: .array(execution.events.map { $0.json(at: execution.time, in: venue) })
                            )
                        ])
                })
        }
    }

    private static func json(_ user: User) -> JSONValue {
        [
            "name": .string(user.name), "role": .string(user.role.rawValue),
            "accounts": .array(user.accounts.map { .string($0.name) }), "created": .string(user.created.iso),
        ]
    }

    private static func json(_ action: AdminAction, _ venue: Directory) -> JSONValue {
        [
            "id": .integer(Int(action.id.raw)), "actor": .string(action.actor), "command": .string(action.command),
            "account": action.account.map { .string(venue[$0]) } ?? .null,
            "symbol": action.contract.map { .string(venue[$0].symbol) } ?? .null, "text": .string(action.text),
            "rejection": action.rejection.map { .string($0) } ?? .null, "time": .string(action.time.iso),
        ]
    }
}
