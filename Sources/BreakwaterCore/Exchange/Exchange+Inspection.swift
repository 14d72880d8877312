/// Figures that only those who explain a run ask for.
extension Exchange {
    /// The latest price of each source of a contract's index, in order of first appearance.
    public func indexSources(of contract: ContractID) -> [(name: String, price: Price)] {
        markets[contract.index].sources.map { ($0.name, $0.price) }
    }

    /// How many liquidations have begun so far, which is the number of the next one.
    public var liquidations: Int32 { liquidationCount }

    /// Whether an order rests in a book or waits for its trigger price.
    public func isOpen(_ id: OrderID) -> Bool { orders.slot(of: id) != nil || pending.order(id) != nil }

    /// How far what stands behind a position is above its MM; `nil` while it is flat or was never opened.
    public func buffer(of key: PositionKey) -> Buffer? {
        findPosition(key).flatMap { buffer(of: positions[$0]) }
    }

    /// Whether an account holds long and short positions side by side.
    public func isHedged(_ account: AccountID) -> Bool { accounts[account.index].hedged }

    public func selfTradePrevention(of account: AccountID) -> SelfTradePrevention { accounts[account.index].selfTrade }

    /// Mode and leverage of a position, open or not; those of a first order where it never was.
    public func settings(of key: PositionKey) -> (mode: MarginMode, leverage: Leverage, riskLimit: Amount?) {
        guard let index = findPosition(key) else {
            return (.cross, markets[key.contract.index].contract.maxLeverage, nil)
        }
        return (positions[index].mode, positions[index].leverage, valueLimit(of: positions[index]))
    }

    /// What a position's open orders reserve beyond its own IM.
    public func orderMargin(of key: PositionKey) -> Amount {
        findPosition(key).map { positions[$0].orderMargin } ?? .zero
    }

    /// The tiers that hold for a contract: its own, or the rulebook's.
    public func tiers(of contract: ContractID) -> Tiers { markets[contract.index].tiers }

    /// When funding is paid next; `nil` where the venue computes none.
    public func nextFunding(in contract: ContractID) -> Timestamp? {
        guard let rules = rulebook.prices.funding else { return nil }
        return markets[contract.index].averages.premium.due ?? now.nextMultiple(of: rules.interval)
    }
}
