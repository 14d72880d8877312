import BreakwaterCore
public import BreakwaterTapes

/// One event under several policies, in the shapes people and programs read.
public struct DeleveragingReport: Sendable {
    let event: DeleveragingEvent
    let trials: [DeleveragingTrial]
    let figures: [DeleveragingFigures]
    /// The command that gives this, and the files it reads.
    let command: String
    let files: [InputFile]

    /// - Parameters:
    ///   - command: how to have it again.
    ///   - files: what has to be there for that.
    public init(
        _ event: DeleveragingEvent, _ trials: [DeleveragingTrial], command: String, files: [InputFile] = []
    ) {
        self.event = event
        self.command = command
        self.files = files
        self.trials = trials
        figures = trials.map { DeleveragingFigures($0, of: event) }
    }

    var currency: Currency { event.venue.currency }

    func money(_ amount: Amount) -> JSONValue { .decimal(currency.decimal(amount)) }

    /// A share in billionths, in per cent with four decimals.
    static func percent(_ billionths: Int128) -> ExactDecimal {
        decimal(billionths * 100, over: DeleveragingFigures.billion, places: 4)
    }

    /// Every figure of the comparison with its key, what it is called, and its value.
    func rows(_ place: Int) -> [(key: String, name: String, value: JSONValue)] {
        let figures = figures[place]
        func percent(_ share: Int128) -> JSONValue { .decimal(Self.percent(share)) }
        return [
            ("accountsTouched", "accounts touched", .integer(figures.touched)),
            ("fewestAccounts", "fewest that would do", .integer(figures.fewest)),
            ("losersTouched", "of them without profit", .integer(figures.losersTouched)),
            ("skipped", "passed over", .integer(figures.skipped)),
            ("closed", "notional closed", money(figures.closed)),
            ("forgone", "profit given up", money(figures.forgone)),
            ("overshoot", "beyond the deficit", money(figures.overshoot)),
            ("uncovered", "deficit not covered", money(figures.uncovered)),
            ("evenHaircut", "haircut if shared evenly, %", percent(figures.evenHaircut)),
            ("largestHaircut", "largest haircut, %", percent(figures.largestHaircut)),
            ("topTenShare", "borne by the top ten, %", percent(figures.topTenShare)),
            ("gini", "Gini of haircuts", .decimal(figures.gini)),
            ("rankWithLeverage", "haircut with leverage, rank", .decimal(figures.withLeverage)),
            ("rankWithProfit", "haircut with profit, rank", .decimal(figures.withProfit)),
        ]
    }

    /// Everything: the event, each policy's figures, and what became of each account.
    public var json: JSONValue {
        [
            "inputs": [
                "version": .string(ProgramVersion.text), "command": .string(command), "accounts": .string(event.source),
                "files": files.json,
            ],
            "event": [
                "accounts": .integer(event.accounts.count), "liquidated": event.liquidatesLongs ? "long" : "short",
                "notional": money(event.notional), "deficit": money(event.deficit),
                "profit": money(profit), "held": .decimal(currency.decimal(held)),
                "currency": .string(currency.name),
            ],
            "policies": .array(trials.indices.map(policy)),
        ]
    }

    var profit: Amount { event.accounts.reduce(.zero) { $0 + max(.zero, $1.profit) } }
    var held: Int128 { event.accounts.reduce(0) { $0 + $1.notional.wide } }

    private func policy(_ place: Int) -> JSONValue {
        let trial = trials[place]
        let accounts = zip(event.accounts, trial.outcomes).map { account, outcome -> JSONValue in
            [
                "account": .string(account.name), "closed": money(outcome.closed), "forgone": money(outcome.forgone),
                "haircut": .decimal(DeleveragingFigures.haircut(account, outcome).map(Self.percent)),
                "skipped": .bool(outcome.isSkipped), "equityAfter": money(outcome.equity),
            ]
        }
        return .object(
            [(key: "policy", value: .string(trial.policy.rawValue))]
                + rows(place).map { (key: $0.key, value: $0.value) }
                + [
                    (key: "accounts", value: .array(accounts)),
                    (
                        key: "conservation",
                        value: .decimal(currency.decimal(trial.conservation.difference))
                    ), (key: "stateHash", value: .string(trial.stateHash)),
                ])
    }

    /// One row an account: what was recorded, then what each policy closed, took and left, haircuts in per cent.
    public var csv: String {
        let policies = trials.map(\.policy.rawValue)
        var lines = [
            (["account", "notional", "pnl", "leverage", "equity"]
                + policies.flatMap { ["\($0) closed", "\($0) forgone", "\($0) haircut"] }).joined(separator: ",")
        ]
        for (place, account) in event.accounts.enumerated() {
            let recorded = [
                account.name.csvCell, "\(currency.decimal(account.notional))", "\(currency.decimal(account.profit))",
                "\(account.leverage)", "\(currency.decimal(account.equity))",
            ]
            let outcomes = trials.flatMap { trial -> [String] in
                let outcome = trial.outcomes[place]
                let haircut = DeleveragingFigures.haircut(account, outcome).map { "\(Self.percent($0))" } ?? ""
                return ["\(currency.decimal(outcome.closed))", "\(currency.decimal(outcome.forgone))", haircut]
            }
            lines.append((recorded + outcomes).joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For people at a terminal: figures down, policies across.
    public var text: String {
        var table = TextTable([currency.name] + trials.map(\.policy.rawValue), numbersFrom: 1)
        let columns = trials.indices.map(rows)
        for row in columns[0].indices {
            table.add([columns[0][row].name] + columns.map { grouped($0[row].value) })
        }
        table.add(["state"] + trials.map(\.stateHash))
        let side = event.liquidatesLongs ? "long" : "short"
        return """
            \(counted(event.accounts.count, "account")) of \(event.source), \(grouped(.decimal(currency.decimal(held)))) \
            \(currency.name) against a bankrupt \(side) of \(grouped(money(event.notional))), which leaves a deficit of \
            \(grouped(money(event.deficit)))

            \(table.text)
            """
    }

    func grouped(_ value: JSONValue) -> String { ExactDecimal(value.plain)?.grouped ?? value.plain }
}
