public import ArgumentParser
public import BreakwaterCore
import BreakwaterTapes

/// `breakwater calc`: the figures of one position, by rulebook and by the formulas venues print.
struct Calc: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Margin, liquidation and bankruptcy price of one position.",
        discussion: """
            The position is opened in an exchange under the rulebook, so these are the figures it would be liquidated \
            by. Beside them stand the simplified formulas of MEXC and perps.studio, which know no wallet.

            EXAMPLES
              breakwater calc --side long --size 0.1 --entry 50000 --leverage 25 --mm 0.4%
              breakwater calc --side short --size 100 --entry 100 --leverage 25 --mm 1% --kind inverse --multiplier 100 --settle XBT
              breakwater calc --side long --size 20 --entry 1000 --leverage 50 --mm 1% --mode cross --wallet 10000 --json
            """)

    @Option(help: "long or short.") var side: PositionSide
    @Option(help: "The size, in contracts.") var size: String
    @Option(help: "The entry price.") var entry: String
    @Option(help: "The leverage.") var leverage: String
    @Option(help: "The maintenance margin rate, such as 0.5%.") var mm: String
    @Option(help: "The mark price; the entry price where it is not given.") var mark: String?
    @Option(help: "isolated or cross.") var mode: MarginMode = .isolated
    @Option(help: "The wallet's balance; for isolated as much as is needed, for cross the initial margin.") var wallet:
        String?
    @Option(help: "linear, inverse or quanto.") var kind: ContractKind = .linear
    @Option(help: "The contract's multiplier.") var multiplier = "1"
    @Option(help: "The settlement currency.") var settle = "USDT"
    @Option(help: "The taker fee, for the price that leaves room for it.") var takerFee = "0"
    @Option(help: "Decimals of the prices shown.") var display = 2
    @Option(help: "A rulebook's name or file.") var rulebook = "bitmex"
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let figures = try PositionCalculation(self).figures
        if json {
            Console.print(JSONValue.object(figures.map { (key: $0.key, value: $0.value) }).text(pretty: true))
        } else {
            var table = TextTable(["", settle], numbersFrom: 1)
            for figure in figures { table.add([figure.label, figure.value.plain]) }
            Console.print(table.text)
        }
    }
}

extension PositionSide: ExpressibleByArgument {}
extension MarginMode: ExpressibleByArgument {}
extension ContractKind: ExpressibleByArgument {}
