public import BreakwaterCore

/// The venue that every workload runs on: BitMEX's rules as Rulebooks/bitmex.yaml has them, and contracts like XBTUSDT.
public enum WorkloadVenue {
    /// USDT, in millionths.
    public static let currency = CurrencyID(1)
    /// 40,000 in ticks of half a dollar: where every contract begins.
    public static let price: Int64 = 80_000
    /// The value of a lot there, in smallest units of money: 0.001 x 40,000 USDT.
    public static let lotValue: Int64 = 40_000_000
    /// The largest value a position may have, for the market maker.
    public static let highestLimit = Amount(9_000_000_000_000_000)
    /// 2026-01-01, a second after a settlement.
    public static let start = Timestamp(1_767_225_601_000_000)

    /// Drawn margin on entry value, profit settled every ten minutes, and all eight stages.
    public static func rulebook() -> Rulebook {
        made {
            let warnings = try Warnings(
                warning: percent(80), danger: percent(20), warningRearmed: percent(85), dangerRearmed: percent(25))
            var rulebook = Rulebook(
                name: "bitmex", cross: .drawn, basis: .entry, riskLimits: .chosen, trigger: .reaches,
                insurance: .perCurrency,
                waterfall: [
                    .warnings(warnings), .stepDown(withOrders: true), .cancelOrders, .stepDown(withOrders: false),
                    .fillOrKill, .takeover(Takeover()), .insuranceFund(.aggress(slippage: percent(10))),
                    .autoDeleverage(AutoDeleverage(.bitmexRank)),
                ])
            rulebook.settlement = .seconds(600)
            rulebook.openingBand = percent(50)
            try rulebook.validate()
            return rulebook
        }
    }

    /// Eleven limits from 8 to 68 million USDT with 100x to 16x, and one for the market maker.
    public static func contract(_ number: Int) -> Contract {
        made {
            var rows = (0..<11).map { (row: Int64) in
                RiskLimit(
                    upTo: Amount((8_000_000 + 6_000_000 * row) * 1_000_000),
                    initial: Rate(10_000_000 + 5_000_000 * row), maintenance: Rate(5_000_000 * (1 + row)))
            }
            rows.append(RiskLimit(upTo: highestLimit, initial: percent(10), maintenance: Rate(60_000_000)))
            return try Contract(
                symbol: "C\(number)USDT", kind: .linear, settle: currency, currency: Currency.common[1],
                tick: ExactDecimal(digits: 5, places: 1), lot: ExactDecimal(digits: 1, places: 3),
                multiplier: ExactDecimal(digits: 1), maxLeverage: Leverage(10_000), tiers: .stepped(rows),
                fees: Contract.Fees(maker: Rate(-100_000), taker: Rate(500_000), liquidation: Rate(500_000)))
        }
    }

    private static func percent(_ count: Int64) -> Rate { Rate(10_000_000 * count) }

    /// Terms written here, which are wrong only if this file is.
    private static func made<Terms>(_ make: () throws -> Terms) -> Terms {
        do { return try make() } catch { preconditionFailure("\(error)") }
    }
}
