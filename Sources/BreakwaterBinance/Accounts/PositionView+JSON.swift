internal import BreakwaterCore

/// Positions in JSON, in the two shapes that the dialect has for them. Each shape has the members of all versions.
extension JSONText {
    /// A position as one of an account's.
    mutating func putAccountPosition(_ position: PositionView, _ listing: Listing, at time: Timestamp) {
        putMargins(position, listing)
        put("unrealizedProfit", listing.money(position.statement?.unrealised ?? .zero))
        put("isolated", position.isIsolated)
        put("maxNotional", listing.money(mostNotional(position, listing)))
        put("updateTime", time)
    }

    /// A position by itself, with its risk.
    mutating func putPosition(_ position: PositionView, _ listing: Listing, at time: Timestamp) {
        let statement = position.statement
        putMargins(position, listing)
        put("breakEvenPrice", statement?.entryPrice)
        put("markPrice", listing.decimal(position.mark))
        put("unRealizedProfit", listing.money(statement?.unrealised ?? .zero))
        put("liquidationPrice", statement?.liquidationPrice)
        put("maxNotionalValue", listing.money(mostNotional(position, listing)))
        put("marginType", word: position.isIsolated ? "isolated" : "cross")
        put("isAutoAddMargin", "false")
        put("marginAsset", listing.settle.name)
        put("updateTime", time)
    }

    private mutating func putMargins(_ position: PositionView, _ listing: Listing) {
        let statement = position.statement
        let size = statement?.size ?? .zero
        let initial = statement?.initialMargin ?? .zero
        let assigned = position.isIsolated ? statement?.margin ?? .zero : .zero
        put("symbol", listing.symbol)
        put("positionSide", word: position.key.side.word)
        put("positionAmt", listing.decimal(size))
        put("entryPrice", statement?.entryPrice)
        put("notional", listing.money(position.mark.map { listing.contract.executionValue(of: size, at: $0) } ?? .zero))
        put("leverage", "\(position.leverage.whole)")
        put("initialMargin", listing.money(initial + position.orderMargin))
        put("maintMargin", listing.money(statement?.maintenanceMargin ?? .zero))
        put("positionInitialMargin", listing.money(initial))
        put("openOrderInitialMargin", listing.money(position.orderMargin))
        // Zero, and nothing else, tells clients that a position is not isolated.
        put("isolatedMargin", listing.money(assigned == .zero ? .zero : assigned + (statement?.unrealised ?? .zero)))
        put("isolatedWallet", listing.money(assigned))
        put("bidNotional", word: "0")
        put("askNotional", word: "0")
    }

    private func mostNotional(_ position: PositionView, _ listing: Listing) -> Amount {
        Bracket.mostNotional(
            at: position.leverage.whole, among: Bracket.all(of: position.tiers, listing, mark: position.mark))
    }
}
