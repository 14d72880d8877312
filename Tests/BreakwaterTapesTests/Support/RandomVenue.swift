import Foundation

/// Writes the tape of a venue with Binance's brackets, whose traders hold isolated and cross positions of any size, long
/// and short, several in one wallet, entered beside the mark and left in profit and loss by its moves.
struct RandomVenue {
    struct Terms {
        let symbol: String
        /// As ccxt and freqtrade call it.
        let pair: String
        let tick: String
        let lot: String
        /// In ticks.
        let price: Int
        /// Lots worth about 10 USDT.
        let lots: Double
    }

    static let contracts = [
        // Takes the rulebook's own table, the same as the published one.
        Terms(symbol: "XBTUSDT", pair: "BTC/USDT:USDT", tick: "0.1", lot: "0.001", price: 620_000, lots: 0.16),
        Terms(symbol: "ETHUSDT", pair: "ETH/USDT:USDT", tick: "0.01", lot: "0.001", price: 310_000, lots: 3.2),
        Terms(symbol: "XRPUSDT", pair: "XRP/USDT:USDT", tick: "0.0001", lot: "0.1", price: 5_200, lots: 190),
        Terms(symbol: "DOGEUSDT", pair: "DOGE/USDT:USDT", tick: "0.00001", lot: "1", price: 12_400, lots: 80),
    ]

    private var lines: [String] = []
    private var price = contracts.map(\.price)

    static func tape(dice: inout Dice, brackets: [String: [Peers.Bracket]], traders: Int = 150) -> String {
        var venue = RandomVenue()
        for terms in contracts { venue.list(terms, brackets[terms.pair] ?? []) }
        venue.add(#""do":"deposit","account":"maker","currency":"USDT","amount":"100000000000""#)
        venue.add(#""do":"fund","currency":"USDT","amount":"1000000000""#)
        venue.mark()
        for trader in 1...traders { venue.open("t\(trader)", &dice) }
        venue.move(&dice)
        return venue.lines.joined(separator: "\n") + "\n"
    }

    private mutating func add(_ line: String) { lines.append("{" + line + "}") }

    /// IM at the most leverage a bracket allows, in percent, rounded up to the rates' last digit.
    private mutating func list(_ terms: Terms, _ brackets: [Peers.Bracket]) {
        let rows = brackets.map { bracket in
            let billionths = (1_000_000_000 + bracket.maxLeverage - 1) / bracket.maxLeverage
            let initial = Decimal(billionths) / 10_000_000
            return
                #"{"upTo":"\#(bracket.maxNotional)","im":"\#(initial)%","mm":"\#(bracket.maintenanceMarginRate * 100)%"}"#
        }
        add(
            #""do":"list","contract":{"symbol":"\#(terms.symbol)","kind":"linear","settle":"USDT","tick":"\#(terms.tick)","#
                + #""lot":"\#(terms.lot)","multiplier":"1","maxLeverage":"150","makerFee":"0.02%","takerFee":"0.05%","#
                + #""tiers":"progressive","riskLimits":[\#(rows.joined(separator: ","))]}"#)
    }

    private mutating func mark() {
        let prices = zip(Self.contracts, price).map { #""\#($0.symbol)":"\#(decimal($1, $0.tick))""# }
        add(#""do":"mark","prices":{\#(prices.joined(separator: ","))}"#)
    }

    /// A trader with a wallet of any size and one to four positions of a share of it, each with its leverage and mode.
    private mutating func open(_ account: String, _ dice: inout Dice) {
        let scale = Self.power(dice.below(80))
        add(
            #""do":"deposit","account":"\#(account)","currency":"USDT","amount":"\#(Int(20 * scale)).\#(dice.below(1_000_000))""#
        )
        var left = Array(Self.contracts.indices)
        for _ in 0..<(1 + dice.below(Self.contracts.count)) {
            let index = left.remove(at: dice.below(left.count))
            let terms = Self.contracts[index]
            let leverage = dice.pick([1, 2, 3, 5, 10, 20, 20, 50, 100, 150])
            let mode = dice.pick(["isolated", "cross", "cross"])
            add(
                #""do":"leverage","account":"\#(account)","symbol":"\#(terms.symbol)","leverage":"\#(leverage)","mode":"\#(mode)""#
            )
            let size = Int(terms.lots * scale * Double(leverage) * Double(1 + dice.below(130)) / 100)
            // In one to three trades beside the mark, so that entry prices are no whole ticks.
            for _ in 0...dice.below(3) { trade(account, index, max(1, size / 3), &dice) }
            if mode == "isolated", dice.isTrue(percent: 30) {
                add(
                    #""do":"margin","account":"\#(account)","symbol":"\#(terms.symbol)","amount":"\#(Int(scale)).\#(dice.below(1_000_000))""#
                )
            }
        }
    }

    private mutating func trade(_ account: String, _ index: Int, _ size: Int, _ dice: inout Dice) {
        let terms = Self.contracts[index]
        let at = price[index] * (9_950 + dice.below(101)) / 10_000
        let (buyer, seller) = dice.isTrue(percent: 50) ? (account, "maker") : ("maker", account)
        add(
            #""do":"trade","symbol":"\#(terms.symbol)","buyer":"\#(buyer)","seller":"\#(seller)","#
                + #""size":"\#(decimal(size, terms.lot))","price":"\#(decimal(at, terms.tick))""#)
    }

    /// Marks a few percent from where the positions were opened.
    private mutating func move(_ dice: inout Dice) {
        for index in price.indices { price[index] = price[index] * (9_600 + dice.below(801)) / 10_000 }
        mark()
    }

    /// 10^(tenths / 10): sizes over eight powers of ten, each as likely.
    private static func power(_ tenths: Int) -> Double { pow(10, Double(tenths) / 10) }

    /// Whole steps as a decimal.
    private func decimal(_ count: Int, _ step: String) -> String { "\(Decimal(count) * Decimal(string: step)!)" }
}
