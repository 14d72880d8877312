import BreakwaterCore
import BreakwaterTapes

/// Where prices come from.
extension ScenarioReader {
    struct Prices {
        let name: String
        var bars: [Bar] = []
        var points: [PricePoint]?
        var process: PriceProcess?
    }

    private enum Source: String, CaseIterable {
        case bars, ticks, trades, brownian, path
    }

    mutating func price(_ fields: inout Fields, _ contract: Contract) throws(BadInput) -> Prices {
        guard var terms = try fields.object("price") else {
            throw fields.missing(
                "price", "an object with a source: \(Source.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let source: Source = try terms.requiredChoice("source")
        var prices: Prices
        switch source {
        case .bars: prices = try bars(&terms, contract)
        case .ticks, .trades: prices = try ticks(&terms, contract)
        case .brownian: prices = try drawn(&terms, contract)
        case .path: prices = try path(&terms, contract)
        }
        try terms.finish("a price of source \(source.rawValue)")
        if prices.bars.isEmpty, let points = prices.points { prices.bars = Bar.summing(points, every: .seconds(60)) }
        return prices
    }

    private mutating func bars(_ terms: inout Fields, _ contract: Contract) throws(BadInput) -> Prices {
        let reference = try terms.requiredText("file", expected: "a CSV file of bars")
        let (text, path) = try files.table(reference, beside: folder)
        var bars = try BarFile.parse(text, file: path, for: contract)
        let (from, to) = (try terms.time("from"), try terms.time("to"))
        bars = bars.filter { $0.time >= from ?? .zero && $0.time < to ?? .latest }
        guard !bars.isEmpty else { throw terms.refuse("from", from?.iso, "a stretch of time with bars in it") }
        return Prices(name: reference, bars: bars)
    }

    private mutating func ticks(_ terms: inout Fields, _ contract: Contract) throws(BadInput) -> Prices {
        let reference = try terms.requiredText("file", expected: "a CSV file of ticks or trades")
        let (text, path) = try files.table(reference, beside: folder)
        let points = try TickFile.parse(text, file: path, for: contract, every: try terms.span("every"))
        return Prices(name: reference, points: points)
    }

    private func drawn(_ terms: inout Fields, _ contract: Contract) throws(BadInput) -> Prices {
        var process = PriceProcess(
            start: try terms.price("start", of: contract), from: try terms.time("from") ?? Self.defaultStart,
            length: try terms.requiredSpan("length"), step: try terms.span("step") ?? .seconds(15))
        guard process.length.raw / process.step.raw <= 10_000_000, process.length >= process.step else {
            throw terms.refuse("length", nil, "from one to ten million steps")
        }
        process.drift = try terms.rate("drift") ?? .zero
        process.volatility = try terms.requiredShare(of: "volatility")
        if var jumps = try terms.object("jumps") {
            process.jumps = try shocks(&jumps)
            try jumps.finish("jumps")
        }
        if var hawkes = try terms.object("hawkes") {
            let shocks = try shocks(&hawkes)
            let branching = try hawkes.requiredShare(of: "branching")
            guard branching < .one else {
                throw hawkes.refuse("branching", "\(branching.decimal)", "less than 100%, or shocks would never end")
            }
            process.hawkes = PriceProcess.Excitement(
                shocks: shocks, branching: branching, decay: try hawkes.requiredSpan("decay"))
            guard process.step >= Duration(100_000) else {
                throw terms.refuse("step", nil, "a step of at least 100ms where shocks bring more")
            }
            guard let excitement = process.hawkes, excitement.decay >= process.step else {
                throw hawkes.refuse("decay", nil, "at least the length of a step")
            }
            try hawkes.finish("hawkes")
        }
        return Prices(name: "brownian", process: process)
    }

    private func shocks(_ terms: inout Fields) throws(BadInput) -> PriceProcess.Shocks {
        let expected = "how many a day, from 0 to 10000 with at most three decimals"
        let perDay = try terms.requiredDecimal("perDay", expected: expected)
        guard let thousandths = perDay.scaled(toPlaces: 3), (0...10_000_000).contains(thousandths) else {
            throw terms.refuse("perDay", "\(perDay)", expected)
        }
        return PriceProcess.Shocks(
            perDay: Int64(thousandths), mean: try terms.rate("mean") ?? .zero,
            deviation: try terms.share("deviation") ?? .zero)
    }

    private func path(_ terms: inout Fields, _ contract: Contract) throws(BadInput) -> Prices {
        let start = try terms.time("from") ?? Self.defaultStart
        let step = try terms.span("step") ?? .seconds(15)
        var corners: [PricePoint] = []
        for var item in try terms.objects("corners") ?? [] {
            let offset = try item.duration("at") ?? .zero
            let point = PricePoint(start + offset, try item.price("price", of: contract))
            if let last = corners.last, point.time <= last.time {
                throw item.refuse("at", "\(offset.raw / 1_000_000)s", "a time after the corner before")
            }
            corners.append(point)
            try item.finish("a corner")
        }
        guard let first = corners.first, let last = corners.last, corners.count > 1 else {
            throw terms.refuse("corners", nil, "a list of at least two {at, price}")
        }
        guard (last.time - first.time).raw / step.raw <= 10_000_000 else {
            throw terms.refuse("step", nil, "a step with at most ten million from the first corner to the last")
        }
        return Prices(name: "path", points: DrawnPath.points(corners, step: step))
    }

    private static let defaultStart = Timestamp(1_767_225_600_000_000)
}
