import BreakwaterCore
import BreakwaterTapes

/// The traders' open positions as lines of JSON for Tests/Peers/liquidation_prices.py.
enum PositionLines {
    static func all(in exchange: borrowing Exchange) -> [String] {
        let usdt = exchange.directory.currency(named: "USDT")!
        let statements = exchange.positionStatements().filter {
            exchange.directory[$0.key.account] != "maker"
        }
        return Dictionary(grouping: statements, by: \.key.account).sorted { $0.key < $1.key }.flatMap {
            account, positions in
            guard let wallet = exchange.walletStatement(of: account, in: usdt) else { return [String]() }
            let isolated = positions.filter { $0.mode == .isolated }.reduce(Amount.zero) { $0 + $1.margin }
            let balance = exchange.directory[usdt].decimal(wallet.balance - isolated)
            return positions.map { line(of: $0, among: positions, balance: balance, in: exchange) }
        }
    }

    private static func line(
        of position: PositionStatement, among positions: [PositionStatement], balance: ExactDecimal,
        in exchange: borrowing Exchange
    ) -> String {
        let contract = exchange.directory[position.key.contract]
        let currency = exchange.directory[contract.settle]
        let others = positions.filter {
            position.mode == .cross && $0.mode == .cross && $0.key.contract != position.key.contract
        }
        let price = position.liquidationPrice.map { "\"\($0)\"" } ?? "null"
        let rest = others.map { "{\(core(of: $0, in: exchange))}" }.joined(separator: ",")
        return #"{"symbol":"\#(contract.symbol)","tick":"\#(contract.tick)","mode":"\#(position.mode)","#
            + #""leverage":"\#(position.leverage.decimal)","margin":"\#(currency.decimal(position.margin))","#
            + #""wallet":"\#(balance)",\#(core(of: position, in: exchange)),"others":[\#(rest)],"liquidationPrice":\#(price)}"#
    }

    /// What both a position and another one beside it are told by.
    private static func core(of position: PositionStatement, in exchange: borrowing Exchange) -> String {
        let contract = exchange.directory[position.key.contract]
        let pair = RandomVenue.contracts.first { $0.symbol == contract.symbol }!.pair
        let settled = exchange.directory[contract.settle].decimal(position.settledValue)
        return #""pair":"\#(pair)","size":"\#(contract.decimal(position.size))","settledValue":"\#(settled)","#
            + #""mark":"\#(position.markPrice!)""#
    }
}
