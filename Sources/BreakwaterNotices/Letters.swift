internal import BreakwaterCore
internal import BreakwaterTapes
internal import BreakwaterVenue

/// What messages say, in the venue's names.
struct Letters {
    private let names: Names
    private let store: NoticeStore
    private let options: NoticeOptions

    init(_ names: Names, _ store: NoticeStore, _ options: NoticeOptions) {
        self.names = names
        self.store = store
        self.options = options
    }

    /// The message as mail: its subject, and lines of text.
    func letter(_ delivery: Delivery) throws -> (subject: String, lines: [String]) {
        let words = words(of: delivery)
        switch delivery.kind {
        case .warning, .danger:
            let helps = "Closing positions, cancelling orders and adding margin help."
            return (
                "\(delivery.kind == .danger ? "Danger" : "Warning"): \(words.subject) has \(words.left) of its buffer",
                [
                    words.sentence, "",
                    "100 % is the initial margin, 0 % the maintenance margin, where liquidation begins.", helps,
                ] + link("trade", "Look and act at") + footer(words)
            )
        case .liquidation:
            return (
                "Liquidation of \(words.subject) has begun",
                [words.sentence]
                    + link("liquidation/\(delivery.liquidation!.raw)", "Each step and who bears the loss is told at")
                    + footer(words)
            )
        case .test: return ("A test message for \(words.account)", [words.sentence] + footer(words))
        case .confirmation:
            let code = try store.code(of: delivery.account) ?? ""
            return (
                "Confirm this address for \(words.account)",
                [
                    words.sentence, "If that is you, sign in there and enter this code:", "", "    \(code)",
                ] + link("alerts/\(code)", "Or open, signed in,") + [
                    "", "If it is not, do nothing: no other message will come.",
                ]
            )
        }
    }

    /// The message as what a webhook is sent.
    func json(_ delivery: Delivery) -> JSONValue {
        let words = words(of: delivery)
        return [
            "id": .string(delivery.id), "kind": .string(delivery.kind.rawValue), "account": .string(words.account),
            "symbol": words.symbol.map(JSONValue.string) ?? .null,
            "currency": words.currency.map(JSONValue.string) ?? .null,
            "buffer": delivery.buffer.map(JSONValue.string) ?? .null, "mark": .decimal(words.mark),
            "liquidation": delivery.liquidation.map { .integer(Int($0.raw)) } ?? .null,
            "sequence": delivery.sequence.map { .integer(Int($0)) } ?? .null, "time": .string(delivery.time.iso),
            "text": .string(words.sentence),
        ]
    }

    /// What is said of a message everywhere.
    private struct Words {
        var account = ""
        var symbol: String?
        var currency: String?
        var mark: ExactDecimal?
        /// Whose buffer it is: `BTCUSDT of ann`, `the USDT portfolio of ann`.
        var subject = ""
        /// How much is left of it, in per cent.
        var left = ""
        var sentence = ""
    }

    private func words(of delivery: Delivery) -> Words {
        var words = Words()
        names.look { venue in
            words.account = venue[delivery.account]
            words.currency = delivery.currency.map { venue[$0].name }
            if let id = delivery.contract {
                let contract = venue[id]
                words.symbol = contract.symbol
                words.currency = words.currency ?? venue[contract.settle].name
                words.mark = delivery.mark.map(contract.decimal)
            }
        }
        words.subject = "\(words.symbol ?? "the \(words.currency ?? "") portfolio") of \(words.account)"
        words.left = delivery.buffer.map { "\($0) %" } ?? "nothing"
        let time = delivery.time.iso
        words.sentence =
            switch delivery.kind {
            case .warning: "Warning: \(words.subject) has \(words.left) of its buffer left, as of \(time)."
            case .danger: "Danger: \(words.subject) has \(words.left) of its buffer left, as of \(time)."
            case .liquidation:
                "Liquidation of \(words.subject) has begun, at a mark of \(words.mark.map { "\($0)" } ?? "none") "
                    + "on \(time)."
            case .test: "This is the test message that was asked for by account \(words.account) on \(time)."
            case .confirmation: "Somebody wants the warnings of account \(words.account) sent to this address."
            }
        return words
    }

    private func link(_ place: String, _ before: String) -> [String] {
        options.pageURL.map { ["", "\(before) \(Self.page($0))/#/\(place)"] } ?? []
    }

    private func footer(_ words: Words) -> [String] {
        let change = options.pageURL.map { " Change that at \(Self.page($0))/#/alerts" } ?? ""
        return ["", "--", "Sent because account \(words.account) wants its warnings here.\(change)"]
    }

    private static func page(_ url: String) -> Substring { url.hasSuffix("/") ? url.dropLast() : url[...] }
}
