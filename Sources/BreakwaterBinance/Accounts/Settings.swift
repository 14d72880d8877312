internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterVenue
internal import BreakwaterWeb

/// What an account sets: leverage, margin mode, margin of isolated positions, hedge mode.
extension AccountDesk {
    private enum ModeWord: String {
        case isolated = "ISOLATED"
        case crossed = "CROSSED"

        var core: MarginMode {
            switch self {
            case .isolated: .isolated
            case .crossed: .cross
            }
        }
    }

    var settingOperations: [Operation] {
        [
            Operation(.post, "/fapi/v1/leverage", .trade, pace: .brief, handler: setLeverage),
            Operation(.post, "/fapi/v1/marginType", .trade, pace: .brief, handler: setMode),
            Operation(.post, "/fapi/v1/positionMargin", .trade, pace: .brief, handler: moveMargin),
            Operation(.get, "/fapi/v1/positionMargin/history", .look, handler: marginHistory),
            Operation(.get, "/fapi/v1/positionSide/dual", .look, weight: 30) { request in
                let account = request.account
                let isHedged = try await gateway.venue.read { $0.isHedged(account) }
                return JSONText { $0.put("dualSidePosition", isHedged) }
            },
            Operation(.post, "/fapi/v1/positionSide/dual", .trade, pace: .brief, handler: setHedged),
            Operation(.get, "/fapi/v1/multiAssetsMargin", .look, weight: 30) { _ in
                let hasCollateral = try await gateway.venue.read { $0.rulebook.collateral != nil }
                return JSONText { $0.put("multiAssetsMargin", hasCollateral) }
            },
            Operation(.post, "/fapi/v1/multiAssetsMargin", .trade, handler: setCollateral),
            Operation(.get, "/fapi/v1/symbolConfig", .look, weight: 5, handler: symbolSettings),
            Operation(.get, "/fapi/v1/accountConfig", .look, weight: 5, handler: accountSettings),
            Operation(.get, "/fapi/v1/commissionRate", .look, weight: 20, handler: fees),
        ]
    }

    /// Every position that an account has in a contract: both sides in hedge mode.
    private func views(_ request: Request) async throws -> (Listing, [PositionView]) {
        let listing = try listings.named(try request.inputs.required("symbol"))
        return (listing, try await gateway.view(of: request.account, in: [listing]).positions)
    }

    @Sendable private func setLeverage(_ request: Request) async throws -> JSONText {
        let (listing, positions) = try await views(request)
        guard let asked = try request.inputs.integer("leverage"), (1...1_000).contains(asked) else {
            throw Fault(-4028, "Leverage \(try request.inputs.required("leverage")) is not valid")
        }
        for position in positions {
            _ = try await orders.perform(
                .setLeverage(position.key, Leverage(asked * 100), nil), from: request.origin())
        }
        let most = positions.first.map {
            Bracket.mostNotional(at: asked, among: Bracket.all(of: $0.tiers, listing, mark: $0.mark))
        }
        return JSONText { json in
            json.put("leverage", asked)
            json.put("maxNotionalValue", listing.money(most ?? .zero))
            json.put("symbol", listing.symbol)
        }
    }

    @Sendable private func setMode(_ request: Request) async throws -> JSONText {
        let (_, positions) = try await views(request)
        guard let mode = try request.inputs.choice("marginType", ModeWord.self)?.core else {
            throw Fault.missing("marginType")
        }
        let changing = positions.filter { $0.mode != mode }
        guard !changing.isEmpty else { throw Fault(-4046, "No need to change margin type.") }
        for position in changing {
            _ = try await orders.perform(.setLeverage(position.key, position.leverage, mode), from: request.origin())
        }
        return .done()
    }

