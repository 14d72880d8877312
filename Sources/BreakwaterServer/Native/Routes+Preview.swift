internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// How an account would stand after an order or a setting, before anybody sends it.
extension NativeAPI {
    private static func setting(_ fields: [Schema.Field]) -> Schema {
        .object([.required("symbol", Inputs.name), .optional("position", .choice("net", "long", "short"))] + fields)
    }
    /// What can be tried: one of these.
    private static let trials: [Schema.Field] = [
        .optional("order", orderTerms), .optional("leverage", setting(leverage)),
        .optional("margin", setting(margin)), .optional("riskLimit", setting(riskLimit)),
    ]
    private static let refusal = Schema.object(.required("code", .text()), .required("message", .text()))
    private static let fills = Schema.object(
        .required("filled", .decimal), .required("averagePrice", .decimal.nullable),
        .required("fee", .decimal.about("Paid (+) or received (-).")),
        .required("resting", .decimal.about("What would stand in the book; the rest would be cancelled.")))
    private static let preview = Schema.object(
        .required("refusal", refusal.nullable.about("Why it would be refused; the rest is then as it is now.")),
        .required("order", fills.nullable), .required("position", Statements.position.nullable),
        .required("wallet", Statements.wallet.nullable),
        .required("orderMargin", .decimal.about("What the position's open orders would reserve beyond its own IM."))
    ).named("Preview")

    var previewRoutes: [Route] {
        [
            route(
                .post, "/v1/accounts/{account}/preview", "preview",
                "How a position and the wallet behind it would stand after an order or a setting, by the venue's own arithmetic. Nothing is done.",
                tag: "Positions", parameters: [Inputs.account], body: .object(Self.trials),
                answers: [Response(200, "How it would stand.", Self.preview), .notFound], needs: .trade, weight: 2
            ) { call in
                let account = try account(call, for: .trade)
                let (command, terms) = try tried(call, account)
                let preview = try await venue.preview(command)
                return Reply(json: names { Self.json(preview, terms, $0) })
            }
        ]
    }

    /// The one command that a call wants tried, and the contract it is about.
    private func tried(_ call: Call, _ account: AccountID) throws -> (Command, Contract) {
        let given = Self.trials.compactMap { field in call.within(field.name).map { (field.name, $0) } }
        guard let (name, inner) = given.first, given.count == 1 else {
            throw Refusal.invalid(
                given.isEmpty ? "Nothing is to be tried." : "Several things are to be tried at once.",
                field: given.last?.0 ?? "order", expected: "one of order, leverage, margin, riskLimit")
        }
        let (contract, terms) = try contract(inner)
        let side = inner.textIfGiven("position").flatMap(PositionSide.init(rawValue:)) ?? .net
        let key = PositionKey(account, contract, side)
        switch name {
        case "leverage": return (try leverageCommand(key, terms, inner), terms)
        case "margin": return (try marginCommand(key, terms, inner), terms)
        case "riskLimit": return (try riskLimitCommand(key, terms, inner), terms)
        default:
            let command = Command.placeOrder(try orderRequest(inner, account))
            guard command.canPreview else {
                throw Refusal.invalid(
                    "What an order that waits for a price would do depends on how things stand then.",
                    field: "order.type", expected: "limit or market")
            }
            return (command, terms)
        }
    }

    private static func json(_ preview: Preview, _ terms: Contract, _ venue: Directory) -> JSONValue {
        let money = venue[terms.settle]
        let fills: JSONValue? = preview.fills.map { fills in
            let average = fills.size == .zero ? nil : terms.displayPrice(of: fills.size, worth: fills.value.wide)
            return [
                "filled": .decimal(terms.decimal(fills.size)), "averagePrice": .decimal(average),
                "fee": .decimal(money.decimal(fills.fee)), "resting": .decimal(terms.decimal(fills.resting)),
            ]
        }
        let refusal: JSONValue? = preview.rejection.map {
            ["code": .string($0.code), "message": .string($0.sentence(in: venue))]
        }
        return [
            "refusal": refusal ?? .null, "order": fills ?? .null,
            "position": preview.position?.report(in: venue) ?? .null,
            "wallet": preview.wallet?.report(in: venue) ?? .null,
            "orderMargin": .decimal(money.decimal(preview.orderMargin)),
        ]
    }
}
