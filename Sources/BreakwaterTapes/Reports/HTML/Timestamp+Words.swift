package import BreakwaterCore

/// Times for people, all UTC, taken from the ISO text.
extension Timestamp {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `20 Jan`
    package var day: String {
        let parts = iso.prefix(10).split(separator: "-")
        guard let month = Int(parts[1]), let day = Int(parts[2]) else { preconditionFailure("no date in \(iso)") }
        return "\(day) \(Self.months[month - 1])"
    }

    /// `20 January 2022` in its short form: `20 Jan 2022`.
    package var date: String { day + " " + iso.prefix(4) }

    /// `04:30`, with seconds only where there are any.
    package var clock: String {
        let clock = iso.dropFirst(11).dropLast()
        return String(clock.hasSuffix(":00") ? clock.dropLast(3) : clock)
    }

    /// `20 Jan 04:30`
    package var dayAndTime: String { day + " " + clock }
}
