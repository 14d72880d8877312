public import BreakwaterCore
internal import GRDB

/// Prices, funding, and what everybody was told.
extension History {
    /// A contract's candles, oldest first: from `from` on where it is given, else the newest. Intervals in which nothing
    /// happened have none.
    public func candles(
        of contract: ContractID, _ interval: CandleInterval, _ source: Candle.Source = .trades, from: Timestamp? = nil,
        until: Timestamp? = nil, limit: Int = 500
    ) async throws -> [Candle] {
        let base = interval.base
        let most = limit.multipliedReportingOverflow(by: Int(interval.length / base.length))
        let kept = try await rows(StoredCandle.self) { selection, _ in
            selection.match("contract", contract.raw)
            selection.match("source", source.rawValue)
            selection.match("length", base.rawValue)
            if let from { selection.require("start >= ?", interval.start(of: from).raw) }
            if let until { selection.require("start <= ?", until.raw) }
            selection.finish(
                " ORDER BY start \(from == nil ? "DESC" : "ASC") LIMIT ?",
                max(0, most.overflow ? .max : most.partialValue))
        }
        var candles: [Candle] = []
        for candle in (from == nil ? kept.reversed() : kept).map(\.candle) {
            let start = interval.start(of: candle.start)
            if candles.last?.start == start {
                candles[candles.count - 1].append(candle)
            } else {
                candles.append(candle.starting(at: start))
            }
        }
        return Array(from == nil ? candles.suffix(limit) : candles.prefix(limit))
    }

    /// Payments of funding in a contract.
    public func funding(in contract: ContractID, page: Page = .newest) async throws -> [FundingRecord] {
        try await rows(FundingRecord.self) { selection, database in
            selection.match("contract", contract.raw)
            try selection.turn(to: page, in: database)
        }
    }

    /// What everybody at the venue was told.
    public func notices(in contract: ContractID? = nil, page: Page = .newest) async throws -> [Notice] {
        try await rows(Notice.self) { selection, database in
            selection.match("contract", contract?.raw)
            try selection.turn(to: page, in: database)
        }
    }

    /// What those who run the venue did, refused attempts included.
    public func actions(by actor: String? = nil, page: Page = .newest) async throws -> [AdminAction] {
        try await rows(AdminAction.self) { selection, database in
            selection.match("actor", actor)
            try selection.turn(to: page, in: database)
        }
    }
}
