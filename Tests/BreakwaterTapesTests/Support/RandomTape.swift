import BreakwaterCore

/// Writes random tapes: valid commands over all margin modes and contract kinds, in a market that jumps.
struct RandomTape {
    private var dice: Dice
    private let portfolio: Bool
    /// Whether the rulebook has a breaker: then time passes more often, so that its pauses end.
    private let protected: Bool
    /// The shipped rulebook it is for, whose every stage and protection it then tries to reach; `nil` for none.
    private let venue: Rulebook?
    /// The rulebooks that it changes to on the way.
    private let others: [String]
    private let currencies: [String]
    private let symbols: [String]
    private var price = [20_000, 20_000, 1_000]
    private var nextOrder = 0
    private var orders: [(account: String, id: String)] = []
    private var lines: [String] = []

    private static let accounts = ["ann", "ben", "cat", "dan", "eve", "fay", "gus", "hal"]

    /// - Parameter portfolio: for the rulebook with one margin an account, else for BitMEX's.
    static func text(seed: UInt64, commands: Int, portfolio: Bool, protected: Bool = false) -> String {
        var tape = RandomTape(
            dice: Dice(seed: seed), portfolio: portfolio, protected: protected, venue: nil, others: [])
        return tape.written(commands)
    }

    /// For a shipped rulebook: with providers, collateral, announcements, and jumps that leave nobody solvent.
    ///
    /// - Parameter others: rulebooks to change to on the way; none for its own, announced again.
    static func text(seed: UInt64, commands: Int, venue: Rulebook, others: [String] = []) -> String {
        var tape = RandomTape(
            dice: Dice(seed: seed), portfolio: venue.basis == .mark, protected: false, venue: venue, others: others)
        return tape.written(commands)
    }

