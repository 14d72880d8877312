/// A trader, provider or market maker. Everything it owns hangs off its wallets and positions.
struct Account: Sendable {
    /// The first of its wallets and positions; each links to the next. `-1` ends a chain.
    var firstWallet: Int32 = -1
    var firstPosition: Int32 = -1
    /// Long and short at once in one contract.
    var hedged = false
    var selfTrade = SelfTradePrevention.newest
    /// Whether a hedged pair shrinks together when one side of it is deleveraged.
    var pairsShrinkTogether = false
    var restriction = Restriction.none
}

/// What the venue lets an account still do.
public enum Restriction: String, Sendable, CaseIterable {
    case none
    /// Positions may shrink, not grow.
    case reduceOnly
    /// Nothing but deposits and cancellations.
    case frozen
}

/// Which of two orders of one account goes when they would trade with each other.
public enum SelfTradePrevention: String, Sendable, CaseIterable {
    case newest
    case oldest
    case both
}

/// One account's money in one currency.
struct Wallet: Sendable {
    let account: AccountID
    let currency: CurrencyID
    /// Everything the account owns of the currency, margin of every kind inside. Never negative after a command.
    var balance = Amount.zero
    /// What its isolated positions are assigned.
    var isolated = Amount.zero
    /// Cross positions' IM and draws; in a portfolio, their IM.
    var cross = Amount.zero
    /// What its open orders reserve.
    var orders = Amount.zero
    var next: Int32 = -1
    /// Warnings given of a portfolio's buffer, and whether it waits to be checked.
    var warned = WarningLevel.none
    var pendingRecheck = false
    /// Profit and loss realised in the clawback period that began at `periodStart`.
    var won = Amount.zero
    var periodStart = Timestamp.zero
}
