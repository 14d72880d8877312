public import BreakwaterCore
internal import GRDB

/// Positions over time, and what accounts set.
extension History {
    /// Every change of an account's positions.
    public func positions(
        of account: AccountID, in contract: ContractID? = nil, _ side: PositionSide? = nil, page: Page = .newest
    ) async throws -> [PositionRecord] {
        try await rows(PositionRecord.self) { selection, database in
            selection.match("account", account.raw)
            selection.match("contract", contract?.raw)
            selection.match("position_side", side?.rawValue)
            try selection.turn(to: page, in: database)
        }
    }

    /// Each of an account's positions as it was last told of, flat ones among them.
    public func lastPositions(of account: AccountID) async throws -> [PositionRecord] {
        try await rows(PositionRecord.self) { selection, _ in
            selection.require(
                """
                (account, contract, position_side, id) IN
                (SELECT account, contract, position_side, last FROM holdings WHERE account = ?)
                """, account.raw)
        }
    }

    /// Margin moved to and from isolated positions.
    public func marginChanges(of account: AccountID, in contract: ContractID? = nil, page: Page = .newest) async throws
        -> [MarginChange]
    {
        try await rows(MarginChange.self) { selection, database in
            selection.match("account", account.raw)
            selection.match("contract", contract?.raw)
            try selection.turn(to: page, in: database)
        }
    }

    /// Changes of leverage, margin mode, risk limit, hedge mode and the like.
    public func settings(of account: AccountID, in contract: ContractID? = nil, page: Page = .newest) async throws
        -> [SettingChange]
    {
        try await rows(SettingChange.self) { selection, database in
            selection.match("account", account.raw)
            selection.match("contract", contract?.raw)
            try selection.turn(to: page, in: database)
        }
    }
}