    private mutating func written(_ commands: Int) -> String {
        open()
        for _ in 0..<commands {
            if venue != nil, dice.isTrue(percent: 12) { addVenueCommand() } else { addCommand() }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private init(dice: Dice, portfolio: Bool, protected: Bool, venue: Rulebook?, others: [String]) {
        self.dice = dice
        self.portfolio = portfolio
        self.protected = protected
        self.venue = venue
        self.others = others
        currencies = venue == nil ? ["USDT", "XBT", "XBT"] : ["USDC", "XBT", "XBT"]
        // The symbol that Coinbase's collateral is priced by.
        symbols = [venue == nil ? "LIN" : "BTC-PERP", "INV", "QUA"]
    }

    /// What only some rulebooks have.
    private mutating func addVenueCommand() {
        let account = dice.pick(Self.accounts)
        let symbol = dice.pick(symbols)
        switch dice.below(7) {
        case 0:
            let index = dice.below(2)
            let capacity = index == 0 ? "\(dice.below(40_000))" : "\(dice.below(3)).\(dice.below(10))"
            add(
                #""do":"provider","account":"\#(account)","currency":"\#(currencies[index])","capacity":"\#(capacity)""#
            )
        case 1: add(#""do":"pairs","account":"\#(account)","together":\#(dice.pick(["true", "false"]))"#)
        case 2:
            add(
                #""do":"event","symbol":"\#(symbol)","from":"+\#(dice.below(60))s","to":"+2m","im":"\#(2 + dice.below(40))%""#
            )
        case 3: add(#""do":"deposit","account":"\#(account)","currency":"BTC","amount":"0.\#(1 + dice.below(9))""#)
        case 4: add(#""do":"withdraw","account":"\#(account)","currency":"BTC","amount":"0.\#(1 + dice.below(9))""#)
        case 5: jump()
        default:
            let name = others.isEmpty ? venue!.name : dice.pick(others)
            add(#""do":"rulebook","name":"\#(name)","effective":"+\#(dice.below(90))s""#)
        }
    }

    /// Every contract at once, by up to half.
    private mutating func jump() {
        for index in price.indices {
            price[index] = min(2_000_000, max(20, price[index] * (500 + dice.below(1_200)) / 1000))
        }
        addMarks()
    }

    private mutating func add(_ line: String) { lines.append("{" + line + "}") }

    private mutating func open() {
        let kinds = [("linear", "0.001"), ("inverse", "1"), ("quanto", "0.000001")]
        for (index, (kind, multiplier)) in kinds.enumerated() {
            let currency = currencies[index]
            let scale = currency == "XBT" ? 2 : 40_000
            let limits = (1...4).map {
                #"{"upTo":"\#(scale * $0)","im":"\#($0)%","mm":"0.\#($0 * 2)%"}"#
            }
            let rows = #""riskLimits":[\#(limits.joined(separator: ","))]"#
            let roots = #""concentration":{"im":"1%","slope":"0.5%","scale":"900","mm":"2/3"}"#
            let tiers =
                !portfolio
                ? #""tiers":"stepped",\#(rows)"#
                : index == 2 ? #""tiers":"concentration",\#(roots)"# : #""tiers":"progressive",\#(rows)"#
            add(
                #""do":"list","contract":{"symbol":"\#(symbols[index])","kind":"\#(kind)","settle":"\#(currency)","tick":"1","#
                    + #""multiplier":"\#(multiplier)","maxLeverage":"100",\#(tiers),"#
                    + #""makerFee":"-0.01%","takerFee":"0.05%","liquidationFee":"0.1%"}"#)
        }
        for account in Self.accounts {
            add(
                #""do":"deposit","account":"\#(account)","currency":"\#(currencies[0])","amount":"\#(200 + dice.below(20_000))""#
            )
            add(
                #""do":"deposit","account":"\#(account)","currency":"XBT","amount":"\#(dice.below(3)).\#(10 + dice.below(80))""#
            )
        }
        addMarks()
        guard !portfolio, venue?.riskLimits != .byValue else { return }
        // Room for positions of several tiers, so that liquidations have tiers to step down.
        for account in Self.accounts {
            for index in 0..<3 where dice.isTrue(percent: 60) { addRiskLimit(account, index) }
        }
    }

    private mutating func addRiskLimit(_ account: String, _ index: Int) {
        let limit = (index == 0 ? 40_000 : 2) * (1 + dice.below(4))
        add(#""do":"riskLimit","account":"\#(account)","symbol":"\#(symbols[index])","limit":"\#(limit)""#)
    }

    private mutating func addMarks() {
        let prices = zip(symbols, price).map { #""\#($0)":"\#($1)""# }.joined(separator: ",")
        add(#""do":"mark","prices":{\#(prices)}"#)
    }

    private mutating func addCommand() {
        if protected, dice.isTrue(percent: 15) { add(#""do":"wait","for":"\#(5 + dice.below(30))s""#) }
        let account = dice.pick(Self.accounts)
        let index = dice.below(3)
        let symbol = symbols[index]
        let key = #""account":"\#(account)","symbol":"\#(symbol)""#
        switch dice.below(120) {
        case 0..<26: addOrder(account, index)
        case 26..<34: addTrade(account, index)
        case 34..<60: moveMark(index)
        case 60..<65:
            add(
                #""do":"leverage",\#(key),"leverage":"\#(dice.pick([1, 3, 10, 25, 50, 100]))","mode":"\#(dice.pick(["cross", "isolated"]))""#
            )
        case 65..<67: add(#""do":"leverage",\#(key),"leverage":"\#(1 + dice.below(100))""#)
        case 67..<70: add(#""do":"margin",\#(key),"amount":"\#(dice.pick(["", "-"]))\#(amount(index))""#)
        case 70..<73: addRiskLimit(account, index)
        case 73..<78: addAmendOrCancel()
        case 78: add(#""do":"cancelAll","account":"\#(account)""#)
        case 79..<82: add(#""do":"close",\#(key)"#)
        case 82..<85:
            add(#""do":"funding","symbol":"\#(symbol)","rate":"\#(dice.pick(["", "-"]))0.\#(dice.below(200))%""#)
        case 85..<87: add(#""do":"settle""#)
        case 87..<90: add(#""do":"wait","for":"\#(dice.pick(["1s", "45s", "3m", "11m", "2h"]))""#)
        case 90..<92:
            add(
                #""do":"deposit","account":"\#(account)","currency":"\#(currencies[index])","amount":"\#(amount(index))""#
            )
        case 92..<95:
            add(
                #""do":"withdraw","account":"\#(account)","currency":"\#(currencies[index])","amount":"\#(amount(index))""#
            )
        case 95: add(#""do":"\#(dice.isTrue(percent: 30) ? "halt" : "resume")","symbol":"\#(symbol)""#)
        case 96: addFund(index)
        case 97:
            add(#""do":"selfTrade","account":"\#(account)","cancel":"\#(dice.pick(["newest", "oldest", "both"]))""#)
        case 98: add(#""do":"hedge","account":"\#(account)","on":\#(dice.pick(["true", "false"]))"#)
        case 99..<112: addConditional(account, index)
        case 112: add(#""do":"auction","symbol":"\#(symbol)""#)
        case 113..<119: add(#""do":"uncross","symbol":"\#(symbol)""#)
        default:
            add(#""do":"index","symbol":"\#(symbol)","source":"\#(dice.pick(["a", "b"]))","price":"\#(price[index])""#)
        }
    }

    /// Money of a contract's currency, in decimals that are rarely round.
    private mutating func amount(_ index: Int) -> String {
        index == 0
            ? "\(1 + dice.below(3_000)).\(dice.below(1_000_000))"
            : "0.\(1 + dice.below(9)).".dropLast() + "\(dice.below(1_000_000))"
    }

    private mutating func side(_ account: String) -> String {
        dice.isTrue(percent: 12) ? #","position":"\#(dice.pick(["long", "short"]))""# : ""
    }

    private mutating func addOrder(_ account: String, _ index: Int) {
        nextOrder += 1
        let near = max(1, price[index] * (960 + dice.below(81)) / 1000)
        let limit = dice.isTrue(percent: 75)
        var line = #""do":"order","account":"\#(account)","symbol":"\#(symbols[index])","id":"o\#(nextOrder)","#
        line +=
            #""side":"\#(dice.pick(["buy", "sell"]))","type":"\#(limit ? "limit" : "market")","size":"\#(1 + dice.below(4_000))""#
        if limit { line += #","price":"\#(near)""# }
        if dice.isTrue(percent: 25) { line += #","tif":"\#(dice.pick(["IOC", "FOK", "GTC"]))""# }
        if dice.isTrue(percent: 20) { line += #","flags":["\#(dice.pick(["reduceOnly", "postOnly"]))"]"# }
        add(line + side(account))
        orders.append((account, "o\(nextOrder)"))
    }

    /// Mostly stops and profits of the right side for somebody, some of them beyond the price already.
    private mutating func addConditional(_ account: String, _ index: Int) {
        nextOrder += 1
        let type = dice.pick(["stop", "stopLimit", "takeProfit", "trailingStop"])
        let distance = max(1, price[index] * dice.below(60) / 1000)
        let stop = type == "trailingStop" ? distance : max(1, price[index] + dice.pick([-distance, distance]))
        var line = #""do":"order","account":"\#(account)","symbol":"\#(symbols[index])","id":"o\#(nextOrder)","#
        line +=
            #""side":"\#(dice.pick(["buy", "sell"]))","type":"\#(type)","size":"\#(1 + dice.below(4_000))","stop":"\#(stop)""#
        if type == "stopLimit" || type == "takeProfit" && dice.isTrue(percent: 50) {
            line += #","price":"\#(max(1, price[index] * (960 + dice.below(81)) / 1000))""#
        }
        line += #","trigger":"\#(dice.pick(["mark", "mark", "last", "index"]))""#
        if dice.isTrue(percent: 50) {
            line += #","flags":["\#(dice.pick(["reduceOnly", "closeOnTrigger", "closeOnTrigger"]))"]"#
        }
        add(line + side(account))
        orders.append((account, "o\(nextOrder)"))
    }

    private mutating func addTrade(_ account: String, _ index: Int) {
        let other = dice.pick(Self.accounts)
        let at = max(1, price[index] + dice.below(price[index] / 33 + 2) - price[index] / 66)
        let sides = dice.isTrue(percent: 8) ? #","buyerPosition":"long""# : ""
        let taker = dice.pick(["", #","taker":"buyer""#, #","taker":"seller""#])
        add(
            #""do":"trade","symbol":"\#(symbols[index])","buyer":"\#(account)","seller":"\#(other)","size":"\#(1 + dice.below(8_000))","#
                + #""price":"\#(at)"\#(taker)\#(sides)"#)
    }

    private mutating func addAmendOrCancel() {
        guard !orders.isEmpty else { return }
        let recent = orders[max(0, orders.count - 1 - dice.below(min(12, orders.count)))]
        let key = #""account":"\#(recent.account)","id":"\#(recent.id)""#
        switch dice.below(4) {
        case 3: add(#""do":"amend",\#(key),"stop":"\#(max(1, dice.pick(price) * (97 + dice.below(7)) / 100))""#)
        case 0: add(#""do":"cancel",\#(key)"#)
        case 1: add(#""do":"amend",\#(key),"size":"\#(1 + dice.below(4_000))""#)
        default: add(#""do":"amend",\#(key),"price":"\#(max(1, dice.pick(price) * (97 + dice.below(7)) / 100))""#)
        }
    }

    /// Mostly small steps, now and then a jump that breaks what is leveraged.
    private mutating func moveMark(_ index: Int) {
        let permille = dice.isTrue(percent: 10) ? 80 : 12
        price[index] = min(2_000_000, max(20, price[index] * (1000 - permille + dice.below(2 * permille + 1)) / 1000))
        if dice.isTrue(percent: 15) { return addMarks() }
        add(#""do":"mark","symbol":"\#(symbols[index])","price":"\#(price[index])""#)
    }

    private mutating func addFund(_ index: Int) {
        let own = venue.map { $0.insurance == .perContract } ?? portfolio
        let symbol = own && dice.isTrue(percent: 60) ? #","symbol":"\#(symbols[index])""# : ""
        let money = index == 0 ? "\(dice.below(500) + 1)" : "0.0\(dice.below(500) + 1)"
        add(#""do":"fund","currency":"\#(currencies[index])","amount":"\#(money)"\#(symbol)"#)
    }
}
