public import BreakwaterCore

/// A price at a moment.
public struct PricePoint: Sendable, Equatable {
    public let time: Timestamp
    public let price: Price

    public init(_ time: Timestamp, _ price: Price) {
        self.time = time
        self.price = price
    }
}

extension Bar {
    /// What prices did in each stretch of so long; stretches without a price are left out.
    public static func summing(_ points: [PricePoint], every length: Duration) -> [Bar] {
        var bars: [Bar] = []
        for point in points {
            let start = Timestamp(point.time.raw / length.raw * length.raw)
            if let last = bars.last, last.time == start {
                bars[bars.count - 1] = Bar(
                    time: start, open: last.open, high: max(last.high, point.price), low: min(last.low, point.price),
                    close: point.price)
            } else {
                bars.append(
                    Bar(time: start, open: point.price, high: point.price, low: point.price, close: point.price))
            }
        }
        return bars
    }

    /// The prices of bars, four to each, evenly spaced in time.
    static func walk(_ bars: [Bar]) -> [PricePoint] {
        var points: [PricePoint] = []
        points.reserveCapacity(bars.count * 4)
        for (index, bar) in bars.enumerated() {
            let length = index + 1 < bars.count ? bars[index + 1].time.raw - bar.time.raw : 60_000_000
            for (step, price) in bar.path.enumerated() {
                points.append(PricePoint(Timestamp(bar.time.raw + length / 4 * Int64(step)), price))
            }
        }
        return points
    }
}
