/// The venue's own money, per currency: what came in and went out, fees kept, and insurance funds.
struct Treasury: Sendable {
    /// Everything deposited or paid into funds, and everything withdrawn; by currency.
    var received: [Amount] = []
    var paidOut: [Amount] = []
    var fees: [Amount] = []
    /// Losses that nobody could be asked for.
    var debts: [Amount] = []
    /// Other currencies converted into this one by selling collateral, and this one into others.
    var convertedIn: [Amount] = []
    var convertedOut: [Amount] = []
    /// Insurance funds. The first ones are the currencies', in their order; contracts' own follow where the rulebook
    /// keeps one for each.
    var funds: [Fund] = []

    struct Fund: Sendable {
        let currency: CurrencyID
        let contract: ContractID?
        var balance = Amount.zero
        /// By how much it could have been smaller, and every payment asked of it still made, whenever it was asked; `nil`
        /// where it never was. No part of the state: a snapshot begins it anew.
        var leastSpare: Amount?
    }
}

extension Exchange {
    /// The fund that stands behind `contract`.
    func fund(of contract: ContractID) -> Int {
        switch rulebook.insurance {
        case .perCurrency: fund(of: markets[contract.index].contract.settle)
        case .perContract: treasury.funds.firstIndex { $0.contract == contract }!
        }
    }

    func fund(of currency: CurrencyID) -> Int {
        treasury.funds.firstIndex { $0.currency == currency && $0.contract == nil }!
    }

    mutating func add(_ currency: Currency) {
        let id = directory.add(currency)
        walletsByCurrency.append([])
        treasury.received.append(.zero)
        treasury.paidOut.append(.zero)
        treasury.fees.append(.zero)
        treasury.debts.append(.zero)
        treasury.convertedIn.append(.zero)
        treasury.convertedOut.append(.zero)
        treasury.funds.append(Treasury.Fund(currency: id, contract: nil))
    }

    /// Everything in all funds of `currency`.
    public func insurance(of currency: CurrencyID) -> Amount {
        treasury.funds.reduce(.zero) { $1.currency == currency ? $0 + $1.balance : $0 }
    }

    /// The balance of the fund that stands behind `contract`.
    public func insurance(behind contract: ContractID) -> Amount { treasury.funds[fund(of: contract)].balance }

    /// By how much the fund behind `contract` could have been smaller with nothing done differently, since the exchange was
    /// opened: the least it ever had to spare when something was asked of it; `nil` where nothing was.
    ///
    /// In the smallest unit of the settlement currency. Where the fund absorbs positions that counts what they would cost at
    /// mark, and the share of the fund that the rulebook lets stand behind them.
    public func leastSpare(behind contract: ContractID) -> Amount? { treasury.funds[fund(of: contract)].leastSpare }
}
