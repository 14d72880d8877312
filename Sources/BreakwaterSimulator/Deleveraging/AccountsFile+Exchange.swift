public import BreakwaterCore

/// Accounts as they stand in an exchange, to be put through an event.
extension AccountsFile {
    /// The accounts of a simulation that hold the other side when its price stands at its lowest close, or where longs
    /// are looked for at its highest: when most on the one side are bankrupt, and most on the other in profit.
    ///
    /// - Parameter longs: whether the accounts are long.
    public static func accounts(
        atWorstOf plan: SimulationPlan, longs: Bool, progress: (Int) -> Void = { _ in }
    ) -> [OpposingAccount] {
        let closes = plan.bars.map(\.close)
        let worst = closes.indices.min { longs ? closes[$0] > closes[$1] : closes[$0] < closes[$1] } ?? 0
        var simulation = Simulation(plan)
        simulation.run(until: worst + 1 < plan.bars.count ? plan.bars[worst + 1].time : .latest, progress: progress)
        return accounts(in: simulation.exchange, plan.contract, plan.currency, longs: longs)
    }

    private static func accounts(
        in exchange: borrowing Exchange, _ contract: Contract, _ currency: Currency, longs: Bool
    ) -> [OpposingAccount] {
        guard let mark = exchange.contractStatement(ContractID(0)).mark else { return [] }
        var accounts: [OpposingAccount] = []
        for position in exchange.positionStatements() where (position.size > .zero) == longs {
            let name = exchange.directory[position.key.account]
            guard name.hasPrefix("trader") else { continue }
            let value = contract.executionValue(of: position.size, at: mark)
            let equity =
                position.mode == .isolated
                ? position.margin + position.unrealised
                : exchange.walletStatement(of: position.key.account, in: contract.settle)?.equity ?? .zero
            let profit = value - position.entryValue
            // To a hundredth, which an event's lots are.
            let cent = currency.amount(ExactDecimal(digits: 1, places: 2))?.wide ?? 1
            let notional = Amount(Int64(divide(value.magnitude.wide, by: cent, .nearest) * cent))
            guard notional > .zero, equity >= profit, equity.wide * 1_000 >= notional.wide else { continue }
            accounts.append(
                OpposingAccount(
                    name: name, notional: notional, profit: profit, equity: equity,
                    leverage: decimal(notional.wide, over: equity.wide, places: 2)))
        }
        return accounts
    }

    /// The file that holds these accounts.
    public static func text(of accounts: [OpposingAccount], in currency: Currency) -> String {
        (["account,notional,pnl,leverage,equity"]
            + accounts.map {
                "\($0.name),\(currency.decimal($0.notional)),\(currency.decimal($0.profit)),\($0.leverage),"
                    + "\(currency.decimal($0.equity))"
            }).joined(separator: "\n") + "\n"
    }
}
