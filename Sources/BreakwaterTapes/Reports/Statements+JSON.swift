public import BreakwaterCore

/// Statements as the report, the API and the page show them: one shape for one figure, everywhere.
extension WalletStatement {
    public func report(in venue: Directory) -> JSONValue {
        let currency = venue[self.currency]
        let report: JSONValue = [
            "balance": .decimal(currency.decimal(balance)),
            "available": .decimal(currency.decimal(available)),
            "initialMargin": .decimal(currency.decimal(initialMargin)),
            "maintenanceMargin": .decimal(currency.decimal(maintenanceMargin)),
            "equity": .decimal(currency.decimal(equity)),
            "buffer": .decimal(buffer?.percent),
        ]
        guard let closeOut = closeOutMargin else { return report }
        return .object(report.members + [(key: "closeOutMargin", value: .decimal(currency.decimal(closeOut)))])
    }
}

extension PositionStatement {
    public func report(in venue: Directory) -> JSONValue {
        let contract = venue[key.contract]
        let currency = venue[contract.settle]
        return [
            "size": .decimal(contract.decimal(size)),
            "mode": .string(mode.rawValue),
            "leverage": .decimal(leverage.decimal),
            "riskLimit": .decimal(riskLimit.map(currency.decimal)),
            "entryPrice": .decimal(entryPrice),
            "settledPrice": .decimal(settledPrice),
            "markPrice": .decimal(markPrice),
            "liquidationPrice": .decimal(liquidationPrice),
            "bankruptcyPrice": .decimal(bankruptcyPrice),
            "margin": .decimal(currency.decimal(margin)),
            "drawn": .decimal(currency.decimal(drawn)),
            "initialMargin": .decimal(currency.decimal(initialMargin)),
            "maintenanceMargin": .decimal(currency.decimal(maintenanceMargin)),
            "unrealisedPnl": .decimal(currency.decimal(unrealised)),
            "realisedPnl": .decimal(currency.decimal(realised)),
            "buffer": .decimal(buffer?.percent),
            "state": .string(state.rawValue),
            "adlRank": queue.map { .integer($0.lights) } ?? .null,
            "adlPlace": queue.map { .integer($0.place) } ?? .null,
            "adlAhead": .decimal(queue.map { contract.decimal($0.ahead) }),
        ]
    }
}

extension ProviderStatement {
    public func report(in venue: Directory) -> JSONValue {
        let currency = venue[self.currency]
        return [
            "account": .string(venue[account]), "currency": .string(currency.name),
            "capacity": .decimal(currency.decimal(capacity)),
            "used": .decimal(currency.decimal(used)),
        ]
    }
}

extension ContractStatement {
    public func report(_ contract: Contract) -> JSONValue {
        [
            "mark": .decimal(mark.map(contract.decimal)),
            "index": .decimal(index.map(contract.decimal)),
            "last": .decimal(last.map(contract.decimal)),
            "openInterest": .decimal(contract.decimal(openInterest)),
            "fundingRate": .decimal(fundingRate?.decimal),
            "stale": .bool(stale),
        ]
    }

    /// What may trade: `open`, `halted`, `auction`, or `paused` where only forced orders wait.
    public var trading: String {
        if halted { return "halted" }
        if inAuction { return "auction" }
        return pausedUntil == nil ? "open" : "paused"
    }
}
