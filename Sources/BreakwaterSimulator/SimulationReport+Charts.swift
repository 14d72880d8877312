import BreakwaterCore
import BreakwaterTapes

/// The price with the liquidations on it.
extension SimulationReport.WebPage {
    /// How many liquidations are drawn on their own.
    private static let singles = 10

    var priceIntroduction: HTML {
        liquidated.isEmpty
            ? .none
            : """
            Each bubble is what was liquidated on one side within \(columns.widthInWords), drawn at its mean mark, its area in \
            proportion to its notional; the \(Self.singles) largest liquidations stand on their own as solid marks. Point \
            at anything for its figures. All times are UTC.\(elsewhere)
            """
    }

    /// Prices of other contracts have no place on this one's axis.
    private var elsewhere: String {
        guard !plan.others.isEmpty else { return "" }
        let symbols = plan.others.map(\.contract.symbol).joined(separator: ", ")
        return " Liquidations in \(symbols) are in the charts and tables below."
    }

    private func isOfFirst(_ record: LiquidationRecord) -> Bool { record.trigger.key.contract.index == 0 }

    var priceChart: HTML {
        let bars = outcome.bars
        let (low, high) = (bars.map(\.low).min() ?? .zero, bars.map(\.high).max() ?? .zero)
        var plot = TimePlot(
            "The price of \(plan.contract.symbol) from \(columns.start.dayAndTime) to \(columns.end.dayAndTime), with its liquidations",
            columns: columns, values: ValueScale(from: axis(low), to: axis(high), places: plan.contract.tick.places),
            height: 400, crosshair: Self.crosshairName)
        plot.range(priceRange(atMost: 1000).map { ($0.time, axis($0.low), axis($0.high)) }, .price)
        addBubbles(to: &plot)
        if let bar = bars.first(where: { $0.high == high }) {
            plot.note("high \(decimal(high).grouped)", at: bar.time, axis(high), above: true)
        }
        if let bar = bars.first(where: { $0.low == low }) {
            plot.note("low \(decimal(low).grouped)", at: bar.time, axis(low), above: false)
        }
        return Figure(
            "Mark price of \(plan.contract.symbol)",
            keys: [
                Figure.Key(.price, .line, "lowest to highest mark"), Figure.Key(.long, .circle, "longs liquidated"),
                Figure.Key(.short, .diamond, "shorts liquidated"),
            ],
            content: plot.markup + crosshair
        ).markup
    }

    /// A price on an axis, in whole units of the tick's last decimal.
    private func axis(_ price: Price) -> Int128 { price.wide * plan.contract.tick.digits }

    /// Bubbles for all but the largest, which are drawn last; large ones first, so that small ones stay in sight.
    private func addBubbles(to plot: inout TimePlot) {
        let largest = Array(byNotional.filter(isOfFirst).prefix(Self.singles))
        let names = Set(largest.map(\.id))
        let rest = liquidated.filter { isOfFirst($0) && !names.contains($0.id) }
        let bubbles = [true, false].flatMap { long in
            bins(rest, long: long).enumerated().filter { $0.element.count > 0 }.map {
                (long: long, column: $0.offset, bin: $0.element)
            }
        }.sorted { ($0.bin.notional, $1.column) > ($1.bin.notional, $0.column) }
        let most = max(bubbles.first?.bin.notional ?? 0, largest.first.map { outcome.notional($0).wide } ?? 0)
        for bubble in bubbles {
            let radius = TimePlot.Mark.radius(of: bubble.bin.notional, largest: most, least: 1.2, most: 26)
            plot.mark(
                TimePlot.Mark(bubble.long ? .circle : .diamond, radius: radius), at: columns.middle(of: bubble.column),
                axis(bubble.bin.mark), bubble.long ? .long : .short,
                title: title(bubble.bin, bubble.column, long: bubble.long))
        }
        for record in largest {
            let radius = TimePlot.Mark.radius(of: outcome.notional(record).wide, largest: most, least: 3, most: 26)
            plot.mark(
                TimePlot.Mark(record.isLong ? .circle : .diamond, radius: radius, isRing: true), at: record.time,
                axis(record.trigger.mark), record.side, title: title(record))
        }
    }

    private func title(_ bin: Bin, _ column: Int, long: Bool) -> String {
        let marks =
            bin.lowest == bin.highest
            ? decimal(bin.lowest).grouped : "\(decimal(bin.lowest).grouped) to \(decimal(bin.highest).grouped)"
        return """
            \(columns.label(of: column))
            \(counted(bin.count, long ? "long" : "short")) for \(decimal(bin.notional).grouped) \(plan.currency.name)
            mark \(marks)
            \(bin.outcomeCounts.map { "\($0.count.grouped) \($0.outcome.words)" }.joined(separator: ", "))
            """
    }

    private func title(_ record: LiquidationRecord) -> String {
        """
        \(report.venue[record.trigger.key.account]), \(record.side.rawValue) \(decimal(record.trigger.size.magnitude).grouped)
        \(record.time.dayAndTime), mark \(decimal(record.trigger.mark).grouped)
        worth \(decimal(outcome.notional(record)).grouped) \(plan.currency.name)
        \(record.outcome.words)
        """
    }
}
