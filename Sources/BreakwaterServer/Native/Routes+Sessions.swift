internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Signing up and in, and keys for programs.
extension NativeAPI {
    private static let password = Schema.text(1...200).about("10 to 200 characters.")
    private static let credentials = Schema.object(
        .required("name", .text(1...64)), .required("password", password))
    private static let user = Schema.object(
        .required("name", .text()), .required("role", .choice(Role.allCases.map(\.rawValue))),
        .required("accounts", .list(of: .text()))
    ).named("User")
    private static let session = Schema.object(
        .required("user", user), .required("csrfToken", .text().about("Repeat it in X-CSRF-Token to change anything.")),
        .required("expires", .time)
    ).named("Session")

    private func json(_ user: User) -> JSONValue {
        [
            "name": .string(user.name), "role": .string(user.role.rawValue),
            "accounts": .array(user.accounts.map { .string($0.name) }),
        ]
    }

    var sessionRoutes: [Route] {
        [
            route(
                .post, "/v1/users", "signUp", "Sign up: a user, and an account of the same name.", tag: "Sessions",
                body: Self.credentials,
                answers: [Response(201, "Signed up.", Self.user), .conflict, .refusal(403, "Signing up is closed.")],
                weight: 20
            ) { call in
                guard options.allowsSignUp else { throw Refusal.forbidden("This venue lets nobody sign up.") }
                let user = try await open(call, role: .trader, by: "sign-up")
                return Reply(status: 201, json: json(user))
            },
            route(
                .post, "/v1/admin/claim", "claimAdministration",
                "Become risk admin with the token that the venue printed when it first started; it works once.",
                tag: "Sessions",
                body: .object(
                    .required("token", .text(1...200)), .required("name", .text(1...64)),
                    .required("password", Self.password)),
                answers: [
                    Response(201, "Signed up as risk admin.", Self.user), .conflict,
                    .refusal(401, "That is not the token, or it was used."),
                ], weight: 20
            ) { call in
                let token = call.text("token")
                guard try gateway.identities.isAdminToken(token) else {
                    throw Denial(.badToken, "That token is not the one the venue printed, or was used before.")
                }
                let user = try await open(call, role: .riskAdmin, by: "claim", claiming: token)
                return Reply(status: 201, json: json(user))
            },
            route(
                .post, "/v1/session", "signIn", "Sign in: sets the session's cookie.", tag: "Sessions",
                body: Self.credentials,
                answers: [
                    Response(200, "Signed in.", Self.session),
                    .refusal(401, "Name and password do not belong together."),
                ], weight: 20
            ) { call in
                let (name, password) = (call.text("name"), call.text("password"))
                try passwords.attempt(name, from: call.address)
                let session = try await passwords.hashing { [gateway] in
                    try gateway.identities.signIn(name: name, password: password, at: gateway.now)
                }
                let seconds = Int((session.expires.raw - gateway.now.raw) / 1_000_000)
                return Reply(
                    json: [
                        "user": json(session.user), "csrfToken": .string(session.csrfToken),
                        "expires": .string(session.expires.iso),
                    ]
                ).setting(
                    Cookie(
                        Gatekeeper.sessionCookie, session.token, isSecure: call.isSecure, maximumAge: seconds))
            },
            route(
                .get, "/v1/session", "session", "Who is signed in, and the token that changes need.", tag: "Sessions",
                answers: [
                    Response(
                        200, "The session.",
                        .object(.required("user", Self.user), .required("csrfToken", .text().nullable)))
                ], needs: .look
            ) { call in
                let principal = principal(call)
                guard let user = try gateway.identities.user(principal.user) else {
                    throw Denial(.unknownUser, "The user is gone.")
                }
                let token = try call.cookie(Gatekeeper.sessionCookie).map(gateway.identities.csrfToken)
                let accounts = user.accounts.filter { principal.accounts.contains($0.account) }
                let known: JSONValue = [
                    "name": .string(user.name), "role": .string(principal.role.rawValue),
                    "accounts": .array(accounts.map { .string($0.name) }),
                ]
                return Reply(json: ["user": known, "csrfToken": token.map(JSONValue.string) ?? .null])
            },
            route(
                .delete, "/v1/session", "signOut", "Sign out.", tag: "Sessions",
                answers: [Response(204, "Signed out.")],
                needs: .look
            ) { call in
                if let token = call.cookie(Gatekeeper.sessionCookie) { try gateway.identities.signOut(token: token) }
                return Reply.noContent.setting(
                    Cookie(Gatekeeper.sessionCookie, "", isSecure: call.isSecure, maximumAge: 0))
            },
        ]
    }

