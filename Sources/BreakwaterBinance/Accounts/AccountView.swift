internal import BreakwaterCore
internal import BreakwaterGateway
internal import BreakwaterVenue

/// An account as it stands between two commands.
struct AccountView: Sendable {
    let wallets: [WalletStatement]
    /// One for each contract, or for each side of it in hedge mode.
    let positions: [PositionView]
    let isHedged: Bool
    let restriction: Restriction
    /// Whether other currencies back positions too.
    let hasCollateral: Bool
}

/// One position, open or flat, with its settings.
struct PositionView: Sendable {
    let key: PositionKey
    let statement: PositionStatement?
    let mode: MarginMode
    let leverage: Leverage
    let orderMargin: Amount
    let mark: Price?
    let tiers: Tiers

    var isIdle: Bool { statement == nil && orderMargin == .zero }
    var isIsolated: Bool { mode == .isolated }
}

extension Gateway {
    /// Looks an account up: every figure is the core's.
    ///
    /// - Parameter ranked: whether places in the auto-deleveraging queue are wanted, for which everybody's positions are
    ///   looked at.
    func view(of account: AccountID, in listings: [Listing], ranked: Bool = false) async throws -> AccountView {
        let contracts = listings.map(\.id)
        return try await venue.read { exchange in
            let isHedged = exchange.isHedged(account)
            let sides: [PositionSide] = isHedged ? [.long, .short] : [.net]
            var positions: [PositionView] = []
            for contract in contracts {
                let tiers = exchange.tiers(of: contract)
                let mark = exchange.contractStatement(contract).mark
                for side in sides {
                    let key = PositionKey(account, contract, side)
                    let settings = exchange.settings(of: key)
                    positions.append(
                        PositionView(
                            key: key, statement: exchange.positionStatement(key, ranked: ranked), mode: settings.mode,
                            leverage: settings.leverage, orderMargin: exchange.orderMargin(of: key), mark: mark,
                            tiers: tiers))
                }
            }
            return AccountView(
                wallets: exchange.walletStatements(of: account), positions: positions, isHedged: isHedged,
                restriction: exchange.restriction(of: account), hasCollateral: exchange.rulebook.collateral != nil)
        }
    }
}

extension Leverage {
    /// In whole steps, which is all the dialect knows.
    var whole: Int64 { max(1, raw / 100) }
}

/// A wallet with what its positions add up to.
struct AssetView: Sendable {
    let wallet: WalletStatement
    let currency: Currency
    let unrealised: Amount
    let crossUnrealised: Amount
    let orderMargin: Amount
    /// What is not assigned to isolated positions.
    let crossBalance: Amount

    init(_ wallet: WalletStatement, _ currency: Currency, _ positions: [PositionView]) {
        self.wallet = wallet
        self.currency = currency
        let isolated = positions.filter(\.isIsolated)
        let all = positions.reduce(Amount.zero) { $0 + ($1.statement?.unrealised ?? .zero) }
        unrealised = all
        crossUnrealised = all - isolated.reduce(.zero) { $0 + ($1.statement?.unrealised ?? .zero) }
        orderMargin = positions.reduce(.zero) { $0 + $1.orderMargin }
        crossBalance = wallet.balance - isolated.reduce(.zero) { $0 + ($1.statement?.margin ?? .zero) }
    }
}
