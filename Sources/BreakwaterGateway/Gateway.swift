public import BreakwaterCore
public import BreakwaterHistory
public import BreakwaterVenue

/// What every door to the venue works with: the exchange, its history, who there is, and what is going on.
public struct Gateway: Sendable {
    public let venue: Venue
    public let history: History
    public let identities: Identities
    public let feeds: Feeds
    public let books: Books
    public let clock: Venue.Clock

    public init(
        venue: Venue, history: History, identities: Identities, feeds: Feeds, books: Books,
        clock: @escaping Venue.Clock = Venue.systemClock
    ) {
        self.venue = venue
        self.history = history
        self.identities = identities
        self.feeds = feeds
        self.books = books
        self.clock = clock
    }

    public var now: Timestamp { clock() }
}
