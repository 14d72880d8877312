public import BreakwaterCore
internal import GRDB

/// Liquidations, what was forced in them, and the funds that paid.
extension History {
    /// The record of one liquidation, with all its steps.
    public func liquidation(_ id: LiquidationID) async throws -> LiquidationRecord? {
        try await database.read { try LiquidationRecord.fetch(id, from: $0) }
    }

    /// The number of the command in which a liquidation took its first step.
    public func firstCommand(of id: LiquidationID) async throws -> Int64? {
        try await database.read {
            try StepRow.fetch("WHERE liquidation = ? ORDER BY id LIMIT 1", [id.raw], from: $0).first?.id.sequence
        }
    }

    /// Records of liquidations, numbered in order of start.
    public func liquidations(
        of account: AccountID? = nil, in contract: ContractID? = nil, page: Page = Page(limit: 50)
    ) async throws -> [LiquidationRecord] {
        try await database.read { database in
            var selection = Selection()
            selection.match("account", account?.raw)
            selection.match("contract", contract?.raw)
            try selection.turn(to: page, .own, in: database)
            return try LiquidationRow.fetch(selection.clauses, selection.arguments, from: database).map {
                try LiquidationRecord($0, from: database)
            }
        }
    }

    /// What was done to positions by force, as orders.
    public func forcedOrders(
        of account: AccountID? = nil, in contract: ContractID? = nil,
        kinds: Set<ForcedOrder.Kind> = Set(ForcedOrder.Kind.allCases), page: Page = .newest
    ) async throws -> [ForcedOrder] {
        try await rows(ForcedOrder.self) { selection, database in
            selection.match("account", account?.raw)
            selection.match("contract", contract?.raw)
            let names = kinds.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
            selection.require("kind IN (\(names))")
            try selection.turn(to: page, in: database)
        }
    }

    /// Movements of the insurance funds of a currency; of those that one contract caused.
    public func insurance(of currency: CurrencyID, in contract: ContractID? = nil, page: Page = .newest) async throws
        -> [InsuranceLine]
    {
        try await rows(InsuranceLine.self) { selection, database in
            selection.match("currency", currency.raw)
            selection.match("contract", contract?.raw)
            try selection.turn(to: page, in: database)
        }
    }
}
