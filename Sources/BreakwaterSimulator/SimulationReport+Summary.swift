import BreakwaterCore
import BreakwaterTapes

/// What the page says first: what ran, what came of it in sentences, and the key figures.
extension SimulationReport.WebPage {
    var title: String {
        plan.sources.name ?? subject
    }

    private var subject: String {
        let symbols = plan.contracts.map(\.symbol).joined(separator: ", ")
        return "\(counted(plan.traders, "account")) in \(symbols), \(dates)"
    }

    private var dates: String {
        let (first, last) = (plan.bars[0].time, plan.bars[plan.bars.count - 1].time)
        if first.date == last.date { return first.date }
        if first.iso.prefix(7) == last.iso.prefix(7) { return first.day.prefix { $0 != " " } + " to " + last.date }
        return (first.iso.prefix(4) == last.iso.prefix(4) ? first.day : first.date) + " to " + last.date
    }

    var subtitle: HTML {
        ((plan.sources.name == nil ? [] : [subject]) + [
            "rulebook \(plan.rulebook.name)", "seed \(value("inputs", "seed").plain)", counted(plan.bars.count, "bar"),
            "\(value("inputs", "from").plain) to \(value("inputs", "to").plain)",
        ]).map { "<span>\($0)</span>" }.joined()
    }

    var summary: HTML {
        let loss: HTML = liquidated.isEmpty ? .none : "<p>\(whoBoreTheLoss)</p>\n"
        return "<div class=\"lead\">\n<p>\(whatWasLiquidated) \(whatThePriceDid)</p>\n\(loss)</div>\n"
    }

    private var whatWasLiquidated: HTML {
        guard let first = liquidated.first, let last = liquidated.last else {
            return "<b>Nobody of \(counted(plan.traders, "account")) was liquidated.</b>"
        }
        let longs = liquidated.count(where: \.isLong)
        let when: HTML =
            first.time == last.time
            ? "at \(first.time.dayAndTime)" : "between \(first.time.dayAndTime) and \(last.time.dayAndTime)"
        let accounts = Int(value("liquidations", "accounts").plain) ?? 0
        return """
            <b>\(accounts.grouped) of \(counted(plan.traders, "account")) \(accounts == 1 ? "was" : "were") liquidated</b> \
            \(when) UTC. They lost \(counted(liquidated.count, "position")), \(longs.grouped) long and \
            \((liquidated.count - longs).grouped) short, worth \(money("liquidations", "notional")) at the mark.
            """
    }

    private var whatThePriceDid: HTML {
        let (open, close) = (plan.bars[0].open, report.lastMark)
        return """
            The \(plan.others.isEmpty ? "mark" : "mark of \(plan.contract.symbol)") opened at \(.figure(value("price", "open"))), moved between \(.figure(value("price", "low"))) and \
            \(.figure(value("price", "high"))), and closed at \(.figure(value("price", "close"))), \
            \(percentage((close - open).magnitude.wide, of: open.wide)) \(close < open ? "lower" : "higher").
            """
    }

    private var whoBoreTheLoss: HTML {
        """
        Closing them lost \(money("loss", "total")). Their traders gave up \(money("loss", "traders")) of margin for it. \
        \(whatTheFundDid) \(whatDeleveragingDid)
        """
    }

    private var whatTheFundDid: HTML {
        let (paid, gained) = fundCounts
        let lowest = outcome.bars.map(\.fund).min() ?? plan.fund
        let fell: HTML = lowest < plan.fund ? ", fell to \(money("insuranceFund", "lowest")) at its lowest" : .none
        return """
            The insurance fund spent \(money("loss", "fundSpent")) on \(paid.grouped) of them and gained \
            \(money("loss", "fundGained")) from \(gained.grouped) that closed better than their bankruptcy price: it began \
            with \(money("insuranceFund", "start"))\(fell) and ended with \(money("insuranceFund", "end")).
            """
    }

    private var whatDeleveragingDid: HTML {
        guard !outcome.deleverages.isEmpty else { return "Nobody was auto-deleveraged." }
        let accounts = Int(value("autoDeleveraging", "accounts").plain) ?? 0
        return """
            Opposing positions were auto-deleveraged \(counted(outcome.deleverages.count, "time")), those of \
            \(counted(accounts, "account")), and gave up \(money("autoDeleveraging", "forgone")) against the mark.
            """
    }

    /// How many liquidations the fund paid for, and how many it gained from.
    private var fundCounts: (paid: Int, gained: Int) {
        outcome.records.all.reduce(into: (0, 0)) { counts, record in
            if record.loss.fund > .zero { counts.0 += 1 } else if record.loss.fund < .zero { counts.1 += 1 }
        }
    }
}

extension SimulationReport.WebPage {
    var tiles: HTML {
        let currency = plan.currency.name
        let accounts = Int128(Int(value("liquidations", "accounts").plain) ?? 0)
        var tiles = Tiles()
        tiles.add(
            "Positions liquidated", .figure(value("liquidations", "positionsLost")),
            "\(percentage(accounts, of: Int128(plan.traders))) of the accounts")
        tiles.add(
            "Notional liquidated", .figure(value("liquidations", "notional")), unit: currency,
            "\(.figure(value("liquidations", "longs"))) long, \(.figure(value("liquidations", "shorts"))) short")
        tiles.add(
            "Traded by the engine", .figure(value("trading", "forcedVolume")), unit: currency,
            "\(percentage(outcome.forcedVolume, of: outcome.volume)) of all volume")
        tiles.add(
            "Highest open interest", .figure(value("trading", "peakOpenInterest")), unit: plan.contract.symbol,
            "in \(counted(outcome.trades, "trade"))")
        tiles.add("Margin traders lost", .figure(value("loss", "traders")), unit: currency, "to the liquidation engine")
        tiles.add(
            "Spent by the fund", .figure(value("loss", "fundSpent")), unit: currency,
            "and \(.figure(value("loss", "fundGained"))) gained")
        tiles.add(
            "Insurance fund at the end", .figure(value("insuranceFund", "end")), unit: currency,
            "\(.figure(value("insuranceFund", "start"))) at the start")
        let closings: HTML =
            "\(.figure(value("autoDeleveraging", "events"))) closings, \(.figure(value("autoDeleveraging", "accounts"))) accounts"
        tiles.add(
            "Given up in deleveraging", .figure(value("autoDeleveraging", "forgone")), unit: currency,
            outcome.deleverages.isEmpty ? "nobody was deleveraged" : closings)
        return tiles.markup
    }
}
