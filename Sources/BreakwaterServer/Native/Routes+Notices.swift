internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterNotices
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb
internal import Dispatch

/// Warnings sent out: where to, which, and what became of them.
extension NativeAPI {
    private static let path = "/v1/accounts/{account}/notifications"

    private static let levels = Schema.object(NoticeLevel.allCases.map { .required($0.rawValue, .flag) })
    private static let delivery = Schema.object(
        .required("id", .text().about("The same in every attempt: in a mail's Message-ID, in X-Breakwater-Delivery.")),
        .required("channel", .choice(Channel.allCases.map(\.rawValue))), .required("target", .text()),
        .required("kind", .choice(Delivery.Kind.allCases.map(\.rawValue))),
        .required("state", .choice(Delivery.State.allCases.map(\.rawValue))), .required("attempts", .integer()),
        .required("problem", .text().nullable.about("Why the last attempt failed.")), .required("time", .time),
        .required("next", .time.nullable.about("When it is tried next.")),
        .required("ended", .time.nullable.about("When it was sent or given up."))
    ).named("Delivery")
    private static let notifications = Schema.object(
        .required("account", .text()),
        .required("mailAvailable", .flag.about("Whether the venue has a mail server.")),
        .required(
            "mail", .object(.required("address", .text()), .required("confirmed", .flag)).nullable),
        .required("webhook", .text().nullable), .required("levels", levels),
        .required("deliveries", .list(of: delivery)),
        .optional("secret", .text().about("What the webhook's messages are signed with; shown this once."))
    ).named("Notifications")

    var noticeRoutes: [Route] {
        [
            route(
                .get, Self.path, "notifications", "What an account's owner is warned of, where, and the last messages.",
                tag: "Accounts", parameters: [Inputs.account],
                answers: [Response(200, "The preferences.", Self.notifications), .notFound], needs: .look
            ) { call in Reply(json: try notifications(of: try account(call, for: .look))) },
            route(
                .put, Self.path, "setNotifications",
                "Change it. A new address is asked first; a new webhook's secret is shown this once.", tag: "Accounts",
                parameters: [Inputs.account],
                body: .object(
                    .required("mail", .text(3...254).nullable.about("An address, or null for no mail.")),
                    .required("webhook", .text(8...500).nullable.about("A URL, or null for none.")),
                    .required("levels", Self.levels),
                    .optional("newSecret", .flag.about("Replaces the webhook's secret where the URL stays."))),
                answers: [Response(200, "Changed.", Self.notifications), .notFound, .refused], needs: .trade, weight: 5
            ) { call in Reply(json: try setNotifications(call)) },
            route(
                .post, Self.path + "/test", "testNotification",
                "Send a test message; to an address that is not confirmed, the question once more.", tag: "Accounts",
                parameters: [Inputs.account],
                body: .object(.required("channel", .choice(Channel.allCases.map(\.rawValue)))),
                answers: [
                    Response(202, "It waits to be sent.", .object(.required("id", .text()))), .notFound, .refused,
                ], needs: .trade, weight: 5
            ) { call in
                let account = try account(call, for: .trade)
                let channel = Channel(rawValue: call.text("channel"))!
                if channel == .mail { try checkMail() }
                try pace(account)
                do {
                    let id = try notices.test(channel, of: account, at: gateway.now)
                    return Reply(status: 202, json: ["id": .string(id)])
                } catch NoticeFault.noTarget {
                    throw Refusal.refused("noTarget", "There is no \(channel.rawValue) to send to.", field: "channel")
                }
            },
            route(
                .post, Self.path + "/confirm", "confirmMail", "Confirm an address by the code that was mailed there.",
                tag: "Accounts", parameters: [Inputs.account], body: .object(.required("code", .text(1...64))),
                answers: [Response(200, "Confirmed.", Self.notifications), .notFound, .refused], needs: .trade,
                weight: 5
            ) { call in
                let account = try account(call, for: .trade)
                guard try notices.confirm(call.text("code"), of: account) else {
                    throw Refusal.refused(
                        "wrongCode", "That is not the code that was mailed, or the address is confirmed.", field: "code"
                    )
                }
                return Reply(json: try notifications(of: account))
            },
        ]
    }

    private func setNotifications(_ call: Call) throws -> JSONValue {
        let account = try account(call, for: .trade)
        func read<Value>(_ name: String, _ expectation: String, _ make: (String) -> Value?) throws -> Value? {
            try call.textIfGiven(name).map { text in
                guard let value = make(text) else {
                    throw Refusal.invalid("\(name) is \"\(text)\".", field: name, expected: expectation)
                }
                return value
            }
        }
        let mail = try read("mail", MailAddress.expectation) { MailAddress($0) }
        let webhook = try read("webhook", WebhookURL.expectation) { WebhookURL($0) }
        if let mail, try mail != notices.preferences(of: account).mail {
            try checkMail()
            try pace(account, to: mail)
        }
        let levels = NoticeLevel.allCases.filter { call["levels"]?[$0.rawValue] == .bool(true) }
        let secret = try notices.set(
            mail: mail, webhook: webhook, levels: Set(levels), renewsSecret: call.flag("newSecret"), of: account,
            at: gateway.now)
        return try notifications(of: account, secret: secret)
    }

    private func checkMail() throws(Refusal) {
        guard notices.options.mail != nil else {
            throw .refused("mailUnavailable", "This venue has no mail server: only webhooks are sent.", field: "mail")
        }
    }

    /// Messages that anybody may cause: three at once for an account and for an address, then one every 20 seconds.
    private func pace(_ account: AccountID, to mail: MailAddress? = nil) throws(Refusal) {
        let now = DispatchTime.now().uptimeNanoseconds
        let wait =
            noticePace.take(20, from: "account \(account.raw)", at: now)
            ?? mail.flatMap { noticePace.take(20, from: "mail \($0.description.lowercased())", at: now) }
        if let wait {
            throw .tooManyRequests(
                "Too many messages were asked for; wait a moment.", retryAfter: Int(wait / 1_000_000_000) + 1)
        }
    }

    private func notifications(of account: AccountID, secret: String? = nil) throws -> JSONValue {
        let preferences = try notices.preferences(of: account)
        let deliveries = try notices.deliveries(of: account, limit: 20)
        let mail = preferences.mail.map { address in
            JSONValue.object([
                (key: "address", value: .string("\(address)")),
                (key: "confirmed", value: .bool(preferences.isConfirmed)),
            ])
        }
        let levels = NoticeLevel.allCases.map {
            (key: $0.rawValue, value: JSONValue.bool(preferences.levels.contains($0)))
        }
        return .object(
            [
                (key: "account", value: .string(names { $0[account] })),
                (key: "mailAvailable", value: .bool(notices.options.mail != nil)), (key: "mail", value: mail ?? .null),
                (key: "webhook", value: preferences.webhook.map { .string("\($0)") } ?? .null),
                (key: "levels", value: .object(levels)),
                (key: "deliveries", value: .array(deliveries.map(\.json))),
            ] + (secret.map { [(key: "secret", value: .string($0))] } ?? []))
    }
}

extension Delivery {
    fileprivate var json: JSONValue {
        [
            "id": .string(id), "channel": .string(channel.rawValue), "target": .string(target),
            "kind": .string(kind.rawValue), "state": .string(state.rawValue), "attempts": .integer(attempts),
            "problem": problem.map(JSONValue.string) ?? .null, "time": .string(time.iso),
            "next": next.map { .string($0.iso) } ?? .null, "ended": ended.map { .string($0.iso) } ?? .null,
        ]
    }
}
