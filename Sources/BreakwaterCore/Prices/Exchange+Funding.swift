/// Funding, which ties the contract's price to its index.
extension Exchange {
    /// Pays funding at `rate` of mark value, as one whole amount per lot, so that it is zero-sum without remainder.
    ///
    /// Longs pay where the rate is positive. The engine's lots carry theirs in their settled value.
    mutating func payFunding(_ contract: ContractID, at rate: Rate) throws(Rejection) {
        try check(contract)
        guard rate.magnitude <= .one else { throw .fundingRateTooHigh }
        guard let mark = markets[contract.index].mark else { throw .noMark(contract) }
        let perLot = markets[contract.index].valuation.share(rate, ofLotAt: mark)
        for index in markets[contract.index].positions where positions[Int(index)].size != .zero {
            let due = Amount(perLot.raw * positions[Int(index)].size.raw)
            if due > .zero {
                _ = charge(due, to: Int(index), sparing: false)
                checkLater(Int(index))
            } else {
                credit(-due, toWallet: Int(positions[Int(index)].wallet))
                positions[Int(index)].realised = positions[Int(index)].realised - due
            }
        }
        for index in markets[contract.index].lots {
            let due = Amount(perLot.raw * lots[Int(index)].size.raw)
            lots[Int(index)].settled = lots[Int(index)].settled + due
            record(lots[Int(index)].liquidation, of: contract, .lotFunded(due))
        }
        events.append(.fundingPaid(contract, perLot: perLot))
    }
}