    @Sendable private func moveMargin(_ request: Request) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        guard let direction = try request.inputs.integer("type"), (1...2).contains(direction) else {
            throw Fault.missing("type")
        }
        let amount = try listing.amount(request.inputs)
        let side = try request.inputs.choice("positionSide", PositionSideWord.self)?.core ?? .net
        let key = PositionKey(request.account, listing.id, side)
        _ = try await orders.perform(.moveMargin(key, direction == 1 ? amount : -amount), from: request.origin())
        return JSONText { json in
            json.put("amount", number: listing.money(amount))
            json.put("code", 200)
            json.put("msg", word: "Successfully modify position margin.")
            json.put("type", direction)
        }
    }

    @Sendable private func marginHistory(_ request: Request) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        let page = try request.inputs.page(usual: 500, most: 500)
        let direction = try request.inputs.integer("type")
        try await orders.catchUp()
        let changes = try await gateway.history.marginChanges(of: request.account, in: listing.id, page: page)
            .filter { direction == nil || ($0.amount > .zero) == (direction == 1) }.sorted { $0.id < $1.id }
        return JSONText(list: changes) { json, change in
            json.object { json in
                json.put("symbol", listing.symbol)
                json.put("type", change.amount > .zero ? 1 : 2)
                json.put("deltaType", word: "USER_ADJUST")
                json.put("amount", listing.money(change.amount.magnitude))
                json.put("asset", listing.settle.name)
                json.put("time", change.time)
                json.put("positionSide", word: change.key.side.word)
            }
        }
    }

    @Sendable private func setHedged(_ request: Request) async throws -> JSONText {
        guard let wanted = try request.inputs.flag("dualSidePosition") else { throw Fault.missing("dualSidePosition") }
        let account = request.account
        guard try await gateway.venue.read({ $0.isHedged(account) }) != wanted else {
            throw Fault(-4059, "No need to change position side.")
        }
        _ = try await orders.perform(.setHedged(account, wanted), from: request.origin())
        return .done()
    }

    /// The rulebook says whether other currencies count; an account cannot choose.
    @Sendable private func setCollateral(_ request: Request) async throws -> JSONText {
        guard let wanted = try request.inputs.flag("multiAssetsMargin") else {
            throw Fault.missing("multiAssetsMargin")
        }
        guard try await gateway.venue.read({ $0.rulebook.collateral != nil }) == wanted else {
            throw Fault(-4171, "This venue's rules say which currencies back positions; an account cannot change that.")
        }
        return .done()
    }

    @Sendable private func symbolSettings(_ request: Request) async throws -> JSONText {
        let view = try await gateway.view(of: request.account, in: try scope(request))
        // Hedge mode keeps settings for each side; the dialect has room for one.
        let positions = view.positions.filter { $0.key.side != .short }
        return JSONText(list: positions) { json, position in
            guard let listing = listings[position.key.contract] else { return }
            json.object { json in
                json.put("symbol", listing.symbol)
                json.put("marginType", word: position.isIsolated ? "ISOLATED" : "CROSSED")
                json.put("isAutoAddMargin", false)
                json.put("leverage", position.leverage.whole)
                let brackets = Bracket.all(of: position.tiers, listing, mark: position.mark)
                json.put(
                    "maxNotionalValue",
                    listing.money(Bracket.mostNotional(at: position.leverage.whole, among: brackets)))
            }
        }
    }

    @Sendable private func accountSettings(_ request: Request) async throws -> JSONText {
        let view = try await gateway.view(of: request.account, in: [])
        return JSONText { json in
            json.put("feeTier", 0)
            json.put("canTrade", view.restriction == .none)
            json.put("canDeposit", true)
            json.put("canWithdraw", view.restriction != .frozen)
            json.put("dualSidePosition", view.isHedged)
            json.put("updateTime", request.now)
            json.put("multiAssetsMargin", view.hasCollateral)
            json.put("tradeGroupId", -1)
        }
    }

    @Sendable private func fees(_ request: Request) async throws -> JSONText {
        let listing = try listings.named(try request.inputs.required("symbol"))
        let fees = try await gateway.venue.read { $0.directory[listing.id].fees }
        return JSONText { json in
            json.put("symbol", listing.symbol)
            json.put("makerCommissionRate", fees.maker.decimal)
            json.put("takerCommissionRate", fees.taker.decimal)
        }
    }
}
