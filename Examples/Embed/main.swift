// An exchange in thirty lines: two traders, a crash, and what became of the one on the wrong side.
import BreakwaterCore
import BreakwaterTapes

let (contract, usdt) = try ContractFile.load("xbtusdt")
var exchange = Exchange(rulebook: try RulebookLibrary.load("bitmex"))
var records = LiquidationRecords()

func amount(_ text: String) -> Amount { usdt.amount(ExactDecimal(text)!)! }
func price(_ text: String) -> Price { Price(ExactDecimal(text)!.steps(of: contract.tick)!) }
let (xbt, ann, bob) = (ContractID(0), AccountID(index: 0), AccountID(index: 1))
let (long, short) = (PositionKey(ann, xbt), PositionKey(bob, xbt))

let commands: [Command] = [
    .list(contract), .mark([MarkPrice(xbt, price("40000"))]),
    .openAccount(name: "ann"), .deposit(ann, contract.settle, amount("1000")),
    .openAccount(name: "bob"), .deposit(bob, contract.settle, amount("100000")),
    .setLeverage(long, Leverage(5_000), .isolated),  // 50x, in hundredths
    .trade(TradeRequest(buyer: long, seller: short, size: Size(1_000), price: price("40000"))),  // 1 XBT
    .mark([MarkPrice(xbt, price("39400.5"))]), .mark([MarkPrice(xbt, price("39000"))]),
]
for (second, command) in commands.enumerated() {
    let time = Timestamp(0) + .seconds(Int64(second))
    exchange.execute(command, at: time)
    records.fold(exchange.events, at: time)
    for case .traded in exchange.events {
        let price = exchange.positionStatement(long)!.liquidationPrice!
        print("second \(second): ann is long, to be liquidated at \(price)")
    }
}
for record in records.all {
    let loss = record.loss
    print(
        "ann lost \(usdt.decimal(loss.trader)) and bob gave up \(usdt.decimal(loss.deleveraged)) of \(usdt.decimal(loss.total))"
    )
}
print("conserved: \(exchange.conservation(of: contract.settle).difference == 0), state \(exchange.stateHashText)")
