import BreakwaterCore
import BreakwaterTapes

/// What a simulation did in each column of its charts.
extension SimulationReport.WebPage {
    /// The liquidations of one side in one column.
    struct Bin {
        var count = 0
        var notional: Int128 = 0
        var lowest = Price(.max)
        var highest = Price.zero
        /// Marks times notional, for the mean.
        private var weighted: Int128 = 0
        private var outcomes: [LiquidationRecord.Outcome: Int] = [:]

        /// The mean mark, weighted by notional, in ticks: where it is drawn.
        var mark: Price { notional > 0 ? Price(Int64(weighted / notional)) : lowest }

        /// How many came to each outcome, in the outcomes' own order.
        var outcomeCounts: [(outcome: LiquidationRecord.Outcome, count: Int)] {
            LiquidationRecord.Outcome.allCases.compactMap { outcome in outcomes[outcome].map { (outcome, $0) } }
        }

        mutating func add(_ record: LiquidationRecord, worth value: Amount) {
            count += 1
            notional += value.wide
            weighted += value.wide * record.trigger.mark.wide
            lowest = min(lowest, record.trigger.mark)
            highest = max(highest, record.trigger.mark)
            outcomes[record.outcome, default: 0] += 1
        }
    }

    /// `records` of one side, by column.
    func bins(_ records: [LiquidationRecord], long: Bool) -> [Bin] {
        var bins = Array(repeating: Bin(), count: columns.count)
        for record in records where record.isLong == long {
            bins[columns.index(of: record.time)].add(record, worth: outcome.notional(record))
        }
        return bins
    }

    /// What opposing positions gave up, by column.
    var forgone: [Int128] {
        var forgone = Array(repeating: Int128(0), count: columns.count)
        for event in outcome.deleverages { forgone[columns.index(of: event.time)] += event.forgone.wide }
        return forgone
    }

    /// The low and high of every bar in each of at most `most` equal stretches of time, which is what a screen can show.
    func priceRange(atMost most: Int64) -> [(time: Timestamp, low: Price, high: Price)] {
        let stretch = max((columns.end.raw - columns.start.raw) / most, 1)
        var range: [(time: Timestamp, low: Price, high: Price)] = []
        var current: Int64?
        for bar in outcome.bars {
            let number = (bar.time.raw - columns.start.raw) / stretch
            if number == current {
                range[range.count - 1].low = min(range[range.count - 1].low, bar.low)
                range[range.count - 1].high = max(range[range.count - 1].high, bar.high)
            } else {
                range.append((bar.time, bar.low, bar.high))
                current = number
            }
        }
        return range
    }

    /// The last state in each of at most `most` equal stretches of time, at the time it was reached.
    func closes(atMost most: Int64) -> [(time: Timestamp, bar: SimulationOutcome.BarClose)] {
        let stretch = max((columns.end.raw - columns.start.raw) / most, 1)
        var closes: [(time: Timestamp, bar: SimulationOutcome.BarClose)] = []
        var current: Int64?
        for (index, bar) in outcome.bars.enumerated() {
            let time = index + 1 < outcome.bars.count ? outcome.bars[index + 1].time : plan.end
            let number = (bar.time.raw - columns.start.raw) / stretch
            if number == current { closes.removeLast() }
            closes.append((time, bar))
            current = number
        }
        return closes
    }

    /// The crosshair's figures, a column at a time.
    var crosshair: HTML {
        var data = CrosshairData(
            Self.crosshairName,
            rows: [
                ("Mark", .price), ("Longs liquidated", .long), ("Shorts liquidated", .short),
                ("Insurance fund", .fund),
                ("Deleveraged", .deleveraged), ("Open interest", .interest),
            ])
        let (longs, shorts, forgone) = (bins(liquidated, long: true), bins(liquidated, long: false), forgone)
        let states = Dictionary(grouping: outcome.bars) { columns.index(of: $0.time) }
        for column in 0..<columns.count {
            let (prices, state) = (states[column] ?? [], states[column]?.last)
            let price = prices.isEmpty ? "–" : "\(text(prices.map(\.low).min())) to \(text(prices.map(\.high).max()))"
            data.add(
                columns.label(of: column),
                [
                    price, text(longs[column]), text(shorts[column]), state.map { decimal($0.fund).grouped } ?? "–",
                    decimal(forgone[column]).grouped, state.map { decimal($0.openInterest).grouped } ?? "–",
                ])
        }
        return data.markup
    }

    static let crosshairName = "columns"

    private func text(_ price: Price?) -> String { price.map { decimal($0).grouped } ?? "–" }

    private func text(_ bin: Bin) -> String {
        bin.count == 0 ? "0" : "\(bin.count.grouped) for \(decimal(bin.notional).grouped)"
    }
}
