/// What new risk and money going out need beyond IM: more while open interest is high or an event is announced.
///
/// None of it touches MM, nor what positions already open are held to, so that raising it liquidates nobody.
extension Exchange {
    /// By how much the IM of a position worth `value` is raised for whoever opens now.
    func raised(_ initial: Amount, worth value: Amount, in market: Int) -> Amount {
        var more = Amount.zero
        if let terms = markets[market].contract.openInterestMargin, let mark = markets[market].mark {
            // While a trade is half booked one side counts it already.
            let size = max(markets[market].openInterest, markets[market].shortInterest)
            let open = markets[market].valuation.notional(of: size, at: mark)
            let over = min(max(.zero, open - terms.from), terms.to - terms.from)
            let rest = max(.zero, value - initial)
            more = Amount(Int64(divide(rest.wide * over.wide, by: (terms.to - terms.from).wide, .up)))
        }
        for event in markets[market].announced where event.from <= now && now < event.to {
            more = max(more, event.initial.of(value, .up) - initial)
        }
        return more
    }

    /// By how much the IM of a wallet's cross positions is raised in all, one of them left out.
    ///
    /// New risk in one market must not be paid for with margin that another's would need if it were opened now.
    func raised(besides index: Int, inWallet wallet: Int) -> Amount {
        guard raisesMargins else { return .zero }
        var sum = Amount.zero
        var next = accounts[wallets[wallet].account.index].firstPosition
        while next >= 0 {
            let place = Int(next)
            next = positions[place].next
            guard place != index, positions[place].wallet == Int32(wallet), positions[place].mode == .cross,
                positions[place].size != .zero
            else { continue }
            let value = basisValue(of: positions[place])
            sum =
                sum + raised(positions[place].initialMargin, worth: value, in: positions[place].contract.index)
        }
        return sum
    }

    /// What must stay behind a position when money leaves it or its wallet: IM as new risk would need it, or the
    /// rulebook's share of notional where that is more. Source of the share: Hyperliquid, transfer margin.
    func transferMargin(of position: Position) -> Amount {
        let market = position.contract.index
        guard position.size != .zero, let mark = markets[market].mark else { return .zero }
        let value = basisValue(of: position)
        let entry = position.initialMargin + raised(position.initialMargin, worth: value, in: market)
        guard let share = rulebook.transferMargin else { return entry }
        return max(entry, share.of(markets[market].valuation.notional(of: position.size, at: mark), .up))
    }

    /// The most that may be withdrawn from a wallet: balance and available, less what its cross positions need to stay
    /// transferable.
    func withdrawable(_ index: Int) -> Amount {
        var more = Amount.zero
        forEachPosition(backedBy: index) { position in
            if position.mode == .cross { more = more + transferMargin(of: position) - position.initialMargin }
        }
        let free = more == .zero ? available(index) : min(available(index), unreserved(index) - more)
        return max(.zero, min(wallets[index].balance, free))
    }

    /// What a wallet has beyond IM and order margin; below zero where a portfolio's equity does not cover them.
    private func unreserved(_ index: Int) -> Amount {
        switch rulebook.cross {
        case .drawn: available(index)
        case .portfolio: portfolioEquity(index) - wallets[index].cross - wallets[index].orders
        }
    }

    /// Announces a time in which new risk needs more margin.
    mutating func announce(_ event: AnnouncedEvent, in contract: ContractID) throws(Rejection) {
        try check(contract)
        guard event.from < event.to, event.to > now else { throw .eventOver }
        guard event.initial > .zero, event.initial <= .one else { throw .rateOutOfRange }
        markets[contract.index].announced.removeAll { $0.to <= now }
        guard markets[contract.index].announced.count < Limits.listings else { throw .tooManyListings }
        markets[contract.index].announced.append(event)
        raisesMargins = true
        events.append(.eventAnnounced(contract, event))
    }
}
