import BreakwaterCore
import BreakwaterTapes

/// The tables of a simulation, for programs that read CSV.
extension SimulationReport {
    /// One row a liquidation, in order of time.
    public var liquidationsCSV: String {
        var rows = [
            "liquidation,account,symbol,time,side,size,mode,leverage,mark,notional,margin,maintenance,outcome,trader,fund,providers,deleveraged,clawedBack,venue"
        ]
        for record in outcome.records.all {
            let trigger = record.trigger
            let contract = outcome.contract(of: record)
            let loss = record.loss
            let amounts = [
                outcome.notional(record), trigger.stance.margin, trigger.stance.maintenance,
            ].map { "\(plan.currency.decimal($0))" }
            let losses = [loss.trader, loss.fund, loss.providers, loss.deleveraged, loss.clawedBack, loss.venue]
                .map { "\(plan.currency.decimal($0))" }
            rows.append(
                ([
                    "\(record.id.raw)", venue[trigger.key.account].csvCell, contract.symbol, record.time.iso,
                    trigger.size > .zero ? "long" : "short", "\(contract.decimal(trigger.size.magnitude))",
                    trigger.mode.rawValue, "\(trigger.leverage.decimal)", "\(contract.decimal(trigger.mark))",
                ] + amounts + [record.outcome.rawValue] + losses).joined(separator: ","))
        }
        return rows.joined(separator: "\n") + "\n"
    }

    /// One row for each position as it was opened, in order of time.
    public var entriesCSV: String {
        var rows = ["account,symbol,time,side,size,value,mode,leverage"]
        let contracts = plan.contracts
        for entry in outcome.entries {
            let contract = contracts[entry.key.contract.index]
            rows.append(
                [
                    venue[entry.key.account].csvCell, contract.symbol, entry.time.iso,
                    entry.size > .zero ? "long" : "short", "\(contract.decimal(entry.size.magnitude))",
                    "\(plan.currency.decimal(entry.value))", entry.mode.rawValue, "\(entry.leverage.decimal)",
                ].joined(separator: ","))
        }
        return rows.joined(separator: "\n") + "\n"
    }
}
