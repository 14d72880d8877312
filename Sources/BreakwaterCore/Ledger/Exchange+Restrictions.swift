/// What the venue lets an account still do.
extension Exchange {
    public func restriction(of account: AccountID) -> Restriction { accounts[account.index].restriction }

    /// Restricts an account, or lets it go. Its orders are cancelled where it is restricted: they might open.
    mutating func restrict(_ account: AccountID, to restriction: Restriction) throws(Rejection) {
        try check(account)
        accounts[account.index].restriction = restriction
        events.append(.restricted(account, restriction))
        guard restriction != .none else { return }
        var next = accounts[account.index].firstPosition
        while next >= 0 {
            cancelOrders(of: Int(next), .restricted)
            next = positions[Int(next)].next
        }
        cancelPending(of: account, in: nil, .restricted)
    }

    /// Refuses what a frozen account may not do.
    func checkActive(_ account: AccountID) throws(Rejection) {
        try check(account)
        guard accounts[account.index].restriction != .frozen else { throw .accountFrozen }
    }
}
