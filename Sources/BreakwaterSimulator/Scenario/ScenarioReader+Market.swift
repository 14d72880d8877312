import BreakwaterCore
import BreakwaterTapes

/// Who is in the market, and how it trades.
extension ScenarioReader {
    mutating func population(_ fields: inout Fields, _ plan: inout SimulationPlan) throws(BadInput) {
        guard var terms = try fields.object("population") else { return }
        if let reference = try terms.text("positions") {
            let (text, path) = try files.table(reference, beside: folder)
            holdingsFile = path
            plan.holdings = try HoldingsFile.parse(text, file: path, for: plan.contract, in: plan.currency)
            plan.traders = plan.holdings.count
            return try terms.finish("a population of given positions")
        }
        if let accounts = try terms.count("accounts", 1...1_000_000) { plan.traders = accounts }
        if let percent = try terms.percent("long") { plan.longPercent = percent }
        if let percent = try terms.percent("isolated") { plan.isolatedPercent = percent }
        if let length = try terms.span("entries") { plan.entries = length }
        if var deposits = try terms.object("deposits") {
            plan.deposits = (
                try deposits.money("least", in: plan.currency), try deposits.money("most", in: plan.currency)
            )
            guard plan.deposits.least <= plan.deposits.most else {
                throw deposits.refuse("most", nil, "at least as much as the least deposit")
            }
            try deposits.finish("deposits")
        }
        if var committed = try terms.object("committed") {
            plan.committed = (try committed.requiredPercent("least"), try committed.requiredPercent("most"))
            guard plan.committed.least <= plan.committed.most, plan.committed.least > 0 else {
                throw committed.refuse("most", nil, "at least the least share, which is above 0 %")
            }
            try committed.finish("committed")
        }
        if let list = try terms.objects("leverages") { plan.leverages = try leverages(list, of: terms) }
        try terms.finish("a population")
    }

    private func leverages(_ list: [Fields], of terms: Fields) throws(BadInput) -> [LeverageShare] {
        var shares: [LeverageShare] = []
        for var item in list {
            guard let leverage = try item.leverage("leverage") else { throw item.missing("leverage", "a leverage") }
            let weight = try item.count("weight", 1...1_000_000) ?? 1
            shares.append(LeverageShare(leverage, weight: Int64(weight)))
            try item.finish("a leverage")
        }
        guard !shares.isEmpty else { throw terms.missing("leverages", "a list of {leverage, weight}") }
        return shares
    }

    func liquidity(_ fields: inout Fields, _ plan: inout SimulationPlan) throws(BadInput) {
        guard var terms = try fields.object("liquidity") else { return }
        if terms.keys.contains("depth") { plan.depth = try terms.money("depth", in: plan.currency) }
        if let spread = try terms.share("within") { plan.spread = spread }
        if let makers = try terms.count("makers", 1...400) { plan.liquidity.makers = makers }
        let most = SimulationPlan.mostDepth(of: plan.liquidity.makers)
        guard plan.depth <= most else {
            throw terms.refuse(
                "depth", "\(plan.currency.decimal(plan.depth))",
                "at most \(plan.currency.decimal(most)) from \(plan.liquidity.makers) makers, who hold ten times as much each"
            )
        }
        plan.liquidity.profile = try profile(&terms)
        if case .given = plan.liquidity.profile, let key = ["levels", "within"].first(where: terms.keys.contains) {
            throw terms.refuse(key, nil, "no such key beside a list of levels, which says how many and how far")
        }
        if let levels = try terms.count("levels", 1...400) { plan.liquidity.levels = levels }
        plan.liquidity.resilience = try terms.span("resilience")
        if var withdrawal = try terms.object("withdrawal") {
            plan.liquidity.withdrawal = Liquidity.Withdrawal(
                move: try withdrawal.requiredShare(of: "move"), within: try withdrawal.requiredSpan("within"),
                keep: try withdrawal.share("keep") ?? .one, pullingPercent: try withdrawal.percent("pulling") ?? 0,
                calm: try withdrawal.requiredSpan("calm"))
            try withdrawal.finish("a withdrawal")
        }
        try terms.finish("liquidity")
    }

    private func profile(_ terms: inout Fields) throws(BadInput) -> Liquidity.Profile {
        guard terms.isList("profile") else {
            let expected = "flat, rising, or a list of {away, weight}"
            switch try terms.text("profile", expected: expected) ?? "flat" {
            case "flat": return .flat
            case "rising": return .rising
            case let word: throw terms.refuse("profile", word, expected)
            }
        }
        var levels: [Liquidity.Level] = []
        for var item in try terms.objects("profile") ?? [] {
            let away = try item.requiredShare(of: "away")
            guard away > levels.last?.away ?? .zero, levels.count < 400 else {
                throw item.refuse("away", "\(away.decimal)", "a share above that of the level before, of at most 400")
            }
            levels.append(.init(away: away, weight: Int64(try item.count("weight", 1...1_000_000) ?? 1)))
            try item.finish("a level")
        }
        guard !levels.isEmpty else { throw terms.missing("profile", "at least one {away, weight}") }
        return .given(levels)
    }

