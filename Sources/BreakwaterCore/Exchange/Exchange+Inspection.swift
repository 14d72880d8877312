/// Figures that only those who explain a run ask for.
extension Exchange {
    /// The latest price of each source of a contract's index, in order of first appearance.
    public func indexSources(of contract: ContractID) -> [(name: String, price: Price)] {
        markets[contract.index].sources.map { ($0.name, $0.price) }
    }

    /// Whether an order rests in a book or waits for its trigger price.
    public func isOpen(_ id: OrderID) -> Bool { orders.slot(of: id) != nil || pending.order(id) != nil }

    /// How far what stands behind a position is above its MM; `nil` while it is flat or was never opened.
    public func buffer(of key: PositionKey) -> Buffer? {
        findPosition(key).flatMap { buffer(of: positions[$0]) }
    }
}
