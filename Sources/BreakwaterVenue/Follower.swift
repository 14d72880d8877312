/// Sees every command after it has become durable, in order: read models, feeds, notifications.
public protocol Follower: Sendable {
    /// Called from one thread for all followers, so that it hands slow work on.
    func take(_ batch: [Execution])
}

/// A follower that keeps what it has seen beyond the process. When a venue's folder is opened it is shown what it missed.
public protocol DurableFollower: Follower {
    /// The sequence number of the last command it keeps; 0 for none. Never after what the journal holds.
    var last: Int64 { get }
}
