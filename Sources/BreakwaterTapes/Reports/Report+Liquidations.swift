public import BreakwaterCore

/// Writes liquidation records in the report's shape.
public struct LiquidationWriter: Sendable {
    let venue: Directory
    let rulebook: Rulebook

    public init(venue: Directory, rulebook: Rulebook) {
        self.venue = venue
        self.rulebook = rulebook
    }

    public func json(_ record: LiquidationRecord) -> JSONValue {
        let trigger = record.trigger
        let contract = venue[trigger.key.contract]
        let currency = venue[contract.settle]
        func money(_ amount: Amount) -> JSONValue { .decimal(currency.decimal(amount)) }
        let limits = rulebook.tiers(for: contract).limits
        return [
            "id": .integer(Int(record.id.raw)),
            "account": .string(venue[trigger.key.account]),
            "symbol": .string(contract.symbol),
            "position": .string(venue.name(of: trigger.key)),
            "time": .string(record.time.iso),
            "mark": .decimal(contract.decimal(trigger.mark)),
            "size": .decimal(contract.decimal(trigger.size)),
            "mode": .string(trigger.mode.rawValue),
            "leverage": .decimal(trigger.leverage.decimal),
            "riskLimit": limits.indices.contains(trigger.riskLimit) ? money(limits[trigger.riskLimit].upTo) : .null,
            "entryPrice": .decimal(contract.displayPrice(of: trigger.size, worth: trigger.entry.wide)),
            "settledPrice": .decimal(contract.displayPrice(of: trigger.size, worth: trigger.settled.wide)),
            "marginBehind": money(trigger.margin),
            "margin": money(trigger.stance.margin),
            "maintenanceMargin": money(trigger.stance.maintenance),
            "shortfall": money(record.shortfall),
            "stages": .array(record.steps.map { stage($0.step, at: $0.time, contract, currency) }),
            "outcome": .string(record.outcome.rawValue),
            "loss": [
                "trader": money(record.loss.trader), "fund": money(record.loss.fund),
                "providers": money(record.loss.providers), "deleveraged": money(record.loss.deleveraged),
                "clawedBack": money(record.loss.clawedBack), "venue": money(record.loss.venue),
                "total": money(record.loss.total),
                "funding": money(record.loss.funding),
            ],
        ]
    }

    /// A record with the figures its trigger was judged by: tier, requirement, and what stood behind the position.
    public func explained(_ record: LiquidationRecord) -> JSONValue {
        let contract = venue[record.trigger.key.contract]
        let figures = TriggerArithmetic(record.trigger, contract, venue[contract.settle], rulebook)
        return .object(
            json(record).members + [
                (key: "currency", value: .string(venue[contract.settle].name)), (key: "tier", value: figures.tier),
                (key: "requirement", value: figures.requirement), (key: "backing", value: figures.backing),
            ])
    }

    private func stage(_ step: LiquidationStep, at time: Timestamp, _ contract: Contract, _ currency: Currency)
        -> JSONValue
    {
        var members: [(key: String, value: JSONValue)] = [
            (key: "stage", value: .string(step.name)), (key: "time", value: .string(time.iso)),
        ]
        for (key, value) in step.figures(contract, currency, venue) { members.append((key: key, value: value)) }
        return .object(members)
    }
}

extension LiquidationStep {
    /// The step's name: that of the stage it belongs to, or of what ended it.
    public var name: String {
        switch self {
        case .started: "started"
        case .steppedDown(let withOrders, _, _): withOrders ? "stepDownWithOrders" : "stepDown"
        case .ordersCancelled: "cancelOrders"
        case .fillOrKill: "fillOrKill"
        case .collateralConverted: "convertCollateral"
        case .forcedClose(let close): close.stage.rawValue
        case .remainderKept: "remainderKept"
        case .paused: "paused"
        case .saved: "saved"
        case .takenOver: "takeover"
        case .lotTraded(_, _, _, _, let aggressing): aggressing ? "insuranceFund" : "closeInMarket"
        case .lotFunded: "funding"
        case .fundExhausted: "fundExhausted"
        case .assigned: "liquiditySupport"
        case .providerSkipped: "liquiditySupportSkipped"
        case .absorbed: "absorbed"
        case .fundPaid: "fundPaid"
        case .deleveraged: "autoDeleverage"
        case .deleverageSkipped: "autoDeleverageSkipped"
        case .closedAtMark: "closedAtMark"
        case .clawedBack: "clawback"
        case .clawbackEnded: "clawbackEnded"
        case .waiting: "waiting"
        case .closed: "closed"
        }
    }

