import BreakwaterCore
public import BreakwaterTapes

/// A finished simulation in the shapes people and programs read.
public struct SimulationReport {
    let plan: SimulationPlan
    let outcome: SimulationOutcome
    let venue: Directory
    /// What happened where forced orders moved no price; `nil` where that was not run.
    let twin: SimulationOutcome?
    /// Everything, with the inputs that reproduce it.
    public private(set) var json = JSONValue.null

    /// - Parameter twin: the same plan run without forced orders being felt, `plan.unforced`.
    public init(_ simulation: borrowing Simulation, twin: SimulationOutcome? = nil) {
        plan = simulation.plan
        outcome = simulation.outcome
        venue = simulation.exchange.directory
        self.twin = twin
        json = sums
    }

    func money(_ amount: Amount) -> JSONValue { .decimal(plan.currency.decimal(amount)) }
    func money(_ amount: Int128) -> JSONValue { .decimal(plan.currency.decimal(amount)) }
    func price(_ price: Price) -> JSONValue { .decimal(plan.contract.decimal(price)) }
    func size(_ size: Size) -> JSONValue { .decimal(plan.contract.decimal(size)) }

    private var sums: JSONValue {
        [
            "inputs": inputs,
            "price": priceSummary,
            "liquidations": liquidations,
            "stages": .object(stageCounts.map { (key: $0.name, value: .integer($0.count)) }),
            "outcomes": .object(outcomeCounts.map { (key: $0.outcome.rawValue, value: .integer($0.count)) }),
            "loss": loss,
            "insuranceFund": fund,
            "autoDeleveraging": deleveraging,
            "trading": trading,
            "cascade": cascade,
            "byLeverage": .array(byLeverage),
            "hours": .array(hours),
            "conservation": [
                "in": money(outcome.conservation.put), "held": money(outcome.conservation.held),
                "difference": money(outcome.conservation.difference),
            ],
            "stateHash": .string(outcome.stateHash),
        ]
    }

    /// The JSON with every liquidation's record.
    public var fullJSON: JSONValue {
        let writer = LiquidationWriter(venue: venue, rulebook: plan.rulebook)
        guard case .object(let members) = json else { return json }
        return .object(members + [(key: "records", value: .array(outcome.records.all.map(writer.json)))])
    }

    private var inputs: JSONValue {
        [
            "name": plan.sources.name.map { .string($0) } ?? .null,
            "version": .string(ProgramVersion.text), "command": .string(command.joined(separator: " ")),
            "scenario": plan.sources.scenario.map { .string($0) } ?? .null,
            "contract": .string(plan.contract.symbol), "rulebook": .string(plan.rulebook.name),
            "seed": .string("\(plan.seed)"),
            "bars": .integer(plan.bars.count), "from": .string(plan.bars[0].time.iso),
            "to": .string(plan.bars.last!.time.iso),
            "accounts": .integer(plan.traders), "longPercent": drawn(.integer(Int(plan.longPercent))),
            "isolatedPercent": drawn(.integer(Int(plan.isolatedPercent))), "entryHours": drawn(.decimal(entryHours)),
            "fund": money(plan.fund), "depth": money(plan.depth),
            "spread": .decimal(plan.liquidity.reach(plan.spread).decimal),
            "files": plan.sources.files.json,
        ]
    }

    /// What positions are drawn by; nothing where they are given.
    private func drawn(_ value: JSONValue) -> JSONValue { plan.holdings.isEmpty ? value : .null }

    /// With four decimals.
    var entryHours: ExactDecimal { decimal(Int128(plan.entries.raw), over: 3_600_000_000, places: 4) }

    /// The marks there were: the path's prices, and where trades moved them what they moved them to.
    private var priceSummary: JSONValue {
        let bars = outcome.bars
        return [
            "open": price(plan.bars[0].open), "high": price(bars.map(\.high).max() ?? plan.bars[0].open),
            "low": price(bars.map(\.low).min() ?? plan.bars[0].open), "close": price(lastMark),
        ]
    }

    /// The first contract's mark at the end.
    var lastMark: Price { outcome.bars.last?.mark ?? plan.bars[0].open }

    private var liquidations: JSONValue {
        let lost = outcome.liquidated
        let accounts = Set(lost.map(\.trigger.key.account)).count
        let notional = lost.reduce(Int128(0)) { $0 + outcome.notional($1).wide }
        let longs = lost.count { $0.trigger.size > .zero }
        return [
            "begun": .integer(outcome.records.all.count), "positionsLost": .integer(lost.count),
            "accounts": .integer(accounts),
            "longs": .integer(longs), "shorts": .integer(lost.count - longs), "notional": money(notional),
            "first": lost.first.map { .string($0.time.iso) } ?? .null,
            "last": lost.last.map { .string($0.time.iso) } ?? .null,
            "largest": lost.max { outcome.notional($0) < outcome.notional($1) }.map { .integer(Int($0.id.raw)) }
                ?? .null,
        ]
    }

