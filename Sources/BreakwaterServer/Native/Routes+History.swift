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
                var rows = try await gateway.history.walletLines(
                    of: account, contract: contract, causes: causes ?? Set(WalletLine.Cause.allCases), page: page)
                // What marks have realised since the wallet's positions were last told of is no line yet.
                if contract == nil, page.isDescending, page.before == nil, causes?.contains(.settlement) ?? true {
                    rows = try await unsettled(account) + rows
                }
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

    /// What is missing to the balances that the exchange states now.
    private func unsettled(_ account: AccountID) async throws -> [WalletLine] {
        let (balances, now) = try await venue.read { exchange in
            (exchange.walletStatements(of: account).map { ($0.currency, $0.balance) }, exchange.now)
        }
        var lines: [WalletLine] = []
        for (currency, balance) in balances {
            if let line = try await gateway.history.settlement(of: account, in: currency, present: balance, at: now) {
                lines.append(line)
            }
        }
        return lines
    }
}
