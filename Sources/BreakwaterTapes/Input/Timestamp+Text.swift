public import BreakwaterCore

extension Timestamp {
    /// Reads ISO 8601 in UTC: `2022-01-20T00:00:00Z`, with up to six digits of a second's fraction.
    public init?(iso text: some StringProtocol) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            return bytes[range].reduce(0) { $0 * 10 + Int64($1 - 48) }
        }
        guard bytes.count >= 20, bytes.count <= 27, bytes[4] == 45, bytes[7] == 45, bytes[10] == 84 || bytes[10] == 32,
            bytes[13] == 58, bytes[16] == 58, bytes.last == 90,
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1970...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.days(inMonth: month, of: year), hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction: Int64 = 0
        if bytes.count > 20 {
            guard bytes[19] == 46, bytes.count > 21, let digits = number(20..<bytes.count - 1) else { return nil }
            fraction = digits
            for _ in 0..<(27 - bytes.count) { fraction *= 10 }
        }
        let days = Self.daysBefore(year) + (1..<month).reduce(0) { $0 + Self.days(inMonth: $1, of: year) } + day - 1
        self.init((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + fraction)
    }

    /// ISO 8601 in UTC, with milliseconds or microseconds only where there are any.
    public var iso: String {
        func padded(_ number: Int64, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let seconds = raw / 1_000_000
        let fraction = raw % 1_000_000
        var days = seconds / 86_400
        var year: Int64 = 1970 + days / 366
        while Self.daysBefore(year + 1) <= days { year += 1 }
        days -= Self.daysBefore(year)
        var month: Int64 = 1
        while days >= Self.days(inMonth: month, of: year) {
            days -= Self.days(inMonth: month, of: year)
            month += 1
        }
        let time = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        let digits =
            fraction == 0 ? "" : fraction % 1000 == 0 ? "." + padded(fraction / 1000, 3) : "." + padded(fraction, 6)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(days + 1, 2))T\(time)\(digits)Z"
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days from 1970-01-01 to the first of January of `year`.
    private static func daysBefore(_ year: Int64) -> Int64 {
        let past = year - 1
        return (year - 1970) * 365 + (past / 4 - past / 100 + past / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400)
    }
}