    /// Opens an account at the venue and makes a user of that name its owner.
    private func open(_ call: Call, role: Role, by actor: String, claiming token: String? = nil) async throws -> User {
        let (name, password) = (call.text("name"), call.text("password"))
        try Identities.check(name: name, password: password)
        guard try gateway.identities.user(named: name) == nil else {
            throw Denial(.nameTaken, "The name \(name) is taken already.")
        }
        let account = try await openAccount(name, by: actor)
        return try await passwords.hashing { [gateway] in
            let user = try gateway.identities.addUser(
                name, password: password, role: role, account: account, claiming: token, at: gateway.now)
            return try gateway.identities.user(user)!
        }
    }

    /// Opens an account, or finds one of that name that was opened and never got its owner.
    ///
    /// One that has money or a position is not up for grabs: a bot's, or one that a risk admin opened.
    func openAccount(_ name: String, by actor: String) async throws -> AccountID {
        let done = try await venue.perform(.openAccount(name: name), from: .init(actor))
        for case .accountOpened(let account) in done.events { return account }
        guard let account = names({ $0.account(named: name) }), try gateway.identities.owner(of: account) == nil,
            try await venue.read({
                $0.walletStatements(of: account).isEmpty && $0.positionStatements(of: account).isEmpty
            })
        else {
            throw Denial(.nameTaken, "The name \(name) is taken already.")
        }
        return account
    }

    private static let key = Schema.object(
        .required("id", .text()), .required("label", .text()),
        .required("role", .choice(Role.allCases.map(\.rawValue))),
        .required("account", .text().nullable), .required("created", .time),
        .optional("secret", .text().about("Shown this once."))
    ).named("Key")

    private func json(_ key: APIKey, secret: String? = nil) -> JSONValue {
        .object(
            [
                (key: "id", value: .string(key.id)), (key: "label", value: .string(key.label)),
                (key: "role", value: .string(key.role.rawValue)),
                (key: "account", value: key.account.map { account in .string(names { $0[account] }) } ?? .null),
                (key: "created", value: .string(key.created.iso)),
            ] + (secret.map { [(key: "secret", value: .string($0))] } ?? []))
    }

    /// Who asks for what concerns a user as a whole, for which a key to one account is not enough.
    func unbound(_ call: Call) throws -> Principal {
        let principal = principal(call)
        guard !principal.isBound else {
            throw Denial(.forbidden, "This key is for one account only: keys and accounts are not its business.")
        }
        return principal
    }

    var keyRoutes: [Route] {
        [
            route(
                .get, "/v1/keys", "keys", "The caller's keys, without their secrets.", tag: "Keys",
                answers: [Response(200, "Keys.", .rows("keys", Self.key))], needs: .look
            ) { call in
                let keys = try gateway.identities.keys(of: try unbound(call).user)
                return Reply(json: .list("keys", keys.map { json($0) }))
            },
            route(
                .post, "/v1/keys", "makeKey", "Make a key; its secret is shown this once.", tag: "Keys",
                body: .object(
                    .required("label", .text(1...64)), .required("role", .choice(Role.allCases.map(\.rawValue))),
                    .optional("account", Inputs.name.about("The one account it may speak for."))),
                answers: [Response(201, "The key.", Self.key), .refused, .notFound], needs: .trade
            ) { call in
                let principal = try unbound(call)
                let role = Role(rawValue: call.text("role"))!
                guard let user = try gateway.identities.user(principal.user), role.isWithin(principal.role) else {
                    throw Denial(.forbidden, "A \(principal.role.rawValue) cannot make a \(role.rawValue)'s key.")
                }
                let account = try call.textIfGiven("account").map { name in
                    guard let account = names({ $0.account(named: name) }), principal.accounts.contains(account) else {
                        throw Refusal.notFound("You have no account \(name).", field: "account")
                    }
                    return account
                }
                let made = try gateway.identities.makeKey(
                    for: user, role: role, account: account, label: call.text("label"), at: gateway.now)
                return Reply(status: 201, json: json(made.key, secret: made.secret))
            },
            route(
                .delete, "/v1/keys/{key}", "removeKey", "Remove a key at once.", tag: "Keys",
                parameters: [.path("key", Inputs.name)], answers: [Response(204, "Removed."), .notFound], needs: .trade
            ) { call in
                guard try gateway.identities.removeKey(call.text("key"), of: try unbound(call).user) else {
                    throw Refusal.notFound("You have no such key.", field: "key")
                }
                return .noContent
            },
        ]
    }
}
