import BreakwaterCore
import BreakwaterTapes

/// What forced orders did to the price: rounds, share of the volume, and the price with and without them.
extension SimulationReport {
    /// Null where trades move no prices.
    var cascade: JSONValue {
        guard plan.feedback != nil else { return .null }
        let row = outcome.cascades.longest
        return [
            "rounds": .integer(outcome.cascades.rounds), "cascades": .integer(outcome.cascades.count),
            "longest": [
                "rounds": .integer(row.rounds), "start": row.rounds > 0 ? .string(row.start.iso) : .null,
                "seconds": .decimal(ExactDecimal(digits: (row.end - row.start).wide, places: 6)),
                "volume": money(row.volume),
            ],
            "forcedPercent": .decimal(percent(outcome.forcedVolume, of: outcome.volume)),
            "amplification": amplification,
            "recovery": recovery,
        ]
    }

    /// The mark with forced orders felt beside that without.
    private var amplification: JSONValue {
        guard let twin, let first = outcome.bars.first, let last = outcome.bars.last, let other = twin.bars.last else {
            return .null
        }
        let start = plan.course[0].price
        func extreme(_ outcome: SimulationOutcome, down: Bool) -> Price {
            down ? outcome.bars.map(\.low).min() ?? first.mark : outcome.bars.map(\.high).max() ?? first.mark
        }
        func move(_ to: Price) -> Int128 { to.wide - start.wide }
        let down = -move(extreme(outcome, down: true)) >= move(extreme(outcome, down: false))
        let (with, without) = (extreme(outcome, down: down), extreme(twin, down: down))
        let gap = largestGap(twin)
        return [
            "direction": .string(down ? "fall" : "rise"), "start": price(start),
            "extreme": ["with": price(with), "without": price(without)],
            "move": [
                "with": .decimal(percent(abs(move(with)), of: start.wide)),
                "without": .decimal(percent(abs(move(without)), of: start.wide)),
            ],
            "factor": move(without) == 0
                ? .null : .decimal(decimal(abs(move(with)), over: abs(move(without)), places: 3)),
            "end": ["with": price(last.mark), "without": price(other.mark)],
            "largestGap": ["percent": .decimal(gap.percent), "time": gap.time.map { .string($0.iso) } ?? .null],
            "liquidations": [
                "with": .integer(outcome.liquidated.count), "without": .integer(twin.liquidated.count),
            ],
        ]
    }

    /// How far the mark was from the twin's at most, at the close of a bar.
    private func largestGap(_ twin: SimulationOutcome) -> (percent: ExactDecimal, time: Timestamp?) {
        var (most, time) = (ExactDecimal(digits: 0), Timestamp?.none)
        for (bar, other) in zip(outcome.bars, twin.bars) {
            let gap = percent(abs(bar.mark.wide - other.mark.wide), of: other.mark.wide)
            if gap > most { (most, time) = (gap, bar.time) }
        }
        return (most, time)
    }

    /// From the bar in which trades had pushed the price furthest to the first in which no more than a tenth of that is
    /// left.
    private var recovery: JSONValue {
        let pushes = outcome.bars.map { abs($0.displacement) }
        guard let most = pushes.max(), most > 0, let place = pushes.firstIndex(of: most) else { return .null }
        let bar = outcome.bars[place]
        let end = outcome.bars[place...].first { abs($0.displacement) <= most / 10 }
        return [
            "furthest": price(Price(most)), "percent": .decimal(percent(Int128(most), of: bar.mark.wide)),
            "at": .string(bar.time.iso),
            "seconds": end.map { .integer(Int(($0.time - bar.time).raw / 1_000_000)) } ?? .null,
        ]
    }

    private func percent(_ part: Int128, of whole: Int128) -> ExactDecimal {
        whole == 0 ? ExactDecimal(digits: 0) : decimal(part * 100, over: whole, places: 3)
    }

    var cascadeLines: [String] {
        guard let cascade = json["cascade"], cascade != .null else { return [] }
        func value(_ keys: String...) -> String { keys.reduce(cascade) { $0[$1] ?? .null }.plain }
        var lines = [
            "cascades       \(value("cascades")), \(value("rounds")) rounds with forced orders, the longest "
                + "\(value("longest", "rounds")) rounds in \(value("longest", "seconds")) s; forced \(value("forcedPercent")) % of the volume"
        ]
        if cascade["amplification"] != .null {
            lines.append(
                "amplification  \(value("amplification", "direction")) of \(value("amplification", "move", "with")) % instead of "
                    + "\(value("amplification", "move", "without")) % (\(value("amplification", "factor")) times), end "
                    + "\(value("amplification", "end", "with")) instead of \(value("amplification", "end", "without"))")
        }
        return lines
    }