    /// How many liquidations each stage worked on, in the rulebook's order.
    var stageCounts: [(name: String, count: Int)] {
        let names = plan.rulebook.stageNames.filter { $0 != "warnings" }
        let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        var counts = names.map { (name: $0, count: 0) }
        for record in outcome.records.all {
            let worked = Set(record.steps.compactMap { $0.step.stage.flatMap { places[$0] } })
            for place in worked { counts[place].count += 1 }
        }
        return counts
    }

    var outcomeCounts: [(outcome: LiquidationRecord.Outcome, count: Int)] {
        let counts = outcome.records.all.reduce(into: [:]) { $0[$1.outcome, default: 0] += 1 }
        return LiquidationRecord.Outcome.allCases.map { ($0, counts[$0] ?? 0) }
    }

    private var loss: JSONValue {
        let (spent, gained) = fundFlows
        return [
            "traders": money(outcome.loss(\.trader)), "fundSpent": money(spent), "fundGained": money(gained),
            "providers": money(outcome.loss(\.providers)), "deleveraged": money(outcome.loss(\.deleveraged)),
            "clawedBack": money(outcome.loss(\.clawedBack)), "venue": money(outcome.loss(\.venue)),
            "total": money(outcome.loss(\.total)),
        ]
    }

    /// What the fund paid for some liquidations, and what it gained from others.
    var fundFlows: (spent: Int128, gained: Int128) {
        outcome.records.all.reduce(into: (0, 0)) { sum, record in
            if record.loss.fund > .zero { sum.0 += record.loss.fund.wide } else { sum.1 -= record.loss.fund.wide }
        }
    }

    private var fund: JSONValue {
        let path = outcome.bars.map(\.fund)
        return [
            "start": money(plan.fund), "lowest": money(outcome.lowestFund),
            "highest": money(path.max() ?? plan.fund),
            "end": money(path.last ?? plan.fund),
        ]
    }

    private var deleveraging: JSONValue {
        [
            "events": .integer(outcome.deleverages.count),
            "accounts": .integer(Set(outcome.deleverages.map(\.account)).count),
            "forgone": money(outcome.loss(\.deleveraged)),
        ]
    }

    private var trading: JSONValue {
        [
            "trades": .integer(outcome.trades), "volume": money(outcome.volume),
            "forcedVolume": money(outcome.forcedVolume),
            "fees": money(outcome.fees),
            "warnings": .integer(outcome.warnings[.warning] ?? 0), "dangers": .integer(outcome.warnings[.danger] ?? 0),
            "refused": .object(
                outcome.refusals.sorted { $0.key < $1.key }.map { (key: $0.key, value: .integer($0.value)) }),
            "peakOpenInterest": size(outcome.bars.map(\.openInterest).max() ?? .zero),
        ]
    }

    /// Traders entered and liquidated at each leverage.
    var leverageCounts: [(leverage: Leverage, entered: Int, liquidated: Int)] {
        let lost = Dictionary(grouping: outcome.liquidated, by: \.trigger.leverage).mapValues { records in
            Set(records.map(\.trigger.key.account)).count
        }
        let entered = Dictionary(grouping: outcome.entries, by: \.leverage).mapValues(\.count)
        return entered.sorted { $0.key < $1.key }.map { ($0.key, $0.value, lost[$0.key] ?? 0) }
    }

    private var byLeverage: [JSONValue] {
        leverageCounts.map {
            [
                "leverage": .decimal($0.leverage.decimal), "entered": .integer($0.entered),
                "liquidated": .integer($0.liquidated),
            ]
        }
    }

    /// One row an hour: the price, the fund, and what was liquidated in it.
    private var hours: [JSONValue] {
        let hour: Int64 = 3_600_000_000
        let lost = Dictionary(grouping: outcome.liquidated) { $0.time.raw / hour }
        let deleveraged = Dictionary(grouping: outcome.deleverages) { $0.time.raw / hour }
        var rows: [JSONValue] = []
        for (index, bar) in outcome.bars.enumerated()
        where index + 1 == outcome.bars.count || outcome.bars[index + 1].time.raw / hour != bar.time.raw / hour {
            let number = bar.time.raw / hour
            let records = lost[number] ?? []
            rows.append([
                "hour": .string(Timestamp(number * hour).iso), "close": price(bar.mark), "fund": money(bar.fund),
                "openInterest": size(bar.openInterest), "liquidated": .integer(records.count),
                "notional": money(records.reduce(Int128(0)) { $0 + outcome.notional($1).wide }),
                "deleveraged": .integer(deleveraged[number]?.count ?? 0),
            ])
        }
        return rows
    }
}
