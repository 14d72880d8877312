public import BreakwaterCore
internal import GRDB

/// Orders and what they traded.
extension History {
    public func order(_ id: OrderID) async throws -> OrderRecord? {
        try await rows(OrderRecord.self) { selection, _ in selection.match("id", id.raw) }.first
    }

    /// The newest order that the account gave this name to.
    public func order(named clientOrderID: String, of account: AccountID) async throws -> OrderRecord? {
        try await rows(OrderRecord.self) { selection, database in
            selection.match("account", account.raw)
            selection.require("client_order_id = ? AND client_order_id <> ''", clientOrderID)
            try selection.turn(to: Page(limit: 1), .order, time: "created", in: database)
        }.first
    }

    /// An account's orders, by the time they were placed.
    public func orders(of account: AccountID, in contract: ContractID? = nil, page: Page = .newest) async throws
        -> [OrderRecord]
    {
        try await rows(OrderRecord.self) { selection, database in
            selection.match("account", account.raw)
            selection.match("contract", contract?.raw)
            try selection.turn(to: page, .order, time: "created", in: database)
        }
    }

    /// The orders that may still fill, those that wait for their price among them.
    public func openOrders(of account: AccountID, in contract: ContractID? = nil, page: Page = .all) async throws
        -> [OrderRecord]
    {
        try await rows(OrderRecord.self) { selection, database in
            selection.require("is_open")
            selection.match("account", account.raw)
            selection.match("contract", contract?.raw)
            try selection.turn(to: page, .order, time: "created", in: database)
        }
    }

    /// What changed an account's positions, trade by trade.
    public func fills(of account: AccountID, in contract: ContractID? = nil, page: Page = .newest) async throws
        -> [FillRecord]
    {
        try await rows(FillRecord.self) { selection, database in
            selection.match("account", account.raw)
            selection.match("contract", contract?.raw)
            try selection.turn(to: page, in: database)
        }
    }

    public func fills(ofOrder id: OrderID, page: Page = .all) async throws -> [FillRecord] {
        try await rows(FillRecord.self) { selection, database in
            selection.match("order_id", id.raw)
            try selection.turn(to: page, in: database)
        }
    }

    /// A contract's trades, as everybody sees them.
    public func trades(in contract: ContractID, page: Page = .newest) async throws -> [TradeRecord] {
        try await rows(TradeRecord.self) { selection, database in
            selection.match("contract", contract.raw)
            try selection.turn(to: page, in: database)
        }
    }
}
