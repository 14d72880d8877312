import BreakwaterCore

/// How far a price has moved from its highest and lowest within a stretch of time.
struct MoveWatch {
    let within: Duration
    /// Prices that no later one outdoes, oldest first: the highest, and the lowest.
    private var highs: [PricePoint] = []
    private var lows: [PricePoint] = []
    /// How many of them are too old by now.
    private var pastHighs = 0
    private var pastLows = 0

    init(within: Duration) { self.within = within }

    /// Takes in the next price.
    ///
    /// - Returns: how far it is below the highest, and above the lowest, each as a share of that.
    mutating func add(_ price: Price, at time: Timestamp) -> (fall: Rate, rise: Rate) {
        let point = PricePoint(time, price)
        while highs.count > pastHighs, let last = highs.last, last.price <= price { highs.removeLast() }
        while lows.count > pastLows, let last = lows.last, last.price >= price { lows.removeLast() }
        highs.append(point)
        lows.append(point)
        while time.raw - highs[pastHighs].time.raw > within.raw { pastHighs += 1 }
        while time.raw - lows[pastLows].time.raw > within.raw { pastLows += 1 }
        if pastHighs > 1_000 {
            highs.removeFirst(pastHighs)
            pastHighs = 0
        }
        if pastLows > 1_000 {
            lows.removeFirst(pastLows)
            pastLows = 0
        }
        return (
            Self.share(highs[pastHighs].price - price, of: highs[pastHighs].price),
            Self.share(price - lows[pastLows].price, of: lows[pastLows].price)
        )
    }

    private static func share(_ move: Price, of price: Price) -> Rate {
        Rate(Int64(move.wide * Rate.one.wide / price.wide))
    }
}
