internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue
internal import BreakwaterWeb

/// Balances and positions.
struct AccountDesk: Sendable {
    let gateway: Gateway
    let listings: Listings
    let orders: OrderDesk

    var balanceOperations: [Operation] {
        [
            Operation(.get, "/fapi/v2/account", .look, weight: 5) { try await account($0, withIdle: true) },
            Operation(.get, "/fapi/v3/account", .look, weight: 5) { try await account($0, withIdle: false) },
            Operation(.get, "/fapi/v2/balance", .look, weight: 5, handler: balance),
            Operation(.get, "/fapi/v3/balance", .look, weight: 5, handler: balance),
            Operation(.get, "/fapi/v1/positionRisk", .look, weight: 5) { try await positions($0, withIdle: true) },
            Operation(.get, "/fapi/v2/positionRisk", .look, weight: 5) { try await positions($0, withIdle: true) },
            Operation(.get, "/fapi/v3/positionRisk", .look, weight: 5) { try await positions($0, withIdle: false) },
            Operation(.get, "/fapi/v1/adlQuantile", .look, weight: 5, handler: deleverageQuantiles),
        ]
    }

    /// The contract that a request names, or all.
    func scope(_ request: Request) throws(Fault) -> [Listing] {
        guard let symbol = try request.inputs.text("symbol") else { return listings.all }
        return [try listings.named(symbol)]
    }

    func assets(_ view: AccountView) -> [AssetView] {
        view.wallets.map { wallet in
            let own = view.positions.filter { listings[$0.key.contract]?.contract.settle == wallet.currency }
            return AssetView(wallet, gateway.venue.names.look { $0[wallet.currency] }, own)
        }
    }

    /// Balances and positions together. Totals are those of the currency that the first contract settles in.
    func account(_ request: Request, withIdle: Bool) async throws -> JSONText {
        let view = try await gateway.view(of: request.account, in: listings.all)
        let assets = assets(view)
        let main = assets.first { $0.wallet.currency == listings.all.first?.contract.settle } ?? assets.first
        let positions = view.positions.filter { withIdle || !$0.isIdle }
        return JSONText(capacity: 512 * (positions.count + assets.count + 1)) { json in
            json.put("feeTier", 0)
            json.put("canTrade", view.restriction == .none)
            json.put("canDeposit", true)
            json.put("canWithdraw", view.restriction != .frozen)
            json.put("multiAssetsMargin", view.hasCollateral)
            json.put("tradeGroupId", -1)
            json.put("updateTime", request.now)
            json.putTotals(main)
            json.list("assets", assets) { json, asset in
                json.object { $0.putAsset(asset, at: request.now) }
            }
            json.list("positions", positions) { json, position in
                guard let listing = listings[position.key.contract] else { return }
                json.object { $0.putAccountPosition(position, listing, at: request.now) }
            }
        }
    }

    @Sendable func balance(_ request: Request) async throws -> JSONText {
        let view = try await gateway.view(of: request.account, in: listings.all)
        return JSONText(list: assets(view)) { json, asset in
            json.object { json in
                json.put("accountAlias", gateway.venue.names.look { $0[request.account] })
                json.put("asset", asset.currency.name)
                json.put("balance", asset.currency.decimal(asset.wallet.balance))
                json.put("crossWalletBalance", asset.currency.decimal(asset.crossBalance))
                json.put("crossUnPnl", asset.currency.decimal(asset.crossUnrealised))
                json.put("availableBalance", asset.currency.decimal(max(.zero, asset.wallet.available)))
                json.put("maxWithdrawAmount", asset.currency.decimal(max(.zero, asset.wallet.available)))
                json.put("marginAvailable", true)
                json.put("updateTime", request.now)
            }
        }
    }

    func positions(_ request: Request, withIdle: Bool) async throws -> JSONText {
        let view = try await gateway.view(of: request.account, in: try scope(request))
        let positions = view.positions.filter { withIdle || !$0.isIdle }
        return JSONText(capacity: 640 * positions.count, list: positions) { json, position in
            guard let listing = listings[position.key.contract] else { return }
            json.object { $0.putPosition(position, listing, at: request.now) }
        }
    }