    /// What the step did, with the numbers it did it by.
    public func json(_ contract: Contract, _ currency: Currency, _ venue: Directory) -> JSONValue {
        .object(figures(contract, currency, venue).map { (key: $0.0, value: $0.1) })
    }

    func figures(_ contract: Contract, _ currency: Currency, _ venue: Directory) -> [(String, JSONValue)] {
        func money(_ amount: Amount) -> JSONValue { .decimal(currency.decimal(amount)) }
        func size(_ size: Size) -> JSONValue { .decimal(contract.decimal(size)) }
        func price(_ price: Price) -> JSONValue { .decimal(contract.decimal(price)) }
        switch self {
        case .started(let trigger):
            return [
                ("account", .string(venue[trigger.key.account])), ("mark", price(trigger.mark)),
                ("size", size(trigger.size)),
                ("margin", money(trigger.stance.margin)), ("maintenanceMargin", money(trigger.stance.maintenance)),
            ]
        case .steppedDown(_, let from, let to): return [("from", .integer(from)), ("to", .integer(to))]
        case .ordersCancelled(let count): return [("orders", .integer(count))]
        case .fillOrKill(let part, let limit, let filled):
            return [("size", size(part)), ("limit", price(limit)), ("filled", .bool(filled))]
        case .collateralConverted(let sold, let amount, let received):
            return [
                ("currency", .string(venue[sold].name)), ("sold", .decimal(venue[sold].decimal(amount))),
                ("received", money(received)),
            ]
        case .forcedClose(let close):
            return [
                ("size", size(close.asked)), ("filled", size(close.filled)),
                ("limit", close.limit.map(price) ?? .null),
                ("price", .decimal(contract.displayPrice(of: close.filled, worth: close.value.wide))),
                ("loss", money(close.loss)),
            ]
        case .remainderKept(let kept): return [("kept", money(kept))]
        case .paused(let remaining, let until):
            return [("remaining", size(remaining)), ("until", until.map { .string($0.iso) } ?? .null)]
        case .saved(let stance):
            return [("margin", money(stance.margin)), ("maintenanceMargin", money(stance.maintenance))]
        case .takenOver(let whole, let margin, let settled, let limit):
            return [
                ("size", size(whole)), ("margin", money(margin)),
                ("bankruptcyPrice", .decimal(contract.displayPrice(of: whole, worth: settled.wide))),
                ("limit", price(limit)),
            ]
        case .lotTraded(let part, let at, let value, let gain, _):
            return [("size", size(part)), ("price", price(at)), ("value", money(value)), ("fundGain", money(gain))]
        case .lotFunded(let due): return [("paid", money(due))]
        case .fundExhausted(let remaining, let fund): return [("remaining", size(remaining)), ("fund", money(fund))]
        case .assigned(let account, let side, let part, let value, let paid):
            return [
                ("account", .string(venue[account])), ("position", .string(side.rawValue)), ("size", size(part)),
                ("price", .decimal(contract.displayPrice(of: part, worth: value.wide))), ("paid", money(paid)),
            ]
        case .providerSkipped(let account): return [("account", .string(venue[account]))]
        case .absorbed(let part): return [("size", size(part))]
        case .fundPaid(let paid): return [("paid", money(paid))]
        case .deleveraged(let account, let side, let part, let value, let forgone, let gain):
            return [
                ("account", .string(venue[account])), ("position", .string(side.rawValue)), ("size", size(part)),
                ("price", .decimal(contract.displayPrice(of: part, worth: value.wide))), ("forgone", money(forgone)),
                ("fundGain", money(gain)),
            ]
        case .closedAtMark(let account, let side, let part, let value, let deficit):
            return [
                ("account", .string(venue[account])), ("position", .string(side.rawValue)), ("size", size(part)),
                ("price", .decimal(contract.displayPrice(of: part, worth: value.wide))), ("deficit", money(deficit)),
            ]
        case .clawedBack(let account, let amount):
            return [("account", .string(venue[account])), ("amount", money(amount))]
        case .clawbackEnded(let surplus):
            return surplus > .zero ? [("toFund", money(surplus))] : [("venueDebt", money(-surplus))]
        case .deleverageSkipped(let account, let side):
            return [("account", .string(venue[account])), ("position", .string(side.rawValue))]
        case .waiting(let remaining): return [("remaining", size(remaining))]
        case .closed: return []
        }
    }
}
