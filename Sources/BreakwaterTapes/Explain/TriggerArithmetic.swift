import BreakwaterCore

/// How margin and requirement at a trigger come about, figure by figure.
struct TriggerArithmetic {
    private let trigger: LiquidationStep.Trigger
    private let contract: Contract
    private let currency: Currency
    private let rulebook: Rulebook
    private let tiers: Tiers

    init(_ trigger: LiquidationStep.Trigger, _ contract: Contract, _ currency: Currency, _ rulebook: Rulebook) {
        self.trigger = trigger
        self.contract = contract
        self.currency = currency
        self.rulebook = rulebook
        tiers = rulebook.tiers(for: contract)
    }

    private func money(_ amount: Amount) -> JSONValue { .decimal(currency.decimal(amount)) }

    /// The value that rates apply to.
    private var value: Amount {
        switch rulebook.basis {
        case .entry: trigger.entry.magnitude
        case .mark: contract.notional(of: trigger.size, at: trigger.mark)
        }
    }

    private var row: Int { max(0, min(trigger.riskLimit, tiers.limits.count - 1)) }

    private var initialMargin: Amount {
        max(trigger.leverage.margin(for: value), tiers.initialMargin(worth: value, size: trigger.size, row: row))
    }

    /// The row of the tier table, with its rates.
    var tier: JSONValue {
        switch tiers {
        case .stepped(let rows), .progressive(let rows):
            var members: [(key: String, value: JSONValue)] = [
                (key: "table", value: .string(tiers.name)), (key: "row", value: .integer(row + 1)),
                (key: "rows", value: .integer(rows.count)), (key: "upTo", value: money(rows[row].upTo)),
                (key: "im", value: .decimal(rows[row].initial.decimal)),
                (key: "mm", value: .decimal(rows[row].maintenance.decimal)),
            ]
            if case .progressive = tiers {
                members.append((key: "deduction", value: money(rows[row].wholeMaintenanceDeduction)))
            }
            return .object(members)
        case .concentration(let terms):
            return [
                "table": .string(tiers.name), "im": .decimal(terms.rate(for: trigger.size).decimal),
                "mmShare": .string("\(terms.maintenance.part)/\(terms.maintenance.whole)"),
            ]
        }
    }

    /// What the position must be backed by, and what that is reckoned from.
    var requirement: JSONValue {
        [
            "basis": .string(rulebook.basis.rawValue), "value": money(value), "initialMargin": money(initialMargin),
            "maintenanceMargin": money(tiers.maintenanceMargin(worth: value, size: trigger.size, row: row)),
            "trigger": .string(rulebook.trigger.rawValue),
        ]
    }

    /// margin = what is behind it + unrealised PnL, which is value at mark - settled value.
    var backing: JSONValue {
        let unrealised = trigger.stance.margin - trigger.margin
        var members: [(key: String, value: JSONValue)] = [(key: "kind", value: .string(kind.rawValue))]
        if kind == .drawn, initialMargin <= trigger.margin {
            members += [
                (key: "initialMargin", value: money(initialMargin)),
                (key: "drawn", value: money(trigger.margin - initialMargin)),
            ]
        }
        members += [
            (key: "behind", value: money(trigger.margin)),
            (key: "markValue", value: money(trigger.settled + unrealised)),
            (key: "settledValue", value: money(trigger.settled)), (key: "unrealisedPnl", value: money(unrealised)),
            (key: "margin", value: money(trigger.stance.margin)),
        ]
        return .object(members)
    }

    private enum Kind: String { case assigned, drawn, portfolio }

    private var kind: Kind {
        trigger.mode == .isolated ? .assigned : rulebook.cross == .drawn ? .drawn : .portfolio
    }
}
