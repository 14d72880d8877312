/// An account that has agreed to take over positions of others up to a capacity (Coinbase's liquidity support program).
struct Provider: Sendable, Equatable {
    let account: AccountID
    let currency: CurrencyID
    /// The notional it takes in one window, at the mark of the moment.
    var capacity: Amount
    var used = Amount.zero
    /// The start of the window that `used` counts in.
    var window = Timestamp.zero

    /// What it may still be assigned in the window that began at `start`.
    func free(since start: Timestamp) -> Amount { capacity - (window == start ? used : .zero) }
}

/// How a registered provider stands.
public struct ProviderStatement: Sendable {
    public let account: AccountID
    public let currency: CurrencyID
    public let capacity: Amount
    /// Assigned in the present window.
    public let used: Amount
}

extension Exchange {
    /// Registers an account as provider, changes its capacity, or lets it go with a capacity of zero.
    mutating func register(_ account: AccountID, _ currency: CurrencyID, capacity: Amount) throws(Rejection) {
        try check(account)
        guard currency.raw >= 0, currency.index < directory.currencies.count else { throw .unknownCurrency }
        guard capacity >= .zero else { throw .amountNotPositive }
        guard capacity.raw <= Limits.money else { throw .moneyLimit(currency) }
        if let known = providers.firstIndex(where: { $0.account == account && $0.currency == currency }) {
            // One that leaves and comes back in the same window has used what it has used.
            providers[known].capacity = capacity
        } else if capacity > .zero {
            let place = providers.firstIndex { $0.account > account } ?? providers.count
            providers.insert(Provider(account: account, currency: currency, capacity: capacity), at: place)
        }
        events.append(.providerRegistered(account, currency, capacity: capacity))
    }

    /// Registered providers, by account.
    public func providerStatements() -> [ProviderStatement] {
        let start = rulebook.stages.supportWindow.map { now.startOfMultiple(of: $0) } ?? .zero
        return providers.filter { $0.capacity > .zero }.map {
            ProviderStatement(
                account: $0.account, currency: $0.currency, capacity: $0.capacity,
                used: $0.window == start ? $0.used : .zero)
        }
    }
}
