/// Which figures an `expect` line may ask for, given what it names.
struct ExpectationScope {
    let account: Bool
    let currency: Bool
    let contract: Bool

    static let venueFigures = ["rejected"]
    static let contractFigures = ["mark", "index", "last", "openInterest", "trading", "fundingRate", "stale"]
    static let accountFigures = ["pendingOrders"]
    static let walletFigures = [
        "wallet", "balance", "available", "initialMargin", "maintenanceMargin", "equity", "buffer",
        "closeOutMargin",
    ]
    static let positionFigures = [
        "size", "mode", "leverage", "entryPrice", "settledPrice", "markPrice", "liquidationPrice", "bankruptcyPrice",
        "margin", "drawn", "initialMargin", "maintenanceMargin", "unrealisedPnl", "realisedPnl", "buffer", "state",
        "adlRank", "adlPlace", "adlAhead", "riskLimit", "liquidated",
    ]

    /// Wallet figures need account and currency, position figures account and symbol, and so on.
    var offered: [String] {
        var keys = Self.venueFigures
        if account, contract { keys += Self.positionFigures }
        if account, currency { keys += Self.walletFigures.filter { !keys.contains($0) } }
        if contract { keys += Self.contractFigures }
        if currency { keys += ["insurance", "venueDebt"] }
        if account { keys += Self.accountFigures }
        return keys
    }

    func offers(_ key: String) -> Bool { offered.contains(key) }
}