    /// From 0, deleveraged last, to 4, deleveraged first; open positions only.
    @Sendable private func deleverageQuantiles(_ request: Request) async throws -> JSONText {
        let view = try await gateway.view(of: request.account, in: try scope(request), ranked: true)
        var rows: [(listing: Listing, quantiles: [(side: PositionSide, isLong: Bool, quantile: Int)])] = []
        for position in view.positions {
            guard let statement = position.statement, let listing = listings[position.key.contract] else { continue }
            let lights = statement.queue?.lights ?? 1
            let quantile = (position.key.side, statement.size > .zero, lights - 1)
            if rows.last?.listing === listing {
                rows[rows.count - 1].quantiles.append(quantile)
            } else {
                rows.append((listing, [quantile]))
            }
        }
        let object = try request.inputs.text("symbol") != nil && rows.count == 1
        func put(_ row: Int, _ json: inout JSONText) {
            json.put("symbol", rows[row].listing.symbol)
            json.object("adlQuantile") { json in
                for entry in rows[row].quantiles {
                    if entry.isLong { json.put("LONG", entry.quantile) } else { json.put("SHORT", entry.quantile) }
                    if entry.side == .net {
                        if entry.isLong { json.put("SHORT", 0) } else { json.put("LONG", 0) }
                        json.put("BOTH", entry.quantile)
                    }
                }
            }
        }
        if object { return JSONText { put(0, &$0) } }
        return JSONText(list: rows.indices) { json, row in json.object { put(row, &$0) } }
    }
}

extension JSONText {
    /// What the account has in its main currency, by the names that whole accounts have it by.
    fileprivate mutating func putTotals(_ asset: AssetView?) {
        func money(_ amount: (AssetView) -> Amount) -> ExactDecimal? { asset.map { $0.currency.decimal(amount($0)) } }
        put("totalInitialMargin", money { $0.wallet.initialMargin })
        put("totalMaintMargin", money { $0.wallet.maintenanceMargin })
        put("totalWalletBalance", money { $0.wallet.balance })
        put("totalUnrealizedProfit", money { $0.unrealised })
        put("totalMarginBalance", money { $0.wallet.balance + $0.unrealised })
        put("totalPositionInitialMargin", money { $0.wallet.initialMargin - $0.orderMargin })
        put("totalOpenOrderInitialMargin", money { $0.orderMargin })
        put("totalCrossWalletBalance", money { $0.crossBalance })
        put("totalCrossUnPnl", money { $0.crossUnrealised })
        put("availableBalance", money { max(.zero, $0.wallet.available) })
        put("maxWithdrawAmount", money { max(.zero, $0.wallet.available) })
    }

    fileprivate mutating func putAsset(_ asset: AssetView, at time: Timestamp) {
        let currency = asset.currency
        put("asset", currency.name)
        put("walletBalance", currency.decimal(asset.wallet.balance))
        put("unrealizedProfit", currency.decimal(asset.unrealised))
        put("marginBalance", currency.decimal(asset.wallet.balance + asset.unrealised))
        put("maintMargin", currency.decimal(asset.wallet.maintenanceMargin))
        put("initialMargin", currency.decimal(asset.wallet.initialMargin))
        put("positionInitialMargin", currency.decimal(asset.wallet.initialMargin - asset.orderMargin))
        put("openOrderInitialMargin", currency.decimal(asset.orderMargin))
        put("crossWalletBalance", currency.decimal(asset.crossBalance))
        put("crossUnPnl", currency.decimal(asset.crossUnrealised))
        put("availableBalance", currency.decimal(max(.zero, asset.wallet.available)))
        put("maxWithdrawAmount", currency.decimal(max(.zero, asset.wallet.available)))
        put("marginAvailable", true)
        put("updateTime", time)
    }
}
