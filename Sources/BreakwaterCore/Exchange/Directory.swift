/// The names behind the core's dense numbers. Looked up at the edge, never on a hot path and never iterated for results.
public struct Directory: Sendable {
    public internal(set) var currencies: [Currency] = []
    public internal(set) var contracts: [Contract] = []
    public internal(set) var accountNames: [String] = []
    private var currencyIDs: [String: CurrencyID] = [:]
    private var contractIDs: [String: ContractID] = [:]
    private var accounts = NameIndex()

    public init() {}

    public func currency(named name: String) -> CurrencyID? { currencyIDs[name] }
    public func contract(named symbol: String) -> ContractID? { contractIDs[symbol] }
    public func account(named name: String) -> AccountID? {
        accounts.find(name, among: accountNames).map(AccountID.init(index:))
    }

    public subscript(id: CurrencyID) -> Currency { currencies[id.index] }
    public subscript(id: ContractID) -> Contract { contracts[id.index] }
    public subscript(id: AccountID) -> String { accountNames[id.index] }

    @discardableResult
    public mutating func add(_ currency: Currency) -> CurrencyID {
        currencyIDs[currency.name] = CurrencyID(index: currencies.count)
        currencies.append(currency)
        return CurrencyID(index: currencies.count - 1)
    }

    @discardableResult
    public mutating func add(_ contract: Contract) -> ContractID {
        contractIDs[contract.symbol] = ContractID(index: contracts.count)
        contracts.append(contract)
        return ContractID(index: contracts.count - 1)
    }

    @discardableResult
    public mutating func add(accountNamed name: String) -> AccountID {
        accountNames.append(name)
        accounts.insert(accountNames.count - 1, of: accountNames)
        return AccountID(index: accountNames.count - 1)
    }
}
