import BreakwaterCore

/// Maps of contracts as one self-contained page.
public struct LiquidationMapPage {
    private let maps: [LiquidationMap]
    private let source: String
    private let command: String

    /// - Parameters:
    ///   - source: where the state comes from, in a few words.
    ///   - command: how to have the page again.
    public init(_ maps: [LiquidationMap], of source: String, command: String) {
        self.maps = maps
        self.source = source
        self.command = command
    }

    public var text: String {
        let sections = maps.enumerated().map { number, map in
            Page.Section("c\(number)", map.contract.symbol, content: content(of: map, number))
        }
        return Page(
            kind: "heatmap", title: "Where liquidations wait", subtitle: "<span>\(source)</span>", summary: lead,
            sections: sections + [Page.Section("inputs", "Inputs", content: inputs)]
        ).text
    }

    private var inputs: HTML {
        var facts = Facts()
        facts.add("State", "\(source)")
        return facts.markup(madeBy: "\(command)")
    }

    private var lead: HTML {
        let sentences = maps.map { map -> HTML in
            guard let mark = map.mark else { return "<p>\(map.contract.symbol) has no mark yet.</p>" }
            return """
                <p><b>\(map.contract.symbol)</b> stands at \(.figure(map.contract.decimal(mark))). \
                \(ending(map.falling, "falls", map.contract)) \(ending(map.rising, "rises", map.contract))</p>
                """
        }
        return "<div class=\"lead\">\(sentences.joined())</div>"
    }

    private func ending(_ cascade: Cascade, _ way: String, _ contract: Contract) -> HTML {
        guard !cascade.steps.isEmpty else { return "Nobody is liquidated if it \(way)." }
        guard let end = cascade.end else {
            return "If it \(way), the book does not hold what would be forced."
        }
        return """
            If it \(way) and the first is liquidated, the book holds what is forced at \(.figure(end.price)), after \
            \(.figure(contract.decimal(end.forced))).
            """
    }

    private func content(of map: LiquidationMap, _ number: Int) -> HTML {
        guard let mark = map.mark, !map.buckets.isEmpty else { return "<p>Nobody could be liquidated.</p>" }
        return heat(map, mark, "heat\(number)") + curve(map, map.falling, "falls", .long, "fall\(number)")
            + curve(map, map.rising, "rises", .short, "rise\(number)") + table(map, mark)
    }

    /// A step of the mark's hundredth to a column, from the lowest bucket to the highest below twice the mark.
    private func heat(_ map: LiquidationMap, _ mark: Price, _ name: String) -> HTML {
        let width = max(1, mark.raw / 100)
        let near = near(map, mark)
        guard let first = near.first, let last = near.last else { return .none }
        let low = min(first.from.raw, mark.raw) / width
        let count = Int(max(last.from.raw, mark.raw) / width - low) + 1
        var columns = Array(repeating: (longs: Size.zero, shorts: Size.zero), count: count)
        for bucket in near { columns[Int(bucket.from.raw / width - low)] = (bucket.longs, bucket.shorts) }
        let most = near.map { max($0.longs, $0.shorts) }.max() ?? Size(1)
        var data = CrosshairData(name, rows: [("Longs", .long), ("Shorts", .short)])
        var shapes = HTML.none
        for (place, column) in columns.enumerated() {
            let price = { (number: Int64) in map.contract.decimal(Price(number * width)).grouped }
            data.add(
                "\(price(low + Int64(place))) to \(price(low + Int64(place) + 1))",
                [map.contract.decimal(column.longs).grouped, map.contract.decimal(column.shorts).grouped])
            shapes +=
                bar(column.longs, of: most, place, count, .long) + bar(column.shorts, of: most, place, count, .short)
        }
        let here = (Double(mark.raw / width - low) + 0.5) / Double(count) * 100
        let content: HTML = """
            <div class="plot" data-crosshair="\(name)">
            <svg role="img" aria-label="Sizes by liquidation price" width="100%" height="\(Self.height + 22)">
            <line class="grid zero" x1="0" x2="100%" y1="\(Self.height)" y2="\(Self.height)"/>\
            <line class="reference" x1="\(here)%" x2="\(here)%" y1="0" y2="\(Self.height)"/>\
            <text class="note" x="\(here)%" y="12">mark</text>\
            <text class="value" x="-8" y="12">\(map.contract.decimal(most).grouped)</text>\
            <svg viewBox="0 0 1000 \(Self.height)" width="100%" height="\(Self.height)" preserveAspectRatio="none">
            \(shapes)</svg>
            <text class="first" x="0" y="\(Self.height + 17)">\(map.contract.decimal(Price(low * width)).grouped)</text>\
            <text class="last" x="100%" y="\(Self.height + 17)">\(map.contract.decimal(Price((low + Int64(count)) * width)).grouped)</text>
            </svg>
            </div>
            \(data.markup)
            """
        return Figure(
            "Liquidation prices", unit: "size by one per cent of the mark",
            keys: [.init(.long, .square, "longs"), .init(.short, .square, "shorts")], content: content
        ).markup
    }

