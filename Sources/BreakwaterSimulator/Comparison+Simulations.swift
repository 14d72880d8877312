import BreakwaterCore
public import BreakwaterTapes

extension Comparison {
    /// Simulations of one plan under several rules.
    ///
    /// - Parameters:
    ///   - plan: any of them; they differ in their rules alone.
    ///   - rulebooks: as they were asked for; none where policies were tried on the usual one.
    ///   - policies: those of deleveraging that each was tried under; none for its own.
    public init(of plan: SimulationPlan, under rulebooks: [String], policies: [String] = [], _ runs: [ComparedRun]) {
        let subject =
            "\(counted(plan.traders, "account")) in \(plan.contract.symbol), seed \(plan.seed), "
            + "\(counted(plan.bars.count, "bar")) from \(plan.bars[0].time.iso) to "
            + "\(plan.bars[plan.bars.count - 1].time.iso)"
        let rules = [("rulebooks", rulebooks), ("policies", policies)].filter { !$0.1.isEmpty }
            .map { "--\($0.0) \($0.1.joined(separator: ",").shellWord)" }
        self.init(
            of: subject, runs, namesPositions: false,
            command: (["breakwater compare"] + rules + plan.options).joined(separator: " "))
    }
}
