internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterHistory
internal import BreakwaterTapes
internal import BreakwaterVenue
internal import BreakwaterWeb

/// What happened to an account.
extension NativeAPI {
    var historyRoutes: [Route] {
        [
            history("fills", "fills", "What changed the account's positions, trade by trade.", FillRecord.schema) {
                account, contract, page, _ in
                let rows = try await gateway.history.fills(of: account, in: contract, page: page)
                return names { venue in rows.map { $0.json(in: venue) } }
            },
            history(
                "wallet-history", "walletHistory",
                "Every movement of the account's wallets, with its cause; the amounts add up to the balance.",
                WalletLine.schema,
                parameters: [.query("cause", .choice(WalletLine.Cause.allCases.map(\.rawValue)))]
            ) { account, contract, page, call in
                let causes = call.textIfGiven("cause").map { Set([WalletLine.Cause(rawValue: $0)!]) }
                let rows = try await walletLines(
                    account, contract, causes ?? Set(WalletLine.Cause.allCases), page)
                return names { venue in rows.map { $0.json(in: venue) } }
            },
            history(
                "position-history", "positionHistory", "The account's positions after each change.",
                PositionRecord.schema
            ) { account, contract, page, _ in
                let rows = try await gateway.history.positions(of: account, in: contract, page: page)
                return names { venue in rows.map { $0.json(in: venue) } }
            },
            history(
                "margin-history", "marginHistory", "Margin moved to and from isolated positions.",
                .object(
                    .required("id", .integer()), .required("symbol", .text()), .required("position", .text()),
                    .required("amount", .decimal), .required("margin", .decimal.about("Behind it afterwards.")),
                    .required("time", .time))
            ) { account, contract, page, _ in
                let rows = try await gateway.history.marginChanges(of: account, in: contract, page: page)
                return names { venue in
                    rows.map { row in
                        let money = venue[venue[row.key.contract].settle]
                        return [
                            "id": .integer(Int(row.id.raw)), "symbol": .string(venue[row.key.contract].symbol),
                            "position": .string(row.key.side.rawValue), "amount": .decimal(money.decimal(row.amount)),
                            "margin": .decimal(money.decimal(row.margin)), "time": .string(row.time.iso),
                        ]
                    }
                }
            },
        ]
    }

    private func history(
        _ path: String, _ operation: String, _ summary: String, _ row: Schema, parameters: [Parameter] = [],
        _ rows: @escaping @Sendable (AccountID, ContractID?, Page, Call) async throws -> [JSONValue]
    ) -> Route {
        route(
            .get, "/v1/accounts/{account}/" + path, operation, summary, tag: "History",
            parameters: [Inputs.account, Inputs.symbolFilter] + Inputs.page + parameters,
            answers: [Response(200, summary, .rows("rows", row)), .notFound], needs: .look, weight: 5
        ) { call in
            let account = try account(call, for: .look)
            let (contract, page) = (try contractIfGiven(call)?.id, try Page(call))
            try await gateway.history.caughtUp(to: venue.last)
            return Reply(json: .list("rows", try await rows(account, contract, page, call)))
        }
    }

    /// An account's lines up to one command, the newest among them what marks have realised since its positions were
    /// last told of, which is no line yet. So they add up to what the exchange stated after that command.
    private func walletLines(
        _ account: AccountID, _ contract: ContractID?, _ causes: Set<WalletLine.Cause>, _ page: Page
    ) async throws -> [WalletLine] {
        let (sequence, now, balances) = try await venue.readNumbered { exchange, sequence in
            (sequence, exchange.now, exchange.walletStatements(of: account).map { ($0.currency, $0.balance) })
        }
        try await gateway.history.caughtUp(to: sequence)
        let end = EventID(sequence + 1).raw
        var bounded = page
        bounded.before = min(page.before ?? end, end)
        let lines = try await gateway.history.walletLines(
            of: account, contract: contract, causes: causes, page: bounded)
        let isNewest =
            page.isDescending ? page.before ?? .max > end : lines.count < page.limit && page.before ?? .max > end
        guard contract == nil, causes.contains(.settlement), isNewest, page.from ?? now <= now, page.until ?? now >= now
        else { return lines }
        var unsettled: [WalletLine] = []
        for (currency, balance) in balances {
            let line = try await gateway.history.settlement(
                of: account, in: currency, present: balance, after: sequence, at: now)
            if let line { unsettled.append(line) }
        }
        return page.isDescending ? Array((unsettled + lines).prefix(page.limit)) : lines + unsettled
    }
}
