/// Money that comes into the venue, leaves it, or moves between its accounts.
extension Exchange {
    mutating func deposit(_ account: AccountID, _ currency: CurrencyID, _ amount: Amount) throws(Rejection) {
        try check(account)
        try receive(amount, of: currency)
        let wallet = wallet(of: account, in: currency)
        credit(amount, toWallet: wallet)
        warnAll(wallet: wallet)
        events.append(.deposited(account, currency, amount))
    }

    mutating func withdraw(_ account: AccountID, _ currency: CurrencyID, _ amount: Amount) throws(Rejection) {
        try take(amount, of: currency, from: account)
        treasury.paidOut[currency.index] = treasury.paidOut[currency.index] + amount
        events.append(.withdrawn(account, currency, amount))
    }

    /// Moves money that one account could withdraw to another.
    mutating func transfer(
        _ amount: Amount, of currency: CurrencyID, from payer: AccountID, to payee: AccountID
    ) throws(Rejection) {
        try check(payer)
        try check(payee)
        guard payer != payee else { throw .sameAccount }
        try take(amount, of: currency, from: payer)
        let wallet = wallet(of: payee, in: currency)
        credit(amount, toWallet: wallet)
        warnAll(wallet: wallet)
        events.append(.transferred(from: payer, to: payee, currency, amount))
    }

    /// Takes from a wallet what its account is free to take out.
    private mutating func take(_ amount: Amount, of currency: CurrencyID, from account: AccountID) throws(Rejection) {
        try checkActive(account)
        guard currency.index < directory.currencies.count else { throw .unknownCurrency }
        guard amount > .zero else { throw .amountNotPositive }
        let wallet = wallet(of: account, in: currency)
        for index in [wallet, rulebook.collateral == nil ? wallet : backed(by: wallet) ?? wallet] {
            if let stale = staleMark(inWallet: index) { throw .staleMark(stale) }
        }
        let free = max(.zero, min(wallets[wallet].balance, available(wallet)))
        guard amount <= free else { throw .insufficientAvailable(currency, asked: amount, available: free) }
        let most = withdrawable(wallet)
        guard amount <= most else { throw .transferMargin(currency, asked: amount, available: most) }
        credit(-amount, toWallet: wallet)
        coverWallet(wallet)
        warnAll(wallet: wallet)
    }

    mutating func payIntoFund(_ currency: CurrencyID, _ amount: Amount, _ contract: ContractID?)
        throws(Rejection)
    {
        if let contract {
            try check(contract)
            guard rulebook.insurance == .perContract else { throw .oneFundPerCurrency }
            guard markets[contract.index].contract.settle == currency else { throw .unknownCurrency }
        }
        try receive(amount, of: currency)
        let fund = if let contract { fund(of: contract) } else { fund(of: currency) }
        treasury.funds[fund].balance = treasury.funds[fund].balance + amount
        events.append(.fundPaidIn(currency, contract, amount))
    }

    /// Checks money coming in and counts it.
    private mutating func receive(_ amount: Amount, of currency: CurrencyID) throws(Rejection) {
        guard currency.index < directory.currencies.count else { throw .unknownCurrency }
        guard amount > .zero else { throw .amountNotPositive }
        let (total, overflow) = treasury.received[currency.index].raw.addingReportingOverflow(amount.raw)
        guard !overflow, moneyInside(currency) + amount.wide <= Int128(Limits.money) else {
            throw .moneyLimit(currency)
        }
        treasury.received[currency.index] = Amount(total)
    }
}
