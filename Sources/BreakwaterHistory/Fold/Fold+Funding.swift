internal import BreakwaterCore
internal import BreakwaterVenue
internal import GRDB

/// Funding: one row a payment. Who paid what follows from the sizes that positions had.
extension Fold {
    func pay(_ contract: ContractID, _ perLot: Amount, of execution: Execution, in database: Database) throws {
        if let place = fundedAhead.firstIndex(of: contract) {
            fundedAhead.remove(at: place)
            return
        }
        try count(contract, perLot, of: execution, in: database)
    }

    /// Folds a payment before the event that tells of it: the engine's lots pay last, and what becomes of them then may
    /// change positions that have paid already.
    func payAhead(_ contract: ContractID, from index: Int, of execution: Execution, in database: Database) throws {
        guard !fundedAhead.contains(contract) else { return }
        for event in execution.events.dropFirst(index) {
            guard case .fundingPaid(contract, let perLot) = event else { continue }
            try count(contract, perLot, of: execution, in: database)
            return fundedAhead.append(contract)
        }
    }

    private func count(_ contract: ContractID, _ perLot: Amount, of execution: Execution, in database: Database) throws
    {
        funded[contract.index] = funded[contract.index] + perLot
        fundingCount += 1
        var rate = fundingRates.removeValue(forKey: contract)
        if rate == nil, case .payFunding(contract, let asked) = execution.command { rate = asked }
        let record = FundingRecord(
            id: here, contract: contract, perLot: perLot, total: funded[contract.index], rate: rate,
            mark: marks[contract.index], time: now)
        try record.insert(into: database)
    }
}
