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
        try await database.read { database in
            // The index has an account's orders by contract: those of all contracts are merged from each.
            let contracts = try contract.map { [$0.raw] } ?? Int32.fetchAll(database, sql: "SELECT id FROM contracts")
            let orders = try contracts.flatMap { contract in
                var selection = Selection()
                selection.match("account", account.raw)
                selection.match("contract", contract)
                try selection.turn(to: page, .order, time: "created", in: database)
                return try OrderRecord.fetch(selection.clauses, selection.arguments, from: database)
            }
            guard contracts.count > 1 else { return orders }
            return Array(orders.sorted { ($0.id < $1.id) != page.isDescending }.prefix(max(0, page.limit)))
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
            // Those of its account between the order's first and last event, which saves every fill an index.
            selection.require("account = (SELECT account FROM orders WHERE id = ?)", id.raw)
            selection.require("id > ?", EventID(id.raw).raw)
            selection.require("id <= (SELECT last_event FROM orders WHERE id = ?)", id.raw)
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