    func feedback(_ fields: inout Fields, _ plan: inout SimulationPlan) throws(BadInput) {
        guard var terms = try fields.object("feedback") else { return }
        var feedback = Feedback()
        if let impact = try terms.share("impact") { feedback.impact = impact }
        if let half = try terms.span("halfLife") { feedback.halfLife = half }
        if let mark = try terms.share("mark") { feedback.mark = mark }
        if let delay = try terms.span("delay") { feedback.delay = delay }
        try terms.finish("feedback")
        plan.feedback = feedback
    }

    func behaviour(_ fields: inout Fields, _ plan: inout SimulationPlan) throws(BadInput) {
        guard var terms = try fields.object("behaviour") else { return }
        if var add = try terms.object("addMargin") {
            plan.behaviour.addMargin = Behaviour.AddMargin(
                percent: try add.requiredPercent("share"), amount: try add.requiredShare(of: "amount"),
                times: Int64(try add.count("times", 1...1_000) ?? 1),
                inDanger: try add.flag("inDanger") ?? false)
            try add.finish("addMargin")
        }
        if var stop = try terms.object("stopLoss") {
            guard let percent = try stop.percent("share"), let distance = try stop.range("distance") else {
                throw stop.missing("distance", "a share and a distance {least, most}")
            }
            plan.behaviour.stopLoss = Behaviour.StopLoss(percent: percent, least: distance.least, most: distance.most)
            try stop.finish("stopLoss")
        }
        if var panic = try terms.object("panic") {
            plan.behaviour.panic = Behaviour.Panic(
                percent: try panic.requiredPercent("share"), move: try panic.requiredShare(of: "move"),
                within: try panic.requiredSpan("within"), over: try panic.requiredSpan("over"))
            try panic.finish("panic")
        }
        try terms.finish("behaviour")
    }
}

/// Reads real positions: a heading `account,side,size,entry,leverage,mode,deposit`, then a row for each account.
enum HoldingsFile {
    private static let heading = ["account", "side", "size", "entry", "leverage", "mode", "deposit"]

    static func parse(_ text: String, file: String, for contract: Contract, in currency: Currency) throws(BadInput)
        -> [Holding]
    {
        let table = CSVTable(text, file: file)
        guard table.heading == heading else {
            throw BadInput(
                file: file, line: 1, value: table.heading.joined(separator: ","),
                expected: "the heading \(heading.joined(separator: ","))")
        }
        var holdings: [Holding] = []
        var names: Set<String> = []
        for (line, cells) in try table.rows() {
            func refuse(_ column: Int, _ expected: String) -> BadInput {
                BadInput(file: file, line: line, key: heading[column], value: cells[column], expected: expected)
            }
            guard !cells[0].isEmpty, cells[0].utf8.count <= 64, names.insert(cells[0]).inserted else {
                throw refuse(0, "a name of at most 64 letters that no row before has")
            }
            guard cells[0].wholeMatch(of: /(maker|provider)[0-9]+/) == nil else {
                throw refuse(0, "a name other than those of the market's own makers and providers")
            }
            guard let side = ["long": Int64(1), "short": -1][cells[1]] else { throw refuse(1, "long or short") }
            guard let lots = ExactDecimal(cells[2])?.steps(of: contract.lot), lots > 0, lots <= Limits.ticksOrLots
            else {
                throw refuse(2, "a size above zero in whole lots of \(contract.lot)")
            }
            let entry =
                cells[3].isEmpty ? nil : try CSVTable.price(cells[3], "entry", file: file, line: line, contract)
            guard let leverage = Leverage(text: cells[4]) else { throw refuse(4, "a leverage from 1 to 1000") }
            guard let mode = MarginMode(rawValue: cells[5]) else { throw refuse(5, "cross or isolated") }
            guard let deposit = ExactDecimal(cells[6]).flatMap(currency.amount), deposit > .zero,
                deposit <= SimulationPlan.mostMoney
            else { throw refuse(6, "an amount above zero of at most \(currency.decimals) decimals") }
            holdings.append(
                Holding(
                    name: cells[0], size: Size(lots * side), entry: entry, leverage: leverage, mode: mode,
                    deposit: deposit, line: line))
        }
        guard !holdings.isEmpty, holdings.count <= 1_000_000 else {
            throw BadInput(file: file, expected: "from one to a million rows below the heading")
        }
        return holdings
    }
}
