import BreakwaterCore
import BreakwaterTapes

/// What went on over time, below the price and on the same axis.
extension SimulationReport.WebPage {
    /// How many points of a path a screen can show.
    private static let points: Int64 = 720

    var liquidationChart: HTML {
        guard !liquidated.isEmpty else { return .none }
        let (longs, shorts) = (
            bins(liquidated, long: true).map(\.notional), bins(liquidated, long: false).map(\.notional)
        )
        let values = ValueScale(
            from: -(shorts.max() ?? 0), to: (longs.max() ?? 0) * 9 / 8, places: plan.currency.decimals,
            labels: .shortUnsigned)
        var plot = plot(
            "Notional liquidated in each \(columns.widthInWords), longs upward and shorts downward", values, height: 190
        )
        plot.bars(longs, from: 0, .long)
        plot.bars(shorts.map { -$0 }, from: 0, .short)
        if let most = longs.max(), most > 0, let column = longs.firstIndex(of: most) {
            plot.note(decimal(most).grouped, at: columns.middle(of: column), most, above: true)
        }
        return Figure(
            "Liquidated notional, by \(columns.widthInWords)", unit: plan.currency.name,
            keys: [Figure.Key(.long, .square, "longs, upward"), Figure.Key(.short, .square, "shorts, downward")],
            content: plot.markup
        ).markup
    }

    /// Only where there was any.
    var deleverageChart: HTML {
        let forgone = forgone
        guard let most = forgone.max(), most > 0 else { return .none }
        let values = ValueScale(from: 0, to: most, places: plan.currency.decimals, labels: .short)
        var plot = plot("What auto-deleveraged positions gave up in each \(columns.widthInWords)", values, height: 100)
        plot.bars(forgone, from: 0, .deleveraged)
        return Figure(
            "Given up in auto-deleveraging, by \(columns.widthInWords)", unit: plan.currency.name, content: plot.markup
        ).markup
    }

    var fundChart: HTML {
        let start = [(time: plan.bars[0].time, value: plan.fund.wide)]
        let path = start + closes(atMost: Self.points).map { (time: $0.time, value: $0.bar.fund.wide) }
        let values = ValueScale(
            from: 0, to: path.map(\.value).max() ?? 0, places: plan.currency.decimals, labels: .short)
        var plot = plot("The insurance fund over time", values, height: 130)
        plot.steps(path, above: 0, .fund)
        if let end = path.last?.value, plan.fund > .zero {
            plot.reference(plan.fund.wide, "start \(decimal(plan.fund).grouped)", above: end < plan.fund.wide)
        }
        return Figure("Insurance fund", unit: plan.currency.name, content: plot.markup).markup
    }

    var interestChart: HTML {
        let path = closes(atMost: Self.points).map {
            (time: $0.time, value: $0.bar.openInterest.wide * plan.contract.lot.digits)
        }
        let values = ValueScale(
            from: 0, to: path.map(\.value).max() ?? 0, places: plan.contract.lot.places, labels: .short)
        var plot = plot("Open interest over time", values, height: 130)
        plot.steps(path, above: 0, .interest)
        return Figure("Open interest", unit: plan.contract.symbol, content: plot.markup).markup
    }

    private func plot(_ label: String, _ values: ValueScale, height: Double) -> TimePlot {
        TimePlot(label, columns: columns, values: values, height: height, crosshair: Self.crosshairName)
    }
}
