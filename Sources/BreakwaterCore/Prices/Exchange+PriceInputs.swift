extension Exchange {
    /// The latest price of each source of a contract's index, in order of first appearance.
    public func indexSources(of contract: ContractID) -> [(name: String, price: Price)] {
        markets[contract.index].sources.map { ($0.name, $0.price) }
    }
}
