import BreakwaterCore

/// The map as a picture for people at a terminal: prices down, longs to the left of them, shorts to the right.
public struct LiquidationMapText {
    private let map: LiquidationMap
    private static let width = 28

    public init(_ map: LiquidationMap) { self.map = map }

    public var text: String {
        let contract = map.contract
        guard let mark = map.mark else { return "\(contract.symbol): no mark yet" }
        let heading = "\(contract.symbol), mark \(contract.decimal(mark).grouped)"
        guard !map.buckets.isEmpty else { return heading + ": nobody could be liquidated" }
        return ([heading] + picture(around: mark) + [ending(map.falling, "falls"), ending(map.rising, "rises")])
            .joined(separator: "\n")
    }

    private func picture(around mark: Price) -> [String] {
        let contract = map.contract
        // A quarter of the mark to each side; the rest in a line of its own.
        let reach = Price(mark.raw / 4)
        let near = map.buckets.filter { $0.from >= mark - reach && $0.from <= mark + reach }
        let most = near.map { max($0.longs, $0.shorts) }.max() ?? Size(1)
        let rows = near.reversed().map { bucket in
            (
                price: contract.decimal(bucket.from).grouped, longs: bucket.longs, shorts: bucket.shorts,
                isMark: bucket.from <= mark && mark < bucket.to
            )
        }
        let room = rows.map(\.price.count).max() ?? 0
        let sizes = rows.flatMap { [$0.longs, $0.shorts] }.map { contract.decimal($0).grouped }
        let digits = sizes.map(\.count).max() ?? 0
        var lines = [further("above", map.buckets.filter { $0.from > mark + reach })].compactMap(\.self)
        lines.append(Self.centred("longs", "from", "shorts", digits + Self.width + 3, room + 2))
        for row in rows {
            let (left, right) = (Self.bar(row.longs, of: most, "▕"), Self.bar(row.shorts, of: most, "▏"))
            let (long, short) = (figure(row.longs), figure(row.shorts))
            lines.append(
                "  " + Self.padded(long, digits) + " " + Self.padded(left, Self.width) + (row.isMark ? " ▸" : " │")
                    + Self.padded(row.price, room) + (row.isMark ? "◂ " : "│ ")
                    + right + (short.isEmpty ? "" : " " + short))
        }
        return lines + [further("below", map.buckets.filter { $0.from < mark - reach })].compactMap(\.self)
    }

    private func further(_ way: String, _ buckets: [LiquidationMap.Bucket]) -> String? {
        guard !buckets.isEmpty else { return nil }
        func sum(_ size: (LiquidationMap.Bucket) -> Size) -> String {
            map.contract.decimal(buckets.reduce(Size.zero) { $0 + size($1) }).grouped
        }
        return "  further \(way): longs \(sum { $0.longs }), shorts \(sum { $0.shorts })"
    }

    private func figure(_ size: Size) -> String { size == .zero ? "" : map.contract.decimal(size).grouped }

    /// Blocks, or a thin line for what is too little for one.
    private static func bar(_ size: Size, of most: Size, _ line: String) -> String {
        guard size != .zero else { return "" }
        let blocks = Int(divide(size.wide * Int128(width), by: most.wide, .nearest))
        return blocks == 0 ? line : String(repeating: "█", count: blocks)
    }

    /// `text` at the right end of so many columns.
    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func centred(_ left: String, _ middle: String, _ right: String, _ first: Int, _ second: Int)
        -> String
    {
        padded(left, first) + " " + padded(middle, second - 1) + "  " + right
    }

    private func ending(_ cascade: Cascade, _ way: String) -> String {
        guard let last = cascade.steps.last else { return "if it \(way): nobody is liquidated" }
        let all = map.contract.decimal(last.forced).grouped
        let count = counted(cascade.steps.count, "position")
        let steps = "if it \(way): \(count), \(all) in all; once the first is liquidated the book "
        guard let end = cascade.end else { return steps + "does not hold what is forced" }
        return steps + "holds what is forced at \(end.price.grouped), after "
            + map.contract.decimal(end.forced).grouped
    }
}
