public import BreakwaterVenue

/// A venue that opens shows the history what it has missed.
extension History: DurableFollower {
    public var last: Int64 { applied }
}
