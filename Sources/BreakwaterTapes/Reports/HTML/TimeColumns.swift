package import BreakwaterCore

/// A stretch of time cut into columns of equal width that begin at round times.
package struct TimeColumns: Sendable {
    package let start: Timestamp
    package let width: Duration
    package let count: Int

    private static let hour = Duration.seconds(3600).raw
    private static let widths: [Int64] = [
        hour / 60, hour / 12, hour / 6, hour / 2, hour, 2 * hour, 4 * hour, 6 * hour, 12 * hour, 24 * hour, 168 * hour,
    ]

    /// The narrowest round columns that cover all from `first` to `last` in at most `most` of them.
    package init(from first: Timestamp, to last: Timestamp, atMost most: Int) {
        precondition(first < last, "time from \(first.raw) to \(last.raw)")
        let span = last.raw - first.raw
        let width = Self.widths.first { span / $0 + 1 < most } ?? (span / Int64(most) / Self.hour + 1) * Self.hour
        start = Timestamp(first.raw / width * width)
        self.width = Duration(width)
        count = Int((last.raw - start.raw + width - 1) / width)
    }

    package var end: Timestamp { start(of: count) }

    package func start(of column: Int) -> Timestamp { Timestamp(start.raw + width.raw * Int64(column)) }

    package func middle(of column: Int) -> Timestamp { Timestamp(start(of: column).raw + width.raw / 2) }

    /// The column that `time` falls in.
    package func index(of time: Timestamp) -> Int { Int((time.raw - start.raw) / width.raw) }

    /// 0 at the start of the first column, 1 at the end of the last.
    package func share(of time: Timestamp) -> Double {
        Double(time.raw - start.raw) / Double(end.raw - start.raw)
    }

    /// A column's time in words: `20 Jan 04:00 to 04:30`.
    package func label(of column: Int) -> String {
        let (from, to) = (start(of: column), start(of: column + 1))
        let isClose = from.day == to.day || (to.clock == "00:00" && width.raw < 24 * Self.hour)
        return from.dayAndTime + " to " + (isClose ? to.clock : to.dayAndTime)
    }

    /// A column's width in words: `30 minutes`, `hour`.
    package var widthInWords: String {
        let minutes = width.raw / (Self.hour / 60)
        switch minutes {
        case 1: return "minute"
        case 60: return "hour"
        case 1440: return "day"
        case _ where minutes % 1440 == 0: return "\(minutes / 1440) days"
        case _ where minutes % 60 == 0: return "\(minutes / 60) hours"
        default: return "\(minutes) minutes"
        }
    }

    /// Round times to label, at most about a dozen.
    var ticks: [Timestamp] {
        let hours: [Int64] = [1, 2, 3, 6, 12, 24, 48, 168, 336, 672]
        let steps = [Self.hour / 60, Self.hour / 12, Self.hour / 4, Self.hour / 2] + hours.map { $0 * Self.hour }
        let span = end.raw - start.raw
        let step = steps.first { span / $0 <= 14 } ?? span / 14
        return stride(from: (start.raw + step - 1) / step * step, through: end.raw, by: Int64.Stride(step)).map {
            Timestamp($0)
        }
    }
}