    /// What a scenario says of the market beyond its depth, for the page's inputs.
    var marketFacts: [(name: String, words: String)] {
        var facts: [(name: String, words: String)] = []
        func seconds(_ length: Duration) -> String { "\(ExactDecimal(digits: length.wide, places: 6)) s" }
        func share(_ rate: Rate) -> String { "\(ExactDecimal(digits: rate.wide, places: 7)) %" }
        if let half = plan.liquidity.resilience {
            facts.append(("Resilience", "half of what was taken is back after \(seconds(half))"))
        }
        if let terms = plan.liquidity.withdrawal {
            facts.append(
                (
                    "Withdrawal",
                    "after \(share(terms.move)) within \(seconds(terms.within)) makers keep \(share(terms.keep)), "
                        + "\(terms.pullingPercent) % of them nothing, for \(seconds(terms.calm))"
                ))
        }
        if let terms = plan.feedback {
            facts.append(
                (
                    "Feedback",
                    "impact \(share(terms.impact)), half gone after \(seconds(terms.halfLife)), mark follows by \(share(terms.mark)), "
                        + "next mark after \(seconds(terms.delay))"
                ))
        }
        if let terms = plan.behaviour.addMargin {
            facts.append(
                (
                    "Pay in when warned",
                    "\(terms.percent) % of traders, \(share(terms.amount)) of their deposit, \(terms.times) times at most"
                ))
        }
        if let terms = plan.behaviour.stopLoss {
            facts.append(("Stops", "\(terms.percent) % of traders, \(share(terms.least)) to \(share(terms.most)) away"))
        }
        if let terms = plan.behaviour.panic {
            facts.append(
                (
                    "Panic",
                    "\(terms.percent) % of traders, after \(share(terms.move)) within \(seconds(terms.within)), over \(seconds(terms.over))"
                ))
        }
        for listing in plan.others {
            facts.append(
                (
                    "Other contract",
                    "\(listing.contract.symbol), beta \(listing.beta.decimal), \(listing.sharePercent) % of traders"
                ))
        }
        for support in plan.providers {
            facts.append(
                (
                    "Providers",
                    "\(support.count) with \(plan.currency.decimal(support.capacity)) \(plan.currency.name) each"
                ))
        }
        return facts
    }
}

extension SimulationPlan {
    /// The same plan in which forced orders move no prices; `nil` where nobody's do.
    public var unforced: SimulationPlan? {
        guard feedback != nil else { return nil }
        var plan = self
        plan.feedback?.isForcedFelt = false
        return plan
    }
}

extension SimulationReport.WebPage {
    var cascadeIntroduction: HTML {
        guard plan.feedback != nil else { return .none }
        guard report.twin != nil else {
            return "Trades moved the price here; what it would have been without forced orders was not run."
        }
        return """
            The same scenario was run twice: once with forced orders pushing the price like any others, once with forced orders \
            that nobody feels. The \(value("cascade", "amplification", "direction").plain) was \
            \(value("cascade", "amplification", "move", "with").plain) % instead of \
            \(value("cascade", "amplification", "move", "without").plain) %.
            """
    }

    var cascadeContent: HTML {
        guard plan.feedback != nil else { return .none }
        return cascadeChart + cascadeTiles
    }

    private var cascadeTiles: HTML {
        var tiles = Tiles()
        let factor = value("cascade", "amplification")["factor"]
        tiles.add("Amplification", .figure(factor), unit: "times", "of the move without forced orders")
        tiles.add(
            "Rounds", .figure(value("cascade", "rounds")), unit: "",
            "in \(value("cascade", "cascades").plain) cascades; the longest had \(value("cascade", "longest", "rounds").plain) in \(value("cascade", "longest", "seconds").plain) s"
        )
        tiles.add("Share of the volume that was forced", .figure(value("cascade", "forcedPercent")), unit: "%")
        let seconds = value("cascade", "recovery")["seconds"]
        tiles.add("Recovery", .figure(seconds), unit: "s", "until a tenth of the largest push was left")
        return tiles.markup
    }

    private var cascadeChart: HTML {
        guard let twin = report.twin else { return .none }
        let bars = outcome.bars + twin.bars
        guard let low = bars.map(\.low).min(), let high = bars.map(\.high).max() else { return .none }
        func axis(_ price: Price) -> Int128 { price.wide * plan.contract.tick.digits }
        var plot = TimePlot(
            "The mark with forced orders felt, and without", columns: columns,
            values: ValueScale(from: axis(low), to: axis(high), places: plan.contract.tick.places), height: 300,
            crosshair: Self.crosshairName)
        plot.range(twin.bars.map { ($0.time, axis($0.low), axis($0.high)) }, .interest)
        plot.range(outcome.bars.map { ($0.time, axis($0.low), axis($0.high)) }, .long)
        return Figure(
            "Mark with and without forced orders being felt",
            keys: [Figure.Key(.long, .line, "with"), Figure.Key(.interest, .line, "without")], content: plot.markup
        ).markup
    }
}
