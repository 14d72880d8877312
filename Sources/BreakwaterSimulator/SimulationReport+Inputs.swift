import BreakwaterCore
import BreakwaterTapes

/// Everything that the result depends on, and how to have it again.
extension SimulationReport.WebPage {
    var inputs: HTML {
        """
        <div class="columns">
        \(population)\(venue)</div>
        <h3>Books</h3>
        \(books)<h3>Command</h3>
        <pre>\(command)</pre>
        \(plan.sources.files.markup)\
        <p class="introduction">The same files give the same page and the same state hash, to the byte: \
        \(counted(plan.bars.count, "bar")) from \(value("inputs", "from").plain) to \(value("inputs", "to").plain).</p>

        """
    }

    private var population: HTML {
        var facts = Facts()
        facts.add("Seed", "\(value("inputs", "seed").plain)")
        facts.add("Accounts", "\(plan.traders.grouped)")
        guard plan.holdings.isEmpty else {
            facts.add("Positions", "given, and there before the first price")
            return "<div><h3>Population</h3>\n\(facts.markup)</div>\n"
        }
        facts.add("Long", "\(value("inputs", "longPercent").plain) %")
        facts.add("On isolated margin", "\(value("inputs", "isolatedPercent").plain) %")
        facts.add("Entries", "over \(value("inputs", "entryHours").plain) hours from the first bar")
        facts.add(
            "Deposits",
            "\(.figure(decimal(plan.deposits.least))) to \(.money(.decimal(decimal(plan.deposits.most)), plan.currency.name)), heavy-tailed"
        )
        let leverages = plan.leverages.map { "\($0.leverage.decimal)x \($0.weight)" }.joined(separator: ", ")
        facts.add("Leverage drawn", "\(leverages), at most \("\(plan.contract.maxLeverage.decimal)")x")
        return "<div><h3>Population</h3>\n\(facts.markup)</div>\n"
    }

    private var venue: HTML {
        let contract = plan.contract
        var facts = Facts()
        facts.add("Contract", "\(contract.symbol), \(contract.kind.rawValue), settled in \(plan.currency.name)")
        facts.add("Tick, lot, multiplier", "\("\(contract.tick)"), \("\(contract.lot)"), \("\(contract.multiplier)")")
        facts.add(
            "Fees",
            "maker \(percent(contract.fees.maker)), taker \(percent(contract.fees.taker)), liquidation \(percent(contract.fees.liquidation))"
        )
        facts.add("Margin tiers", tiers)
        facts.add(
            "Rulebook", "\(plan.rulebook.name): \(plan.rulebook.waterfall.map(\.name.words).joined(separator: "; "))")
        facts.add("Insurance fund", money("inputs", "fund"))
        facts.add(
            "Book",
            """
            \(money("inputs", "depth")) on each side, by \(counted(plan.liquidity.makers, "maker")) on \
            \(counted(plan.liquidity.levelCount, "level")) within \(percent(plan.liquidity.reach(plan.spread))) of the mark
            """)
        for (name, words) in report.marketFacts { facts.add(name, "\(words)") }
        return "<div><h3>Venue</h3>\n\(facts.markup)</div>\n"
    }

    private var tiers: HTML {
        let tiers = plan.rulebook.tiers(for: plan.contract)
        guard let first = tiers.limits.first, let last = tiers.limits.last else { return "\(tiers.name)" }
        return """
            \(tiers.name), \(counted(tiers.limits.count, "row")): IM \(percent(first.initial)) and MM \(percent(first.maintenance)) \
            up to \(.figure(decimal(first.upTo))), IM \(percent(last.initial)) and MM \(percent(last.maintenance)) \
            up to \(.money(.decimal(decimal(last.upTo)), plan.currency.name))
            """
    }

    private var books: HTML {
        let difference = value("conservation", "difference")
        let balanced = difference.plain == "0"
        var facts = Facts()
        facts.add("Money in", money("conservation", "in"))
        facts.add("Money held", money("conservation", "held"))
        facts.add(
            "Difference",
            "<span class=\"\(balanced ? "check" : "alarm")\">\(.figure(difference))</span>\(balanced ? ": conserved to the last unit" : "")"
        )
        facts.add("Fees earned", money("trading", "fees"))
        facts.add("Trades", "\(.figure(value("trading", "trades"))) for \(money("trading", "volume"))")
        facts.add(
            "Warnings",
            "\(.figure(value("trading", "warnings"))) of buffers below the warning level, \(.figure(value("trading", "dangers"))) of danger"
        )
        let refused = outcome.refusals.sorted { $0.key < $1.key }.map { "\($0.key.words) \($0.value.grouped)" }
        facts.add("Refused commands", refused.isEmpty ? "none" : "\(refused.joined(separator: ", "))")
        facts.add("Version of Breakwater", "\(ProgramVersion.text)")
        facts.add("State hash", "<code>\(outcome.stateHash)</code>")
        return facts.markup
    }

    private func percent(_ rate: Rate) -> String { "\(ExactDecimal(digits: rate.wide, places: 7)) %" }

    private var command: HTML {
        report.command.dropFirst().reduce("\(report.command[0])") { "\($0) <span class=\"nowrap\">\($1)</span>" }
    }
}

extension SimulationReport {
    /// The command that gives this result, and each option that it takes.
    var command: [String] {
        let sources = plan.sources
        if let scenario = sources.scenario {
            return ["breakwater simulate \(scenario.shellWord)"]
                + sources.changes.map { "--set \("\($0.path)=\($0.value)".shellWord)" } + ["--seed \(plan.seed)"]
                + (plan.feedback != nil && twin == nil ? ["--no-twin"] : [])
        }
        return ["breakwater simulate", "--rulebook \(sources.rulebook.shellWord)"] + plan.options
    }
}

extension SimulationPlan {
    /// The options that say on the command line what this plan is, but for its rules.
    var options: [String] {
        let options: [(String, String)] = [
            ("bars", sources.bars), ("contract", sources.contract), ("accounts", "\(traders)"), ("seed", "\(seed)"),
            ("fund", "\(currency.decimal(fund))"), ("depth", "\(currency.decimal(depth))"), ("longs", "\(longPercent)"),
            ("isolated", "\(isolatedPercent)"), ("entry-hours", "\(entries.raw / 3_600_000_000)"),
        ]
        return options.map { "--\($0) \($1.shellWord)" }
    }
}
