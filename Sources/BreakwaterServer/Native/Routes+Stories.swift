internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// A liquidation shown to others, and what would have prevented it.
extension NativeAPI {
    private static let number = Parameter.path("liquidation", .integer(0...Int(Int32.max)))
    private static let hindsight = Schema.object(
        .required("extra", .decimal.nullable.about("The least extra margin with which it would not have begun then.")),
        .required("lasting", .decimal.nullable.about("The least with which none would have begun until `until`.")),
        .required("currency", .text()),
        .required(
            "next",
            .object(.required("time", .time), .required("mark", .decimal)).nullable
                .about("When it would have come after all, with `extra`.")), .required("until", .time),
        .required("text", .list(of: .text()).about("The same in sentences."))
    ).named("Counterfactual")

    var storyRoutes: [Route] {
        [
            route(
                .post, "/v1/liquidations/{liquidation}/share", "shareLiquidation",
                "A token with which anybody may read this liquidation, and nothing else. It does not expire.",
                tag: "Liquidations", parameters: [Self.number], body: .object(),
                answers: [Response(201, "The token.", .object(.required("token", .text()))), .notFound], needs: .look
            ) { call in
                let record = try await ownLiquidation(call)
                return Reply(
                    status: 201, json: ["token": .string(gateway.identities.shareToken(forLiquidation: record.id.raw))])
            },
            route(
                .get, "/v1/shared/{token}", "sharedLiquidation", "A liquidation that its owner shared.",
                tag: "Liquidations", parameters: [.path("token", .text(1...80, of: .name))],
                answers: [Response(200, "The explanation.", Statements.liquidation), .notFound], weight: 5
            ) { call in
                guard let number = gateway.identities.liquidation(sharedBy: call.text("token")),
                    let record = try await history().liquidation(LiquidationID(number))
                else { throw Refusal.notFound("Nothing is shared under this link.", field: "token") }
                return Reply(json: try await explanation(of: record))
            },
            route(
                .get, "/v1/liquidations/{liquidation}/counterfactual", "counterfactual",
                "What would have prevented a liquidation: the journal gone through again with more behind the position.",
                tag: "Liquidations", parameters: [Self.number],
                answers: [Response(200, "What would have.", Self.hindsight), .notFound, .refused], needs: .look,
                weight: 100
            ) { call in
                let record = try await ownLiquidation(call)
                guard let first = try await gateway.history.firstCommand(of: record.id),
                    let found = try await venue.counterfactual(record.id, of: record.trigger, at: first)
                else {
                    throw Refusal(
                        422, "tooLongAgo",
                        "The state before this liquidation cannot be built from the journal any more.")
                }
                return Reply(json: names { Self.json(found, record.trigger, $0) })
            },
        ]
    }

    /// The liquidation in the path, which must be the caller's; risk admins may look at anybody's.
    func ownLiquidation(_ call: Call) async throws -> LiquidationRecord {
        let principal = principal(call)
        let id = LiquidationID(Int32(call.integer("liquidation")))
        guard let record = try await history().liquidation(id),
            principal.accounts.contains(record.trigger.key.account) || principal.role.allows(.administer)
        else { throw Refusal.notFound("You have no liquidation \(id.raw).", field: "liquidation") }
        return record
    }

    /// A liquidation explained, by the rules of now where they are still those of then.
    func explanation(of record: LiquidationRecord) async throws -> JSONValue {
        let rulebook = try await venue.read { $0.rulebook }
        let isUnderOtherRules = try await rulesChanged(since: record.time)
        return names { venue in
            let writer = LiquidationWriter(venue: venue, rulebook: rulebook)
            guard isUnderOtherRules else { return writer.explained(record) }
            return .object(writer.json(record).members + [(key: "rulesChanged", value: .bool(true))])
        }
    }

    /// Whether other rules have come into force since: those of now cannot tell the tier and requirement of that time.
    private func rulesChanged(since time: Timestamp) async throws -> Bool {
        try await history().notices(page: Page(from: time, limit: 10_000)).contains { $0.kind == .rulesChanged }
    }

    private static func json(
        _ found: Counterfactual, _ trigger: LiquidationStep.Trigger, _ venue: Directory
    ) -> JSONValue {
        let contract = venue[trigger.key.contract]
        let money = venue[contract.settle]
        func text(_ amount: Amount) -> String { "\(money.decimal(amount)) \(money.name)" }
        let mark = contract.decimal(trigger.mark)
        var sentences: [String] = []
        if let extra = found.extra {
            sentences.append(
                "With \(text(extra)) more behind it the position would have stood the mark of \(mark); "
                    + "one unit less would not have been enough.")
            if let next = found.next {
                sentences.append(
                    "It would have been liquidated later, at \(next.time.iso), by a mark of \(contract.decimal(next.mark))."
                )
                sentences.append(
                    found.lasting.map { "\(text($0)) more would have carried it until \(found.until.iso)." }
                        ?? "Not even its whole value more would have carried it until \(found.until.iso).")
            } else {
                sentences.append("It would still have been open at \(found.until.iso).")
            }
        } else {
            sentences.append("Not even its whole value more would have kept the position from being liquidated.")
        }
        return [
            "extra": .decimal(found.extra.map(money.decimal)), "lasting": .decimal(found.lasting.map(money.decimal)),
            "currency": .string(money.name),
            "next": found.next.map { ["time": .string($0.time.iso), "mark": .decimal(contract.decimal($0.mark))] }
                ?? .null, "until": .string(found.until.iso), "text": .array(sentences.map(JSONValue.string)),
        ]
    }
}
