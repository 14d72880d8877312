/// Funding, which ties the contract's price to its index.
extension Exchange {
    /// Pays funding at `rate` of mark value, as one whole amount per lot, so that it is zero-sum without remainder.
    ///
    /// Longs pay where the rate is positive. The engine's lots carry theirs in their settled value.
    mutating func payFunding(_ contract: ContractID, at rate: Rate) throws(Rejection) {
        try check(contract)
        guard rate.magnitude <= .one else { throw .fundingRateTooHigh }
        guard let mark = markets[contract.index].mark else { throw .noMark(contract) }
        guard isFresh(contract.index) else { throw .staleMark(contract) }
        let perLot = markets[contract.index].valuation.share(rate, ofLotAt: mark)
        guard staysWithinLimits(perLot, in: contract.index) else { throw .valueTooLarge(contract) }
        for index in positionsToFund(in: contract.index, perLot: perLot) {
            let due = Amount(perLot.raw * positions[Int(index)].size.raw)
            if due > .zero {
                _ = charge(due, to: Int(index), sparing: false)
                checkLater(Int(index))
            } else {
                credit(-due, toWallet: Int(positions[Int(index)].wallet))
                note(-due, realisedBy: Int(index))
            }
        }
        let period = rulebook.stages.clawbackPeriod.map { now.startOfMultiple(of: $0) } ?? .zero
        watch.markets[contract.index].history.fund(perLot, in: period)
        for index in markets[contract.index].lots {
            let due = Amount(perLot.raw * lots[Int(index)].size.raw)
            changeAbsorbed(lots[Int(index)], by: -1)
            lots[Int(index)].settled = lots[Int(index)].settled + due
            markets[contract.index].carried += due.magnitude.wide
            changeAbsorbed(lots[Int(index)], by: 1)
            record(lots[Int(index)].liquidation, of: contract, .lotFunded(due))
            reprice(lot: Int(index))
        }
        events.append(.fundingPaid(contract, perLot: perLot))
    }

    /// Whether settled values stay small enough for the ledger if every payer carried its funding there.
    ///
    /// Values that change hands are small enough by themselves; all positions are added up only once much has been carried.
    private func staysWithinLimits(_ perLot: Amount, in market: Int) -> Bool {
        let due = perLot.magnitude.wide * markets[market].openInterest.wide
        if markets[market].carried + 2 * due <= Int128(Limits.value) { return true }
        let carried = markets[market].positions.reduce(Int128(0)) { $0 + present(Int($1)).settled.magnitude.wide }
        let engine = markets[market].lots.reduce(Int128(0)) { $0 + lots[Int($1)].settled.magnitude.wide }
        return carried + engine + 2 * due <= 4 * Int128(Limits.value)
    }
}