    private static let height = 170.0

    private func bar(_ size: Size, of most: Size, _ place: Int, _ count: Int, _ style: ChartStyle) -> HTML {
        guard size > .zero else { return .none }
        let width = 1000 / Double(count)
        // Both in one column stand beside each other.
        let start = Double(place) * width + (style == .short ? width / 2 : 0)
        let length = max(1, Double(size.raw) / Double(most.raw) * (Self.height - 16))
        return """
            <rect class="bar \(style.rawValue)" x="\(start)" y="\(Self.height - length)" \
            width="\(max(0.1, width / 2 - 1))" height="\(length)"/>

            """
    }

    /// What is forced against what the book holds, along the price.
    private func curve(
        _ map: LiquidationMap, _ cascade: Cascade, _ way: String, _ style: ChartStyle, _ name: String
    ) -> HTML {
        let steps = near(cascade, map.mark!, map.contract)
        guard !steps.isEmpty else { return .none }
        let columns = min(steps.count, 120)
        let chosen = (0..<columns).map { steps[($0 + 1) * steps.count / columns - 1] }
        let most = max(Size(1), chosen.map { max($0.forced, $0.depth) }.max()!)
        var data = CrosshairData(name, rows: [("Forced", style), ("In the book", .price)])
        for step in chosen {
            data.add(
                step.price.grouped,
                [map.contract.decimal(step.forced).grouped, map.contract.decimal(step.depth).grouped])
        }
        let rest = cascade.end.flatMap { end in
            chosen.firstIndex { way == "falls" ? $0.price <= end.price : $0.price >= end.price }
        }
        let end =
            rest.map { place -> HTML in
                let x = (Double(place) + 0.5) / Double(columns) * 100
                return """
                    <line class="reference" x1="\(x)%" x2="\(x)%" y1="0" y2="\(Self.height)"/>\
                    <text class="note first" x="\(x)%" y="12">end</text>
                    """
            } ?? .none
        func line(_ size: (Cascade.Step) -> Size, _ style: ChartStyle) -> HTML {
            let width = 1000 / Double(columns)
            let points = chosen.enumerated().map { place, step -> HTML in
                let y = Self.height - Double(size(step).raw) / Double(most.raw) * (Self.height - 16)
                return "\(place == 0 ? "M" : "L")\(Double(place) * width),\(y)L\(Double(place + 1) * width),\(y)"
            }
            return "<path class=\"line \(style.rawValue)\" d=\"\(points.joined())\"/>\n"
        }
        let content: HTML = """
            <div class="plot" data-crosshair="\(name)">
            <svg role="img" aria-label="What is forced if the mark \(way), and what the book holds" width="100%" height="\(Self.height + 22)">
            <line class="grid zero" x1="0" x2="100%" y1="\(Self.height)" y2="\(Self.height)"/>\
            <text class="value" x="-8" y="12">\(map.contract.decimal(most).grouped)</text>\
            <svg viewBox="0 0 1000 \(Self.height)" width="100%" height="\(Self.height)" preserveAspectRatio="none">
            \(line({ $0.forced }, style))\(line({ $0.depth }, .price))</svg>
            \(end)
            <text class="first" x="0" y="\(Self.height + 17)">\(chosen[0].price.grouped)</text>\
            <text class="last" x="100%" y="\(Self.height + 17)">\(chosen[columns - 1].price.grouped)</text>
            </svg>
            </div>
            \(data.markup)
            """
        return Figure(
            "If the mark \(way)", unit: "sizes up to each liquidation price",
            keys: [.init(style, .line, "forced"), .init(.price, .line, "in the book")],
            caption: ending(cascade, way, map.contract), content: content
        ).markup
    }

    /// Buckets within half the mark.
    private func near(_ map: LiquidationMap, _ mark: Price) -> [LiquidationMap.Bucket] {
        map.buckets.filter { $0.from.raw >= mark.raw / 2 && $0.from.raw <= mark.raw + mark.raw / 2 }
    }

    /// Steps within half the mark: those further away would flatten the rest.
    private func near(_ cascade: Cascade, _ mark: Price, _ contract: Contract) -> [Cascade.Step] {
        let (low, high) = (contract.decimal(Price(mark.raw / 2)), contract.decimal(Price(mark.raw + mark.raw / 2)))
        return cascade.steps.filter { $0.price >= low && $0.price <= high }
    }

    private func table(_ map: LiquidationMap, _ mark: Price) -> HTML {
        var table = Table(
            "Sizes by liquidation price", [.figures("From"), .figures("To"), .figures("Longs"), .figures("Shorts")])
        for bucket in near(map, mark).reversed() {
            table.add([
                .figure(map.contract.decimal(bucket.from)), .figure(map.contract.decimal(bucket.to)),
                .figure(map.contract.decimal(bucket.longs)), .figure(map.contract.decimal(bucket.shorts)),
            ])
        }
        return table.markup
    }
}
