/// A moment in microseconds since 1970-01-01T00:00:00Z. Time enters only inside commands; the core has no clock.
public struct Timestamp: UnitInteger {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }

    /// The latest moment accepted: the end of the year 9999.
    public static let latest = Timestamp(253_402_300_799_999_999)

    /// Before all time: a limit that every moment is past.
    static let never = Timestamp(.min)

    func isMultiple(of cadence: Duration) -> Bool { raw % cadence.raw == 0 }

    /// The first multiple of `cadence` after this moment.
    func nextMultiple(of cadence: Duration) -> Timestamp {
        Timestamp((raw / cadence.raw + 1) * cadence.raw)
    }

    /// The last multiple of `cadence` at or before this moment.
    func startOfMultiple(of cadence: Duration) -> Timestamp { Timestamp(raw / cadence.raw * cadence.raw) }

    public static func + (moment: Timestamp, wait: Duration) -> Timestamp { Timestamp(moment.raw + wait.raw) }
}

/// A length of time in microseconds.
public struct Duration: UnitInteger {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }

    public static func seconds(_ count: Int64) -> Duration { Duration(count * 1_000_000) }

    /// Reads a whole number with a unit: `500ms`, `30s`, `10m`, `8h`, `1d`.
    ///
    /// - Returns: `nil` for anything else, a negative length, or one beyond ten thousand days.
    public init?(text: String) {
        let units: [(suffix: String, microseconds: Int64)] = [
            ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let count = ExactDecimal(text.dropLast(unit.suffix.count)), count.places == 0, !count.isNegative,
            let whole = Int64(exactly: count.digits),
            case let (length, overflow) = whole.multipliedReportingOverflow(by: unit.microseconds),
            !overflow, length <= 10_000 * 86_400_000_000
        else { return nil }
        self.init(length)
    }
}
